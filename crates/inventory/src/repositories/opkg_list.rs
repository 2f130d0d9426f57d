//! opkg's feeds: lines `src/gz NAME ADDRESS` of its configuration.

use assay_model::evidence::package::Repository;

use super::address::{clean_id, without_secrets};
use crate::text::{LineProblems, is_comment, lines};

/// Reads a configuration file; lines that set something else are of no interest.
pub fn parse(bytes: &[u8], problems: &mut LineProblems) -> Vec<Repository> {
    let mut repositories = Vec::new();
    for line in lines(bytes, problems).iter().filter(|line| !is_comment(&line.text, &['#'])) {
        let words: Vec<&str> = line.text.split_whitespace().collect();
        match words.as_slice() {
            ["src" | "src/gz", name, address, ..] => {
                repositories.push(Repository { id: clean_id(name), location: without_secrets(address) });
            }
            ["src" | "src/gz", ..] => problems.malformed(line.number, "has no name and address"),
            _ => {}
        }
    }
    repositories
}
