//! The functions that the rule language adds to CEL.
//!
//! Those that are pure are overloads of one shared environment; those that look at the evidence, or charge the budget of
//! steps, belong to one evaluation. `unknown("…")` is an error that means "cannot be decided": CEL's `||` and `&&` let
//! the other side decide where it can, which is exactly what three-valued logic wants.

use std::sync::{Arc, LazyLock};

use cel::common::types::{CelBool, CelInt, CelList, CelString};
use cel::{DeclarationError, Env, ExecutionError};

/// Functions called as `name(…)`.
pub(crate) const GLOBAL_FUNCTIONS: [&str; 26] = [
    "argument",
    "argument_or",
    "bool",
    "double",
    "dyn",
    "group_name",
    "has_argument",
    "installed",
    "int",
    "is_number",
    "join",
    "lower",
    "mode_allows",
    "number",
    "number_or",
    "octal",
    "size",
    "split",
    "string",
    "trim",
    "type",
    "uint",
    "unknown",
    "user_name",
    "version_at_least",
    "words",
];

/// Functions called as `value.name(…)`.
pub(crate) const MEMBER_FUNCTIONS: [&str; 11] = [
    "contains",
    "endsWith",
    "hasValue",
    "none",
    "of",
    "ofNonZeroValue",
    "or",
    "orValue",
    "size",
    "startsWith",
    "value",
];

/// The function name by which an error means "cannot be decided".
pub(crate) const UNKNOWN: &str = "unknown";

/// Longest text that `join` makes, in bytes.
const MAX_JOINED_BYTES: usize = 64 * 1024;

/// The environment that all rules share.
pub(crate) fn environment() -> Arc<Env> {
    static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| {
        let mut env = Env::stdlib();
        declare(&mut env).expect("the names differ from each other and from CEL's own, which a test checks");
        Arc::new(env)
    });
    Arc::clone(&ENVIRONMENT)
}

fn declare(env: &mut Env) -> Result<(), DeclarationError> {
    cel::add_overload!(env, fn number: (CelString) -> Result<CelInt>)?;
    cel::add_overload!(env, fn same_number: (CelInt) -> CelInt, name = "number")?;
    cel::add_overload!(env, fn number_or: (CelString, CelInt) -> CelInt, name = "number_or")?;
    cel::add_overload!(env, fn is_number: (CelString) -> CelBool, name = "is_number")?;
    cel::add_overload!(env, fn lower: (CelString) -> CelString)?;
    cel::add_overload!(env, fn trim: (CelString) -> CelString)?;
    cel::add_overload!(env, fn split: (CelString, CelString) -> CelList)?;
    cel::add_overload!(env, fn words: (CelString) -> CelList)?;
    cel::add_overload!(env, fn join: (CelList, CelString) -> Result<CelString>)?;
    cel::add_overload!(env, fn argument: (CelList, CelString) -> Result<CelString>)?;
    cel::add_overload!(env, fn argument_or: (CelList, CelString, CelString) -> CelString, name = "argument_or")?;
    cel::add_overload!(env, fn has_argument: (CelList, CelString) -> CelBool, name = "has_argument")?;
    cel::add_overload!(env, fn mode_allows: (CelInt, CelString) -> Result<CelBool>, name = "mode_allows")?;
    cel::add_overload!(env, fn octal: (CelInt) -> CelString)?;
    cel::add_overload!(env, fn version_at_least: (CelString, CelString) -> Result<CelBool>, name = "version_at_least")?;
    cel::add_overload!(env, fn unknown: (CelString) -> Result<CelBool>)?;
    Ok(())
}

fn parse_number(text: &str) -> Option<i64> {
    text.trim().parse().ok()
}

fn number(text: &CelString<'_>) -> Result<CelInt, ExecutionError> {
    let error = || ExecutionError::function_error("number", format!("{:?} is no number", text.inner()));
    parse_number(text.inner()).map(CelInt::from).ok_or_else(error)
}

fn same_number(number: &CelInt) -> CelInt {
    *number
}

fn number_or(text: &CelString<'_>, otherwise: &CelInt) -> CelInt {
    parse_number(text.inner()).map_or(*otherwise, CelInt::from)
}

fn is_number(text: &CelString<'_>) -> CelBool {
    parse_number(text.inner()).is_some().into()
}

fn lower(text: &CelString<'_>) -> CelString<'static> {
    text.inner().to_lowercase().into()
}

fn trim(text: &CelString<'_>) -> CelString<'static> {
    text.inner().trim().to_owned().into()
}

fn list_of<'a>(texts: impl Iterator<Item = &'a str>) -> CelList<'static> {
    let texts = texts.map(|text| {
        let text: Box<dyn cel::common::value::Val> = Box::new(CelString::from(text.to_owned()));
        text
    });
    CelList::from(texts.collect::<Vec<_>>())
}

fn split(text: &CelString<'_>, separator: &CelString<'_>) -> CelList<'static> {
    list_of(text.inner().split(separator.inner()))
}

