//! The different texts that one rule's findings have on different instances: each once, few of them, the rest counted.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// How many are kept: those that come first by their text, so that the order of instances does not matter.
const KEPT: usize = 5;

/// Different texts. The ones beyond [`KEPT`] cost eight bytes each.
#[derive(Clone, Debug, Default)]
pub(super) struct Variants {
    kept: BTreeSet<String>,
    seen: BTreeSet<u64>,
}

impl Variants {
    pub(super) fn add(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        if !self.seen.insert(hasher.finish()) {
            return;
        }
        if self.kept.len() < KEPT || self.kept.last().is_some_and(|last| text < last.as_str()) {
            self.kept.insert(text.to_owned());
        }
        if self.kept.len() > KEPT {
            self.kept.pop_last();
        }
    }

    /// The texts, and as the last one how many there are besides.
    pub(super) fn into_texts(self) -> Vec<String> {
        let more = self.seen.len().saturating_sub(self.kept.len());
        let mut texts: Vec<String> = self.kept.into_iter().collect();
        if more > 0 {
            texts.push(format!(
                "There are {more} more wordings of this for other instances; the findings themselves have them."
            ));
        }
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(texts: &[&str], expected: &[&str]) {
        for order in [texts.to_vec(), texts.iter().rev().copied().collect()] {
            let mut variants = Variants::default();
            order.iter().for_each(|text| variants.add(text));
            assert_eq!(variants.into_texts(), expected, "{texts:?}");
        }
    }

    #[test]
    fn different_texts_are_kept_once_and_few() {
        check(&[], &[]);
        check(&["", "b", "a", "b"], &["a", "b"]);
        let more = "There are 2 more wordings of this for other instances; the findings themselves have them.";
        check(&["g", "f", "e", "d", "c", "b", "a"], &["a", "b", "c", "d", "e", more]);
    }
}
