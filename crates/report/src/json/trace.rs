//! The trace under a finding's `assay` member: evidence, advisory records, comparisons, condition.

use assay_model::finding::{AffectedPackage, Confidence, CvssScore, FixState, Vulnerability};
use assay_model::trace::{AdvisoryRecord, Comparison, ConditionPart, EvidenceItem, RiskAddend, Trace};
use serde::Serialize;

/// `assay.evidence[]`.
#[derive(Debug, Serialize)]
pub(crate) struct EvidenceView<'a> {
    label: &'a str,
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

impl<'a> From<&'a EvidenceItem> for EvidenceView<'a> {
    fn from(item: &'a EvidenceItem) -> EvidenceView<'a> {
        EvidenceView { label: &item.label, value: &item.value, source: item.source.as_deref(), line: item.line }
    }
}

/// `assay.packages[]`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PackageView<'a> {
    name: &'a str,
    version: &'a str,
    architecture: &'a str,
    source_name: &'a str,
    source_version: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed_version: Option<&'a str>,
    state: FixState,
    confidence: Confidence,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purl: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<&'a str>,
}

impl<'a> From<&'a AffectedPackage> for PackageView<'a> {
    fn from(package: &'a AffectedPackage) -> PackageView<'a> {
        PackageView {
            name: &package.name,
            version: &package.version,
            architecture: &package.architecture,
            source_name: &package.source_name,
            source_version: &package.source_version,
            fixed_version: package.fixed_version.as_deref(),
            state: package.state,
            confidence: package.confidence,
            note: package.note.as_deref(),
            purl: package.purl.as_deref(),
            location: package.location.as_deref(),
        }
    }
}

/// `assay.vulnerability`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VulnerabilityView<'a> {
    cve: &'a str,
    cvss: Vec<CvssView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kev_date_added: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epss: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epss_percentile: Option<f64>,
}

#[derive(Debug, Serialize)]
struct CvssView<'a> {
    version: &'a str,
    score: f64,
    vector: &'a str,
    source: &'a str,
}

impl<'a> From<&'a CvssScore> for CvssView<'a> {
    fn from(cvss: &'a CvssScore) -> CvssView<'a> {
        CvssView { version: &cvss.version, score: cvss.score, vector: &cvss.vector, source: &cvss.source }
    }
}

impl<'a> From<&'a Vulnerability> for VulnerabilityView<'a> {
    fn from(vulnerability: &'a Vulnerability) -> VulnerabilityView<'a> {
        VulnerabilityView {
            cve: &vulnerability.cve,
            cvss: vulnerability.cvss.iter().map(CvssView::from).collect(),
            kev_date_added: vulnerability.kev_date_added.as_deref(),
            epss: vulnerability.epss,
            epss_percentile: vulnerability.epss_percentile,
        }
    }
}

/// `assay.riskAddends[]`.
#[derive(Debug, Serialize)]
pub(crate) struct AddendView<'a> {
    label: &'a str,
    points: f64,
}

impl<'a> From<&'a RiskAddend> for AddendView<'a> {
    fn from(addend: &'a RiskAddend) -> AddendView<'a> {
        AddendView { label: &addend.label, points: addend.points }
    }
}

/// `assay.trace`; the severity's source and the risk's addends are members of `assay` itself.
#[derive(Debug, Serialize)]
pub(crate) struct TraceView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<&'a str>,
    parts: Vec<PartView<'a>>,
    advisories: Vec<AdvisoryView<'a>>,
    comparisons: Vec<ComparisonView<'a>>,
}

#[derive(Debug, Serialize)]
struct PartView<'a> {
    depth: u8,
    expression: &'a str,
    value: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AdvisoryView<'a> {
    feed: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fetched_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feed_digest: Option<&'a str>,
    release: &'a str,
    source_package: &'a str,
    status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    urgency: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct ComparisonView<'a> {
    package: &'a str,
    installed: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<&'a str>,
    conclusion: &'a str,
}

impl<'a> From<&'a Trace> for TraceView<'a> {
    fn from(trace: &'a Trace) -> TraceView<'a> {
        TraceView {
            condition: trace.condition.as_deref(),
            parts: trace.parts.iter().map(PartView::from).collect(),
            advisories: trace.advisories.iter().map(AdvisoryView::from).collect(),
            comparisons: trace.comparisons.iter().map(ComparisonView::from).collect(),
        }
    }
}

impl<'a> From<&'a ConditionPart> for PartView<'a> {
    fn from(part: &'a ConditionPart) -> PartView<'a> {
        PartView { depth: part.depth, expression: &part.expression, value: &part.value }
    }
}

impl<'a> From<&'a AdvisoryRecord> for AdvisoryView<'a> {
    fn from(record: &'a AdvisoryRecord) -> AdvisoryView<'a> {
        AdvisoryView {
            feed: &record.feed,
            fetched_at: record.fetched_at.as_deref(),
            feed_digest: record.feed_digest.as_deref(),
            release: &record.release,
            source_package: &record.source_package,
            status: &record.status,
            urgency: record.urgency.as_deref(),
            note: record.note.as_deref(),
        }
    }
}

impl<'a> From<&'a Comparison> for ComparisonView<'a> {
    fn from(comparison: &'a Comparison) -> ComparisonView<'a> {
        ComparisonView {
            package: &comparison.package,
            installed: &comparison.installed,
            order: comparison.order.as_deref(),
            fixed: comparison.fixed.as_deref(),
            conclusion: &comparison.conclusion,
        }
    }
}
