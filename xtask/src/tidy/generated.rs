//! Generated files: each is what its generator writes today, where the generator's input is at hand, and may be long.
//!
//! The service model is not in the repository. `ASSAY_SERVICE_MODEL` names one; without it the file is only looked at for
//! its mark.

use super::tree::Tree;
use super::violation::Violation;
use crate::codegen::{self, GENERATED};

const MARK: &str = "//! Written by `cargo xtask codegen`, never by hand.";

pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let Some(text) = tree.text(GENERATED) else {
        return vec![Violation::of(GENERATED, "is missing: run cargo xtask codegen")];
    };
    let mut violations = check_mark(text);
    match codegen::stale(text) {
        None | Some(Ok(false)) => {}
        Some(Ok(true)) => {
            violations.push(Violation::of(GENERATED, "is not what the model yields: run cargo xtask codegen"))
        }
        Some(Err(error)) => violations.push(Violation::of(GENERATED, error.chain())),
    }
    violations
}

fn check_mark(text: &str) -> Vec<Violation> {
    if text.lines().any(|line| line.starts_with(MARK)) {
        return Vec::new();
    }
    vec![Violation::of(GENERATED, "does not say that it is written by cargo xtask codegen")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_file_says_so() {
        assert!(check_mark(&format!("//! Shapes.\n{MARK}\n")).is_empty());
        assert_eq!(check_mark("//! Shapes.\n").len(), 1);
        assert_eq!(check(&Tree::of(&[])).len(), 1);
    }
}
