//! `cargo xtask corpus`: the accuracy corpus (`tests/corpus/`), by the test that judges it.

use std::process::{Command, ExitCode};

use crate::error::XtaskError;

/// Runs the test of the corpus and lets its table through.
pub(crate) fn run() -> Result<ExitCode, XtaskError> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments =
        ["test", "--locked", "--quiet", "-p", "assay-assess", "--test", "it", "--", "corpus::", "--nocapture"];
    let status = Command::new(cargo)
        .args(arguments)
        .status()
        .map_err(|cause| XtaskError::Start { program: "cargo".into(), cause })?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
