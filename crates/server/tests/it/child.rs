//! Runs one test of this binary in a process of its own, so that it can be killed or confined.
//!
//! The test finds its work in the environment; without it, it does a small share of the work in a folder of its own.

use std::process::Command;

/// The environment variable that names the folder in which a child works.
pub(crate) const FOLDER: &str = "ASSAY_STORE_TEST_FOLDER";

/// The command line of a test of this binary, by its full name.
pub(crate) fn test_arguments(name: &str) -> [String; 5] {
    let program = std::env::current_exe().unwrap();
    [
        program.to_str().unwrap().to_owned(),
        name.into(),
        "--exact".into(),
        "--nocapture".into(),
        "--test-threads=1".into(),
    ]
}

/// The command that runs a test of this binary in a child that works in `folder`.
pub(crate) fn test_command(name: &str, folder: &str) -> Command {
    let [program, arguments @ ..] = test_arguments(name);
    let mut command = Command::new(program);
    command.args(arguments).env(FOLDER, folder);
    command
}
