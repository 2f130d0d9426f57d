//! From the command to the function that does it.

use crate::arguments::{Arguments, Command};
use crate::exit::Exit;
use crate::settings::Settings;
use crate::terminal::Terminal;

use super::{
    admin, agent, apply, assess, collect, compare, doctor, feeds, findings, manual, network, rules, runs, sbom, serve,
    why, why_not,
};

/// Runs the command.
///
/// # Errors
///
/// Whatever stops the command; `main` prints it and chooses the exit code.
pub fn run(arguments: Arguments, terminal: &Terminal) -> anyhow::Result<Exit> {
    let settings = Settings::resolve(&arguments.global)?;
    match arguments.command {
        Command::Assess(arguments) => assess::run(&arguments, &settings, terminal),
        Command::Collect(arguments) => collect::run(&arguments, &settings, terminal),
        Command::Sbom(arguments) => sbom::run(&arguments, &settings, terminal),
        Command::Runs(command) => runs::run(&command, &settings, terminal),
        Command::Findings(command) => findings::run(&command, &settings, terminal),
        Command::Why(arguments) => why::run(&arguments, &settings, terminal),
        Command::WhyNot(arguments) => why_not::run(&arguments, &settings, terminal),
        Command::Compare(arguments) => compare::run(&arguments, &settings, terminal),
        Command::Report(arguments) => runs::report(&arguments, &settings, terminal),
        Command::Feeds(command) => feeds::run(&command, &settings, terminal),
        Command::Rules(command) => rules::run(&command, &settings, terminal),
        Command::Network(command) => network::run(&command, terminal),
        Command::Serve(arguments) => serve::run(&arguments, settings, terminal.clone()),
        Command::Agent(command) => agent::run(&command, &settings, terminal),
        Command::Apply(arguments) => apply::apply(&arguments, &settings),
        Command::Export(arguments) => apply::export(&arguments, &settings),
        Command::Admin(command) => admin::run(&command, &settings),
        Command::Doctor => doctor::run(&settings, terminal),
        Command::Completion { shell } => manual::completion(shell),
        Command::Man { directory } => manual::man(&directory),
    }
}
