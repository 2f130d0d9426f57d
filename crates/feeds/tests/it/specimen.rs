//! Small feeds in their publishers' formats, as many records long as a test asks for.

use std::fmt::Write;

/// The Debian tracker's JSON: `count` entries of one source package, for one release.
pub(crate) fn debian(release: &str, count: usize) -> String {
    debian_of(&[(release, count)])
}

/// The Debian tracker's JSON: by release, how many entries speak of it.
pub(crate) fn debian_of(releases: &[(&str, usize)]) -> String {
    let longest = releases.iter().map(|(_, count)| *count).max().unwrap_or_default();
    let entries = (0..longest).map(|number| {
        let spoken_of = releases.iter().filter(|(_, count)| number < *count).map(|(release, _)| {
            format!(
                r#""{release}":{{"fixed_version":"1.{number}-1","repositories":{{"{release}":"1.0-1"}},"status":"resolved","urgency":"not yet assigned"}}"#
            )
        });
        let spoken_of = spoken_of.collect::<Vec<String>>().join(",");
        format!(r#""CVE-2024-{}":{{"description":"made for a test","releases":{{{spoken_of}}},"scope":"local"}}"#, 1000 + number)
    });
    format!(r#"{{"openssl":{{{}}}}}"#, entries.collect::<Vec<String>>().join(","))
}

/// CISA's catalogue.
pub(crate) fn kev(count: usize) -> String {
    let entries = (0..count).map(|number| {
        format!(
            r#"{{"cveID":"CVE-2024-{}","vendorProject":"A","product":"B","vulnerabilityName":"C","dateAdded":"2026-08-21","shortDescription":"D","requiredAction":"E","dueDate":"2026-08-24","knownRansomwareCampaignUse":"Unknown","notes":"","cwes":["CWE-78"]}}"#,
            1000 + number
        )
    });
    format!(
        r#"{{"title":"CISA Catalog of Known Exploited Vulnerabilities","catalogVersion":"2026.08.21","dateReleased":"2026-08-21T17:46:43.6019Z","count":{count},"vulnerabilities":[{}]}}"#,
        entries.collect::<Vec<String>>().join(",")
    )
}

/// FIRST's scores.
pub(crate) fn epss(count: usize) -> String {
    let mut text = "#model_version:v2025.03.14,score_date:2026-11-20T12:55:00Z\ncve,epss,percentile\n".to_owned();
    for number in 0..count {
        writeln!(text, "CVE-2024-{},0.01151,0.78086", 1000 + number).unwrap();
    }
    text
}

/// The NVD's feed of one year.
pub(crate) fn nvd(year: i16, count: usize) -> String {
    let entries = (0..count).map(|number| {
        format!(
            r#"{{"cve":{{"id":"CVE-{year}-{}","sourceIdentifier":"nvd@nist.gov","vulnStatus":"Analyzed","descriptions":[{{"lang":"en","value":"made for a test"}}],"metrics":{{"cvssMetricV31":[{{"source":"nvd@nist.gov","type":"Primary","cvssData":{{"version":"3.1","vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H","baseScore":9.8,"baseSeverity":"CRITICAL"}},"exploitabilityScore":3.9,"impactScore":5.9}}]}},"references":[]}}}}"#,
            1000 + number
        )
    });
    format!(
        r#"{{"resultsPerPage":{count},"startIndex":0,"totalResults":{count},"format":"NVD_CVE","version":"2.0","timestamp":"2026-11-24T03:00:00.000","vulnerabilities":[{}]}}"#,
        entries.collect::<Vec<String>>().join(",")
    )
}