fn words(text: &CelString<'_>) -> CelList<'static> {
    list_of(text.inner().split_whitespace())
}

fn join(list: &CelList<'_>, separator: &CelString<'_>) -> Result<CelString<'static>, ExecutionError> {
    let mut joined = String::new();
    for (index, item) in list.inner().iter().enumerate() {
        if index > 0 {
            joined.push_str(separator.inner());
        }
        match item.downcast_ref::<CelString>() {
            Some(text) => joined.push_str(text.inner()),
            None => return Err(ExecutionError::function_error("join", "the list holds something that is no string")),
        }
        if joined.len() > MAX_JOINED_BYTES {
            let message = format!("the result is over the limit of {MAX_JOINED_BYTES} bytes");
            return Err(ExecutionError::function_error("join", message));
        }
    }
    Ok(joined.into())
}

/// The value of the last `name=value` of a list of module arguments, empty for a bare `name`: modules read them in order,
/// and the last one wins (pam.conf(5)).
fn last_argument<'a>(list: &'a CelList<'_>, name: &str) -> Option<&'a str> {
    let arguments = list.inner().iter().rev().filter_map(|item| item.downcast_ref::<CelString>());
    arguments.map(CelString::inner).find_map(|argument| match argument.strip_prefix(name)? {
        "" => Some(""),
        rest => rest.strip_prefix('='),
    })
}

fn argument(list: &CelList<'_>, name: &CelString<'_>) -> Result<CelString<'static>, ExecutionError> {
    let value = last_argument(list, name.inner()).map(|value| value.to_owned().into());
    value.ok_or_else(|| ExecutionError::no_such_key(name.inner()))
}

fn argument_or(list: &CelList<'_>, name: &CelString<'_>, otherwise: &CelString<'_>) -> CelString<'static> {
    last_argument(list, name.inner()).unwrap_or(otherwise.inner()).to_owned().into()
}

fn has_argument(list: &CelList<'_>, name: &CelString<'_>) -> CelBool {
    last_argument(list, name.inner()).is_some().into()
}

/// Whether any of the classes may do any of the things: `mode_allows(mode, "go+w")`, in the letters of chmod(1).
fn mode_allows(mode: &CelInt, what: &CelString<'_>) -> Result<CelBool, ExecutionError> {
    let error = || ExecutionError::function_error("mode_allows", format!("{:?} is not like \"go+w\"", what.inner()));
    let (who, permissions) = what.inner().split_once('+').ok_or_else(error)?;
    if who.is_empty() || permissions.is_empty() {
        return Err(error());
    }
    let mut wanted = 0;
    for class in who.chars() {
        for permission in permissions.chars() {
            wanted |= bits(class, permission).ok_or_else(error)?;
        }
    }
    Ok((*mode.inner() & wanted != 0).into())
}

fn bits(class: char, permission: char) -> Option<i64> {
    if class == 'a' {
        return Some(bits('u', permission)? | bits('g', permission)? | bits('o', permission)?);
    }
    let shift = match class {
        'u' => 6,
        'g' => 3,
        'o' => 0,
        _ => return None,
    };
    Some(match permission {
        'r' => 4 << shift,
        'w' => 2 << shift,
        'x' => 1 << shift,
        's' if class == 'u' => 0o4000,
        's' if class == 'g' => 0o2000,
        't' if class == 'o' => 0o1000,
        _ => return None,
    })
}

fn octal(mode: &CelInt) -> CelString<'static> {
    format!("{:04o}", mode.inner()).into()
}

/// Compares versions by their numbers: `9.2p1` is at least `7.4`. For upstream versions of one program, not for those of
/// distribution packages, whose order is another.
fn version_at_least(version: &CelString<'_>, least: &CelString<'_>) -> Result<CelBool, ExecutionError> {
    let numbers = |text: &str| {
        let runs = text.split(|character: char| !character.is_ascii_digit()).filter(|run| !run.is_empty());
        runs.map(str::parse).collect::<Result<Vec<u64>, _>>().ok().filter(|numbers| !numbers.is_empty())
    };
    let parse = |text: &str| {
        let error = || ExecutionError::function_error("version_at_least", format!("{text:?} is no version"));
        numbers(text).ok_or_else(error)
    };
    Ok((parse(version.inner())? >= parse(least.inner())?).into())
}

fn unknown(reason: &CelString<'_>) -> Result<CelBool, ExecutionError> {
    Err(ExecutionError::function_error(UNKNOWN, reason.inner()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_in_the_authors_page() {
        let page = include_str!("../../../docs/rules.md");
        for name in GLOBAL_FUNCTIONS.iter().filter(|name| !["dyn", "type", "uint"].contains(name)) {
            assert!(page.contains(&format!("`{name}")), "{name}");
        }
    }

    #[test]
    fn the_shared_environment_can_be_made() {
        assert!(environment().compile("number('1') == 1").is_ok());
    }
}
