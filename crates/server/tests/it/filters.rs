//! Filters and pages, as tables.

use assay_model::finding::FixState;
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::RunState;
use assay_model::severity::{Band, Severity};
use assay_server::store::{FindingFilter, Page, RunFilter, Store};

use crate::home::{Home, homes};
use crate::sample::{EVIDENCE, assessment};

/// Stores with two runs of `web` (20 and 12 findings) and one of `db` (5 findings).
async fn filled_homes() -> Vec<Home> {
    let homes = homes().await;
    for home in &homes {
        for (host, number, finding_count) in [("web", 1, 20), ("db", 2, 5), ("web", 3, 12)] {
            home.store.save(&assessment(host, number, finding_count), EVIDENCE).await.unwrap();
        }
    }
    homes
}

/// Checks which findings of the run with 20 a filter takes, by their index.
async fn check(store: &Store, filter: FindingFilter, expected: &[usize]) {
    let saved = assessment("web", 1, 20);
    let filter = FindingFilter { run: Some(saved.run.arn.clone()), ..filter };
    let listing = store.findings(&filter, &Page::all()).await.unwrap();
    let index_of = |key: &str| saved.findings.iter().position(|finding| finding.key == key).unwrap();
    let indexes: Vec<usize> = listing.items.iter().map(|finding| index_of(&finding.key)).collect();
    assert_eq!(indexes, expected, "{filter:?}");
    assert_eq!(listing.next, None);
}

#[tokio::test]
async fn findings_are_filtered() {
    for Home { store, database, .. } in filled_homes().await {
        println!("{database}");
        let all: Vec<usize> = (0..20).collect();
        let any = FindingFilter::default;
        let text = |text: &str| FindingFilter { text: Some(text.to_owned()), ..any() };
        let package = |name: &str| FindingFilter { package: Some(name.to_owned()), ..any() };
        for (filter, expected) in [
            (any(), all.as_slice()),
            (FindingFilter { minimum_band: Some(Band::Informational), ..any() }, all.as_slice()),
            (FindingFilter { minimum_band: Some(Band::High), ..any() }, &[0, 1, 2, 3, 4, 5, 6, 7]),
            (FindingFilter { minimum_band: Some(Band::Critical), ..any() }, &[0, 1, 2, 3]),
            (FindingFilter { severities: vec![Severity::High], ..any() }, &[0, 1, 2, 3, 4, 5, 6, 7]),
            (
                FindingFilter { severities: vec![Severity::Low, Severity::Informational], ..any() },
                &[12, 13, 14, 15, 16, 17, 18, 19],
            ),
            (FindingFilter { severities: vec![Severity::Undefined], ..any() }, &[]),
            (FindingFilter { rules_package: Some(RulesPackageKind::BestPractices), ..any() }, &[9, 19]),
            (FindingFilter { rules_package: Some(RulesPackageKind::Network), ..any() }, &[]),
            (FindingFilter { rule_id: Some("Disable root login over SSH".into()), ..any() }, &[9, 19]),
            (FindingFilter { rule_id: Some("disable root login over ssh".into()), ..any() }, &[]),
            (package("pkg2"), &[2, 16]),
            (package("LIBPKG2-DEV"), &[2, 16]),
            (package("pkg"), &[]),
            (package("%"), &[]),
            (package("pkg_"), &[]),
            (FindingFilter { cve: Some("cve-2024-1005".into()), ..any() }, &[5]),
            (FindingFilter { cve: Some("CVE-2024-100".into()), ..any() }, &[]),
            (FindingFilter { fix_state: Some(FixState::NoDsa), ..any() }, &[2, 7, 12, 17]),
            (FindingFilter { fix_state: Some(FixState::EndOfLife), ..any() }, &[4, 14]),
            (text("ROOT LOGIN"), &[9, 19]),
            (text("ÉTAGE 7:"), &[7]),
            (text("cve-2024-1011"), &[11]),
            (text("libpkg6"), &[6, 13]),
            (text("100% of \"it\""), all.as_slice()),
            (text("100_ of"), &[]),
            (text("remediation"), &[]),
            (FindingFilter { minimum_band: Some(Band::High), fix_state: Some(FixState::NoDsa), ..any() }, &[2, 7]),
        ] {
            check(&store, filter, expected).await;
        }
    }
}

#[tokio::test]
async fn pages_join_to_the_whole() {
    for Home { store, database, .. } in filled_homes().await {
        println!("{database}");
        let filter = FindingFilter::default();
        let whole = store.findings(&filter, &Page::all()).await.unwrap().items;
        assert_eq!(whole.len(), 37);
        assert!(whole.windows(2).all(|pair| pair[0].risk >= pair[1].risk));
        for limit in [1, 7, 36, 37, 38] {
            let mut joined = Vec::new();
            let mut page = Page::first(limit);
            loop {
                let listing = store.findings(&filter, &page).await.unwrap();
                assert!(listing.items.len() <= limit as usize);
                joined.extend(listing.items);
                match listing.next {
                    Some(position) => page = Page::after(position, limit),
                    None => break,
                }
            }
            assert_eq!(joined, whole, "pages of {limit}");
        }
    }
}

#[tokio::test]
async fn runs_are_filtered_newest_first() {
    for Home { store, database, .. } in filled_homes().await {
        println!("{database}");
        let any = RunFilter::default;
        let host = |host: &str| RunFilter { host: Some(host.to_owned()), ..any() };
        for (filter, expected) in [
            (any(), vec!["web number 3", "db number 2", "web number 1"]),
            (host("i-web"), vec!["web number 3", "web number 1"]),
            (host("db.example.org"), vec!["db number 2"]),
            (host("web"), vec![]),
            (
                RunFilter { states: vec![RunState::Completed], ..any() },
                vec!["web number 3", "db number 2", "web number 1"],
            ),
            (RunFilter { states: vec![RunState::Failed, RunState::Canceled], ..any() }, vec![]),
        ] {
            for limit in [1, 2, 50] {
                let mut names = Vec::new();
                let mut page = Page::first(limit);
                loop {
                    let listing = store.runs(&filter, &page).await.unwrap();
                    names.extend(listing.items.into_iter().map(|summary| summary.run.name));
                    match listing.next {
                        Some(position) => page = Page::after(position, limit),
                        None => break,
                    }
                }
                assert_eq!(names, expected, "{filter:?}, pages of {limit}");
            }
        }
    }
}
