//! What is kept of an OVAL document (OVAL 5.11, `oval-definitions-schema`): texts are offsets into one heap.

use std::collections::HashMap;

use crate::database::TextHeap;

/// A text's offset in the heap.
pub(super) type Text = u32;

/// One document.
#[derive(Default)]
pub(super) struct Document {
    pub(super) texts: TextHeap,
    pub(super) definitions: Vec<Definition>,
    pub(super) tests: HashMap<Text, Test>,
    pub(super) objects: HashMap<Text, Object>,
    pub(super) states: HashMap<Text, State>,
    /// Names of packages that constant variables have.
    pub(super) variables: HashMap<Text, Vec<Text>>,
}

/// A definition.
#[derive(Default)]
pub(super) struct Definition {
    pub(super) id: Text,
    pub(super) title: Text,
    pub(super) description: Text,
    pub(super) severity: Text,
    /// Names of platforms.
    pub(super) platforms: Vec<Text>,
    pub(super) references: Vec<Reference>,
    pub(super) cves: Vec<Cve>,
    pub(super) cpes: Vec<Text>,
    pub(super) resolutions: Vec<Resolution>,
    pub(super) criteria: Option<Criteria>,
}

/// Where else a definition's subject is spoken of.
pub(super) struct Reference {
    pub(super) source: Text,
    pub(super) id: Text,
    pub(super) address: Text,
}

/// `advisory/cve`.
pub(super) struct Cve {
    pub(super) id: Text,
    /// The publisher's word for how bad it is.
    pub(super) impact: Text,
    pub(super) cvss: Vec<Text>,
    /// Of a definition about a package, the test about this vulnerability (Ubuntu); else empty.
    pub(super) test: Text,
}

/// What Red Hat means to do about components of a vulnerability that is not fixed.
pub(super) struct Resolution {
    pub(super) state: Text,
    pub(super) components: Vec<Text>,
}

/// A node of the tree of a definition.
pub(super) enum Criteria {
    All(Vec<Criteria>),
    Any(Vec<Criteria>),
    /// A reference to a test, or to a definition about the platform; then `test` is empty.
    Leaf {
        test: Text,
        comment: Text,
    },
    /// Something that no publisher of advisories writes: a negation, `ONE` or `XOR`.
    NotUnderstood,
}

/// A test: some object in some state.
pub(super) struct Test {
    pub(super) object: Text,
    pub(super) states: Vec<Text>,
    /// `check_existence="none_exist"`.
    pub(super) is_absence: bool,
}

/// What a test looks at.
pub(super) struct Object {
    /// The package's name; empty where it is something else.
    pub(super) name: Text,
    /// A variable with several names.
    pub(super) variable: Text,
}

/// In which state it must be.
#[derive(Default)]
pub(super) struct State {
    pub(super) evr: Option<(Operation, Text)>,
    pub(super) version: Option<(Operation, Text)>,
    /// A pattern of architectures.
    pub(super) architecture: Option<Text>,
    pub(super) is_signature: bool,
}

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    LessThan,
    LessThanOrEqual,
    GreaterThan,
    Equals,
    Other,
}

impl Operation {
    pub(super) fn from_word(word: &str) -> Operation {
        match word {
            "less than" => Operation::LessThan,
            "less than or equal" => Operation::LessThanOrEqual,
            "greater than" | "greater than or equal" => Operation::GreaterThan,
            // OVAL's default.
            "" | "equals" => Operation::Equals,
            _ => Operation::Other,
        }
    }
}

impl Document {
    pub(super) fn text(&self, text: Text) -> &str {
        self.texts.get(text)
    }
}
