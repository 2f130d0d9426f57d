//! Expression: one CEL expression of a rule, parsed, checked and prepared for evaluation.
//!
//! It is kept twice: as written, to be printed and taken apart, and with calls that count its steps, to be evaluated.
//! The parser is cel's Pratt parser, 20 times faster here than its ANTLR one; a test holds the two against each other.

use std::collections::BTreeSet;

use cel::common::value::CowVal;
use cel::parser::PrattParser;
use cel::{Context, ExecutionError, IdedExpr, Value};

use super::check::check;
use super::counting::with_counting;
use crate::limits::{MAX_EXPRESSION_BYTES, MAX_EXPRESSION_DEPTH};

/// The names that an expression may use.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    /// Sections that the rule collects.
    pub(crate) sections: BTreeSet<&'static str>,
    /// Variables of the rule that come before the expression, `parameters` and `problems`.
    pub(crate) variables: BTreeSet<String>,
}

/// One CEL expression.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    source: String,
    plain: IdedExpr,
    counted: IdedExpr,
    names: BTreeSet<String>,
}

impl Expression {
    /// Parses and checks a source text.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong, with line and column in the expression where there is one.
    pub(crate) fn compile(source: &str, names: &Names) -> Result<Expression, String> {
        if source.len() > MAX_EXPRESSION_BYTES {
            return Err(format!("it is {} bytes, over the limit of {MAX_EXPRESSION_BYTES}", source.len()));
        }
        refuse_deep_brackets(source)?;
        let plain = PrattParser::new().enable_optional_syntax(true).parse(source).map_err(|errors| {
            errors.errors.first().map_or_else(
                || "it does not parse".to_owned(),
                |error| format!("line {}, column {}: {}", error.pos.0, error.pos.1, error.msg),
            )
        })?;
        let used = check(&plain, names)?;
        let counted = with_counting(&plain);
        Ok(Expression { source: source.to_owned(), plain, counted, names: used })
    }

    /// As written.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// The syntax tree as written.
    pub(crate) fn tree(&self) -> &IdedExpr {
        &self.plain
    }

    /// The sections, variables and functions that it uses.
    pub(crate) fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// Evaluates it.
    pub(crate) fn evaluate<'e, 'v>(&'e self, context: &'e Context<'_, 'v>) -> Result<CowVal<'e, 'v>, ExecutionError> {
        Value::resolve_val(&self.counted, context)
    }
}

/// Refuses brackets that are nested too deep before the parser recurses into them: its own limit does not count them.
fn refuse_deep_brackets(source: &str) -> Result<(), String> {
    let mut depth = 0_usize;
    for byte in source.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_EXPRESSION_DEPTH {
            return Err(format!("it nests brackets deeper than {MAX_EXPRESSION_DEPTH} levels"));
        }
    }
    Ok(())
}
