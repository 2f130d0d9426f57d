//! Tidy: checks of what the compiler does not see. One check a file; each is a function from a [`tree::Tree`] to the
//! violations in it, so that its tests are trees made of literals.

mod boundaries;
mod conflicts;
mod dependencies;
mod duplicates;
mod edges;
mod exceptions;
mod fuzz_targets;
mod generated;
mod knowledge;
mod licences;
mod lines;
mod links;
mod metadata;
mod modules;
mod paths;
mod plugins;
mod run;
mod todo;
mod tree;
mod unsafe_code;
mod violation;

pub(crate) use run::{CHECKS, run};
pub(crate) use tree::command_output;
