//! Evidence: collected from the source that the arguments name, or read from a file.

use std::fmt::Display;
use std::io::Read as _;

use anyhow::{Context as _, bail};
use assay_host::disk::{DiskHost, DiskOptions};
use assay_host::{Host, ImageError, ImageHost, ImageOptions, RootedHost};
use assay_inventory::CollectOptions;
use assay_model::evidence::operating_system::OperatingSystem;
use assay_model::evidence::request::CollectionRequest;
use assay_model::evidence::{Evidence, OLDEST_SCHEMA, SCHEMA, Section};
use camino::Utf8Path;

use crate::arguments::{ImageArguments, SourceArguments, SshArguments};
use crate::progress;
use crate::settings::Settings;
use crate::ssh::{self, Destination};
use crate::terminal::Terminal;

/// Who collected.
const COLLECTOR: &str = concat!("assay ", env!("CARGO_PKG_VERSION"));

/// Largest evidence document that is read, in bytes.
const MAX_EVIDENCE_BYTES: u64 = 512 << 20;

/// An evidence document with its canonical bytes and content address.
#[derive(Debug)]
pub struct EvidenceDocument {
    /// The document.
    pub evidence: Evidence,
    /// Its canonical bytes.
    pub bytes: Vec<u8>,
    /// Its content address.
    pub digest: String,
}

/// Gets the evidence.
///
/// # Errors
///
/// When the source does not exist or is not permitted, or the file is no evidence.
pub fn obtain(
    source: &SourceArguments,
    request: CollectionRequest,
    settings: &Settings,
    terminal: &Terminal,
) -> anyhow::Result<EvidenceDocument> {
    let evidence = if let Some(path) = &source.evidence {
        read(path)?
    } else if let Some(path) = &source.sbom {
        read_sbom(path, request, settings)?
    } else if let (Some(path), Some(distro)) = (&source.package_list, &source.distro) {
        read_package_list(path, distro, request, settings)?
    } else if let Some(host) = &source.ssh {
        log_in(host, &source.ssh_arguments, &request, settings, terminal)?
    } else {
        collect(source, request, settings, terminal)?
    };
    let bytes = evidence.to_bytes().context("failed to serialise the evidence")?;
    let digest = Evidence::digest(&bytes);
    Ok(EvidenceDocument { evidence, bytes, digest })
}

fn collect(
    source: &SourceArguments,
    request: CollectionRequest,
    settings: &Settings,
    terminal: &Terminal,
) -> anyhow::Result<Evidence> {
    let _step = progress::step(terminal, "collecting evidence");
    let (host, identity_fallback) = open(source)?;
    let options = CollectOptions {
        request,
        now: settings.clock.now(),
        collector: COLLECTOR,
        uid: rustix::process::geteuid().as_raw(),
        identity_fallback: &identity_fallback,
    };
    Ok(assay_inventory::collect(&*host, options))
}

/// Collects on a host that is reached by SSH.
fn log_in(
    destination: &Destination,
    arguments: &SshArguments,
    request: &CollectionRequest,
    settings: &Settings,
    terminal: &Terminal,
) -> anyhow::Result<Evidence> {
    let _step = progress::step(terminal, "collecting evidence by SSH");
    let session = ssh::Session { destination, arguments, request, clock: settings.clock };
    ssh::collect(&session, terminal, |bytes| parse(bytes, &format_args!("what {destination} sent")))
}

/// What this machine says of its operating system; nothing where it does not.
pub fn operating_system(settings: &Settings) -> Option<OperatingSystem> {
    let host = RootedHost::live().ok()?;
    let options = CollectOptions {
        request: CollectionRequest { sections: [Section::Os].into(), ..CollectionRequest::default() },
        now: settings.clock.now(),
        collector: "",
        uid: rustix::process::geteuid().as_raw(),
        identity_fallback: "",
    };
    assay_inventory::collect(&host, options).os.facts
}

/// The host that the arguments name, and what identifies it where it has no machine id: its absolute path, and which of
/// several images it is.
fn open(source: &SourceArguments) -> anyhow::Result<(Box<dyn Host>, String)> {
    let path = source.root.as_ref().or(source.image.as_ref()).or(source.disk.as_ref());
    let Some(path) = path else {
        return Ok((Box::new(RootedHost::live()?), String::new()));
    };
    let absolute = path.canonicalize_utf8().with_context(|| format!("failed to open {path}"))?;
    let host: Box<dyn Host> = if source.image.is_some() {
        return open_image(path, &absolute, &source.image_arguments);
    } else if source.disk.is_some() {
        Box::new(DiskHost::open(absolute.as_std_path(), &DiskOptions::default())?)
    } else {
        Box::new(RootedHost::root_directory(absolute.as_std_path())?)
    };
    Ok((host, absolute.into_string()))
}

