//! A syntax tree as CEL text, with the fewest brackets that keep its meaning.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, EntryExpr, Expr, LiteralValue, operators};

use super::macros::comprehension_of;

/// How tightly an operator binds (CEL specification, "Syntax"); a part that binds looser than its place is bracketed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Conditional,
    Or,
    And,
    Relation,
    Sum,
    Product,
    Unary,
    Primary,
}

/// The text of an expression.
pub(crate) fn print(expression: &IdedExpr) -> String {
    let mut text = String::new();
    write(expression, Binding::Conditional, &mut text);
    text
}

fn write(expression: &IdedExpr, place: Binding, text: &mut String) {
    let needs_brackets = binding(expression) < place;
    if needs_brackets {
        text.push('(');
    }
    write_bare(expression, text);
    if needs_brackets {
        text.push(')');
    }
}

fn binding(expression: &IdedExpr) -> Binding {
    let Expr::Call(call) = &expression.expr else {
        return Binding::Primary;
    };
    match call.func_name.as_str() {
        operators::CONDITIONAL => Binding::Conditional,
        operators::LOGICAL_NOT | operators::NEGATE => Binding::Unary,
        name => binary(name).map_or(Binding::Primary, |(binding, _)| binding),
    }
}

fn binary(name: &str) -> Option<(Binding, &'static str)> {
    Some(match name {
        operators::LOGICAL_OR => (Binding::Or, "||"),
        operators::LOGICAL_AND => (Binding::And, "&&"),
        operators::EQUALS => (Binding::Relation, "=="),
        operators::NOT_EQUALS => (Binding::Relation, "!="),
        operators::LESS => (Binding::Relation, "<"),
        operators::LESS_EQUALS => (Binding::Relation, "<="),
        operators::GREATER => (Binding::Relation, ">"),
        operators::GREATER_EQUALS => (Binding::Relation, ">="),
        operators::IN => (Binding::Relation, "in"),
        operators::ADD => (Binding::Sum, "+"),
        operators::SUBSTRACT => (Binding::Sum, "-"),
        operators::MULTIPLY => (Binding::Product, "*"),
        operators::DIVIDE => (Binding::Product, "/"),
        operators::MODULO => (Binding::Product, "%"),
        _ => return None,
    })
}

/// The next tighter binding: what the right side of a left-associative operator must have.
fn tighter(binding: Binding) -> Binding {
    match binding {
        Binding::Conditional => Binding::Or,
        Binding::Or => Binding::And,
        Binding::And => Binding::Relation,
        Binding::Relation => Binding::Sum,
        Binding::Sum => Binding::Product,
        Binding::Product => Binding::Unary,
        Binding::Unary | Binding::Primary => Binding::Primary,
    }
}

fn write_bare(expression: &IdedExpr, text: &mut String) {
    match &expression.expr {
        Expr::Unspecified => text.push('?'),
        Expr::Ident(name) => text.push_str(name),
        Expr::Literal(literal) => write_literal(literal, text),
        Expr::Select(select) => {
            if select.test {
                text.push_str("has(");
            }
            write(&select.operand, Binding::Primary, text);
            text.push('.');
            text.push_str(&select.field);
            if select.test {
                text.push(')');
            }
        }
        Expr::Call(call) => write_call(call, text),
        Expr::List(list) => {
            text.push('[');
            for (index, element) in list.elements.iter().enumerate() {
                write_separator(index, text);
                if list.optional_indices.contains(&index) {
                    text.push('?');
                }
                write(element, Binding::Conditional, text);
            }
            text.push(']');
        }
        Expr::Map(map) => {
            text.push('{');
            for (index, entry) in map.entries.iter().enumerate() {
                let EntryExpr::MapEntry(entry) = &entry.expr else { continue };
                write_separator(index, text);
                write(&entry.key, Binding::Conditional, text);
                text.push_str(": ");
                write(&entry.value, Binding::Conditional, text);
            }
            text.push('}');
        }
        Expr::Comprehension(comprehension) => {
            let Some(comprehension) = comprehension_of(comprehension) else {
                text.push('?');
                return;
            };
            write(comprehension.range, Binding::Primary, text);
            text.push('.');
            text.push_str(comprehension.name);
            text.push('(');
            text.push_str(comprehension.variable);
            for body in comprehension.bodies {
                text.push_str(", ");
                write(body, Binding::Conditional, text);
            }
            text.push(')');
        }
        Expr::Struct(message) => text.push_str(&message.type_name),
    }
}

