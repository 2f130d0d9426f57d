//! The reader of other scanners' reports: who made it, then that scanner's own reader.
//!
//! Reports name their scanner nowhere, so the members at the top tell. serde_json bounds the depth of what is kept, and
//! passes over the rest without recursion.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::claim::{OtherReport, Scanner};
use super::{OtherReportError, grype, osv_scanner, trivy, vuls};

/// Most bytes of a report: a Grype report of 1,500 matches has 4 MB.
pub const MAX_REPORT_BYTES: usize = 256 << 20;

/// Reads the JSON report of a scanner that it tells by its members.
///
/// # Errors
///
/// When it is too large, empty, no JSON, of no known scanner, of a whole cluster, or of another form than its format.
pub fn read_other_report(bytes: &[u8]) -> Result<OtherReport, OtherReportError> {
    if bytes.len() > MAX_REPORT_BYTES {
        return Err(OtherReportError::TooLarge { limit: MAX_REPORT_BYTES });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match bytes.trim_ascii_start().first() {
        None => Err(OtherReportError::Empty),
        // What Trivy wrote before it had a schema version.
        Some(b'[') => Ok(trivy::claims(from_json(bytes, Scanner::Trivy)?)),
        Some(_) => read_object(bytes),
    }
}

fn read_object(bytes: &[u8]) -> Result<OtherReport, OtherReportError> {
    let members: Members = serde_json::from_slice(bytes).map_err(|cause| match cause.classify() {
        serde_json::error::Category::Data => OtherReportError::UnknownScanner,
        _ => OtherReportError::Json(cause),
    })?;
    if members.cluster_name.is_some() {
        Err(OtherReportError::OfCluster)
    } else if members.scanned_cves.is_some() {
        Ok(vuls::claims(from_json(bytes, Scanner::Vuls)?))
    } else if members.matches.is_some() {
        Ok(grype::claims(from_json(bytes, Scanner::Grype)?))
    } else if members.schema_version.is_some() || members.trivy_results.is_some() {
        let report: trivy::Report = from_json(bytes, Scanner::Trivy)?;
        Ok(trivy::claims(report.results.unwrap_or_default()))
    } else if members.results.is_some() {
        Ok(osv_scanner::claims(from_json(bytes, Scanner::OsvScanner)?))
    } else {
        Err(OtherReportError::UnknownScanner)
    }
}

fn from_json<T: DeserializeOwned>(bytes: &[u8], scanner: Scanner) -> Result<T, OtherReportError> {
    serde_json::from_slice(bytes).map_err(|cause| match cause.classify() {
        serde_json::error::Category::Data => OtherReportError::Form { scanner, cause },
        _ => OtherReportError::Json(cause),
    })
}

/// The members that tell who made a report; a member that is null is one that is there.
#[derive(Deserialize)]
struct Members {
    #[serde(default, rename = "ClusterName", deserialize_with = "there")]
    cluster_name: Option<IgnoredAny>,
    #[serde(default, rename = "SchemaVersion", deserialize_with = "there")]
    schema_version: Option<IgnoredAny>,
    #[serde(default, rename = "Results", deserialize_with = "there")]
    trivy_results: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "there")]
    results: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "there")]
    matches: Option<IgnoredAny>,
    #[serde(default, rename = "scannedCves", deserialize_with = "there")]
    scanned_cves: Option<IgnoredAny>,
}

fn there<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<IgnoredAny>, D::Error> {
    IgnoredAny::deserialize(deserializer).map(Some)
}
