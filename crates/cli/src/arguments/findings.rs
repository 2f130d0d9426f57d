//! Arguments of `assay findings`, `assay why` and `assay why-not`.

use assay_model::finding::FixState;
use assay_model::rules_package::RulesPackageKind;
use assay_model::severity::Band;
use camino::Utf8PathBuf;
use clap::{Args, Subcommand};

/// Findings of earlier runs.
#[derive(Debug, Subcommand)]
pub enum FindingsCommand {
    /// List findings, worst first
    List(FindingsListArguments),
    /// Show one finding in full
    Show(FindingsShowArguments),
}

/// Arguments of `assay findings list`.
#[derive(Debug, Args)]
pub struct FindingsListArguments {
    /// Run: ARN, id, beginning of an id, name, or `latest`
    #[arg(long, default_value = "latest")]
    pub run: String,
    /// Only findings this bad or worse
    #[arg(long, value_name = "SEVERITY")]
    pub severity: Option<Band>,
    /// Only findings of this rules package
    #[arg(long, value_name = "PACKAGE")]
    pub rules: Option<RulesPackageKind>,
    /// Only findings of this rule (CVE or rule id)
    #[arg(long, value_name = "RULE")]
    pub rule: Option<String>,
    /// Only findings that affect this package (binary or source name)
    #[arg(long, value_name = "NAME")]
    pub package: Option<String>,
    /// Only findings in this state: fixed-in, no-fix-yet, no-dsa, ignored, end-of-life
    #[arg(long, value_name = "STATE", value_parser = parse_fix_state)]
    pub state: Option<FixState>,
    /// Only findings that contain this text
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// At most this many
    #[arg(long, default_value_t = 1000)]
    pub limit: u32,
    /// JSON lines instead of a table
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `assay findings show`.
#[derive(Debug, Args)]
pub struct FindingsShowArguments {
    /// Finding: ARN, id, key, the beginning of one of these, or a CVE or rule id of the latest run
    pub finding: String,
    /// JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `assay why`.
#[derive(Debug, Args)]
pub struct WhyArguments {
    /// Finding: ARN, id, key, the beginning of one of these, or a CVE or rule id of the latest run
    pub finding: String,
}

/// Arguments of `assay why-not`.
#[derive(Debug, Args)]
pub struct WhyNotArguments {
    /// Vulnerability, for example CVE-2024-3094
    pub cve: String,
    /// Run: ARN, id, beginning of an id, name, or `latest`
    #[arg(long, default_value = "latest")]
    pub run: String,
    /// OpenVEX or CSAF document to judge by, instead of what the run set aside; may be repeated
    #[arg(long, value_name = "FILE")]
    pub vex: Vec<Utf8PathBuf>,
}

fn parse_fix_state(text: &str) -> Result<FixState, String> {
    match text {
        "fixed-in" | "fixed" => Ok(FixState::FixedIn),
        "no-fix-yet" => Ok(FixState::NoFixYet),
        "no-dsa" => Ok(FixState::NoDsa),
        "ignored" => Ok(FixState::Ignored),
        "end-of-life" => Ok(FixState::EndOfLife),
        "other-channel" => Ok(FixState::OtherChannel),
        "restart-needed" => Ok(FixState::RestartNeeded),
        _ => Err("use fixed-in, no-fix-yet, no-dsa, ignored, end-of-life, other-channel or restart-needed".to_owned()),
    }
}
