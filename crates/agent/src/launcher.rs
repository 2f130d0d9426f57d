//! Launcher: starts the processes that take part in a run, waits for them, and kills them when they are not wanted.
//!
//! The process is looked at from time to time instead of being waited for, so that no signal handler and no second thread
//! is needed. Surprising: dropping the future kills the process, so stopping a run stops its look, too.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use camino::Utf8PathBuf;

use crate::error::AgentError;
use crate::facts::shorten;
use crate::folder::Folder;
use crate::limits::LookLimits;
use crate::part::{Order, Step};

/// What the process writes on standard error; the end of it is a reason.
const LOG: &str = "part.log";

/// Read of it at most.
const LOG_LIMIT: u64 = 64 << 10;

/// A look at whether the process has ended is that long after the last one, at most.
const LONGEST_PAUSE: Duration = Duration::from_millis(200);

/// How to start a process that takes part in a run.
#[derive(Clone, Debug)]
pub struct Launcher {
    /// The program.
    pub program: Utf8PathBuf,
    /// What makes it call [`crate::take_part`] with its standard input.
    pub arguments: Vec<OsString>,
    /// The limits of each process.
    pub limits: LookLimits,
}

/// Kills the process when it is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; whoever ended is waited for, so that no zombie stays.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Launcher {
    /// Does a step in a process of its own; the reason where that fails.
    pub(crate) async fn run(&self, step: Step, folder: &Folder) -> Result<Result<(), String>, AgentError> {
        let order = Order { step, spool: folder.path().to_owned(), limits: self.limits };
        let order = serde_json::to_vec(&order).unwrap_or_default();
        let log_path = folder.path().join(LOG);
        let log = File::create(&log_path).map_err(|cause| folder.failed("write", LOG, cause))?;
        let start = |cause| AgentError::Start { program: self.program.clone(), cause };
        let mut command = Command::new(&self.program);
        // A backtrace needs memory: where that is what failed, the process would hang instead of ending.
        command
            .args(&self.arguments)
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log);
        let mut running = Running(command.spawn().map_err(start)?);
        if let Some(mut input) = running.0.stdin.take() {
            // The order fits into the pipe, so this does not wait. A process that ended says why by itself.
            let _ = input.write_all(&order);
        }
        let begin = Instant::now();
        let mut pause = Duration::from_millis(5);
        loop {
            if let Some(status) = running.0.try_wait().map_err(start)? {
                return Ok(self.judge(status, folder));
            }
            if begin.elapsed() > self.limits.wall {
                let seconds = self.limits.wall.as_secs();
                return Ok(Err(format!("the collection was ended because it took longer than {seconds} s")));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn judge(&self, status: ExitStatus, folder: &Folder) -> Result<(), String> {
        if status.success() {
            return Ok(());
        }
        let said = last_line(folder).unwrap_or_default();
        let LookLimits { memory, processor_seconds, .. } = self.limits;
        Err(match status.signal() {
            Some(24) => format!("the collection needed more than {processor_seconds} s of processor time"),
            Some(6) => {
                format!("the collection was aborted, perhaps for its limit of {} MiB of memory: {said}", memory >> 20)
            }
            Some(signal) => format!("the collection was ended by signal {signal}"),
            None if said.is_empty() => format!("the collection failed ({status})"),
            None => said,
        })
    }
}

fn last_line(folder: &Folder) -> Option<String> {
    let mut text = Vec::new();
    File::open(folder.path().join(LOG)).ok()?.take(LOG_LIMIT).read_to_end(&mut text).ok()?;
    let text = String::from_utf8_lossy(&text);
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty())?;
    Some(shorten(line, 500))
}
