//! Risk: the score by which findings are sorted, as a sum of named addends (docs/risk.md).

use assay_model::finding::{FixState, Vulnerability};
use assay_model::severity::Severity;
use assay_model::trace::RiskAddend;

/// Points per point of CVSS base score, and per point of Inspector's numeric severity where there is no CVSS.
const POINTS_PER_SCORE: f64 = 5.0;
/// Points for being in CISA's catalogue of known exploited vulnerabilities.
const KNOWN_EXPLOITED: f64 = 30.0;
/// Points for an EPSS probability of 1.
const EXPLOIT_PREDICTED: f64 = 15.0;
/// Points where the affected package listens on an address other than loopback.
const LISTENS: f64 = 10.0;
/// Points where a process runs code of the affected package, as it does not of most of what is installed.
const RUNS: f64 = 5.0;
/// Points (negative) where the verdict is not certain: what a lock file names, code behind a live patch.
const NOT_CERTAIN: f64 = -5.0;
/// Points where installing an update is enough.
const FIX_AVAILABLE: f64 = 5.0;
/// Points (negative) where the only affected packages are kernels that do not run.
const DORMANT: f64 = -20.0;

/// What of a vulnerability on a host changes its risk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exposure<'a> {
    /// Severity of the finding.
    pub(crate) severity: Severity,
    /// The vulnerability.
    pub(crate) vulnerability: &'a Vulnerability,
    /// Fix states of the affected packages.
    pub(crate) states: &'a [FixState],
    /// Where an affected package listens, for example `tcp/22 on 0.0.0.0`.
    pub(crate) listens: Option<&'a str>,
    /// The first process that runs code of an affected package.
    pub(crate) runs: Option<&'a str>,
    /// Whether any of the verdicts is certain.
    pub(crate) is_certain: bool,
    /// How far an affected kernel is from running.
    pub(crate) running: Running,
}

/// Whether the affected code can be running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Running {
    /// It may be.
    Possible,
    /// Only kernels that neither run nor boot next.
    Dormant,
}

/// The addends of a vulnerability's risk.
pub(crate) fn of_vulnerability(exposure: &Exposure<'_>) -> Vec<RiskAddend> {
    let vulnerability = exposure.vulnerability;
    let mut addends = vec![match vulnerability.cvss.first() {
        Some(cvss) => {
            addend(format!("CVSS {} base score {:.1}", cvss.version, cvss.score), cvss.score * POINTS_PER_SCORE)
        }
        None => of_severity(exposure.severity),
    }];
    if let Some(date) = &vulnerability.kev_date_added {
        addends.push(addend(format!("known to be exploited (CISA KEV since {date})"), KNOWN_EXPLOITED));
    }
    if let Some(probability) = vulnerability.epss {
        let label = format!("EPSS: {:.2} % chance of exploitation within 30 days", probability * 100.0);
        addends.push(addend(label, probability * EXPLOIT_PREDICTED));
    }
    if let Some(place) = exposure.listens {
        addends.push(addend(format!("an affected package listens: {place}"), LISTENS));
    }
    if let Some(process) = exposure.runs {
        addends.push(addend(format!("a process runs its code: {process}"), RUNS));
    }
    if !exposure.is_certain {
        addends.push(addend("the verdict is not certain", NOT_CERTAIN));
    }
    if exposure.states.contains(&FixState::FixedIn) {
        addends.push(addend("an update fixes it", FIX_AVAILABLE));
    }
    if exposure.running == Running::Dormant {
        addends.push(addend("the affected kernel does not run", DORMANT));
    }
    addends
}

/// The addend of a severity alone: the risk of a configuration finding.
pub(crate) fn of_severity(severity: Severity) -> RiskAddend {
    addend(format!("severity {severity}"), severity.numeric() * POINTS_PER_SCORE)
}

/// The score: the sum, never below zero, rounded to a tenth so that it prints and compares the same everywhere.
pub(crate) fn score(addends: &[RiskAddend]) -> f64 {
    let sum: f64 = addends.iter().map(|addend| addend.points).sum();
    (sum.max(0.0) * 10.0).round() / 10.0
}

fn addend(label: impl Into<String>, points: f64) -> RiskAddend {
    RiskAddend { label: label.into(), points: (points * 10.0).round() / 10.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use assay_model::finding::CvssScore;

    fn vulnerability(cvss: Option<f64>, kev: bool, epss: Option<f64>) -> Vulnerability {
        Vulnerability {
            cve: "CVE-2024-0001".into(),
            aliases: Vec::new(),
            cvss: cvss
                .map(|score| CvssScore { version: "3.1".into(), score, vector: String::new(), source: "NVD".into() })
                .into_iter()
                .collect(),
            kev_date_added: kev.then(|| "2024-01-01".into()),
            epss,
            epss_percentile: None,
        }
    }

    fn check(vulnerability: &Vulnerability, states: &[FixState], running: Running, expected: f64) {
        let exposure = Exposure {
            severity: Severity::High,
            vulnerability,
            states,
            listens: None,
            runs: None,
            is_certain: true,
            running,
        };
        assert_eq!(score(&of_vulnerability(&exposure)), expected);
    }

    #[test]
    fn scores_add_up() {
        use FixState::{FixedIn, NoFixYet};
        check(&vulnerability(Some(9.8), true, Some(0.9)), &[FixedIn], Running::Possible, 49.0 + 30.0 + 13.5 + 5.0);
        check(&vulnerability(Some(9.8), false, None), &[NoFixYet], Running::Possible, 49.0);
        check(&vulnerability(Some(5.5), false, None), &[FixedIn], Running::Dormant, 27.5 + 5.0 - 20.0);
        check(&vulnerability(None, false, None), &[NoFixYet], Running::Possible, 45.0);
    }
}
