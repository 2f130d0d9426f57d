//! apt's sources, in the one-line form and in the form of stanzas.
//!
//! Implements sources.list(5). Surprising: in both forms one entry may be several repositories, one for each pair of an
//! address and a suite, and a suite that ends in a slash is no suite but a path.

use assay_model::evidence::package::Repository;

use super::address::{clean_id, without_secrets};
use crate::text::{Line, LineProblems, lines};

/// One stanza may name this many pairs of addresses and suites; the rest is left out and told.
const MAX_PAIRS: usize = 1024;

/// Reads a file of one-line entries (`sources.list`, `*.list`).
pub fn parse_lines(bytes: &[u8], problems: &mut LineProblems) -> Vec<Repository> {
    let mut repositories = Vec::new();
    for line in lines(bytes, problems) {
        let words = words(&line.text);
        let Some((kind, rest)) = words.split_first() else { continue };
        match *kind {
            "deb" => {}
            "deb-src" => continue,
            // The word is not told: in a file of another form it may be an address with a password.
            _ => {
                problems.malformed(line.number, "is of a type that apt does not know");
                continue;
            }
        }
        let is_option = |word: &&&str| word.starts_with('[');
        let rest = match rest.first().filter(is_option) {
            Some(_) => rest.get(1..).unwrap_or_default(),
            None => rest,
        };
        match rest {
            [address, suite, ..] => repositories.push(repository(address, suite)),
            _ => problems.malformed(line.number, "has no address and suite"),
        }
    }
    repositories
}

/// Reads a file of stanzas (`*.sources`); a stanza with `Enabled: no` is left out.
pub fn parse_stanzas(bytes: &[u8], problems: &mut LineProblems) -> Vec<Repository> {
    let mut repositories = Vec::new();
    let mut stanza = Stanza::default();
    for line in lines(bytes, problems) {
        if line.text.trim().is_empty() {
            std::mem::take(&mut stanza).finish(&mut repositories, problems);
        } else if !line.text.starts_with('#') {
            stanza.add(&line, problems);
        }
    }
    stanza.finish(&mut repositories, problems);
    repositories
}

fn repository(address: &str, suite: &str) -> Repository {
    Repository { id: clean_id(suite), location: without_secrets(address) }
}

/// Words between blanks, up to a comment; what is in brackets is one word, with its blanks.
fn words(entry: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = None;
    let mut is_in_brackets = false;
    let mut end = entry.len();
    for (position, letter) in entry.char_indices() {
        match letter {
            '#' if !is_in_brackets => {
                end = position;
                break;
            }
            '[' => is_in_brackets = true,
            ']' => is_in_brackets = false,
            _ if letter.is_whitespace() && !is_in_brackets => {
                words.extend(start.take().and_then(|start| entry.get(start..position)));
                continue;
            }
            _ => {}
        }
        start = start.or(Some(position));
    }
    words.extend(start.and_then(|start| entry.get(start..end)));
    words
}

#[derive(Default)]
struct Stanza {
    line: Option<u32>,
    /// The field that a line beginning with a blank continues.
    current: Option<Name>,
    types: String,
    addresses: String,
    suites: String,
    enabled: String,
}

#[derive(Clone, Copy)]
enum Name {
    Types,
    Addresses,
    Suites,
    Enabled,
    Other,
}

impl Stanza {
    fn add(&mut self, line: &Line<'_>, problems: &mut LineProblems) {
        self.line.get_or_insert(line.number);
        if line.text.starts_with([' ', '\t']) {
            self.append(&line.text);
            return;
        }
        let Some((name, value)) = line.text.split_once(':') else {
            problems.malformed(line.number, "is no field");
            self.current = None;
            return;
        };
        self.current = Some(match name.trim().to_ascii_lowercase().as_str() {
            "types" => Name::Types,
            "uris" => Name::Addresses,
            "suites" => Name::Suites,
            "enabled" => Name::Enabled,
            _ => Name::Other,
        });
        self.append(value);
    }

    fn append(&mut self, value: &str) {
        let field = match self.current {
            Some(Name::Types) => &mut self.types,
            Some(Name::Addresses) => &mut self.addresses,
            Some(Name::Suites) => &mut self.suites,
            Some(Name::Enabled) => &mut self.enabled,
            Some(Name::Other) | None => return,
        };
        field.push(' ');
        field.push_str(value);
    }

    fn finish(self, repositories: &mut Vec<Repository>, problems: &mut LineProblems) {
        let Some(line) = self.line else { return };
        let is_disabled = ["no", "false", "without", "off", "disable", "0"]
            .iter()
            .any(|word| self.enabled.trim().eq_ignore_ascii_case(word));
        if is_disabled || !self.types.split_whitespace().any(|kind| kind == "deb") {
            return;
        }
        let addresses: Vec<&str> = self.addresses.split_whitespace().collect();
        let suites: Vec<&str> = self.suites.split_whitespace().collect();
        if addresses.is_empty() || suites.is_empty() {
            problems.malformed(line, "begins a source without an address or a suite");
            return;
        }
        if addresses.len().saturating_mul(suites.len()) > MAX_PAIRS {
            problems.malformed(line, format_args!("begins a source of more than {MAX_PAIRS} repositories"));
        }
        let pairs = addresses.iter().flat_map(|address| suites.iter().map(|suite| repository(address, suite)));
        repositories.extend(pairs.take(MAX_PAIRS));
    }
}
