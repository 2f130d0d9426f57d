//! Evidence as CEL values.
//!
//! A fact that is absent is a *missing key*, never `null`: asking for it is then an error that means unknown, and
//! `has()` works. Whole numbers are all `int`, because CEL's `int` and `uint` do not add.

use assay_model::evidence::path::{PathFacts, PathKind};
use assay_model::evidence::{Evidence, Problem, Section};
use cel::common::types::{CelBool, CelDouble, CelInt, CelList, CelNull, CelString, CelUInt};
use cel::common::value::Val;
use serde::Serialize;

use crate::fact_map::FactMap;

/// A CEL value that borrows nothing.
pub(crate) type OwnedValue = Box<dyn Val>;

/// The facts of a section, or nothing where it has none.
pub(crate) fn section_value(evidence: &Evidence, section: Section) -> Option<OwnedValue> {
    match section {
        Section::Os => value_of(evidence.os.facts.as_ref()?),
        Section::Packages => value_of(evidence.packages.facts.as_ref()?),
        Section::Libraries => value_of(evidence.libraries.facts.as_ref()?),
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
            let present = members.into_iter().filter(|(_, value)| !value.is_null());
            Box::new(FactMap::new(present.map(|(key, value)| (key.into(), from_json(value)))))
        }
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(value), _) => Box::new(CelInt::from(value)),
            (None, Some(value)) => Box::new(CelUInt::from(value)),
            (None, None) => Box::new(CelDouble::from(number.as_f64().unwrap_or(f64::NAN))),
        },
    }
}

/// One path, without the way through JSON: a host has thousands.
pub(crate) fn path_value(path: &PathFacts) -> FactMap {
    let kind = match path.kind {
        PathKind::File => "file",
        PathKind::Directory => "directory",
        PathKind::Link => "link",
        PathKind::Other => "other",
    };
    let number = |value: u32| -> OwnedValue { Box::new(CelInt::from(i64::from(value))) };
    let text = |value: CelString<'static>| -> OwnedValue { Box::new(value) };
    FactMap::new([
        ("gid".into(), number(path.gid)),
        ("kind".into(), text(kind.into())),
        ("mode".into(), number(path.mode)),
        ("path".into(), text(path.path.clone().into())),
        ("uid".into(), number(path.uid)),
    ])
}

/// The variable `problems`: for each section that the rule needs, what could not be read of it.
pub(crate) fn problems_value(problems: &[(Section, Vec<&Problem>)]) -> OwnedValue {
    let members = problems.iter().map(|(section, problems)| {
        let list = value_of(problems).unwrap_or_else(|| Box::new(CelList::default()));
        (section.as_str().into(), list)
    });
    Box::new(FactMap::new(members))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_what_its_json_form_is() {
        for kind in [PathKind::File, PathKind::Directory, PathKind::Link, PathKind::Other] {
            let path = PathFacts { path: "/a".into(), kind, mode: 0o644, uid: 1, gid: 2 };
            assert!(path_value(&path).equals(value_of(&path).unwrap().as_ref()), "{kind:?}");
        }
    }
}
