//! The table of shapes: which element of an answer in XML is which member of the command line's JSON, and of which type.
//!
//! XML alone does not tell: an empty element is an empty text, or an empty list; `22` is a number, or a text. The table is
//! `shapes.txt` beside this file, cut out of the published service models by `tests/clients/shapes.py`.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::calls::Service;

/// The type of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Boolean,
    Number,
    Structure(&'static str),
    List(Box<Kind>),
    /// From text to text.
    Map,
}

/// A member of a structure.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

/// A structure: its members by their elements.
pub(crate) type Structure = HashMap<String, Member>;

/// The structures of a service, and what its actions answer, as `Action:`.
pub(crate) type Shapes = HashMap<&'static str, Structure>;

static TABLE: LazyLock<HashMap<&'static str, Shapes>> = LazyLock::new(|| read(include_str!("shapes.txt")));

/// The structures of a service.
pub(crate) fn shapes(service: Service) -> Option<&'static Shapes> {
    TABLE.get(service.command())
}

fn read(text: &'static str) -> HashMap<&'static str, Shapes> {
    let mut table: HashMap<&'static str, Shapes> = HashMap::new();
    let mut service = "";
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            service = name;
            continue;
        }
        let mut words = line.split(' ');
        if let Some(name) = words.next() {
            let members = words.map(|word| member(word, service == "ec2")).collect();
            table.entry(service).or_default().insert(name, members);
        }
    }
    table
}

/// `Name=element` and its type.
fn member(word: &'static str, begins_small: bool) -> (String, Member) {
    let (head, kind) = word.split_at(word.find(['?', '#', '{', '[', '<']).unwrap_or(word.len()));
    let (name, element) = match head.split_once('=') {
        Some((name, element)) => (name, element.to_owned()),
        None if begins_small => (head, small(head)),
        None => (head, head.to_owned()),
    };
    (element, Member { name, kind: kind_of(kind) })
}

fn small(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

fn kind_of(text: &'static str) -> Kind {
    let inside = |open: char, close: char| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    match text {
        "" => Kind::Text,
        "?" => Kind::Boolean,
        "#" => Kind::Number,
        "<>" => Kind::Map,
        _ => match (inside('{', '}'), inside('[', ']')) {
            (Some(name), _) => Kind::Structure(name),
            (_, Some("" | "?" | "#")) => Kind::List(Box::new(kind_of(inside('[', ']').unwrap_or_default()))),
            (_, Some(name)) => Kind::List(Box::new(Kind::Structure(name))),
            (None, None) => Kind::Text,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::{CALLS, Protocol, SECRETS};

    fn structure_of(kind: &Kind) -> Option<&'static str> {
        match kind {
            Kind::Structure(name) => Some(name),
            Kind::List(inner) => structure_of(inner),
            _ => None,
        }
    }

    #[test]
    fn every_call_is_in_the_table_and_every_structure_is_known() {
        for call in CALLS.iter().filter(|call| matches!(call.service.protocol(), Protocol::Query { .. })) {
            let answer = shapes(call.service).unwrap().get(format!("{}:", call.action()).as_str());
            let answer = answer.unwrap_or_else(|| panic!("{} is not in the table", call.name));
            assert!(answer.values().any(|member| member.name == call.result), "{}: {}", call.name, call.result);
        }
        let all = TABLE.values().flat_map(|shapes| shapes.values().map(move |structure| (shapes, structure)));
        for (shapes, structure) in all {
            for member in structure.values() {
                assert!(!SECRETS.contains(&member.name), "{} is a secret", member.name);
                if let Some(name) = structure_of(&member.kind) {
                    assert!(shapes.contains_key(name), "{name} is missing");
                }
            }
        }
    }

    #[test]
    fn members_are_read() {
        for (word, small, element, name, kind) in [
            ("VpcId", true, "vpcId", "VpcId", Kind::Text),
            ("VpcId", false, "VpcId", "VpcId", Kind::Text),
            ("Tags=tagSet[Tag]", true, "tagSet", "Tags", Kind::List(Box::new(Kind::Structure("Tag")))),
            ("Ports[#]", false, "Ports", "Ports", Kind::List(Box::new(Kind::Number))),
            ("Names[]", false, "Names", "Names", Kind::List(Box::new(Kind::Text))),
            ("State=instanceState{InstanceState}", true, "instanceState", "State", Kind::Structure("InstanceState")),
            ("IsDefault?", true, "isDefault", "IsDefault", Kind::Boolean),
            ("Extra<>", false, "Extra", "Extra", Kind::Map),
        ] {
            let (read_element, read) = member(word, small);
            assert_eq!((read_element.as_str(), read.name, read.kind), (element, name, kind), "{word}");
        }
    }
}
