//! Makes cargo embed the migrations anew when a file is added to their folder; the macro alone sees only edits.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
