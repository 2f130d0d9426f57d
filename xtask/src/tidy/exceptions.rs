//! Exceptions: a file that lists what a check lets pass, one a line as `subject: reason`, `#` begins a comment.
//!
//! An exception that is no longer needed is itself a violation, so the lists can only shrink to the truth.

use std::collections::BTreeMap;

use super::tree::{Tree, numbered};
use super::violation::Violation;

/// The exceptions of one check.
#[derive(Debug)]
pub(crate) struct Exceptions {
    file: &'static str,
    entries: BTreeMap<String, Entry>,
    violations: Vec<Violation>,
}

#[derive(Debug)]
struct Entry {
    line: usize,
    is_used: bool,
}

impl Exceptions {
    /// Reads a list; a missing file is an empty list.
    pub(crate) fn read(tree: &Tree, file: &'static str) -> Exceptions {
        let mut exceptions = Exceptions { file, entries: BTreeMap::new(), violations: Vec::new() };
        for (line, text) in numbered(tree.text(file).unwrap_or_default()) {
            let text = text.trim();
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            match text.split_once(": ") {
                Some((subject, _reason)) => {
                    exceptions.entries.insert(subject.to_owned(), Entry { line, is_used: false });
                }
                None => exceptions.violations.push(Violation::at(file, line, "an exception needs `subject: reason`")),
            }
        }
        exceptions
    }

    /// Whether the subject is listed; it is then a needed exception.
    pub(crate) fn allow(&mut self, subject: &str) -> bool {
        match self.entries.get_mut(subject) {
            Some(entry) => {
                entry.is_used = true;
                true
            }
            None => false,
        }
    }

    /// What is wrong with the list itself: ask last.
    pub(crate) fn into_violations(self) -> Vec<Violation> {
        let stale = self.entries.iter().filter(|(_, entry)| !entry.is_used);
        let stale = stale.map(|(subject, entry)| {
            Violation::at(self.file, entry.line, format!("{subject} is no exception any more; remove the line"))
        });
        self.violations.into_iter().chain(stale).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stale_and_unexplained_exceptions_are_violations() {
        let tree = Tree::of(&[("list.txt", "# why\na: needed\n\nb: not needed\nno reason\n")]);
        let mut exceptions = Exceptions::read(&tree, "list.txt");
        assert!(exceptions.allow("a"));
        assert!(!exceptions.allow("c"));
        let violations: Vec<String> = exceptions.into_violations().iter().map(ToString::to_string).collect();
        assert_eq!(
            violations,
            [
                "list.txt:5: an exception needs `subject: reason`",
                "list.txt:4: b is no exception any more; remove the line"
            ]
        );
    }
}
