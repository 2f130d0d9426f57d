//! Records of every publisher, and what becomes of them.

use super::read;
use crate::{AdvisoryError, AffectedRange, Entry, EntrySink, Limits, RangeEnd, Scope, Statement};

#[derive(Default)]
struct Kept {
    lines: Vec<String>,
    entries: Vec<Entry>,
    malformed: Vec<String>,
}

impl EntrySink for Kept {
    fn entry(&mut self, scope: &Scope, entry: Entry) -> Result<(), AdvisoryError> {
        self.lines.push(format!("{scope} {}", line(&entry)));
        self.entries.push(entry);
        Ok(())
    }

    fn malformed(&mut self, place: &str, detail: &str) {
        self.malformed.push(format!("{place}: {detail}"));
    }
}

/// An entry in one line: id, package, what is said, module, channel, severity.
fn line(entry: &Entry) -> String {
    let said = match &entry.statement {
        Statement::Affected { ranges, versions, unfixed } => {
            let range = |range: &AffectedRange| match (&range.introduced, &range.end) {
                (first, RangeEnd::Fixed(end)) => format!("{}<{end}", first.as_deref().unwrap_or_default()),
                (first, RangeEnd::LastAffected(end)) => format!("{}<={end}", first.as_deref().unwrap_or_default()),
                (first, RangeEnd::Open) => format!("{}.. ({})", first.as_deref().unwrap_or_default(), unfixed.as_str()),
            };
            ranges.iter().map(range).chain(versions.iter().map(|one| format!("={one}"))).collect::<Vec<_>>().join(" | ")
        }
        other => format!("{other:?}"),
    };
    let optional = [&entry.module, &entry.channel].map(|text| text.as_deref().unwrap_or("-"));
    format!("{} {:?} {} [{said}] {} {}", entry.id, entry.level, entry.package, optional.join(" "), entry.severity)
}

#[track_caller]
fn check(json: &str, expected: &[&str]) -> Kept {
    let mut kept = Kept::default();
    read(json.as_bytes(), &Limits::default(), &mut kept).unwrap();
    assert_eq!(kept.lines, expected, "{json}");
    assert_eq!(kept.malformed, Vec::<String>::new(), "{json}");
    kept
}

#[test]
fn libraries() {
    let pypi = r#"{"id":"PYSEC-1","aliases":["CVE-2024-1000","GHSA-x"],"details":"Long.","severity":
        [{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],"affected":[{"package":
        {"ecosystem":"PyPI","name":"Foo_Bar"},"ranges":[{"type":"GIT","repo":"x","events":[{"introduced":"0"}]},
        {"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.2"},{"introduced":"2"},{"last_affected":"2.1"}]}],
        "versions":["1.0","1.1","2.0","3.0","legacy"]}]}"#;
    let kept = check(pypi, &["pypi CVE-2024-1000 Binary foo-bar [<1.2 | 2<=2.1 | =3.0 | =legacy] - - "]);
    let entry = &kept.entries[0];
    assert_eq!(entry.aliases, ["PYSEC-1", "GHSA-x"]);
    assert_eq!(entry.cvss, ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"]);
    assert_eq!(entry.description, "Long.");

    let github = r#"{"id":"GHSA-y","database_specific":{"severity":"MODERATE"},"affected":[
        {"package":{"ecosystem":"Maven","name":"a:b"},"versions":["1.0"]},
        {"package":{"ecosystem":"npm","name":"@a/b"},"ranges":[{"type":"SEMVER","events":[{"introduced":"1.0.0"}]}]}]}"#;
    check(
        github,
        &["maven GHSA-y Binary a:b [=1.0] - - moderate", "npm GHSA-y Binary @a/b [1.0.0.. (no fix yet)] - - moderate"],
    );

    let withdrawn = pypi.replace(r#""details""#, r#""withdrawn":"2024-01-01T00:00:00Z","details""#);
    check(&withdrawn, &[]);
}

#[test]
fn what_go_and_rust_add() {
    let go = r#"{"id":"GO-1","affected":[{"package":{"ecosystem":"Go","name":"example.org/m"},"ranges":[{"type":"SEMVER",
        "events":[{"introduced":"0"}]}],"ecosystem_specific":{"imports":[{"path":"example.org/m/p","symbols":["A","B"]}],
        "custom_ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"5.0"}]}]}}],
        "database_specific":{"url":"https://pkg.go.dev/vuln/GO-1"}}"#;
    let kept = check(go, &["go GO-1 Binary example.org/m [.. (no fix yet)] - - "]);
    let note = "in example.org/m/p: A, B; the publisher also gives versions that are none of the module: 5.0";
    assert_eq!(kept.entries[0].note, note);
    assert_eq!(kept.entries[0].reference, "https://pkg.go.dev/vuln/GO-1");

    let rust = r#"{"id":"RUSTSEC-1","affected":[{"package":{"ecosystem":"crates.io","name":"a"},"ranges":[{"type":"SEMVER",
        "events":[{"introduced":"0.0.0-0"}]}],"ecosystem_specific":{"affects":{"os":[]},"affected_functions":null},
        "database_specific":{"informational":"unmaintained","cvss":null}}]}"#;
    let kept = check(rust, &["crates-io RUSTSEC-1 Binary a [.. (no fix yet)] - - informational"]);
    assert_eq!(kept.entries[0].status, "unmaintained");
    let windows = rust.replace(r#""os":[]"#, r#""os":["windows"]"#);
    check(
        &windows,
        &["crates-io RUSTSEC-1 Binary a [NotAffected { reason: Some(\"only on windows\") }] - - informational"],
    );
}

