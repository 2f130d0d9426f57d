//! The check of an expression before it may be used: its names exist, its functions exist, its nesting is bounded.

use std::collections::BTreeSet;

use assay_model::evidence::Section;
use cel::IdedExpr;
use cel::common::ast::{EntryExpr, Expr, operators};

use super::compile::Names;
use super::macros::comprehension_of;
use crate::error::nearest;
use crate::functions::{GLOBAL_FUNCTIONS, MEMBER_FUNCTIONS};
use crate::limits::{MAX_COMPREHENSION_DEPTH, MAX_EXPRESSION_DEPTH};

/// Names that CEL itself gives a meaning: types, and the namespace of optional values.
const BUILT_IN_NAMES: [&str; 11] =
    ["bool", "bytes", "double", "int", "list", "map", "null_type", "optional", "string", "type", "uint"];

/// Checks an expression and returns the names of sections, variables and functions that it uses.
pub(super) fn check(expression: &IdedExpr, names: &Names) -> Result<BTreeSet<String>, String> {
    let mut checker = Checker { names, used: BTreeSet::new(), elements: Vec::new() };
    checker.walk(expression, 0)?;
    Ok(checker.used)
}

struct Checker<'a> {
    names: &'a Names,
    used: BTreeSet<String>,
    /// The element variables of the comprehensions around.
    elements: Vec<&'a str>,
}

impl<'a> Checker<'a> {
    fn walk(&mut self, expression: &'a IdedExpr, depth: usize) -> Result<(), String> {
        if depth > MAX_EXPRESSION_DEPTH {
            return Err(format!("it nests deeper than {MAX_EXPRESSION_DEPTH} levels"));
        }
        match &expression.expr {
            Expr::Literal(_) => Ok(()),
            Expr::Ident(name) => self.name(name),
            Expr::Select(select) => self.walk(&select.operand, depth + 1),
            Expr::Call(call) => {
                self.function(&call.func_name, call.target.is_some())?;
                refuse_map_comparison(&call.func_name, &call.args)?;
                for part in call.target.as_deref().into_iter().chain(&call.args) {
                    self.walk(part, depth + 1)?;
                }
                Ok(())
            }
            Expr::List(list) => list.elements.iter().try_for_each(|element| self.walk(element, depth + 1)),
            Expr::Map(map) => {
                for entry in &map.entries {
                    let EntryExpr::MapEntry(entry) = &entry.expr else {
                        return Err("messages are not part of the rule language".to_owned());
                    };
                    self.walk(&entry.key, depth + 1)?;
                    self.walk(&entry.value, depth + 1)?;
                }
                Ok(())
            }
            Expr::Comprehension(comprehension) => {
                let comprehension = comprehension_of(comprehension)
                    .ok_or_else(|| "it has a comprehension of an unknown kind".to_owned())?;
                self.walk(comprehension.range, depth + 1)?;
                self.enter(comprehension.variable)?;
                for body in comprehension.bodies {
                    self.walk(body, depth + 1)?;
                }
                self.elements.pop();
                Ok(())
            }
            Expr::Struct(_) => Err("messages are not part of the rule language".to_owned()),
            Expr::Unspecified => Err("it does not parse".to_owned()),
        }
    }

    fn enter(&mut self, variable: &'a str) -> Result<(), String> {
        if self.elements.len() >= MAX_COMPREHENSION_DEPTH {
            return Err(format!("it nests comprehensions deeper than {MAX_COMPREHENSION_DEPTH} levels"));
        }
        let hides = self.elements.contains(&variable)
            || self.names.sections.contains(variable)
            || self.names.variables.contains(variable);
        if hides {
            return Err(format!("the element variable `{variable}` hides another name"));
        }
        self.elements.push(variable);
        Ok(())
    }

    fn name(&mut self, name: &str) -> Result<(), String> {
        if self.elements.contains(&name) || BUILT_IN_NAMES.contains(&name) {
            return Ok(());
        }
        if self.names.sections.contains(name) || self.names.variables.contains(name) {
            self.used.insert(name.to_owned());
            return Ok(());
        }
        if Section::ALL.iter().any(|section| section.as_str() == name) {
            return Err(format!("the section `{name}` is not listed in `needs` or `wants`"));
        }
        let variables = self.names.variables.iter().map(String::as_str);
        let known = self.names.sections.iter().copied().chain(variables).chain(self.elements.iter().copied());
        Err(match nearest(name, known) {
            Some(near) => format!("unknown name `{name}`, did you mean `{near}`?"),
            None => format!("unknown name `{name}`"),
        })
    }

    fn function(&mut self, name: &str, is_member: bool) -> Result<(), String> {
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return Ok(());
        }
        let known: &[&str] = if is_member { &MEMBER_FUNCTIONS } else { &GLOBAL_FUNCTIONS };
        if known.contains(&name) {
            self.used.insert(format!("{name}()"));
            return Ok(());
        }
        Err(match nearest(name, known.iter().copied()) {
            Some(near) => format!("unknown function `{name}`, did you mean `{near}`?"),
            None => format!("unknown function `{name}`"),
        })
    }
}

/// A map of the evidence and one that is written are of two kinds that do not compare from both sides.
fn refuse_map_comparison(function: &str, operands: &[IdedExpr]) -> Result<(), String> {
    let compares = matches!(function, operators::EQUALS | operators::NOT_EQUALS | operators::IN);
    if compares && operands.iter().any(|operand| matches!(operand.expr, Expr::Map(_))) {
        return Err("it compares a whole map: compare its members".to_owned());
    }
    Ok(())
}
