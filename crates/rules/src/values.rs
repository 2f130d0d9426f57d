//! Evidence as CEL values.
//!
//! A fact that is absent is a *missing key*, never `null`: asking for it is then an error that means unknown, and
//! `has()` works. Whole numbers are all `int`, because CEL's `int` and `uint` do not add.

use std::collections::HashMap;

use assay_model::evidence::{Evidence, Problem, Section};
use cel::common::types::{CelBool, CelDouble, CelInt, CelList, CelMap, CelMapKey, CelNull, CelString, CelUInt};
use cel::common::value::Val;
use serde::Serialize;

/// A CEL value that borrows nothing.
pub(crate) type OwnedValue = Box<dyn Val>;

/// The facts of a section, or nothing where it has none.
pub(crate) fn section_value(evidence: &Evidence, section: Section) -> Option<OwnedValue> {
    match section {
        Section::Os => value_of(evidence.os.facts.as_ref()?),
        Section::Packages => value_of(evidence.packages.facts.as_ref()?),
        Section::Kernel => value_of(evidence.kernel.facts.as_ref()?),
        Section::Processor => value_of(evidence.processor.facts.as_ref()?),
        Section::Accounts => value_of(evidence.accounts.facts.as_ref()?),
        Section::Sshd => value_of(evidence.sshd.facts.as_ref()?),
        Section::Authentication => value_of(evidence.authentication.facts.as_ref()?),
        Section::Sysctl => value_of(evidence.sysctl.facts.as_ref()?),
        Section::Mounts => value_of(evidence.mounts.facts.as_ref()?),
        Section::Processes => value_of(evidence.processes.facts.as_ref()?),
        Section::Sockets => value_of(evidence.sockets.facts.as_ref()?),
        Section::Paths => value_of(&evidence.paths.facts.as_ref()?.entries),
    }
}

/// Any serialisable value as a CEL value; nothing where it has no JSON form.
pub(crate) fn value_of<T: Serialize>(facts: &T) -> Option<OwnedValue> {
    serde_json::to_value(facts).ok().map(from_json)
}

/// JSON as a CEL value, absent members left out.
pub(crate) fn from_json(json: serde_json::Value) -> OwnedValue {
    match json {
        serde_json::Value::Null => Box::new(CelNull),
        serde_json::Value::Bool(value) => Box::new(CelBool::from(value)),
        serde_json::Value::String(text) => Box::new(CelString::from(text)),
        serde_json::Value::Array(items) => {
            Box::new(CelList::from(items.into_iter().map(from_json).collect::<Vec<OwnedValue>>()))
        }
        serde_json::Value::Object(members) => {
            Box::new(map_of(members.into_iter().filter(|(_, value)| !value.is_null()).map(|(k, v)| (k, from_json(v)))))
        }
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(value), _) => Box::new(CelInt::from(value)),
            (None, Some(value)) => Box::new(CelUInt::from(value)),
            (None, None) => Box::new(CelDouble::from(number.as_f64().unwrap_or(f64::NAN))),
        },
    }
}

/// A CEL map with text keys.
pub(crate) fn map_of(members: impl Iterator<Item = (String, OwnedValue)>) -> CelMap<'static> {
    let members = members.map(|(key, value)| (CelMapKey::String(CelString::from(key)), value));
    CelMap::from(members.collect::<HashMap<_, _>>())
}

/// The variable `problems`: for each section that the rule needs, what could not be read of it.
pub(crate) fn problems_value(problems: &[(Section, Vec<&Problem>)]) -> OwnedValue {
    let members = problems.iter().map(|(section, problems)| {
        let list = value_of(problems).unwrap_or_else(|| Box::new(CelList::default()));
        (section.as_str().to_owned(), list)
    });
    Box::new(map_of(members))
}