#[test]
fn distributions() {
    let alma = r#"{"id":"ALSA-2024:1","summary":"Moderate: nodejs:18 security update","related":["CVE-2024-1000",
        "CVE-2024-1001"],"affected":[
        {"package":{"ecosystem":"AlmaLinux:8","name":"npm"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},
        {"fixed":"1:9-1.module_el8.5.0+2"}]}]},
        {"package":{"ecosystem":"AlmaLinux:8","name":"npm"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},
        {"fixed":"1:9-1.module_el8.4.0+1"}]}]}]}"#;
    check(
        alma,
        &[
            "almalinux-8 CVE-2024-1000 Binary npm [<1:9-1.module_el8.4.0+1] nodejs:18 - moderate",
            "almalinux-8 CVE-2024-1001 Binary npm [<1:9-1.module_el8.4.0+1] nodejs:18 - moderate",
        ],
    );
    let ubuntu = r#"{"id":"UBUNTU-CVE-2024-1000","related":["CVE-2024-1000"],"affected":[{"package":{"ecosystem":
        "Ubuntu:Pro:18.04:LTS","name":"a","purl":"pkg:deb/ubuntu/a@1?arch=source&distro=esm-apps/bionic"},"ranges":[{"type":
        "ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1-1ubuntu0.1~esm1"}]}],"ecosystem_specific":{"ubuntu_priority":
        "medium","binaries":[{"binary_name":"a-bin","binary_version":"1"}]}},{"package":{"ecosystem":
        "Ubuntu:18.04:LTS","name":"b"},"ecosystem_specific":{"availability":"Livepatch subscription required"}}]}"#;
    check(ubuntu, &["ubuntu-18.04 CVE-2024-1000 Source a [<1-1ubuntu0.1~esm1] - esm-apps medium"]);
    let suse = r#"{"id":"SUSE-SU-2024:1-1","related":["CVE-2024-1000"],"affected":[{"package":{"ecosystem":
        "SUSE:Linux Enterprise Server 15 SP5","name":"bind"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},
        {"fixed":"9.1-1"}]}],"ecosystem_specific":{"binaries":[{"bind-utils":"9.1-1","libdns1":"9.1-1"}]}}]}"#;
    check(
        suse,
        &[
            "suse-15.5 CVE-2024-1000 Binary bind-utils [<9.1-1] - - ",
            "suse-15.5 CVE-2024-1000 Binary libdns1 [<9.1-1] - - ",
        ],
    );
    let alpine = r#"{"id":"ALPINE-CVE-2024-1000","upstream":["CVE-2024-1000"],"affected":[{"package":{"ecosystem":
        "Alpine:v3.20","name":"a"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1-r0"}]}]},
        {"package":{"ecosystem":"Wolfi","name":"a"}}]}"#;
    check(alpine, &["alpine-3.20 CVE-2024-1000 Source a [<1-r0] - - "]);
    let debian = r#"{"id":"DSA-1","related":["CVE-2024-1000"],"affected":[{"package":{"ecosystem":"Debian:12","name":"a"},
        "ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"}]}],"ecosystem_specific":{"urgency":"end-of-life"}}]}"#;
    check(debian, &["debian-bookworm CVE-2024-1000 Source a [.. (end of life)] - - end-of-life"]);
    check(r#"{"id":"ALBA-1","affected":[{"package":{"ecosystem":"AlmaLinux:8","name":"a"}}]}"#, &[]);
}

#[test]
fn a_bad_record_costs_itself_alone() {
    let good = r#"{"id":"GHSA-y","affected":[{"package":{"ecosystem":"npm","name":"a"},"versions":["1.0.0"]}]}"#;
    let bad = [
        r#"{"affected":[]}"#,
        r#"{"id":7}"#,
        r#"{"id":""}"#,
        r#"{"id":"x","affected":[{"package":{"ecosystem":"Debian","name":"a"}}]}"#,
        r#"{"id":"x","affected":[{"package":{"ecosystem":"npm","name":""}}]}"#,
        r#"{"id":"x","affected":[{"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"SVN","events":[]}]}]}"#,
        r#"{"id":"x","affected":[{"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"GIT","events":[{}]}]}]}"#,
        r#"{"id":"x","affected":[{"package":{"ecosystem":"openSUSE:Tumbleweed","name":"a"},"ranges":[{"type":"ECOSYSTEM",
            "events":[{"introduced":"0"},{"fixed":"1"}]}],"ecosystem_specific":{"binaries":[{"":"1"}]}}]}"#,
        "no JSON",
    ];
    for bad in bad {
        let mut kept = Kept::default();
        read(format!("{good}\n{bad}\n{good}").as_bytes(), &Limits::default(), &mut kept).unwrap();
        assert_eq!((kept.lines.len(), kept.malformed.len()), (2, 1), "{bad}");
    }
}

#[test]
fn limits_hold() {
    let record = r#"{"id":"GHSA-y","affected":[{"package":{"ecosystem":"npm","name":"a"},"versions":["1.0.0"]}]}"#;
    let read =
        |json: &str, limits: Limits| read(json.as_bytes(), &limits, &mut Kept::default()).map_err(|e| e.to_string());
    assert_eq!(read("", Limits::default()).unwrap_err(), "osv: the feed: it has no record");
    let few = Limits { records: 1, ..Limits::default() };
    assert_eq!(read(record, few.clone()), Ok(()));
    let error = read(&format!("{record}{record}"), few).unwrap_err();
    assert_eq!(error, "osv: number of records is over the limit of 1");
    let many = record
        .replace(r#""affected":["#, r#""affected":[{"package":{"ecosystem":"npm","name":"b"},"versions":["1"]},"#);
    let error = read(&many, Limits { records: 1, ..Limits::default() }).unwrap_err();
    assert_eq!(error, "osv: number of entries is over the limit of 1");
    assert!(read(record.get(..50).unwrap(), Limits::default()).is_err());
}
