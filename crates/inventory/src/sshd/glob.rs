//! glob(3) as `Include` uses it, and the two kinds of patterns in sshd_config.
//!
//! A wildcard never matches a leading dot, and the matches are sorted by their bytes: `10.conf` comes before `9.conf`.

use assay_host::{Host, HostError};

/// More matches than any sensible configuration has.
const MAX_MATCHES: usize = 4096;

#[derive(Clone, Debug)]
enum Atom {
    Any,
    One,
    Exact(char),
    Set { negated: bool, ranges: Vec<(char, char)> },
}

/// Whether a file name matches a pattern with `*`, `?`, `[a-z]`, `[!a-z]` and `\` (glob(7)).
pub fn file_name_matches(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') && !pattern.starts_with("\\.") {
        return false;
    }
    matches(&parse_glob(pattern), name)
}

/// Whether a text matches a pattern with `*` and `?` (ssh_config(5), `PATTERNS`).
pub(super) fn pattern_matches(pattern: &str, text: &str) -> bool {
    let atoms: Vec<Atom> = pattern
        .chars()
        .map(|character| match character {
            '*' => Atom::Any,
            '?' => Atom::One,
            other => Atom::Exact(other),
        })
        .collect();
    matches(&atoms, text)
}

fn matches(atoms: &[Atom], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut atom, mut at) = (0, 0);
    // Only the last star can help, so one place to come back to is enough: no recursion, no exponential time.
    let mut star: Option<(usize, usize)> = None;
    loop {
        let fits = match (atoms.get(atom), text.get(at)) {
            (None, None) => return true,
            (Some(Atom::Any), _) => {
                star = Some((atom, at));
                atom += 1;
                continue;
            }
            (Some(atom), Some(character)) => atom_fits(atom, *character),
            _ => false,
        };
        if fits {
            atom += 1;
            at += 1;
            continue;
        }
        match star {
            Some((from, used)) if used < text.len() => {
                star = Some((from, used + 1));
                atom = from + 1;
                at = used + 1;
            }
            _ => return false,
        }
    }
}

fn atom_fits(atom: &Atom, character: char) -> bool {
    match atom {
        Atom::Any | Atom::One => true,
        Atom::Exact(expected) => *expected == character,
        Atom::Set { negated, ranges } => {
            ranges.iter().any(|(low, high)| (*low..=*high).contains(&character)) != *negated
        }
    }
}

fn parse_glob(pattern: &str) -> Vec<Atom> {
    let characters: Vec<char> = pattern.chars().collect();
    let mut atoms = Vec::new();
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        at += 1;
        match character {
            '*' => atoms.push(Atom::Any),
            '?' => atoms.push(Atom::One),
            '[' => match parse_set(&characters, at) {
                Some((set, end)) => {
                    atoms.push(set);
                    at = end;
                }
                None => atoms.push(Atom::Exact('[')),
            },
            '\\' => {
                atoms.push(Atom::Exact(characters.get(at).copied().unwrap_or('\\')));
                at += 1;
            }
            other => atoms.push(Atom::Exact(other)),
        }
    }
    atoms
}

/// The set whose `[` stands before `start`, and the place after its `]`; `None` where no `]` follows.
fn parse_set(characters: &[char], start: usize) -> Option<(Atom, usize)> {
    let mut at = start;
    let negated = matches!(characters.get(at), Some('!' | '^'));
    if negated {
        at += 1;
    }
    let first = at;
    let mut ranges = Vec::new();
    loop {
        let low = *characters.get(at)?;
        if low == ']' && at > first {
            return Some((Atom::Set { negated, ranges }, at + 1));
        }
        at += 1;
        match (characters.get(at), characters.get(at + 1)) {
            (Some('-'), Some(&high)) if high != ']' => {
                ranges.push((low, high));
                at += 2;
            }
            _ => ranges.push((low, low)),
        }
    }
}

fn has_wildcard(component: &str) -> bool {
    component.contains(['*', '?', '[', '\\'])
}

