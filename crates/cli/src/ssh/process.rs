//! The `ssh` process: its pipes served by threads, its time limited, and its end certain.

use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::error::SshError;
use super::output::{OutputError, read_evidence, read_messages};

/// How long the last messages may take after the process ended: a program that it started may hold the pipe open.
const LAST_MESSAGES: Duration = Duration::from_secs(1);

/// How often is looked whether the process ended, once its output has.
const POLL: Duration = Duration::from_millis(20);

enum Event {
    Message(String),
    MessagesEnd,
    Output(Result<Vec<u8>, OutputError>),
}

/// A process that is killed when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only where the process has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs the command with `input` as its stdin; returns the evidence that it wrote. Messages go to `say` as they come.
///
/// # Errors
///
/// When the process cannot be started, fails, writes no evidence or more than `limit` bytes, or takes too long.
pub(super) fn run(
    command: &mut Command,
    input: impl Read + Send + 'static,
    limit: usize,
    seconds: u64,
    mut say: impl FnMut(&str),
) -> Result<Vec<u8>, SshError> {
    let deadline = Instant::now().checked_add(Duration::from_secs(seconds)).ok_or(SshError::TimedOut(seconds))?;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().map_err(|cause| match cause.kind() {
        io::ErrorKind::NotFound => SshError::NoClient,
        _ => SshError::Client(cause),
    })?;
    let mut running = Running(child);
    let events = serve(&mut running.0, input, limit);
    let mut output = None;
    let mut has_more_messages = true;
    let status = loop {
        if output.is_some()
            && let Some(status) = running.0.try_wait().map_err(SshError::Client)?
        {
            break status;
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(SshError::TimedOut(seconds));
        }
        match events.recv_timeout(if output.is_some() { left.min(POLL) } else { left }) {
            Ok(Event::Message(line)) => say(&line),
            Ok(Event::MessagesEnd) => has_more_messages = false,
            // An output that ended without evidence has its reason in the exit code; any other error stops the host.
            Ok(Event::Output(Err(error))) if !matches!(error, OutputError::NoEvidence { .. }) => {
                return Err(error.into());
            }
            Ok(Event::Output(result)) => output = Some(result),
            Err(RecvTimeoutError::Timeout) => {}
            // Nothing more comes: only the end of the process is waited for.
            Err(RecvTimeoutError::Disconnected) => thread::sleep(left.min(POLL)),
        }
    };
    let last = Instant::now() + LAST_MESSAGES;
    while has_more_messages {
        match events.recv_timeout(last.saturating_duration_since(Instant::now())) {
            Ok(Event::Message(line)) => say(&line),
            Ok(Event::MessagesEnd | Event::Output(_)) | Err(_) => has_more_messages = false,
        }
    }
    match output {
        Some(output) if status.success() => Ok(output?),
        _ => Err(SshError::of_exit(status.code(), seconds)),
    }
}

/// Starts a thread for each pipe. They end with the process, whose pipes they hold.
fn serve(child: &mut Child, mut input: impl Read + Send + 'static, limit: usize) -> Receiver<Event> {
    let (sender, events) = channel();
    if let Some(mut stdin) = child.stdin.take() {
        // A host that does not want the program ends early; it says why by its exit code.
        thread::spawn(move || io::copy(&mut input, &mut stdin));
    }
    if let Some(mut stdout) = child.stdout.take() {
        let sender = sender.clone();
        thread::spawn(move || sender.send(Event::Output(read_evidence(&mut stdout, limit))));
    }
    if let Some(stderr) = child.stderr.take() {
        thread::spawn(move || {
            // Nobody listens any more where sending fails.
            read_messages(stderr, |line| _ = sender.send(Event::Message(line)));
            let _ = sender.send(Event::MessagesEnd);
        });
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, input: &'static [u8], seconds: u64) -> (Result<Vec<u8>, String>, Vec<String>) {
        let mut said = Vec::new();
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        let result = run(&mut command, input, 1 << 20, seconds, |line| said.push(line.to_owned()));
        (result.map_err(|error| error.to_string()), said)
    }

    #[test]
    fn input_goes_in_and_evidence_and_messages_come_out() {
        let (result, said) = shell("echo hello >&2; echo assay-evidence-follows; cat", b"{}", 60);
        assert_eq!((result, said), (Ok(b"{}".to_vec()), vec!["hello".to_owned()]));
    }

    #[test]
    fn every_end_has_its_error() {
        for (script, expected) in [
            ("exit 255", "ssh could not connect or log in"),
            ("exit 86", "another kind of machine"),
            ("exit 87", "no directory"),
            ("exit 88", "did not arrive whole"),
            ("exit 127", "could not run the collector (exit code 127)"),
            ("exit 3", "failed on the host (exit code 3)"),
            ("kill -9 $$", "failed on the host (exit code unknown)"),
            ("echo assay-evidence-follows; echo {}; exit 1", "failed on the host (exit code 1)"),
            ("echo hello", "no evidence, but: hello"),
            ("yes", "no evidence within 64 KiB, but: y"),
            ("echo assay-evidence-follows; yes", "over the limit of 1 MiB"),
        ] {
            let (result, _) = shell(script, &[b' '; 1 << 20], 60);
            let error = result.expect_err(script);
            assert!(error.contains(expected), "{script}: {error}");
        }
    }

    #[test]
    fn a_host_that_does_not_answer_is_given_up() {
        let (result, said) = shell("echo waiting >&2; exec sleep 1000", b"", 2);
        assert_eq!(result, Err("no evidence came within 2 seconds (--ssh-timeout)".to_owned()));
        assert_eq!(said, ["waiting"]);
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = run(&mut Command::new("/missing/ssh"), io::empty(), 1, 1, |_| {}).unwrap_err();
        assert!(error.to_string().starts_with("ssh is not installed here"), "{error}");
    }
}
