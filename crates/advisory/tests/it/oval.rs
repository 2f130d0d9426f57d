//! OVAL of distributions against what vuln-list-update made of the same files, and against the files' own comments.

use std::collections::BTreeSet;

use assay_advisory::import::oval;
use assay_advisory::{Limits, RangeEnd, Statement};
use serde_json::Value;

use crate::samples::{Collected, json, sample, text};

fn read(xml: &[u8]) -> Collected {
    let mut collected = Collected::default();
    oval::read(xml, &Limits::default(), &mut collected).unwrap();
    collected
}

/// `VULNERABILITY PACKAGE VERSION`; the version is `open` where there is no fix, `never` where it is not affected.
fn rows_of(found: &Collected) -> BTreeSet<String> {
    let said = |statement: &Statement| match statement {
        Statement::Affected { ranges, .. } => match &ranges[0].end {
            RangeEnd::Fixed(version) => version.clone(),
            _ => "open".to_owned(),
        },
        Statement::NotAffected { .. } => "never".to_owned(),
        other => panic!("{other:?}"),
    };
    let entries = found.entries.iter();
    entries.map(|(_, entry)| format!("{} {} {}", entry.id, entry.package, said(&entry.statement))).collect()
}

/// The comments of the leaves of a tree, as the golden files have it.
fn comments(criteria: &Value, found: &mut Vec<String>) {
    for criterion in criteria["Criterions"].as_array().into_iter().flatten() {
        found.push(text(criterion, "Comment").to_owned());
    }
    for inner in criteria["Criterias"].as_array().into_iter().flatten() {
        comments(inner, found);
    }
}

/// What the comments of a golden definition say.
fn rows_of_golden(definition: &Value, cves: &[&str], is_unaffected: bool) -> BTreeSet<String> {
    let mut leaves = Vec::new();
    comments(&definition["Criteria"], &mut leaves);
    let mut rows = BTreeSet::new();
    for leaf in &leaves {
        let said = match (leaf.split_once(" is earlier than "), leaf.strip_suffix(" is installed")) {
            (Some((package, version)), _) => format!("{package} {version}"),
            (None, Some(package)) if package.contains(' ') || leaf.contains(" not ") => continue,
            (None, Some(package)) => format!("{package} {}", if is_unaffected { "never" } else { "open" }),
            _ => continue,
        };
        rows.extend(cves.iter().map(|cve| format!("{cve} {said}")));
    }
    rows
}

#[test]
fn red_hat_is_read_as_its_golden_files_say() {
    let folder = "vuln-list-update/redhat/oval/testdata";
    for (file, golden, scope, channel, names) in [
        (
            "RHEL8/ansible-2",
            "8/ansible-2",
            "redhat-8",
            "product-ansible_engine-",
            &[
                "2019/RHSA-2019-3927",
                "2020/CVE-2020-10744",
                "2020/CVE-2020-1734",
                "2020/CVE-2020-1738",
                "2020/RHSA-2020-0215",
            ][..],
        ),
        (
            "RHEL7/dotnet-3.1",
            "7/dotnet-3.1",
            "redhat-7",
            "product-rhel_dotnet-3.1",
            &[
                "2020/CVE-2020-0605.unaffected",
                "2020/CVE-2020-0606.unaffected",
                "2020/RHSA-2020-0134",
                "2020/RHSA-2020-2249",
            ],
        ),
        (
            "RHEL6/rhel-6-extras",
            "6/rhel-6-extras",
            "redhat-6",
            "product-rhel_extras_other-6",
            &[
                "2014/CVE-2014-3209",
                "2014/RHBA-2014-1396",
                "2016/CVE-2016-5361",
                "2016/CVE-2016-5391.unaffected",
                "2018/CVE-2018-5389",
                "2020/CVE-2020-28935",
            ],
        ),
    ] {
        let found = read(&sample(&format!("{folder}/happy/{file}-including-unpatched.oval.xml.bz2")));
        let mut expected = BTreeSet::new();
        for name in names {
            let definition = json(&format!("{folder}/golden/{golden}-including-unpatched/definitions/{name}.json"));
            let references = definition["Metadata"]["References"].as_array().unwrap();
            let cves: Vec<&str> = references.iter().map(|reference| text(reference, "RefID")).collect();
            let cves: Vec<&str> = cves.into_iter().filter(|id| id.starts_with("CVE-")).collect();
            expected.append(&mut rows_of_golden(&definition, &cves, name.ends_with("unaffected")));
        }
        assert!(expected.len() > 4);
        assert_eq!(rows_of(&found), expected, "{file}");
        assert_eq!(found.malformed, [""; 0], "{file}");
        for (place, entry) in &found.entries {
            assert_eq!(place.to_string(), scope, "{entry:?}");
            // Some of these old definitions name no product.
            assert!(entry.channel.as_deref().is_none_or(|own| own.starts_with(channel)), "{entry:?}");
        }
    }
}

