//! What Assay says of a case.

use std::collections::{BTreeMap, BTreeSet};

use assay_advisory::matcher::{Inventory, WhyNot, explain, explain_library};
use assay_advisory::{Database, Scope, scope_of};
use assay_assess::{FeedGap, Knowledge, LibraryDatabases, Session, assess};
use assay_model::Timestamp;
use assay_model::arn::Realm;
use assay_model::assessment::Assessment;
use assay_model::evidence::Evidence;
use assay_model::finding::Finding;
use assay_model::rules_package::RulesPackageKind;
use assay_rules::KnowledgeBase;

use super::case::Case;
use super::host::{databases, ecosystem_of, evidence};

pub(crate) fn now() -> Timestamp {
    "2026-11-24T10:00:00Z".parse().unwrap()
}

/// Each expectation that is not met, in words.
pub(crate) fn failures(case: &Case, rules: &KnowledgeBase) -> Vec<String> {
    let evidence = evidence(case);
    let scope = evidence.os.facts.as_ref().map(scope_of).and_then(Result::ok);
    let mut databases = databases(case, scope.as_ref());
    let mut wrong = Vec::new();
    for line in &case.expect {
        let id = line.split_whitespace().next().unwrap();
        let reason = reason(&evidence, scope.as_ref(), &databases, id);
        let assessment = assessed(&evidence, scope.as_ref(), &mut databases, rules);
        let finding = assessment.findings.iter().find(|finding| finding.rule_id == id);
        assert_eq!(reason == "affected", finding.is_some(), "{}: why-not and the findings disagree on {id}", case.name);
        let expected: Vec<&str> = line.split_whitespace().skip(1).collect();
        let found = [vec![reason], finding.map(states).unwrap_or_default()].concat();
        if found != expected {
            wrong.push(format!("{id}: {} instead of {}", found.join(" "), expected.join(" ")));
        }
    }
    let assessment = assessed(&evidence, scope.as_ref(), &mut databases, rules);
    let titles: BTreeSet<&str> = assessment.exclusions.iter().map(|exclusion| exclusion.title.as_str()).collect();
    for title in &case.exclusions {
        if !titles.contains(title.as_str()) {
            wrong.push(format!("no exclusion {title:?} in {titles:?}"));
        }
    }
    wrong
}

/// `PACKAGE=STATE/CONFIDENCE` of a finding's packages, sorted; certainty is not written.
fn states(finding: &Finding) -> Vec<String> {
    let states = finding.packages.iter().map(|package| {
        let state = serde_json::to_value(package.state).unwrap();
        let confidence = match package.confidence.as_str() {
            "certain" => String::new(),
            other => format!("/{other}"),
        };
        format!("{}={}{confidence}", package.name, state.as_str().unwrap())
    });
    let states: BTreeSet<String> = states.collect();
    states.into_iter().collect()
}

/// The one reason, as `assay why-not` finds it.
fn reason(evidence: &Evidence, scope: Option<&Scope>, databases: &BTreeMap<Scope, Database>, id: &str) -> String {
    let mut best: Option<WhyNot<'_>> = None;
    let packages = evidence.packages.facts.as_ref();
    let mut without = "no-feed";
    let own = scope.and_then(|scope| {
        let database = databases.get(scope);
        if database.is_none() {
            without = "no-database";
        }
        database
    });
    let of_packages = own.map(|database| explain(database, &Inventory::of_evidence(evidence).unwrap(), id).unwrap());
    let libraries = evidence.libraries.facts.as_ref().unwrap();
    let of_libraries = databases.iter().filter(|(scope, _)| ecosystem_of(scope).is_some());
    let of_libraries = of_libraries.map(|(_, database)| explain_library(database, libraries, packages, id).unwrap());
    for reason in of_packages.into_iter().chain(of_libraries) {
        best = Some(match best {
            Some(best) => best.more_telling(reason),
            None => reason,
        });
    }
    best.map_or(without, |best| best.name()).to_owned()
}

fn assessed(
    evidence: &Evidence,
    scope: Option<&Scope>,
    databases: &mut BTreeMap<Scope, Database>,
    rules: &KnowledgeBase,
) -> Assessment {
    let mut libraries = LibraryDatabases::new();
    let scopes: Vec<Scope> = databases.keys().cloned().collect();
    for of_libraries in &scopes {
        if let Some(ecosystem) = ecosystem_of(of_libraries) {
            libraries.insert(ecosystem, Ok(databases.remove(of_libraries).unwrap()));
        }
    }
    let gap = FeedGap { description: "No feed covers this host.".to_owned(), recommendation: "None.".to_owned() };
    let knowledge = Knowledge {
        rules,
        database: scope.and_then(|scope| databases.get(scope)).ok_or(&gap),
        libraries: &libraries,
        enrichment: None,
        feeds: &[],
        gaps: &[],
        vex: &[],
    };
    let packages = [RulesPackageKind::Cve];
    let session = Session::new(&Realm::local(), &evidence.host, &packages, None, now(), 0);
    let assessment = assess(session, evidence, "digest", &knowledge, &packages, now());
    for (ecosystem, database) in libraries {
        databases.insert(Scope::library(ecosystem), database.unwrap());
    }
    assessment
}
