//! Short fuzzing with the stable toolchain.
//!
//! The flags are those that cargo-fuzz sets without a sanitizer; all of them are accepted by stable. For a long hunt with
//! AddressSanitizer, `cargo +nightly fuzz run TARGET` works on the same targets.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::error::XtaskError;

/// Coverage counters that libFuzzer reads, and comparisons that it learns from.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
                     -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1";
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// What to fuzz, and for how long.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    seconds: u32,
    target: Option<String>,
}

impl Options {
    /// Reads `[SECONDS] [TARGET]`.
    pub(crate) fn parse(words: &[&str]) -> Result<Options, XtaskError> {
        let (seconds, rest) = match words {
            [first, rest @ ..] if first.parse::<u32>().is_ok() => (first.parse().unwrap_or_default(), rest),
            rest => (2, rest),
        };
        match rest {
            [] => Ok(Options { seconds, target: None }),
            [target] => Ok(Options { seconds, target: Some((*target).to_owned()) }),
            _ => Err(XtaskError::Usage("cargo xtask fuzz takes [SECONDS] [TARGET]".to_owned())),
        }
    }
}

/// Builds the targets and runs them one after the other; the first that fails ends it.
pub(crate) fn run(options: &Options) -> Result<ExitCode, XtaskError> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    let targets = targets(root, options)?;
    let target_folder = root.join("target/fuzz");
    let mut build = Command::new("cargo");
    build.current_dir(root).env("RUSTFLAGS", FLAGS).env("CARGO_TARGET_DIR", &target_folder);
    build.args(["build", "--locked", "--quiet", "--package=assay-fuzz", "--features=libfuzzer", "--target", PLATFORM]);
    for target in &targets {
        build.args(["--bin", target]);
    }
    if !status(&mut build)? {
        return Ok(ExitCode::FAILURE);
    }
    for target in &targets {
        let found = target_folder.join("corpus").join(target);
        let artifacts = root.join("fuzz/artifacts").join(target);
        for folder in [&found, &artifacts] {
            std::fs::create_dir_all(folder).map_err(|cause| XtaskError::Create { path: folder.clone(), cause })?;
        }
        let mut fuzz = Command::new(target_folder.join(PLATFORM).join("debug").join(target));
        fuzz.current_dir(root);
        // New inputs go to the first folder, so a run changes no committed file.
        fuzz.arg(&found).arg(root.join("fuzz/corpus").join(target));
        fuzz.arg(format!("-artifact_prefix={}/", artifacts.display()));
        fuzz.arg(format!("-max_total_time={}", options.seconds));
        fuzz.args(["-timeout=10", "-rss_limit_mb=1024", "-print_final_stats=1"]);
        let program = fuzz.get_program().to_string_lossy().into_owned();
        let output = fuzz.output().map_err(|cause| XtaskError::Start { program: program.clone(), cause })?;
        let log = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            println!("{log}fuzz: {target} failed; replay: {program} FILE, with the file named above");
            return Ok(ExitCode::FAILURE);
        }
        let runs =
            log.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:")).unwrap_or_default();
        println!("fuzz: {target}: {} runs in {} s, nothing found", runs.trim(), options.seconds);
    }
    Ok(ExitCode::SUCCESS)
}

/// The targets wanted: a binary each.
fn targets(root: &Path, options: &Options) -> Result<Vec<String>, XtaskError> {
    let folder: PathBuf = root.join("fuzz/fuzz_targets");
    let read_error = |cause| XtaskError::Read { path: folder.clone(), cause };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(read_error)? {
        let path = entry.map_err(read_error)?.path();
        names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort();
    match &options.target {
        None => Ok(names),
        Some(target) if names.contains(target) => Ok(vec![target.clone()]),
        Some(target) => {
            Err(XtaskError::Usage(format!("there is no fuzz target {target}; there are: {}", names.join(", "))))
        }
    }
}

fn status(command: &mut Command) -> Result<bool, XtaskError> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.status().map(|status| status.success()).map_err(|cause| XtaskError::Start { program, cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_optional() {
        for (words, seconds, target) in
            [(&[][..], 2, None), (&["9"], 9, None), (&["kev"], 2, Some("kev")), (&["9", "kev"], 9, Some("kev"))]
        {
            let options = Options::parse(words).unwrap();
            assert_eq!(options, Options { seconds, target: target.map(str::to_owned) }, "{words:?}");
        }
        assert!(Options::parse(&["1", "kev", "nvd"]).is_err());
    }
}
