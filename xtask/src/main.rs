//! Developer commands: `cargo xtask tidy`, `cargo xtask codegen`, `cargo xtask fuzz`, `cargo xtask corpus`.

#![forbid(unsafe_code)]
// A developer command speaks to its terminal.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod codegen;
mod corpus;
mod error;
mod fuzz;
mod tidy;

use std::process::ExitCode;

use crate::error::XtaskError;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  tidy                       check what the compiler does not: layers, licences, links, ...
  codegen [MODEL]            write crates/wire/src/generated.rs from service-2.json(.gz) or $ASSAY_SERVICE_MODEL
  corpus                     judge the accuracy corpus and show its table, cause by cause
  fuzz [SECONDS] [TARGET]    run one or all fuzz targets, SECONDS each (by default 2)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["tidy"] => tidy(),
        ["codegen", rest @ ..] => codegen::run(rest),
        ["corpus"] => corpus::run(),
        ["fuzz", rest @ ..] => fuzz::Options::parse(rest).and_then(|options| fuzz::run(&options)),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(64);
        }
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {}", error.chain());
            ExitCode::FAILURE
        }
    }
}

fn tidy() -> Result<ExitCode, XtaskError> {
    let violations = tidy::run()?;
    for violation in &violations {
        println!("{violation}");
    }
    if violations.is_empty() {
        println!("tidy: {} checks, nothing to say", tidy::CHECKS.len());
        return Ok(ExitCode::SUCCESS);
    }
    println!("tidy: {} violations", violations.len());
    Ok(ExitCode::FAILURE)
}
