//! The accuracy corpus, `tests/corpus/` of the repository: for each cause of wrong verdicts, hosts with the right ones.
//!
//! `cargo xtask corpus` runs this and shows its table.

mod case;
mod host;
mod table;
mod verdict;
