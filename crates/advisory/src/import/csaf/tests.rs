//! Documents in both publishers' manners, and what becomes of them.

use super::{read, read_vex};
use crate::import::collected::Collected;
use crate::import::vex::VexStatus;
use crate::{Entry, Limits};

/// A document in Red Hat's manner: two minor releases of one fix, a channel of its own, an unfixed platform, a module.
const RED_HAT: &str = r#"{"document":{"category":"csaf_vex","csaf_version":"2.0","aggregate_severity":{"text":"important"},
"publisher":{"name":"Red Hat Product Security"},"tracking":{"id":"CVE-2024-1000"}},
"product_tree":{"branches":[{"branches":[
{"product":{"name":"RHEL 9","product_id":"9","product_identification_helper":{"cpe":"cpe:/o:redhat:enterprise_linux:9::baseos"}}},
{"product":{"name":"EUS","product_id":"9E","product_identification_helper":{"cpe":"cpe:/a:redhat:rhel_eus:9.2::appstream"}}},
{"product":{"name":"RHEL 6","product_id":"6","product_identification_helper":{"cpe":"cpe:/o:redhat:enterprise_linux:6"}}},
{"product":{"name":"OCP","product_id":"O","product_identification_helper":{"cpe":"cpe:/a:redhat:openshift:4.15::el9"}}},
{"product":{"name":"x","product_id":"a-1:1-2.el9.src","product_identification_helper":{"purl":"pkg:rpm/redhat/a@1-2.el9?arch=src"}}},
{"product":{"name":"x","product_id":"a-1:1-2.el9.x86_64","product_identification_helper":{"purl":"pkg:rpm/redhat/a@1-2.el9?arch=x86_64"}}},
{"product":{"name":"x","product_id":"a-1:1-1.el9.x86_64","product_identification_helper":{"purl":"pkg:rpm/redhat/a@1-1.el9?arch=x86_64"}}},
{"product":{"name":"x","product_id":"a","product_identification_helper":{"purl":"pkg:rpm/redhat/a?arch=src"}}},
{"product":{"name":"x","product_id":"b","product_identification_helper":{"purl":"pkg:rpm/redhat/b?arch=src&rpmmod=m:1"}}}]}],
"relationships":[
{"full_product_name":{"product_id":"9:a2s"},"product_reference":"a-1:1-2.el9.src","relates_to_product_reference":"9"},
{"full_product_name":{"product_id":"9:a2"},"product_reference":"a-1:1-2.el9.x86_64","relates_to_product_reference":"9"},
{"full_product_name":{"product_id":"9:a1"},"product_reference":"a-1:1-1.el9.x86_64","relates_to_product_reference":"9"},
{"full_product_name":{"product_id":"9E:a1"},"product_reference":"a-1:1-1.el9.x86_64","relates_to_product_reference":"9E"},
{"full_product_name":{"product_id":"O:a1"},"product_reference":"a-1:1-1.el9.x86_64","relates_to_product_reference":"O"},
{"full_product_name":{"product_id":"6:a"},"product_reference":"a","relates_to_product_reference":"6"},
{"full_product_name":{"product_id":"6:b"},"product_reference":"b","relates_to_product_reference":"6"}]},
"vulnerabilities":[{"cve":"CVE-2024-1000","notes":[{"category":"summary","text":"a: it breaks"}],
"product_status":{"fixed":["9:a2s","9:a2","9:a1","9E:a1","O:a1"],"known_affected":["6:a"],"known_not_affected":["6:b"]},
"flags":[{"label":"vulnerable_code_not_present","product_ids":["6:b"]}],
"threats":[{"category":"impact","details":"Moderate","product_ids":["9:a1","9:a2"]}],
"scores":[{"cvss_v3":{"vectorString":"CVSS:3.1/AV:N"},"products":["9:a1","6:a"]}],
"remediations":[{"category":"vendor_fix","details":"Update.","product_ids":["9:a1"],"url":"https://access.redhat.com/errata/RHSA-2024:1"},
{"category":"no_fix_planned","details":"REASON","product_ids":["6:a"]}],
"references":[{"category":"self","url":"https://access.redhat.com/security/cve/CVE-2024-1000"}]}]}"#;

fn lines(json: &str) -> Collected {
    let mut collected = Collected::default();
    read(json.as_bytes(), &Limits::default(), &mut collected).unwrap();
    collected
}

