//! Has the crate compiled again when a rule is added to `knowledge/`: the embedding macro tracks only the files that it
//! found, so a new one would otherwise be missing from the next build.
#![allow(clippy::print_stdout)]

fn main() {
    println!("cargo:rerun-if-changed=../../knowledge");
}
