//! Whose a definition is, by its id.

/// Who wrote a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Publisher {
    /// Red Hat; and what is built from it and writes the same.
    RedHat,
    /// Red Hat, about what a vulnerability does not affect.
    RedHatUnaffected,
    Oracle,
    Suse,
    Ubuntu,
}

const PREFIXES: [(&str, Publisher); 7] = [
    ("oval:com.redhat.unaffected:", Publisher::RedHatUnaffected),
    ("oval:com.redhat.", Publisher::RedHat),
    ("oval:org.almalinux.", Publisher::RedHat),
    ("oval:com.oracle.", Publisher::Oracle),
    ("oval:org.opensuse.security:", Publisher::Suse),
    ("oval:com.ubuntu.", Publisher::Ubuntu),
    ("oval:org.rockylinux.", Publisher::RedHat),
];

impl Publisher {
    /// The publisher of a definition's id.
    pub(super) fn of_id(id: &str) -> Option<Publisher> {
        PREFIXES.into_iter().find(|(prefix, _)| id.starts_with(prefix)).map(|(_, publisher)| publisher)
    }
}
