//! Parts: a rule's condition taken apart, each part with the value that it had.
//!
//! Each part is evaluated by itself, those too that the short circuit of `&&` and `||` left out; of `?:` only the branch
//! that was taken. The body of a comprehension is not entered: its element has no one value. A variable of the rule is
//! followed by the parts of its definition. Constants are no parts.

use std::collections::{BTreeMap, BTreeSet};

use assay_model::trace::ConditionPart;
use cel::common::ast::{CallExpr, Expr, operators};
use cel::common::types::CelBool;
use cel::{Context, IdedExpr, Value};

use crate::context::Steps;
use crate::expression::{comprehension_of, print, with_counting};
use crate::failure::Failure;
use crate::limits::{MAX_PARTS, MAX_SHOWN_CHARS};
use crate::rule::Rule;
use crate::show::{cut, short};

/// Takes a rule's condition apart.
pub(crate) fn take_apart(
    rule: &Rule,
    cel: &Context<'_, '_>,
    steps: &Steps,
    failed: &BTreeMap<String, Failure>,
) -> Vec<ConditionPart> {
    // One budget for all parts: they overlap, so each with its own would cost as many budgets as there are parts.
    steps.restart();
    let mut taker = Taker { rule, cel, failed, seen: BTreeSet::new(), parts: Vec::new() };
    taker.part(rule.compiled.passes_when.tree(), 0);
    taker.parts
}

struct Taker<'a, 'p, 'v> {
    rule: &'a Rule,
    cel: &'a Context<'p, 'v>,
    failed: &'a BTreeMap<String, Failure>,
    /// Texts already shown.
    seen: BTreeSet<String>,
    parts: Vec<ConditionPart>,
}

impl<'a> Taker<'a, '_, '_> {
    fn part(&mut self, expression: &'a IdedExpr, depth: u8) {
        if is_constant(expression) || self.parts.len() >= MAX_PARTS {
            return;
        }
        let text = print(expression);
        if !self.seen.insert(text.clone()) {
            return;
        }
        let value = self.value(expression);
        self.push(depth, &text, value.clone());
        self.below(expression, value, depth.saturating_add(1));
    }

    /// The parts below one that was shown with its value.
    fn below(&mut self, expression: &'a IdedExpr, value: String, below: u8) {
        match &expression.expr {
            Expr::Call(call) => self.operands(call, below),
            Expr::Comprehension(comprehension) => {
                if let Some(comprehension) = comprehension_of(comprehension) {
                    self.part(comprehension.range, below);
                }
            }
            Expr::Ident(name) => self.definition(name, value, below),
            Expr::Select(select) => self.root(&select.operand, below),
            _ => {}
        }
    }

    fn operands(&mut self, call: &'a CallExpr, depth: u8) {
        if let (operators::CONDITIONAL, [condition, then, otherwise]) = (call.func_name.as_str(), call.args.as_slice())
        {
            self.part(condition, depth);
            match self.truth(condition) {
                Some(true) => self.part(then, depth),
                Some(false) => self.part(otherwise, depth),
                None => {}
            }
            return;
        }
        if matches!(call.func_name.as_str(), operators::INDEX | operators::OPT_INDEX | operators::OPT_SELECT) {
            if let [operand, index] = call.args.as_slice() {
                self.root(operand, depth);
                self.part(index, depth);
            }
            return;
        }
        for operand in call.target.as_deref().into_iter().chain(&call.args) {
            self.part(operand, depth);
        }
    }

    /// Of a chain such as `a.b["c"].d` only the whole is a part, and what it is rooted in when that is no section.
    fn root(&mut self, expression: &'a IdedExpr, depth: u8) {
        match &expression.expr {
            Expr::Select(select) => self.root(&select.operand, depth),
            Expr::Ident(name) if self.rule.compiled.variables.iter().all(|(known, _)| known != name) => {}
            Expr::Call(call) if call.func_name == operators::INDEX => {
                if let [operand, index] = call.args.as_slice() {
                    self.root(operand, depth);
                    self.part(index, depth);
                }
            }
            _ => self.part(expression, depth),
        }
    }

    /// The definition of a variable has the variable's value, and is not evaluated once more.
    fn definition(&mut self, name: &str, value: String, depth: u8) {
        let Some((_, expression)) = self.rule.compiled.variables.iter().find(|(variable, _)| variable == name) else {
            return;
        };
        let text = print(expression.tree());
        if self.parts.len() < MAX_PARTS && self.seen.insert(text.clone()) {
            self.push(depth, &text, value);
            self.below(expression.tree(), String::new(), depth.saturating_add(1));
        }
    }

    fn push(&mut self, depth: u8, text: &str, value: String) {
        self.parts.push(ConditionPart { depth, expression: cut(text, MAX_SHOWN_CHARS * 2), value });
    }

    fn truth(&self, condition: &IdedExpr) -> Option<bool> {
        let counted = with_counting(condition);
        let value = Value::resolve_val(&counted, self.cel).ok()?;
        value.downcast_ref::<CelBool>().map(|truth| *truth.inner())
    }

    fn value(&self, expression: &IdedExpr) -> String {
        let counted = with_counting(expression);
        match Value::resolve_val(&counted, self.cel) {
            Ok(value) => short(value.as_ref()),
            Err(error) => format!("no value: {}", Failure::of(&error, self.failed).reason()),
        }
    }
}

/// Whether an expression is the same for every host.
fn is_constant(expression: &IdedExpr) -> bool {
    match &expression.expr {
        Expr::Literal(_) => true,
        Expr::List(list) => list.elements.iter().all(is_constant),
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).all(is_constant),
        Expr::Map(map) => map.entries.is_empty(),
        _ => false,
    }
}