#[test]
fn unfixed_and_unaffected_are_told_apart() {
    let folder = "vuls-data-update/redhat/oval/v2/testdata/fixtures/oval/v2/RHEL9";
    let found = read(&sample(&format!("{folder}/rhel-9-including-unpatched.oval.xml.bz2")));
    assert_eq!(found.malformed, [""; 0]);
    let entry = |id: &str, package: &str| {
        let wanted = |entry: &assay_advisory::Entry| entry.id == id && entry.package == package;
        &found.entries.iter().find(|(_, entry)| wanted(entry)).unwrap_or_else(|| panic!("{id} {package}")).1
    };
    let tar = entry("CVE-2005-2541", "tar");
    assert_eq!(
        (tar.status.as_str(), tar.severity.as_str(), tar.channel.as_deref()),
        ("Will not fix", "moderate", None)
    );
    assert_eq!(tar.cvss, ["CVSS:3.1/AV:L/AC:H/PR:N/UI:R/S:U/C:H/I:H/A:H"]);
    assert!(tar.description.starts_with("DOCUMENTATION: The MITRE CVE dictionary"));
    assert!(matches!(entry("CVE-2002-0059", "zlib").statement, Statement::NotAffected { .. }));
    let firefox = entry("CVE-2022-1529", "firefox");
    assert_eq!(firefox.statement, Statement::fixed_in("0:91.9.1-1.el9_0"));
    assert_eq!(firefox.aliases, ["RHSA-2022:4765"]);
    let described = "Mozilla: Untrusted input used in JavaScript object indexing, leading to prototype pollution";
    assert_eq!(firefox.description, described);
    let jboss = read(&sample(&format!("{folder}/jboss-ws-5-including-unpatched.oval.xml.bz2")));
    assert!(jboss.entries.iter().all(|(_, entry)| {
        entry.channel.as_deref().is_some_and(|channel| channel.starts_with("product-jboss_enterprise_web_server-"))
    }));
}

#[test]
fn oracle_is_read_as_its_golden_files_say() {
    let folder = "vuln-list-update/oracle/oval/testdata";
    let golden = |id: &str| {
        let definition = json(&format!("{folder}/golden/{id}.json"));
        let cves: Vec<String> =
            definition["Cves"].as_array().unwrap().iter().map(|cve| text(cve, "ID").to_owned()).collect();
        let cves: Vec<&str> = cves.iter().map(String::as_str).collect();
        rows_of_golden(&definition, &cves, false)
    };
    for (file, id) in [("ELSA-2007-0057.xml", "ELSA-2007-0057"), ("elsa-2018-1196-1.xml.bz2", "ELSA-2018-1196-1")] {
        let found = read(&sample(&format!("{folder}/{file}")));
        assert_eq!(rows_of(&found), golden(id), "{file}");
        assert_eq!(found.malformed, [""; 0], "{file}");
    }
}

#[test]
fn almalinux_writes_as_red_hat_does() {
    let found = read(&sample("vuls-data-update/alma/oval/testdata/fixtures/org.almalinux.alsa-9.xml.bz2"));
    assert!(rows_of(&found).contains("CVE-2022-42927 firefox 0:102.4.0-1.el9_0.alma"));
    assert_eq!(found.malformed, [""; 0]);
    for (scope, entry) in &found.entries {
        assert_eq!((scope.to_string().as_str(), entry.channel.as_deref()), ("almalinux-9", None));
        assert_eq!(entry.aliases.len(), 1, "{:?}", entry.aliases);
    }
}

#[test]
fn every_sample_of_suse_is_read() {
    let folder = "vuls-data-update/suse/oval/testdata/fixtures/happy";
    for (file, scope, row) in [
        ("opensuse.leap.15.2", "opensuse-15.2", "CVE-2010-2322 fastjar 0:0.98-lp152.4.3.1"),
        ("opensuse.tumbleweed", "opensuse-tumbleweed", "CVE-2001-1267 tar 0:1.34-2.2"),
        ("opensuse.13.2", "opensuse-13.2", "CVE-2002-2443 krb5 0:1.12.2-3.1"),
        ("suse.linux.enterprise.16-affected", "suse-16.0", "CVE-2001-1267 tar 0:1.35-160000.2.2"),
        ("suse.linux.enterprise.16-patch", "suse-16.0", "CVE-2022-0918 389-ds 0:3.0.6~git86.dce421a0d-160000.2.2"),
        ("suse.linux.enterprise.server.10", "suse-10.4", "CVE-2002-2443 krb5 0:1.4.3-19.49.53.1"),
    ] {
        let found = read(&sample(&format!("{folder}/{file}.xml.gz")));
        assert!(rows_of(&found).contains(row), "{file}: {:?} {:?}", rows_of(&found), found.malformed);
        assert!(found.entries.iter().all(|(place, _)| place.to_string() == scope), "{file}");
    }
}

#[test]
fn ubuntu_is_read_by_vulnerability_notice_and_package() {
    let folder = "vuls-data-update/ubuntu/oval/testdata/fixtures/oci.com.ubuntu.jammy";
    let libssh = "CVE-2023-48795 libssh-4 0.9.6-2ubuntu0.22.04.2";
    for (kind, row, alias) in [
        ("cve", libssh.replace("0.9.6", "0:0.9.6"), None),
        ("usn", libssh.to_owned(), Some("USN-6561-1")),
        ("pkg", libssh.replace("0.9.6", "0:0.9.6"), None),
    ] {
        let fips = format!("{folder}.{kind}.oval.xml.bz2").replace("ubuntu.jammy", "ubuntu.fips-updates_jammy");
        if kind != "usn" {
            let found = read(&sample(&fips));
            assert!(!found.entries.is_empty(), "{fips}: {:?}", found.malformed);
            assert!(found.entries.iter().all(|(_, entry)| entry.channel.as_deref() == Some("fips-updates")), "{fips}");
        }
        let found = read(&sample(&format!("{folder}.{kind}.oval.xml.bz2")));
        assert!(rows_of(&found).contains(&row), "{kind}: {:?}", rows_of(&found));
        assert_eq!(found.malformed, [""; 0], "{kind}");
        for (scope, entry) in &found.entries {
            assert_eq!((scope.to_string().as_str(), entry.severity.as_str()), ("ubuntu-22.04", "medium"), "{entry:?}");
            assert_eq!(entry.aliases.first().map(String::as_str), alias);
            assert_eq!(entry.cvss, ["CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:H/A:N"]);
        }
    }
}
