//! Arguments of `assay compare`.

use camino::Utf8PathBuf;
use clap::Args;

/// Arguments of `assay compare`.
#[derive(Debug, Args)]
pub struct CompareArguments {
    /// Report of Trivy, Grype, OSV-Scanner or Vuls in JSON; `-` reads stdin
    pub report: Utf8PathBuf,
    /// Run: ARN, id, beginning of an id, name, or `latest`
    #[arg(long, default_value = "latest")]
    pub run: String,
    /// List everything, also what both say
    #[arg(long)]
    pub all: bool,
    /// JSON lines instead of text
    #[arg(long)]
    pub json: bool,
}
