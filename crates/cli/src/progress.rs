//! Progress on stderr, only where it is a terminal.

use std::time::Duration;

use assay_feeds::{Fetched, Progress, Source, Step};
use indicatif::{ProgressBar, ProgressStyle};

use crate::terminal::Terminal;

/// A line that says what is being done; it vanishes when it is dropped.
#[derive(Debug)]
pub struct StepLine(ProgressBar);

impl Drop for StepLine {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Says what is being done until the line is dropped.
pub fn step(terminal: &Terminal, message: &'static str) -> StepLine {
    let bar = spinner(terminal);
    bar.set_message(message);
    StepLine(bar)
}

fn spinner(terminal: &Terminal) -> ProgressBar {
    if !terminal.shows_progress {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// Shows a sync: a bar while a file comes, a line while something is compiled.
#[derive(Debug)]
pub struct SyncProgress {
    bar: ProgressBar,
}

impl SyncProgress {
    /// Nothing is shown until the sync begins.
    pub fn new(terminal: &Terminal) -> SyncProgress {
        SyncProgress { bar: spinner(terminal) }
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for SyncProgress {
    fn step(&self, step: Step) {
        let message = match step {
            Step::Fetch(source) => format!("fetching {source}"),
            Step::Check(source) => format!("checking {source}"),
            Step::Compile => "compiling".to_owned(),
            Step::Place | Step::Commit | Step::Clean => "putting into use".to_owned(),
        };
        self.bar.set_message(message);
    }

    fn started(&self, source: Source, file: &str, total: Option<u64>) {
        self.bar.set_message(format!("fetching {source}: {file}"));
        self.bar.set_position(0);
        let template = match total {
            Some(total) => {
                self.bar.set_length(total);
                "{spinner} {msg} [{bar:30}] {bytes}/{total_bytes} {eta}"
            }
            None => "{spinner} {msg} {bytes}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
    }

    fn advanced(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    fn finished(&self, _: Source, _: &str, _: Fetched) {
        self.bar.set_style(ProgressStyle::default_spinner());
    }
}
