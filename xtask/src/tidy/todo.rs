//! A note of what is left to do names the issue that will do it: `TODO(#12): …`.

use super::tree::{Tree, numbered};
use super::violation::Violation;

/// Put together, so that this file does not violate its own rule.
const WORDS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for ending in [".rs", ".md", ".yaml", ".toml", ".sql", ".js", ".css", ".html"] {
        for (name, text) in tree.files_ending_in(ending) {
            for (number, line) in numbered(text) {
                if WORDS.iter().any(|word| is_unnumbered(line, word)) {
                    let text = format!("what is left to do names its issue, as in {}(#12)", WORDS[0]);
                    violations.push(Violation::at(name, number, text));
                }
            }
        }
    }
    violations
}

/// Whether the word stands there by itself and no issue follows it.
fn is_unnumbered(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(index, _)| {
        let before = line.get(..index).and_then(|text| text.chars().next_back());
        let after = line.get(index + word.len()..).unwrap_or_default();
        let is_word_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '`' | '-');
        let is_part = before.is_some_and(is_word_part) || after.chars().next().is_some_and(is_word_part);
        let number = after.strip_prefix("(#").and_then(|rest| rest.split_once(')')).map(|(number, _)| number);
        let is_numbered =
            number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
        !is_part && !is_numbered
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_name_their_issue() {
        let word = WORDS[0];
        for (line, is_violation) in [
            (format!("// {word}: later"), true),
            (format!("// {word}(#12): later"), false),
            (format!("// {word}(later)"), true),
            (format!("// {word}(#): later"), true),
            (format!("A `{word}` has an issue number."), false),
            (format!("let {word}_COUNT = 1;"), false),
            ("// nothing".to_owned(), false),
        ] {
            let found = check(&Tree::of(&[("crates/a/src/lib.rs", &line)]));
            assert_eq!(!found.is_empty(), is_violation, "{line}");
        }
    }
}
