//! One session: what is sent, how `ssh` is called, and what the evidence has to be.

use std::io::{Cursor, Read as _};
use std::process::Command;

use anyhow::{Context as _, bail};
use assay_model::evidence::request::CollectionRequest;
use assay_model::evidence::{Evidence, SourceKind};

use crate::arguments::SshArguments;
use crate::clock::Clock;
use crate::terminal::Terminal;

use super::Destination;
use super::collector::Collector;
use super::output::MARKER;
use super::process;

const SCRIPT: &str = include_str!("remote.sh");

/// Largest evidence that is taken from a host, in bytes.
const MAX_EVIDENCE_BYTES: usize = 512 << 20;

/// What `ssh` is told besides the operator's configuration: no terminal, no forwarding, no question that nobody may
/// answer, no process that stays in the background.
const OPTIONS: [&str; 5] =
    ["BatchMode=yes", "ControlMaster=no", "ClearAllForwardings=yes", "ForwardAgent=no", "RemoteCommand=none"];

/// What to collect, and how the host is reached.
#[derive(Debug)]
pub struct Session<'a> {
    /// The host.
    pub destination: &'a Destination,
    /// The options of the command line.
    pub arguments: &'a SshArguments,
    /// What to collect.
    pub request: &'a CollectionRequest,
    /// The time that the host is told, where it stands still.
    pub clock: Clock,
}

/// Collects on the host; `parse` turns the bytes into evidence.
///
/// # Errors
///
/// When the host cannot be reached, cannot run the collector, or sends something else than the evidence asked for.
pub fn collect(
    session: &Session<'_>,
    terminal: &Terminal,
    parse: impl FnOnce(&[u8]) -> anyhow::Result<Evidence>,
) -> anyhow::Result<Evidence> {
    let destination = session.destination;
    let bytes = transfer(session, terminal).with_context(|| format!("failed to collect from {destination} by SSH"))?;
    let evidence = parse(&bytes)?;
    if evidence.source != SourceKind::LiveHost {
        bail!("{destination} sent evidence that is not of a running host");
    }
    // Sections that were not asked for have no problems: a shorter answer would pass for a clean host.
    if evidence.request != *session.request {
        bail!("{destination} sent evidence of another request: its collector is of another version");
    }
    Ok(evidence)
}

fn transfer(session: &Session<'_>, terminal: &Terminal) -> anyhow::Result<Vec<u8>> {
    let collector = Collector::open(session.arguments.collector.as_deref())?;
    let request = serde_json::to_vec(session.request)?;
    let mut command = client(session, &collector, request.len());
    let input = collector.file.take(collector.size).chain(Cursor::new(request));
    let say = |line: &str| terminal.warn(format_args!("{}: {line}", session.destination));
    Ok(process::run(&mut command, input, MAX_EVIDENCE_BYTES, session.arguments.ssh_timeout, say)?)
}

/// The call of `ssh`. Of several values for an option it takes the first, so the operator's come first.
fn client(session: &Session<'_>, collector: &Collector, request_size: usize) -> Command {
    let arguments = session.arguments;
    let mut command = Command::new("ssh");
    command.args(["-T", "-x"]);
    if let Some(config) = &arguments.ssh_config {
        command.arg("-F").arg(config);
    }
    for option in arguments.ssh_option.iter().map(String::as_str).chain(OPTIONS) {
        command.args(["-o", option]);
    }
    if let Some(port) = session.destination.port {
        command.args(["-p", &port.to_string()]);
    }
    let now = match session.clock {
        Clock::Fixed(time) => time.to_string(),
        Clock::System => String::new(),
    };
    let size = collector.size.saturating_add(request_size as u64);
    let privilege = if arguments.sudo { "sudo" } else { "plain" };
    let remote = format!(
        "exec /bin/sh -c '{}' assay {size} {request_size} '{}' {privilege} {} {MARKER} '{now}'",
        one_line(SCRIPT),
        collector.machine,
        arguments.ssh_timeout,
    );
    command.arg("--").arg(&session.destination.host).arg(remote);
    command
}

/// A script without its comments and line ends.
fn one_line(script: &str) -> String {
    let lines: Vec<&str> = script.lines().filter(|line| !line.starts_with('#')).collect();
    lines.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_means_the_same_to_every_login_shell() {
        let script = one_line(SCRIPT);
        assert!(!script.contains(['\'', '\\', '!', '\n', '#']), "{script}");
        assert!(script.starts_with("umask 077;"), "{script}");
    }
}
