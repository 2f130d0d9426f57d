//! Values as text: short for traces, and as evidence items with file and line.
//!
//! A map with a `value` is a setting and shows the place that sets it; one with `path` and `mode` is a path; one with
//! `module` and `arguments` is a line of a PAM stack. Maps print in the order of their keys, because CEL's own order is
//! that of a hash table and differs from run to run.

use assay_model::trace::EvidenceItem;
use cel::common::types::CelOptional;
use cel::common::types::{CelBool, CelDouble, CelInt, CelList, CelMap, CelMapKey, CelNull, CelString, CelUInt};
use cel::common::value::Val;

use crate::fact_map::FactMap;
use crate::limits::{MAX_SHOWN_CHARS, MAX_SHOWN_ITEMS};
use crate::template::NOT_SET;

/// Names of accounts and groups by id, for people.
pub(crate) trait OwnerNames {
    /// The login name of a user id, or the id itself.
    fn user(&self, uid: i64) -> String;
    /// The name of a group id, or the id itself.
    fn group(&self, gid: i64) -> String;
}

/// Ids where no names are wanted: a trace shows what the condition compared.
struct Ids;

impl OwnerNames for Ids {
    fn user(&self, uid: i64) -> String {
        uid.to_string()
    }

    fn group(&self, gid: i64) -> String {
        gid.to_string()
    }
}

/// A text cut to a number of characters.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

/// The short form of a value, as CEL would write it.
pub(crate) fn short(value: &dyn Val) -> String {
    let mut text = String::new();
    write_short(value, 0, &mut text);
    cut(&text, MAX_SHOWN_CHARS)
}

/// Deep enough for any section's facts, and shallow enough for the stack.
const MAX_DEPTH: usize = 16;

fn write_short(value: &dyn Val, depth: usize, text: &mut String) {
    if depth > MAX_DEPTH || text.len() > MAX_SHOWN_CHARS * 4 {
        text.push('…');
    } else if let Some(list) = value.downcast_ref::<CelList>() {
        text.push('[');
        for (index, item) in list.inner().iter().enumerate() {
            if index == 3 {
                text.push_str(&format!(", … {} more", list.inner().len() - index));
                break;
            }
            if index > 0 {
                text.push_str(", ");
            }
            write_short(item.as_ref(), depth + 1, text);
        }
        text.push(']');
    } else if let Some(map) = AnyMap::of(value) {
        if let Some(shown) = known_shape(map, &Ids) {
            text.push_str(&shown.value);
            if let Some(source) = shown.source {
                let line = shown.line.map(|line| format!(":{line}")).unwrap_or_default();
                text.push_str(&format!(" ({source}{line})"));
            }
            return;
        }
        text.push('{');
        let members = map.members();
        for (index, (key, member)) in members.iter().enumerate() {
            if index == 6 {
                text.push_str(&format!(", … {} more", members.len() - index));
                break;
            }
            if index > 0 {
                text.push_str(", ");
            }
            text.push_str(key);
            text.push_str(": ");
            write_short(*member, depth + 1, text);
        }
        text.push('}');
    } else if let Some(string) = value.downcast_ref::<CelString>() {
        text.push_str(&format!("{:?}", string.inner()));
    } else {
        text.push_str(&plain(value).unwrap_or_else(|| value.get_type().name().to_owned()));
    }
}

/// A scalar as bare text; nothing for lists, maps and null.
fn plain(value: &dyn Val) -> Option<String> {
    if let Some(text) = value.downcast_ref::<CelString>() {
        return Some(text.inner().to_owned());
    }
    if let Some(number) = value.downcast_ref::<CelInt>() {
        return Some(number.inner().to_string());
    }
    if let Some(number) = value.downcast_ref::<CelUInt>() {
        return Some(number.inner().to_string());
    }
    if let Some(number) = value.downcast_ref::<CelDouble>() {
        return Some(format!("{:?}", number.inner()));
    }
    value.downcast_ref::<CelBool>().map(|flag| flag.inner().to_string())
}

/// A configured value and its place.
struct Shown {
    value: String,
    source: Option<String>,
    line: Option<u32>,
}

/// A map of the evidence, or one that a rule wrote.
#[derive(Clone, Copy)]
enum AnyMap<'b, 'v> {
    Fact(&'b FactMap),
    Written(&'b CelMap<'v>),
}

impl<'b, 'v> AnyMap<'b, 'v> {
    fn of(value: &'b (dyn Val + 'v)) -> Option<AnyMap<'b, 'v>> {
        let fact = value.downcast_ref::<FactMap>().map(AnyMap::Fact);
        fact.or_else(|| value.downcast_ref::<CelMap>().map(AnyMap::Written))
    }