/// The paths that an absolute pattern matches, sorted. A link that leads nowhere is a match, as in glob(3).
///
/// # Errors
///
/// When a directory on the way may not be read, or when there are too many matches.
pub(super) fn expand(host: &dyn Host, pattern: &str) -> Result<Vec<String>, HostError> {
    let mut found = vec![String::new()];
    for component in pattern.split('/').filter(|component| !component.is_empty()) {
        if !has_wildcard(component) {
            found.iter_mut().for_each(|path| {
                path.push('/');
                path.push_str(component);
            });
            continue;
        }
        let mut next = Vec::new();
        for directory in &found {
            next.extend(entries_matching(host, directory, component)?);
            if next.len() > MAX_MATCHES {
                let (path, size) = (pattern.to_owned(), next.len() as u64);
                return Err(HostError::TooLarge { path, size, limit: MAX_MATCHES as u64 });
            }
        }
        found = next;
    }
    let mut present = Vec::new();
    for path in found {
        match host.link_metadata(&path) {
            Ok(_) => present.push(path),
            Err(HostError::NotFound { .. } | HostError::WrongType { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    present.sort_unstable();
    Ok(present)
}

fn entries_matching(host: &dyn Host, directory: &str, component: &str) -> Result<Vec<String>, HostError> {
    let place = if directory.is_empty() { "/" } else { directory };
    let entries = match host.read_directory(place) {
        Ok(entries) => entries,
        Err(HostError::NotFound { .. } | HostError::WrongType { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let names = entries.iter().filter(|entry| file_name_matches(component, &entry.name));
    Ok(names.map(|entry| format!("{directory}/{}", entry.name)).collect())
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::SourceKind;

    use super::*;

    #[test]
    fn patterns_match_as_glob_does() {
        for (pattern, name, expected) in [
            ("*.conf", "a.conf", true),
            ("*.conf", ".conf", false),
            (".*", ".conf", true),
            ("*", "", true),
            ("*", ".hidden", false),
            ("??.conf", "10.conf", true),
            ("[0-9]*.conf", "10-a.conf", true),
            ("[!0-9]*.conf", "10-a.conf", false),
            ("[]a]", "]", true),
            ("[a-]", "-", true),
            ("[a", "[a", true),
            (r"\*", "*", true),
            (r"\*", "a", false),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false),
        ] {
            assert_eq!(file_name_matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn a_hostile_pattern_takes_no_exponential_time() {
        assert!(!file_name_matches(&"*a".repeat(200), &"a".repeat(199)));
    }

    #[test]
    fn matches_are_sorted_by_their_bytes() {
        let host = MemoryHost::new(SourceKind::RootDirectory)
            .file("/etc/ssh/a.d/9.conf", "")
            .file("/etc/ssh/a.d/10.conf", "")
            .file("/etc/ssh/b.d/1.conf", "")
            .file("/etc/ssh/b.d/.x.conf", "")
            .link("/etc/ssh/b.d/0.conf", "/nowhere");
        for (pattern, expected) in [
            (
                "/etc/ssh/*.d/*.conf",
                vec!["/etc/ssh/a.d/10.conf", "/etc/ssh/a.d/9.conf", "/etc/ssh/b.d/0.conf", "/etc/ssh/b.d/1.conf"],
            ),
            ("/etc/ssh/b.d/1.conf", vec!["/etc/ssh/b.d/1.conf"]),
            ("/etc/ssh/c.d/*.conf", vec![]),
            ("/etc/ssh/a.d/9.conf/*", vec![]),
            ("/etc/ssh/nothing", vec![]),
        ] {
            assert_eq!(expand(&host, pattern).unwrap(), expected, "{pattern}");
        }
        let denied = MemoryHost::new(SourceKind::RootDirectory).denied("/etc/ssh/d");
        assert!(matches!(expand(&denied, "/etc/ssh/d/*"), Err(HostError::NotPermitted { .. })));
    }
}
