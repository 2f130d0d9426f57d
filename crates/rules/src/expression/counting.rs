//! Counting: the same expression with calls that charge its budget of steps.
//!
//! Each turn of a comprehension, what it yields, what a list or map literal holds and what `+` yields go through
//! `@counted`, a name that no source text can spell. It returns its argument, or an error once the budget is spent; so
//! the end of an evaluation depends on the evidence only, never on the clock.

use cel::IdedExpr;
use cel::common::ast::{
    CallExpr, ComprehensionExpr, EntryExpr, Expr, IdedEntryExpr, ListExpr, MapEntryExpr, MapExpr, SelectExpr, operators,
};

/// The function that charges the budget.
pub(crate) const COUNTED: &str = "@counted";

/// The expression with its steps counted.
pub(crate) fn with_counting(expression: &IdedExpr) -> IdedExpr {
    let expr = match &expression.expr {
        Expr::Unspecified | Expr::Ident(_) | Expr::Literal(_) | Expr::Struct(_) => expression.expr.clone(),
        Expr::Select(select) => Expr::Select(SelectExpr {
            operand: Box::new(with_counting(&select.operand)),
            field: select.field.clone(),
            test: select.test,
        }),
        Expr::Call(call) => {
            let calls = Expr::Call(CallExpr {
                func_name: call.func_name.clone(),
                target: call.target.as_deref().map(|target| Box::new(with_counting(target))),
                args: call.args.iter().map(with_counting).collect(),
            });
            if call.func_name == operators::ADD {
                return charge(IdedExpr { id: expression.id, expr: calls });
            }
            calls
        }
        Expr::List(list) => Expr::List(ListExpr {
            elements: list.elements.iter().map(counted_element).collect(),
            optional_indices: list.optional_indices.clone(),
        }),
        Expr::Map(map) => Expr::Map(MapExpr { entries: map.entries.iter().map(counted_entry).collect() }),
        Expr::Comprehension(comprehension) => Expr::Comprehension(Box::new(ComprehensionExpr {
            iter_range: with_counting(&comprehension.iter_range),
            loop_cond: counted_condition(&comprehension.loop_cond),
            loop_step: counted_step(&comprehension.loop_step),
            ..(**comprehension).clone()
        })),
    };
    IdedExpr { id: expression.id, expr }
}

/// The condition under which `all` and `exists` go on. They keep an error of their body until another element decides,
/// so a spent budget must end them from here; those that build a list have the constant `true` and end at any error.
fn counted_condition(condition: &IdedExpr) -> IdedExpr {
    match condition.expr {
        Expr::Literal(_) => condition.clone(),
        _ => charge(condition.clone()),
    }
}

/// The step of a comprehension: what it does with its accumulator stays as it is, because cel recognises the shape and
/// appends in place; what it evaluates is counted.
fn counted_step(step: &IdedExpr) -> IdedExpr {
    let Expr::Call(call) = &step.expr else {
        return step.clone();
    };
    let args = match (call.func_name.as_str(), call.args.as_slice()) {
        (operators::LOGICAL_AND | operators::LOGICAL_OR, [result, body]) => {
            vec![result.clone(), with_counting(body)]
        }
        (operators::ADD, [result, item]) => vec![result.clone(), counted_item(item)],
        (operators::CONDITIONAL, [condition, then, otherwise]) => {
            vec![charge(with_counting(condition)), counted_step(then), otherwise.clone()]
        }
        _ => call.args.clone(),
    };
    let expr = Expr::Call(CallExpr { func_name: call.func_name.clone(), target: None, args });
    IdedExpr { id: step.id, expr }
}

/// What a step appends: the one-element list of `map` and `filter`, or the 1 of `exists_one`.
fn counted_item(item: &IdedExpr) -> IdedExpr {
    match &item.expr {
        Expr::List(list) => {
            let elements = list.elements.iter().map(|element| charge(with_counting(element))).collect();
            IdedExpr { id: item.id, expr: Expr::List(ListExpr::new(elements)) }
        }
        _ => item.clone(),
    }
}

fn counted_element(element: &IdedExpr) -> IdedExpr {
    match element.expr {
        Expr::Literal(_) => element.clone(),
        _ => charge(with_counting(element)),
    }
}

fn counted_entry(entry: &IdedEntryExpr) -> IdedEntryExpr {
    match &entry.expr {
        EntryExpr::MapEntry(map_entry) => IdedEntryExpr {
            id: entry.id,
            expr: EntryExpr::MapEntry(MapEntryExpr {
                key: with_counting(&map_entry.key),
                value: counted_element(&map_entry.value),
                optional: map_entry.optional,
            }),
        },
        EntryExpr::StructField(_) => entry.clone(),
    }
}

fn charge(expression: IdedExpr) -> IdedExpr {
    let id = expression.id;
    IdedExpr { id, expr: Expr::Call(CallExpr { func_name: COUNTED.to_owned(), target: None, args: vec![expression] }) }
}
