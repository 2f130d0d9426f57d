//! The `assay` command: arguments to library calls.
//!
//! Every command returns the exit code of design; this file alone turns errors into messages and codes. A reader that
//! closed its end of a pipe is no error.

#![forbid(unsafe_code)]
#![expect(unreachable_pub, reason = "nothing leaves a binary; `pub` marks what a module offers to the others")]

mod arguments;
mod clock;
mod commands;
mod config;
mod exit;
mod output;
mod progress;
mod settings;
mod ssh;
mod terminal;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use arguments::Arguments;
use exit::Exit;
use terminal::Terminal;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            // Nothing can be told to anybody when the message itself cannot be written.
            let _ = error.print();
            return if is_help { ExitCode::SUCCESS } else { Exit::Usage.into() };
        }
    };
    let terminal = Terminal::detect(&arguments.global);
    match commands::run(arguments, &terminal) {
        Ok(exit) => exit.into(),
        Err(error) if exit::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            terminal.error(&error);
            exit::code_of(&error).into()
        }
    }
}
