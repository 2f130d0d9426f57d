//! The command: find the model, write or compare the generated file.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use super::model::Model;
use super::{operations, shapes, types};
use crate::error::XtaskError;
use crate::tidy::command_output;

/// The one file that is written.
pub(crate) const GENERATED: &str = "crates/wire/src/generated.rs";
/// Names the model where none is given as an argument.
const VARIABLE: &str = "ASSAY_SERVICE_MODEL";

const HEAD: &str = "\
//! The shapes and operations of Inspector's API 2016-02-16 (reference §5 to §7), as the published service model has them.
//!
//! Written by `cargo xtask codegen`, never by hand. Members are named on the wire as in the model; what is not required is
//! an `Option` that is left out when absent.

// Names are the model's: every code of an error begins alike, and requests differ in size.
#![allow(clippy::enum_variant_names, clippy::large_enum_variant)]

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::enumeration::wire_enum;
use crate::shape::Shape;
use crate::timestamp::Timestamp;

";

/// Writes the generated file from the model given as an argument or in `ASSAY_SERVICE_MODEL`.
pub(crate) fn run(arguments: &[&str]) -> Result<ExitCode, XtaskError> {
    let path = match arguments {
        [] => std::env::var_os(VARIABLE).map(PathBuf::from),
        [path] => Some(PathBuf::from(path)),
        _ => None,
    };
    let path = path.ok_or_else(|| {
        XtaskError::Usage(format!("codegen needs the path of service-2.json or service-2.json.gz, or {VARIABLE}"))
    })?;
    let text = generate(&path)?;
    let target = root().join(GENERATED);
    std::fs::write(&target, text).map_err(|cause| XtaskError::Create { path: target, cause })?;
    println!("codegen: wrote {GENERATED}");
    Ok(ExitCode::SUCCESS)
}

/// Whether the committed file differs from what the model yields; absent when no model is at hand.
pub(crate) fn stale(committed: &str) -> Option<Result<bool, XtaskError>> {
    let path = std::env::var_os(VARIABLE).map(PathBuf::from)?;
    Some(generate(&path).map(|text| text != committed))
}

fn generate(path: &Path) -> Result<String, XtaskError> {
    let json = if path.extension().is_some_and(|extension| extension == "gz") {
        command_output(Command::new("gzip").arg("-dc").arg(path))?
    } else {
        std::fs::read_to_string(path).map_err(|cause| XtaskError::Read { path: path.to_owned(), cause })?
    };
    let model = Model::read(&json)?;
    let parts = [HEAD.to_owned(), operations::write(&model)?, types::write(&model)?, shapes::write(&model)?];
    format(&parts.concat())
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The text as `cargo fmt` leaves it.
fn format(text: &str) -> Result<String, XtaskError> {
    let start = |cause| XtaskError::Start { program: "rustfmt".into(), cause };
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(start)?;
    let input = child.stdin.take();
    let output = std::thread::scope(|scope| {
        // Written beside the reading: a pipe holds less than the file.
        scope.spawn(move || input.map(|mut input| input.write_all(text.as_bytes())));
        child.wait_with_output()
    });
    let output = output.map_err(start)?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(XtaskError::Command { command: "rustfmt".into(), message });
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
