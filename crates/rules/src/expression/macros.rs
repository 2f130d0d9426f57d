//! Comprehensions, told apart by the shape into which the parser expands the macro (CEL specification, "Macros").

use cel::IdedExpr;
use cel::common::ast::{ComprehensionExpr, Expr, LiteralValue, operators};

/// One comprehension, as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Comprehension<'a> {
    /// `all`, `exists`, `exists_one`, `map` or `filter`.
    pub(crate) name: &'static str,
    /// What is walked.
    pub(crate) range: &'a IdedExpr,
    /// The variable that stands for one element.
    pub(crate) variable: &'a str,
    /// What is evaluated for each element, in the order of the arguments.
    pub(crate) bodies: Vec<&'a IdedExpr>,
}

/// Tells which macro a comprehension came from.
pub(crate) fn comprehension_of(expression: &ComprehensionExpr) -> Option<Comprehension<'_>> {
    let Expr::Call(step) = &expression.loop_step.expr else {
        return None;
    };
    let is_result = |argument: &IdedExpr| matches!(&argument.expr, Expr::Ident(name) if *name == expression.accu_var);
    let is_element = |argument: &IdedExpr| matches!(&argument.expr, Expr::Ident(name) if *name == expression.iter_var);
    let (name, bodies) = match (step.func_name.as_str(), step.args.as_slice()) {
        (operators::LOGICAL_AND, [result, body]) if is_result(result) => ("all", vec![body]),
        (operators::LOGICAL_OR, [result, body]) if is_result(result) => ("exists", vec![body]),
        (operators::ADD, [result, item]) if is_result(result) => ("map", vec![only_element(item)?]),
        (operators::CONDITIONAL, [condition, then, otherwise]) if is_result(otherwise) => {
            let Expr::Call(add) = &then.expr else { return None };
            let [_, item] = add.args.as_slice() else { return None };
            match only_element(item) {
                None if is_int(&expression.accu_init) => ("exists_one", vec![condition]),
                None => return None,
                Some(element) if is_element(element) => ("filter", vec![condition]),
                Some(element) => ("map", vec![condition, element]),
            }
        }
        _ => return None,
    };
    Some(Comprehension { name, range: &expression.iter_range, variable: &expression.iter_var, bodies })
}

fn only_element(list: &IdedExpr) -> Option<&IdedExpr> {
    match &list.expr {
        Expr::List(list) => match list.elements.as_slice() {
            [element] => Some(element),
            _ => None,
        },
        _ => None,
    }
}

fn is_int(expression: &IdedExpr) -> bool {
    matches!(expression.expr, Expr::Literal(LiteralValue::Int(_)))
}