/// The image that the arguments choose.
fn open_image(
    path: &Utf8Path,
    absolute: &Utf8Path,
    arguments: &ImageArguments,
) -> anyhow::Result<(Box<dyn Host>, String)> {
    let ImageArguments { image_name: name, platform } = arguments;
    let options = ImageOptions { name: name.clone(), platform: platform.clone(), ..ImageOptions::default() };
    let host = ImageHost::open(absolute.as_std_path(), &options).map_err(|error| {
        let choice = match &error {
            ImageError::SeveralImages { .. } | ImageError::NoSuchName { .. } => "; --image-name chooses one",
            ImageError::NoSuchPlatform { .. } => "; --platform chooses one",
            _ => "",
        };
        anyhow::Error::new(error).context(format!("failed to open {path}{choice}"))
    })?;
    let mut identity = absolute.to_string();
    for choice in [name.clone(), platform.as_ref().map(ToString::to_string)].into_iter().flatten() {
        identity = format!("{identity} {choice}");
    }
    Ok((Box::new(host), identity))
}

/// The packages and libraries of a bill; what else was asked for is not in it, and its sections stay empty.
fn read_sbom(path: &Utf8Path, request: CollectionRequest, settings: &Settings) -> anyhow::Result<Evidence> {
    let bytes = read_bytes(path)?;
    let evidence = assay_sbom::read(&bytes, &id_of_content(&bytes), COLLECTOR, settings.clock.now());
    let evidence = evidence.with_context(|| format!("{path} is no bill of materials"))?;
    Ok(Evidence { request, ..evidence })
}

/// The packages of a list.
fn read_package_list(
    path: &Utf8Path,
    distro: &str,
    request: CollectionRequest,
    settings: &Settings,
) -> anyhow::Result<Evidence> {
    let bytes = read_bytes(path)?;
    let now = settings.clock.now();
    let evidence = assay_sbom::read_package_list(&bytes, distro, &id_of_content(&bytes), COLLECTOR, now);
    let evidence = evidence.with_context(|| format!("failed to read {path} as a list of packages"))?;
    Ok(Evidence { request, ..evidence })
}

/// The id of a host of which nothing is known but what a file says is installed.
fn id_of_content(bytes: &[u8]) -> String {
    format!("i-{}", Evidence::digest(bytes).get(..17).unwrap_or_default())
}

fn read_bytes(path: &Utf8Path) -> anyhow::Result<Vec<u8>> {
    let failed = || format!("failed to read {path}");
    let mut bytes = Vec::new();
    if path == "-" {
        std::io::stdin().lock().take(MAX_EVIDENCE_BYTES + 1).read_to_end(&mut bytes).with_context(failed)?;
    } else {
        let file = std::fs::File::open(path).with_context(failed)?;
        file.take(MAX_EVIDENCE_BYTES + 1).read_to_end(&mut bytes).with_context(failed)?;
    }
    if bytes.len() as u64 > MAX_EVIDENCE_BYTES {
        bail!("{path} is over the limit of {} MiB for evidence", MAX_EVIDENCE_BYTES >> 20);
    }
    Ok(bytes)
}

fn read(path: &Utf8Path) -> anyhow::Result<Evidence> {
    parse(&read_bytes(path)?, &path)
}

/// Reads a document; `name` says where it comes from.
fn parse(bytes: &[u8], name: &dyn Display) -> anyhow::Result<Evidence> {
    let failed = || format!("{name} is no evidence document");
    let schema = serde_json::from_slice::<Versioned>(bytes).with_context(failed)?.schema;
    if !(OLDEST_SCHEMA..=SCHEMA).contains(&schema) {
        bail!(
            "{name} is evidence of schema {schema}; this Assay reads schemas {OLDEST_SCHEMA} to {SCHEMA}: collect it again"
        );
    }
    serde_json::from_slice(bytes).with_context(failed)
}

/// Reads what to collect, as `--ssh` sends it.
///
/// # Errors
///
/// When the file cannot be read or is no request.
pub fn read_request(path: &Utf8Path) -> anyhow::Result<CollectionRequest> {
    serde_json::from_slice(&read_bytes(path)?).with_context(|| format!("{path} is no request"))
}

#[derive(serde::Deserialize)]
struct Versioned {
    schema: u32,
}
