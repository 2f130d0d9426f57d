//! Specimens of OVAL, and what is wrong with them.

use super::read;
use crate::Limits;
use crate::import::collected::Collected;

fn read_text(xml: &str) -> Result<Collected, String> {
    let mut collected = Collected::default();
    read(xml.as_bytes(), &Limits::default(), &mut collected).map_err(|error| error.to_string())?;
    Ok(collected)
}

/// A document of one definition; `tst:p` is about the release, `tst:m` about a module, `tst:s` a signature, `tst:f` says
/// that package a is earlier than 0:1-2, `tst:i` that it is installed, `tst:n` that it is not, `tst:e` that package k is
/// exactly 0:4-1.
fn document(id: &str, metadata: &str, criteria: &str) -> String {
    let test = |id: &str, absence: &str, object: &str, state: &str| {
        format!(r#"<rpminfo_test id="tst:{id}"{absence}><object object_ref="obj:{object}"/>{state}</rpminfo_test>"#)
    };
    let tests = [
        test("p", "", "r", r#"<state state_ref="ste:v"/>"#),
        test("m", "", "m", r#"<state state_ref="ste:t"/>"#),
        test("s", "", "a", r#"<state state_ref="ste:s"/>"#),
        test("f", "", "a", r#"<state state_ref="ste:f"/>"#),
        test("z", "", "a", r#"<state state_ref="ste:z"/>"#),
        test("i", "", "a", ""),
        test("e", "", "k", r#"<state state_ref="ste:e"/>"#),
        test("n", r#" check_existence="none_exist""#, "a", ""),
    ]
    .concat();
    format!(
        r#"<o:oval_definitions xmlns:o="o"><definitions><definition id="{id}"><metadata>{metadata}</metadata>
        {criteria}</definition></definitions><tests>{tests}</tests><objects>
        <rpminfo_object id="obj:a"><name>a</name></rpminfo_object>
        <rpminfo_object id="obj:k"><name>k</name></rpminfo_object>
        <rpminfo_object id="obj:r"><name>redhat-release</name></rpminfo_object>
        <textfilecontent54_object id="obj:m"><filepath>/etc</filepath><pattern>x</pattern></textfilecontent54_object>
        </objects><states>
        <rpminfo_state id="ste:v"><version operation="pattern match">^8</version></rpminfo_state>
        <rpminfo_state id="ste:z"><version>0</version></rpminfo_state>
        <textfilecontent54_state id="ste:t"><text>x</text></textfilecontent54_state>
        <rpminfo_state id="ste:s"><signature_keyid>k</signature_keyid></rpminfo_state>
        <rpminfo_state id="ste:f"><arch operation="pattern match">aarch64|x86_64</arch>
        <evr operation="less than">0:1-2</evr></rpminfo_state>
        <rpminfo_state id="ste:e"><evr operation="equals">0:4-1</evr></rpminfo_state></states></o:oval_definitions>"#
    )
}

fn leaf(test: &str, comment: &str) -> String {
    format!(r#"<criterion test_ref="tst:{test}" comment="{comment}"/>"#)
}

fn group(operator: &str, nodes: &[&str]) -> String {
    format!(r#"<criteria operator="{operator}">{}</criteria>"#, nodes.concat())
}

fn check(xml: &str, lines: &[&str], malformed: &[&str]) {
    let found = read_text(xml).unwrap();
    assert_eq!(found.lines(), lines, "{xml}");
    assert_eq!(found.malformed, malformed, "{xml}");
}

const RHSA: &str = r#"<title>t</title><reference source="RHSA" ref_id="RHSA-2020:1" ref_url="u"/>
    <reference source="CVE" ref_id="CVE-2020-1000"/><advisory><severity>Low</severity>
    <cve impact="moderate" cvss3="7.5/CVSS:3.1/AV:N">CVE-2020-1000</cve></advisory>"#;

fn red_hat(criteria: &[&str]) -> String {
    let platform = leaf("p", "Red Hat Enterprise Linux 8 is installed");
    let on_8 = group("AND", &[&platform, &criteria.concat()]);
    group("OR", &[&leaf("p", "Red Hat Enterprise Linux must be installed"), &on_8])
}

#[test]
fn notices_of_red_hat_are_fixes() {
    let fixed = group("AND", &[&leaf("f", "a is earlier than 0:1-2"), &leaf("s", "a is signed with k")]);
    let line = "redhat-8 CVE-2020-1000 a < 0:1-2 [aarch64,x86_64] moderate RHSA-2020:1";
    let id = "oval:com.redhat.rhsa:def:1";
    check(&document(id, RHSA, &red_hat(&[&fixed])), &[line], &[]);
    let found = read_text(&document(id, RHSA, &red_hat(&[&leaf("m", "Module n:18 is enabled"), &fixed]))).unwrap();
    assert_eq!(found.entries[0].1.module.as_deref(), Some("n:18"));
    assert_eq!(found.entries[0].1.cvss, ["CVSS:3.1/AV:N"]);
    let cpe = |cpe: &str| {
        let list = format!("<affected_cpe_list><cpe>cpe:/o:redhat:{cpe}</cpe></affected_cpe_list></advisory>");
        let xml = document(id, &RHSA.replace("</advisory>", &list), &red_hat(&[&fixed]));
        read_text(&xml).unwrap().entries[0].1.channel.clone()
    };
    assert_eq!(cpe("enterprise_linux:8::baseos"), None);
    assert_eq!(cpe("rhel_eus:8.1").as_deref(), Some("eus-8.1"));
    assert_eq!(cpe("openshift:4.15::el9").as_deref(), Some("product-openshift-4.15"));
    let without = RHSA.replace("CVE-2020-1000", "").replace("source=\"CVE\"", "source=\"X\"");
    let itself = "redhat-8 RHSA-2020:1 a < 0:1-2 [aarch64,x86_64] Low ";
    check(&document(id, &without, &red_hat(&[&fixed])), &[itself], &["oval:com.redhat.rhsa:def:1: \"\" is no CVE id"]);
    check(&document(id, "", &red_hat(&[&fixed])), &[], &[]);
}

#[test]
fn an_exact_version_beside_another_package_is_a_condition() {
    let (exact, patch) = (leaf("e", "k version equals 0:4-1"), leaf("f", "a is earlier than 0:1-2"));
    let (absent, id) = (leaf("n", "a not installed for 0:4-1"), "oval:com.redhat.rhsa:def:1");
    let live_patch = group("AND", &[&exact, &group("OR", &[&absent, &patch])]);
    let line = "redhat-8 CVE-2020-1000 a < 0:1-2 [aarch64,x86_64] moderate RHSA-2020:1";
    check(&document(id, RHSA, &red_hat(&[&group("OR", &[&live_patch])])), &[line], &[]);
    let line = "redhat-8 CVE-2020-1000 k = 0:4-1 [] moderate RHSA-2020:1";
    check(&document(id, RHSA, &red_hat(&[&exact])), &[line], &[]);
}

#[test]
fn vulnerabilities_of_red_hat_are_unfixed() {
    let id = "oval:com.redhat.cve:def:1";
    let installed = group("AND", &[&leaf("i", "a is installed"), &leaf("s", "a is signed with k")]);
    let metadata = |state: &str| {
        format!(
            r#"<reference source="CVE" ref_id="CVE-2020-1000"/><advisory><affected>
            <resolution state="Affected"><component>other</component></resolution>
            <resolution state="{state}"><component>a</component></resolution></affected></advisory>"#
        )
    };
    for (state, said) in [
        ("Affected", "open no fix yet"),
        ("Will not fix", "open ignored"),
        ("Fix deferred", "open no-dsa"),
        ("Out of support scope", "open end of life"),
        ("Under investigation", "under investigation"),
        ("Not affected", "not affected "),
        ("Whatever", "not understood"),
    ] {
        let line = format!("redhat-8 CVE-2020-1000 a {said} []  ");
        check(&document(id, &metadata(state), &red_hat(&[&installed])), &[&line], &[]);
    }
    let unaffected = group("AND", &[&leaf("i", "a is installed"), &leaf("n", "a is not installed")]);
    check(
        &document("oval:com.redhat.unaffected:def:1", &metadata("Affected"), &red_hat(&[&unaffected])),
        &["redhat-8 CVE-2020-1000 a not affected  []  "],
        &[],
    );
}

#[test]
fn products_of_suse_are_releases() {
    let id = "oval:org.opensuse.security:def:1";
    let metadata = r#"<title>CVE-2020-1000</title><reference source="CVE" ref_id="Mitre CVE-2020-1000"/>
        <reference source="SUSE-SU" ref_id="SUSE-SU-2020:1-1"/><advisory><severity>Low</severity>
        <cve impact="medium" cvss3="1.0/CVSS:3.1/AV:L">CVE-2020-1000 at SUSE</cve>
        <cve impact="high" cvss3="9.0/CVSS:3.1/AV:N">CVE-2020-1000 at NVD</cve></advisory>"#;
    let products = group(
        "OR",
        &[
            &leaf("p", "SUSE Linux Enterprise Server 15 SP4 is installed"),
            &leaf("p", "SUSE Linux Enterprise Server 15 SP1-LTSS is installed"),
            &leaf("p", "SUSE Manager Server 4.3 is installed"),
            &leaf("p", "openSUSE Leap 15.5 is installed"),
        ],
    );
    let xml = document(id, metadata, &group("AND", &[&products, &leaf("f", "a-1-2 is installed")]));
    let said = "CVE-2020-1000 a < 0:1-2 [aarch64,x86_64] medium SUSE-SU-2020:1-1";
    check(&xml, &[&format!("suse-15.1 {said}"), &format!("suse-15.4 {said}"), &format!("opensuse-15.5 {said}")], &[]);
    let found = read_text(&xml).unwrap();
    assert_eq!(found.entries[0].1.channel.as_deref(), Some("ltss"));
    assert_eq!(found.entries[1].1.channel, None);
    assert_eq!(found.entries[0].1.cvss, ["CVSS:3.1/AV:L", "CVSS:3.1/AV:N"]);
    let never = document(id, metadata, &group("AND", &[&products, &leaf("z", "a is not affected")]));
    assert_eq!(
        read_text(&never).unwrap().lines()[0],
        "suse-15.1 CVE-2020-1000 a not affected  [] medium SUSE-SU-2020:1-1"
    );
    let elsewhere = leaf("p", "SUSE Manager Server 4.3 is installed");
    check(&document(id, metadata, &group("AND", &[&elsewhere, &leaf("f", "a")])), &[], &[]);
}

#[test]
fn architectures_of_oracle_hold_for_what_is_beside_them() {
    let metadata = r#"<affected><platform>Oracle Linux 7</platform></affected>
        <reference source="elsa" ref_id="ELSA-2020-1"/><reference source="CVE" ref_id="CVE-2020-1000"/>"#;
    let beside = group("AND", &[&leaf("p", "Oracle Linux arch is x86_64"), &leaf("i", "a is installed")]);
    let xml = document("oval:com.oracle.elsa:def:1", metadata, &beside);
    check(&xml, &["oracle-7 CVE-2020-1000 a open no fix yet [x86_64]  ELSA-2020-1"], &[]);
    assert_eq!(read_text(&xml).unwrap().entries[0].1.channel, None);
    let other = read_text(&xml.replace("oracle.elsa", "oracle.ovmsa")).unwrap();
    assert_eq!(other.entries[0].1.channel.as_deref(), Some("product-ovmsa"));
    let nowhere = xml.replace("Oracle Linux 7", "Solaris");
    check(&nowhere, &[], &["oval:com.oracle.elsa:def:1: it is not known which release it is about"]);
}

#[test]
fn what_is_not_understood_is_told() {
    let id = "oval:com.redhat.rhsa:def:1";
    let place = "oval:com.redhat.rhsa:def:1";
    let exclusive = group("XOR", &[&leaf("f", "")]);
    let negated = leaf("f", "").replace("/>", " negate='true'/>");
    for (criteria, malformed) in [
        (exclusive, "a negation or an exclusive choice is not understood"),
        (negated, "a negation or an exclusive choice is not understood"),
        (leaf("gone", "a is earlier than 1"), "the test \"tst:gone\" is missing"),
    ] {
        check(&document(id, RHSA, &red_hat(&[&criteria])), &[], &[&format!("{place}: {malformed}")]);
    }
    let xml = document(id, RHSA, &red_hat(&[&leaf("f", "")]));
    let bad_version = xml.replace("0:1-2", "0: 1");
    check(&bad_version, &[], &["oval:com.redhat.rhsa:def:1: \"0: 1\" is no version"]);
    check(
        &xml.replace("oval:com.redhat", "oval:org.example"),
        &[],
        &["oval:org.example.rhsa:def:1: its publisher is not known"],
    );
    assert_eq!(read_text("<oval_definitions/>").unwrap_err(), "oval: the document: it has no definition");
    assert!(read_text(xml.trim_end_matches("</o:oval_definitions>")).is_err());
}
