//! `assay completion` and `assay man`: both generated from the command line's own types.

use anyhow::Context as _;
use camino::Utf8Path;
use clap::CommandFactory as _;

use crate::arguments::Arguments;
use crate::exit::Exit;
use crate::output;

/// Prints a completion script.
pub fn completion(shell: clap_complete::Shell) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "assay", &mut script);
    output::print(script)?;
    Ok(Exit::Done)
}

/// Writes one man page per command into a folder.
pub fn man(directory: &Utf8Path) -> anyhow::Result<Exit> {
    std::fs::create_dir_all(directory).with_context(|| format!("failed to create {directory}"))?;
    clap_mangen::generate_to(Arguments::command(), directory)
        .with_context(|| format!("failed to write man pages into {directory}"))?;
    Ok(Exit::Done)
}