#[test]
fn red_hat() {
    for (reason, state) in [
        ("Will not fix", "ignored"),
        ("Out of support scope", "end of life"),
        ("Fix deferred", "no-dsa"),
        ("Anything", "ignored"),
    ] {
        let collected = lines(&RED_HAT.replace("REASON", reason));
        assert_eq!(
            collected.lines(),
            [
                format!("redhat-6 CVE-2024-1000 a open {state} [] important "),
                "redhat-6 CVE-2024-1000 b not affected vulnerable_code_not_present [] important ".to_owned(),
                "redhat-9 CVE-2024-1000 a < 1:1-1.el9 [] moderate RHSA-2024:1".to_owned(),
                "redhat-9 CVE-2024-1000 a < 1:1-1.el9 [] important ".to_owned(),
            ]
        );
        assert_eq!(collected.malformed, Vec::<String>::new());
        let of = |index: usize| -> &Entry { &collected.entries[index].1 };
        assert_eq!((of(0).note.as_str(), of(0).status.as_str()), (reason, "known_affected"));
        assert_eq!(of(1).module.as_deref(), Some("m:1"));
        assert_eq!((&of(2).channel, &of(3).channel), (&None, &Some("eus-9.2".to_owned())));
        assert_eq!(of(2).cvss, ["CVSS:3.1/AV:N"]);
        assert_eq!(of(2).description, "a: it breaks");
    }
}

#[test]
fn suse() {
    let json = r#"{"document":{"csaf_version":"2.0","tracking":{"id":"SUSE-SU-2024:1-1"}},"product_tree":{"branches":[
        {"product":{"name":"SUSE Linux Enterprise Server 15 SP5","product_id":"S","product_identification_helper":
        {"cpe":"cpe:/o:suse:sles:15:sp5"}}},{"product":{"name":"openSUSE Tumbleweed","product_id":"T"}},
        {"product":{"name":"x","product_id":"libdns1-9.1-1.x86_64"}},{"product":{"name":"x","product_id":"libdns1-32bit"}}],
        "relationships":[{"full_product_name":{"product_id":"S:l"},"product_reference":"libdns1-9.1-1.x86_64",
        "relates_to_product_reference":"S"},{"full_product_name":{"product_id":"T:l"},"product_reference":"libdns1-32bit",
        "relates_to_product_reference":"T"}]},"vulnerabilities":[{"cve":"CVE-2024-1000","product_status":
        {"recommended":["S:l"],"known_not_affected":["T:l"],"under_investigation":["gone"]}}]}"#;
    let collected = lines(json);
    assert_eq!(
        collected.lines(),
        [
            "suse-15.5 CVE-2024-1000 libdns1 < 9.1-1 []  SUSE-SU-2024:1-1",
            "opensuse-tumbleweed CVE-2024-1000 libdns1-32bit not affected  []  SUSE-SU-2024:1-1",
        ]
    );
    assert_eq!(collected.malformed, ["CVE-2024-1000: 1 products are not in the product tree, or without end"]);
}

#[test]
fn a_bad_document_costs_itself_alone() {
    let good = RED_HAT.replace('\n', " ");
    for bad in ["{}", r#"{"document":{"csaf_version":"1.2","tracking":{"id":"x"}}}"#, "<xml>", r#"{"document":7}"#] {
        let collected = lines(&format!("{good}\n{bad}\n{good}"));
        assert_eq!((collected.entries.len(), collected.malformed.len()), (8, 1), "{bad}");
    }
    let empty = read("".as_bytes(), &Limits::default(), &mut Collected::default()).unwrap_err();
    assert_eq!(empty.to_string(), "csaf: the feed: it has no document");
    let few = Limits { records: 2, ..Limits::default() };
    assert!(read(good.as_bytes(), &few, &mut Collected::default()).is_err());
}

#[test]
fn statements_about_own_products() {
    let json = r#"{"document":{"csaf_version":"2.0","publisher":{"name":"Example"},"tracking":{"id":"EX-1",
        "current_release_date":"2024-03-01T00:00:00Z"}},"product_tree":{"full_product_names":[
        {"name":"shop","product_id":"P","product_identification_helper":{"purl":"pkg:oci/shop"}},
        {"name":"lib","product_id":"L","product_identification_helper":{"purl":"pkg:maven/a/b@1.0"}},
        {"name":"nothing","product_id":"N"}],"relationships":[{"full_product_name":{"product_id":"P:L"},
        "product_reference":"L","relates_to_product_reference":"P"}]},"vulnerabilities":[{"cve":"CVE-2024-1000",
        "product_status":{"known_not_affected":["P:L","L","N"]},"flags":[{"label":"vulnerable_code_not_in_execute_path",
        "product_ids":["P:L","L"]}],"threats":[{"category":"impact","details":"Never called.","product_ids":["P:L"]}]}]}"#;
    let vex = read_vex(json.as_bytes(), &Limits::default()).unwrap();
    let said = vex.statements.iter().map(|said| (said.products[0].purl.as_str(), said.statement.as_str()));
    assert_eq!(said.collect::<Vec<_>>(), [("pkg:oci/shop", "Never called."), ("pkg:maven/a/b@1.0", "")]);
    let first = &vex.statements[0];
    assert_eq!(first.products[0].subcomponents, ["pkg:maven/a/b@1.0"]);
    assert_eq!(first.status, VexStatus::NotAffected);
    assert_eq!(first.justification.as_deref(), Some("vulnerable_code_not_in_execute_path"));
    assert_eq!(first.source, "Example EX-1");
    assert_eq!(vex.malformed, ["CVE-2024-1000: no package URL names product \"N\""]);
}