fn write_call(call: &CallExpr, text: &mut String) {
    match (call.func_name.as_str(), call.args.as_slice()) {
        (operators::CONDITIONAL, [condition, then, otherwise]) => {
            write(condition, Binding::Or, text);
            text.push_str(" ? ");
            write(then, Binding::Or, text);
            text.push_str(" : ");
            write(otherwise, Binding::Conditional, text);
        }
        (operators::LOGICAL_NOT, [operand]) => {
            text.push('!');
            write(operand, Binding::Unary, text);
        }
        (operators::NEGATE, [operand]) => {
            text.push('-');
            write(operand, Binding::Unary, text);
        }
        (operators::INDEX, [operand, index]) => write_index(operand, "[", index, text),
        (operators::OPT_INDEX, [operand, index]) => write_index(operand, "[?", index, text),
        (operators::OPT_SELECT, [operand, field]) => {
            write(operand, Binding::Primary, text);
            text.push_str(".?");
            match &field.expr {
                Expr::Literal(LiteralValue::String(field)) => text.push_str(field.inner()),
                _ => write(field, Binding::Primary, text),
            }
        }
        (name, [left, right]) if call.target.is_none() && binary(name).is_some() => {
            let Some((binding, sign)) = binary(name) else { return };
            write(left, binding, text);
            text.push(' ');
            text.push_str(sign);
            text.push(' ');
            write(right, tighter(binding), text);
        }
        (name, arguments) => {
            if let Some(target) = &call.target {
                write(target, Binding::Primary, text);
                text.push('.');
            }
            text.push_str(name);
            text.push('(');
            for (index, argument) in arguments.iter().enumerate() {
                write_separator(index, text);
                write(argument, Binding::Conditional, text);
            }
            text.push(')');
        }
    }
}

fn write_index(operand: &IdedExpr, bracket: &str, index: &IdedExpr, text: &mut String) {
    write(operand, Binding::Primary, text);
    text.push_str(bracket);
    write(index, Binding::Conditional, text);
    text.push(']');
}

fn write_separator(index: usize, text: &mut String) {
    if index > 0 {
        text.push_str(", ");
    }
}

fn write_literal(literal: &LiteralValue, text: &mut String) {
    match literal {
        LiteralValue::Boolean(value) => text.push_str(if *value.inner() { "true" } else { "false" }),
        LiteralValue::Bytes(value) => text.push_str(&format!("b{:?}", String::from_utf8_lossy(value.inner()))),
        LiteralValue::Double(value) => text.push_str(&format!("{:?}", value.inner())),
        LiteralValue::Int(value) => text.push_str(&value.inner().to_string()),
        LiteralValue::Null => text.push_str("null"),
        LiteralValue::String(value) => write_string(value.inner(), text),
        LiteralValue::UInt(value) => text.push_str(&format!("{}u", value.inner())),
    }
}

fn write_string(value: &str, text: &mut String) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            _ => text.push(character),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use cel::parser::PrattParser;

    use super::*;

    fn check(source: &str) {
        let parse = |text: &str| PrattParser::new().enable_optional_syntax(true).parse(text).unwrap();
        assert_eq!(print(&parse(source)), source);
    }

    #[test]
    fn expressions_print_as_written() {
        for source in [
            "a.b == \"no\" && !c",
            "a || b && c",
            "(a || b) && c",
            "a - (b - c) - d",
            "a * (b + c) % 2 > -x.y",
            "a ? b : c ? d : e",
            "(a ? b : c) ? d : e",
            "!(a && b)",
            "has(a.b.c) ? a.b.c : \"\"",
            "x.all(p, p.mode > 3)",
            "x.exists(p, p in [1, 2])",
            "x.exists_one(p, p == \"\\\"\\\\\")",
            "x.map(p, p + 1)",
            "x.map(p, p > 1, {\"value\": p, \"line\": 2})",
            "x.filter(p, p.a).map(q, q.b)",
            "(a + b).size() == 3u",
            "a[\"k\"][?1].orValue(1.5)",
            "a.?b.c",
            "f(a, [], {})",
        ] {
            check(source);
        }
    }
}
