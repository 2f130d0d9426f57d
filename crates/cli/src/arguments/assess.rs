//! Arguments of `assay assess` and `assay collect`.

use std::str::FromStr;

use assay_model::evidence::Section;
use assay_model::rules_package::RulesPackageKind;
use assay_model::severity::Band;
use assay_report::Format;
use camino::Utf8PathBuf;
use clap::Args;

use crate::ssh::Destination;

use super::{ImageArguments, SshArguments};

/// What to assess; without any, this machine.
#[derive(Debug, Args)]
#[group(multiple = false, args = ["root", "image", "disk", "sbom", "package_list", "ssh", "evidence"])]
pub struct SourceArguments {
    /// A folder that holds a root file system
    #[arg(long, value_name = "DIR")]
    pub root: Option<Utf8PathBuf>,
    /// A container image: what `docker save` wrote, an OCI layout, or an archive of one
    #[arg(long, value_name = "FILE|DIR")]
    pub image: Option<Utf8PathBuf>,
    /// A disk image: raw or qcow2
    #[arg(long, value_name = "FILE")]
    pub disk: Option<Utf8PathBuf>,
    /// A bill of materials: CycloneDX or SPDX in JSON
    #[arg(long, value_name = "FILE")]
    pub sbom: Option<Utf8PathBuf>,
    /// What a package manager lists as installed: `dpkg-query -W`, `dpkg -l`, `rpm -qa`, `apk list -I`; `-` is stdin
    #[arg(long, value_name = "FILE", requires = "distro")]
    pub package_list: Option<Utf8PathBuf>,
    /// The distribution of `--package-list`, by id and version: debian-12, rhel-9.4, alpine-3.20
    #[arg(long, value_name = "ID-VERSION", requires = "package_list")]
    pub distro: Option<String>,
    /// A host to log in to with the system's ssh: the collector is sent there, runs once, and leaves nothing behind
    #[arg(long, value_name = "USER@HOST[:PORT]")]
    pub ssh: Option<Destination>,
    /// Evidence that `assay collect` wrote; `-` is stdin
    #[arg(long, value_name = "FILE")]
    pub evidence: Option<Utf8PathBuf>,
    /// Which image of `--image`.
    #[command(flatten)]
    pub image_arguments: ImageArguments,
    /// How the host of `--ssh` is reached.
    #[command(flatten)]
    pub ssh_arguments: SshArguments,
}

/// One `-o`: a format, and the file to write it to.
#[derive(Clone, Debug)]
pub struct OutputArgument {
    /// Format.
    pub format: Format,
    /// File; stdout where absent or `-`.
    pub path: Option<Utf8PathBuf>,
}

impl FromStr for OutputArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<OutputArgument, String> {
        let (format, path) = match text.split_once('=') {
            Some((format, path)) => (format, Some(path).filter(|path| *path != "-").map(Utf8PathBuf::from)),
            None => (text, None),
        };
        if path.as_ref().is_some_and(|path| path.as_str().is_empty()) {
            return Err(format!("{text:?} names no file after the ="));
        }
        let format = format.parse::<Format>().map_err(|error| error.to_string())?;
        Ok(OutputArgument { format, path })
    }
}

/// Arguments of `assay assess`.
#[derive(Debug, Args)]
pub struct AssessArguments {
    /// What to assess.
    #[command(flatten)]
    pub source: SourceArguments,
    /// Rules packages: cve, cis, network, best-practices, runtime [default: cve,best-practices]
    #[arg(long, value_name = "PACKAGES", value_delimiter = ',')]
    pub rules: Vec<RulesPackageKind>,
    /// Format, and the file to write it to: table, text, json, jsonl, csv, html, pdf, openvex; may be repeated [default: table]
    #[arg(short, long, value_name = "FORMAT[=PATH]")]
    pub output: Vec<OutputArgument>,
    /// Exit with 2 when a finding is this bad or worse: critical, high, medium, low, informational
    #[arg(long, value_name = "SEVERITY", env = "ASSAY_FAIL_ON")]
    pub fail_on: Option<Band>,
    /// Exit with 3 when something could not be decided
    #[arg(long)]
    pub fail_on_incomplete: bool,
    /// OpenVEX or CSAF document that says what is not affected here; may be repeated
    #[arg(long, value_name = "FILE")]
    pub vex: Vec<Utf8PathBuf>,
    /// Fetch nothing: use the feeds that are there
    #[arg(long, env = "ASSAY_OFFLINE", value_parser = clap::builder::FalseyValueParser::new())]
    pub offline: bool,
    /// Keep no record of this run
    #[arg(long)]
    pub no_store: bool,
    /// Name of the run [default: the time]
    #[arg(long, value_name = "NAME")]
    pub run_name: Option<String>,
    /// Show every finding in the table
    #[arg(long)]
    pub all: bool,
}

/// Arguments of `assay collect`.
#[derive(Debug, Args)]
pub struct CollectArguments {
    /// What to collect from.
    #[command(flatten)]
    pub source: SourceArguments,
    /// Only these sections, for example os,packages [default: all]
    #[arg(long, value_name = "SECTIONS", value_delimiter = ',', value_parser = parse_section)]
    pub sections: Vec<Section>,
    /// Collect what this file asks for (JSON); it is how `--ssh` tells the host
    #[arg(long, value_name = "FILE", hide = true, conflicts_with = "sections")]
    pub request: Option<Utf8PathBuf>,
    /// File to write the evidence to; `-` is stdout
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub output: Utf8PathBuf,
}

fn parse_section(text: &str) -> Result<Section, String> {
    Section::ALL.into_iter().find(|section| section.as_str() == text).ok_or_else(|| {
        let names = Section::ALL.map(Section::as_str).join(", ");
        format!("use one of {names}")
    })
}
