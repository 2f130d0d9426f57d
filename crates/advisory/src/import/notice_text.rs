//! What the text of a notice says about one of its vulnerabilities.
//!
//! Amazon writes a heading `CVE-2022-3526:` and indents the text under it; Red Hat and what is built from it write a
//! line `* openssl: infinite loop (CVE-2022-0778)`, which may name several.

/// Mentions of a vulnerability that are looked at; each may look back through the whole text.
const MAX_MENTIONS: usize = 16;

/// Bytes of text that are searched for what a notice says about each of its vulnerabilities; a kernel's has some 30 MiB.
const MAX_SEARCHED: usize = 64 << 20;

/// The longest description that an entry gets, in bytes; it is copied for every package.
const MAX_DESCRIPTION: usize = 8 << 10;

/// The text, or as much of it as so many bytes hold.
pub(crate) fn clip(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or_default()
}

/// What a notice of so many vulnerabilities says about one of them; its title where that cannot be told from the rest.
pub(crate) fn description_or_title<'a>(text: &'a str, title: &'a str, id: &str, vulnerabilities: usize) -> &'a str {
    let is_searched = vulnerabilities.saturating_mul(text.len()) <= MAX_SEARCHED;
    let found = if is_searched { description_of(text, id) } else { None };
    clip(found.unwrap_or(title), MAX_DESCRIPTION)
}

/// The part of a notice's text about a vulnerability; nothing where it cannot be told from the rest.
fn description_of<'a>(text: &'a str, id: &str) -> Option<&'a str> {
    under_heading(text, id).or_else(|| in_bullet(text, id)).map(str::trim).filter(|found| !found.is_empty())
}

fn under_heading<'a>(text: &'a str, id: &str) -> Option<&'a str> {
    let mut offset = 0;
    let mut start = None;
    for line in text.split_inclusive('\n') {
        let heading = line.trim().strip_suffix(':').filter(|heading| heading.starts_with("CVE-"));
        match (start, heading) {
            (None, Some(heading)) if heading == id => start = Some(offset + line.len()),
            (Some(start), Some(_)) => return text.get(start..offset),
            _ => {}
        }
        offset += line.len();
    }
    text.get(start?..)
}

/// A bullet may be broken over lines: it goes to the next bullet or empty line.
fn in_bullet<'a>(text: &'a str, id: &str) -> Option<&'a str> {
    let mentions = text.match_indices(id).filter(|(at, _)| {
        let behind = text.get(at + id.len()..).unwrap_or_default();
        !behind.starts_with(|next: char| next.is_ascii_digit())
    });
    for (at, _) in mentions.take(MAX_MENTIONS) {
        let before = text.get(..at)?;
        let start = before.rfind("* ").map_or(0, |bullet| bullet + 2);
        let candidate = before.get(start..)?;
        let Some(end) = candidate.rfind(" (CVE-").or_else(|| candidate.strip_suffix(" (").map(str::len)) else {
            continue;
        };
        if start > 0 && !candidate.contains("\n\n") {
            return candidate.get(..end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const AMAZON: &str = "Package updates fix the following vulnerabilities:\n\tCVE-2022-1:\n\t\tFirst,\n\t\tlong.\n\t\n\
        \tCVE-2014-12:\n\t\tSecond; unlike CVE-2022-1: worse.\n\t";
    const REDHAT: &str = "OpenSSL is a toolkit.\n\nSecurity Fix(es):\n\n* openssl: infinite loop (CVE-2022-0778)\n\n\
        * a: overflow (CVE-2022-10, CVE-2022-101)\n* b: broken\nover lines (CVE-2022-7)\n\nFor details (CVE-2022-9) see it.";

    #[test]
    fn long_texts_are_clipped() {
        assert_eq!((clip("abc", 3), clip("abc", 2), clip("a\u{e9}", 2)), ("abc", "ab", "a"));
        assert_eq!(description_or_title(REDHAT, "title", "CVE-2022-0778", 1), "openssl: infinite loop");
        assert_eq!(description_or_title(REDHAT, "title", "CVE-2022-0778", usize::MAX), "title");
        assert_eq!(description_or_title("", &"t".repeat(9000), "CVE-2022-0778", 1).len(), 8192);
    }

    #[test]
    fn notices_describe_their_vulnerabilities() {
        for (text, id, expected) in [
            (AMAZON, "CVE-2022-1", Some("First,\n\t\tlong.")),
            (AMAZON, "CVE-2014-12", Some("Second; unlike CVE-2022-1: worse.")),
            (AMAZON, "CVE-2014-1", None),
            (REDHAT, "CVE-2022-0778", Some("openssl: infinite loop")),
            (REDHAT, "CVE-2022-10", Some("a: overflow")),
            (REDHAT, "CVE-2022-101", Some("a: overflow")),
            (REDHAT, "CVE-2022-7", Some("b: broken\nover lines")),
            (REDHAT, "CVE-2022-9", None),
            ("", "CVE-2022-9", None),
            ("CVE-2022-9:", "CVE-2022-9", None),
        ] {
            assert_eq!(description_of(text, id), expected, "{id}");
        }
    }
}