    fn member(self, key: &str) -> Option<&'b (dyn Val + 'v)> {
        match self {
            AnyMap::Fact(map) => map.member(key).map(|value| value.as_ref() as &(dyn Val + 'v)),
            AnyMap::Written(map) => map.inner().get(&CelMapKey::String(key.to_owned().into())).map(AsRef::as_ref),
        }
    }

    /// The members in the order of their keys.
    fn members(self) -> Vec<(String, &'b (dyn Val + 'v))> {
        let mut members: Vec<(String, &'b (dyn Val + 'v))> = match self {
            AnyMap::Fact(map) => {
                map.members().map(|(key, value)| (key.to_owned(), value.as_ref() as &(dyn Val + 'v))).collect()
            }
            AnyMap::Written(map) => {
                let members = map.inner().iter();
                members.map(|(key, value)| (plain(key.inner()).unwrap_or_default(), value.as_ref())).collect()
            }
        };
        members.sort_by(|left, right| left.0.cmp(&right.0));
        members
    }
}

fn text_member(map: AnyMap<'_, '_>, key: &str) -> Option<String> {
    plain(map.member(key)?)
}

fn int_member(map: AnyMap<'_, '_>, key: &str) -> Option<i64> {
    map.member(key)?.downcast_ref::<CelInt>().map(|number| *number.inner())
}

fn line_of(map: AnyMap<'_, '_>) -> Option<u32> {
    u32::try_from(int_member(map, "line")?).ok()
}

fn setting_of(map: AnyMap<'_, '_>) -> Option<Shown> {
    let value = text_member(map, "value")?;
    let source = text_member(map, "file").or_else(|| {
        text_member(map, "source").map(|source| match source.as_str() {
            "default" => "compiled-in default".to_owned(),
            "kernel" => "running kernel".to_owned(),
            _ => source,
        })
    });
    Some(Shown { value, source, line: line_of(map) })
}

fn path_of(map: AnyMap<'_, '_>, names: &dyn OwnerNames) -> Option<Shown> {
    let (path, mode) = (text_member(map, "path")?, int_member(map, "mode")?);
    let (user, group) = (names.user(int_member(map, "uid")?), names.group(int_member(map, "gid")?));
    Some(Shown { value: format!("mode {mode:04o}, owner {user}, group {group}"), source: Some(path), line: None })
}

fn pam_entry_of(map: AnyMap<'_, '_>) -> Option<Shown> {
    let mut value = text_member(map, "module")?;
    for argument in map.member("arguments")?.downcast_ref::<CelList>()?.inner() {
        value.push(' ');
        value.push_str(&plain(argument.as_ref())?);
    }
    Some(Shown { value, source: text_member(map, "file"), line: line_of(map) })
}

fn known_shape(map: AnyMap<'_, '_>, names: &dyn OwnerNames) -> Option<Shown> {
    setting_of(map).or_else(|| path_of(map, names)).or_else(|| pam_entry_of(map))
}

/// The evidence items of one value: one for a scalar or a map, one for each item of a list.
pub(crate) fn items(label: &str, value: &dyn Val, names: &dyn OwnerNames) -> Vec<EvidenceItem> {
    if value.downcast_ref::<CelNull>().is_some() {
        return vec![not_set(label)];
    }
    if let Some(optional) = value.downcast_ref::<CelOptional>() {
        return optional.option().map_or_else(|| vec![not_set(label)], |value| items(label, value, names));
    }
    let Some(list) = value.downcast_ref::<CelList>() else {
        return vec![item(label, value, names)];
    };
    let shown = list.inner().iter().take(MAX_SHOWN_ITEMS).map(|value| item(label, value.as_ref(), names));
    let mut shown: Vec<EvidenceItem> = shown.collect();
    let left_out = list.inner().len().saturating_sub(MAX_SHOWN_ITEMS);
    if left_out > 0 {
        let value = format!("and {left_out} more");
        shown.push(EvidenceItem { label: label.to_owned(), value, source: None, line: None });
    }
    shown
}

/// The item of a value that is not there.
pub(crate) fn not_set(label: &str) -> EvidenceItem {
    EvidenceItem { label: label.to_owned(), value: NOT_SET.to_owned(), source: None, line: None }
}

fn item(label: &str, value: &dyn Val, names: &dyn OwnerNames) -> EvidenceItem {
    let shown = AnyMap::of(value).and_then(|map| known_shape(map, names));
    let shown = shown.unwrap_or_else(|| Shown {
        value: plain(value).unwrap_or_else(|| short(value)),
        source: None,
        line: None,
    });
    EvidenceItem {
        label: label.to_owned(),
        value: cut(&shown.value, MAX_SHOWN_CHARS),
        source: shown.source,
        line: shown.line,
    }
}
