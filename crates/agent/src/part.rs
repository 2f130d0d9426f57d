//! Part: what a process of its own does for a run, told on its standard input by the daemon.
//!
//! It sets its limits, does one step, writes the result into the spool and ends; its memory goes with it. Each step may
//! be repeated. Surprising: a daemon of another version may have written the spool, so nothing in it is believed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;

use assay_host::RootedHost;
use assay_inventory::CollectOptions;
use assay_link::{Complete, MAX_EVIDENCE_BYTES};
use assay_model::Timestamp;
use assay_model::evidence::request::CollectionRequest;
use assay_model::evidence::{Evidence, Problem, ProblemKind, Section};
use camino::Utf8PathBuf;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};

use crate::cut::{Cutter, digest};
use crate::error::AgentError;
use crate::facts;
use crate::folder::Folder;
use crate::limits::LookLimits;
use crate::spool::{EVIDENCE, Job, PARCEL, Parcel, Spool, WINDOW};
use crate::telemetry;
use crate::window::{Window, leave_out};

/// Who collected.
const COLLECTOR: &str = concat!("assay ", env!("CARGO_PKG_VERSION"));

/// Largest window, in bytes.
const WINDOW_LIMIT: u64 = 256 << 20;

/// Largest order, in bytes.
const ORDER_LIMIT: u64 = 64 << 10;

/// What is looked at more than once.
pub(crate) const WATCHED: [Section; 2] = [Section::Processes, Section::Sockets];

/// A step of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Step {
    /// Everything that the run asks for.
    Collect,
    /// Processes and sockets once more.
    Look,
    /// The evidence of all looks, in chunks.
    Pack,
}

/// What the process is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) step: Step,
    pub(crate) spool: Utf8PathBuf,
    pub(crate) limits: LookLimits,
}

/// What stops a step.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// Standard input had no order: this command is for the daemon only.
    #[error("no order of an agent on standard input")]
    Order,
    /// The limits could not be set.
    #[error("failed to set the limits of this process")]
    Limits(#[source] io::Error),
    /// The spool.
    #[error(transparent)]
    Spool(#[from] AgentError),
    /// The spool has no such run.
    #[error("the spool has no {0}")]
    Missing(&'static str),
    /// The host cannot be looked at.
    #[error("failed to look at this host")]
    Host(#[source] assay_host::HostError),
    /// The evidence cannot be written or read.
    #[error("failed to {operation} the evidence")]
    Evidence {
        /// What was tried.
        operation: &'static str,
        /// Why it failed.
        #[source]
        cause: io::Error,
    },
}

/// Does the step that `input` asks for.
///
/// # Errors
///
/// When it cannot be done; the daemon reads the message from standard error.
pub fn take_part(input: impl Read, now: Timestamp) -> Result<(), PartError> {
    let order: Order = serde_json::from_reader(input.take(ORDER_LIMIT)).map_err(|_| PartError::Order)?;
    order.limits.apply().map_err(PartError::Limits)?;
    let spool = Spool::new(Folder::at(order.spool));
    let job = spool.job()?.ok_or(PartError::Missing("job"))?;
    match order.step {
        Step::Collect => {
            let evidence = look(&job, job.collect.request.clone(), now)?;
            write_evidence(spool.folder(), &evidence).map_err(|cause| failed("write", cause))
        }
        Step::Look => {
            let mut request = CollectionRequest::default();
            request.sections.extend(WATCHED.iter().filter(|section| job.collect.request.sections.contains(section)));
            let mut window: Window = match spool.folder().read_json(WINDOW, WINDOW_LIMIT) {
                Err(AgentError::Damaged { .. }) => Window::default(),
                window => window?.unwrap_or_default(),
            };
            window.add(look(&job, request, now)?);
            Ok(spool.folder().write_json(WINDOW, &window)?)
        }
        Step::Pack => pack(&spool, &job),
    }
}

fn look(job: &Job, request: CollectionRequest, now: Timestamp) -> Result<Evidence, PartError> {
    let host = RootedHost::live().map_err(PartError::Host)?;
    let options = CollectOptions {
        request,
        now,
        collector: COLLECTOR,
        uid: rustix::process::geteuid().as_raw(),
        identity_fallback: &facts::fallback(&host),
    };
    let mut evidence = assay_inventory::collect(&host, options);
    // In a cloud the agent goes by the cloud's name, and findings go by the evidence's.
    evidence.host.agent_id = job.agent.to_string();
    leave_out(&mut evidence, std::process::id());
    Ok(evidence)
}

fn write_evidence(folder: &Folder, evidence: &Evidence) -> io::Result<()> {
    let temporary = folder.temporary(EVIDENCE);
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
    let mut gzip = GzEncoder::new(BufWriter::new(file), Compression::fast());
    serde_json::to_writer(&mut gzip, evidence)?;
    let file = gzip.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    fs::rename(&temporary, folder.path().join(EVIDENCE))?;
    File::open(folder.path())?.sync_all()
}

fn read_evidence(folder: &Folder) -> io::Result<Evidence> {
    let file = File::open(folder.path().join(EVIDENCE))?;
    let reader = BufReader::new(GzDecoder::new(BufReader::new(file)).take(MAX_EVIDENCE_BYTES));
    Ok(serde_json::from_reader(reader)?)
}

fn pack(spool: &Spool, job: &Job) -> Result<(), PartError> {
    let folder = spool.folder();
    let mut evidence = read_evidence(folder).map_err(|cause| failed("read", cause))?;
    let mut lost = spool.missed()?;
    match folder.read_json::<Window>(WINDOW, WINDOW_LIMIT) {
        Ok(window) => window.unwrap_or_default().pour_into(&mut evidence),
        Err(AgentError::Damaged { .. }) => lost = lost.saturating_add(1),
        Err(error) => return Err(error.into()),
    }
    if lost > 0 {
        let detail = format!("{lost} looks of the run failed: what ran only then was not seen");
        let problem = Problem::new("/proc", ProblemKind::Failed, detail);
        for section in WATCHED.iter().filter(|section| job.collect.request.sections.contains(section)) {
            match section {
                Section::Processes => evidence.processes.problems.push(problem.clone()),
                _ => evidence.sockets.problems.push(problem.clone()),
            }
        }
    }
    let document = evidence.to_bytes().map_err(|cause| failed("write", cause.into()))?;
    let telemetry = telemetry::count(&evidence);
    drop(evidence);
    let size = document.len() as u64;
    if size > MAX_EVIDENCE_BYTES {
        let text = format!("it has {size} bytes, over the limit of {MAX_EVIDENCE_BYTES}");
        return Err(failed("pack", io::Error::new(io::ErrorKind::FileTooLarge, text)));
    }
    let parcel = cut(folder, job, &document, telemetry).map_err(|cause| failed("pack", cause))?;
    Ok(folder.write_json(PARCEL, &parcel)?)
}

fn cut(folder: &Folder, job: &Job, document: &[u8], telemetry: Vec<assay_link::Telemetry>) -> io::Result<Parcel> {
    let mut gzip = GzEncoder::new(Cutter::new(folder), Compression::default());
    gzip.write_all(document)?;
    let digests = gzip.finish()?.finish()?;
    let chunks = u32::try_from(digests.len()).unwrap_or(u32::MAX);
    let complete = Complete {
        run: job.collect.run.clone(),
        chunks,
        digest: digest(document)?,
        size: document.len() as u64,
        telemetry,
    };
    Ok(Parcel { complete, digests })
}

fn failed(operation: &'static str, cause: io::Error) -> PartError {
    PartError::Evidence { operation, cause }
}
