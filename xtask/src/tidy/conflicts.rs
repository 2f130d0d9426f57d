//! No file holds the marks that a merge leaves where two sides differ: also none that is no text, as a specimen may be.

use super::tree::Tree;
use super::violation::Violation;

/// The characters that stand seven times at the beginning of a mark's line, so that this file holds no mark itself.
const MARKS: [u8; 4] = [b'<', b'|', b'=', b'>'];
const LENGTH: usize = 7;

pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let texts = tree.files.iter().map(|(name, text)| (name, text.as_bytes()));
    let others = tree.others.iter().map(|(name, bytes)| (name, bytes.as_slice()));
    let mut violations = Vec::new();
    for (name, bytes) in texts.chain(others) {
        for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
            if is_mark(line) {
                let text = String::from_utf8_lossy(line.get(..LENGTH).unwrap_or_default()).into_owned();
                violations.push(Violation::at(name, number, format!("{text} is the mark of an unresolved merge")));
            }
        }
    }
    violations
}

/// Whether the line is a mark: seven times the character, then a name behind a space, or nothing.
fn is_mark(line: &[u8]) -> bool {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let Some((mark, rest)) = line.split_at_checked(LENGTH) else {
        return false;
    };
    let is_run = mark.first().is_some_and(|first| MARKS.contains(first) && mark.iter().all(|byte| byte == first));
    // What divides the two sides has no name; a line of a table may begin alike.
    let is_divider = mark.first() == Some(&b'=');
    is_run && (rest.is_empty() || (!is_divider && rest.first() == Some(&b' ')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_wherever_they_stand() {
        let mark = |character: &str| character.repeat(LENGTH);
        for (line, is_violation) in [
            (format!("{} HEAD", mark("<")), true),
            (mark("<"), true),
            (format!("{} 1a2b3c", mark("|")), true),
            (mark("="), true),
            (format!("{}\r", mark("=")), true),
            (format!("{} side (edit)", mark(">")), true),
            (format!(" {} HEAD", mark("<")), false),
            (format!("{}<", mark("<")), false),
            (format!("{}a", mark(">")), false),
            (format!("{} ====", mark("=")), false),
            ("======".to_owned(), false),
            ("fn shift(a: u8) -> u8 { a << 7 }".to_owned(), false),
            (String::new(), false),
        ] {
            let file = format!("first\n{line}\nlast");
            let found: Vec<String> =
                check(&Tree::of(&[("notes/any", &file)])).iter().map(ToString::to_string).collect();
            assert_eq!(found.len(), usize::from(is_violation), "{line:?}: {found:?}");
            assert!(found.iter().all(|text| text.starts_with("notes/any:2: ")), "{found:?}");
        }
    }

    #[test]
    fn a_file_that_is_no_text_is_searched_too() {
        let mut tree = Tree::of(&[("a.rs", "//! Nothing.\n")]);
        let bytes = [b"\xff\xfe\n", "<".repeat(LENGTH).as_bytes(), b" HEAD\n"].concat();
        tree.others.insert("specimen.bin".to_owned(), bytes);
        let found: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        let mark = "<".repeat(LENGTH);
        assert_eq!(found, [format!("specimen.bin:2: {mark} is the mark of an unresolved merge")]);
    }
}
