//! Makes entries of a definition's claims: one for each vulnerability in each package.

use std::collections::{BTreeMap, BTreeSet};

use assay_model::finding::FixState;

use super::claim::{Claim, Claimed, claims_of, names_of};
use super::condition::{Place, places_of_product};
use super::document::{Definition, Document, Text};
use super::publisher::Publisher;
use super::{red_hat, ubuntu};
use crate::entry::{AffectedRange, Entry, Level, RangeEnd, Statement};
use crate::import::notice::{MAX_ADDRESS, MAX_WORD, Output, is_name, module_of_release};
use crate::import::notice_text::{clip, description_or_title};
use crate::scope::Scope;
use crate::{AdvisoryError, CveId};

/// Vectors of one vulnerability, and the longest of them in bytes.
const MAX_VECTORS: usize = 8;
const MAX_VECTOR: usize = 512;

/// Notices that one definition names.
const MAX_ALIASES: usize = 64;

/// A vulnerability that a definition is about.
struct Vulnerability<'d> {
    id: String,
    severity: &'d str,
    cvss: Vec<&'d str>,
    /// Only the claims of this test are about it; 0 for all.
    test: Text,
}

/// What tells entries of one vulnerability apart; architectures of the same are put together.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'d> {
    scope: Scope,
    package: &'d str,
    version: &'d str,
    module: Option<String>,
    channel: Option<String>,
}

/// What is said by each test; all by test 0 where vulnerabilities are not told apart by tests.
type SaidByTest<'d> = BTreeMap<Text, BTreeMap<Key<'d>, Said<'d>>>;

struct Said<'d> {
    statement: Statement,
    status: &'d str,
    /// Empty for all.
    architectures: BTreeSet<String>,
}

/// Reports one definition.
pub(super) fn report(
    document: &Document,
    definition: &Definition,
    output: &mut Output<'_>,
) -> Result<(), AdvisoryError> {
    let id = document.text(definition.id);
    let Some(publisher) = Publisher::of_id(id) else {
        output.malformed(id, "its publisher is not known");
        return Ok(());
    };
    let vulnerabilities = vulnerabilities_of(document, definition, publisher, output);
    let Some(criteria) = definition.criteria.as_ref().filter(|_| !vulnerabilities.is_empty()) else {
        return Ok(());
    };
    let claims = claims_of(document, criteria);
    // One reason of each definition is enough.
    if let Some(reason) = claims.malformed.first() {
        output.malformed(id, reason);
    }
    let is_by_test = vulnerabilities.iter().any(|vulnerability| vulnerability.test != 0);
    let own_channel = match publisher {
        Publisher::RedHat | Publisher::RedHatUnaffected => red_hat::channel_of(document, definition),
        Publisher::Oracle => oracle_channel_of_id(id),
        Publisher::Suse | Publisher::Ubuntu => None,
    };
    let subject = Subject { document, definition, publisher, own_channel, is_by_test };
    let mut said = SaidByTest::new();
    for claim in &claims.claims {
        subject.add_claim(claim, &mut said, output);
    }
    let has_place = |claim: &Claim<'_>| claim.places.is_some() || !subject.places_of_platforms().is_empty();
    if claims.claims.first().is_some_and(|claim| !has_place(claim)) {
        output.malformed(id, "it is not known which release it is about");
    }
    let aliases = aliases_of(document, definition);
    let reference = definition.references.first().map(|reference| document.text(reference.address));
    for vulnerability in &vulnerabilities {
        let description = subject.description_of(&vulnerability.id, vulnerabilities.len());
        for (key, said) in said.get(&vulnerability.test).into_iter().flatten() {
            let mut entry = Entry::new(&vulnerability.id, key.package, Level::Binary, said.statement.clone());
            let others = aliases.iter().filter(|alias| **alias != vulnerability.id);
            entry.aliases = others.map(|alias| (*alias).to_owned()).collect();
            entry.module.clone_from(&key.module);
            entry.channel.clone_from(&key.channel);
            entry.architectures = said.architectures.iter().cloned().collect();
            entry.status = clip(said.status, MAX_WORD).to_owned();
            if said.status == "pending" {
                entry.note = "the fix is prepared, but not published".to_owned();
            }
            entry.severity = clip(vulnerability.severity, MAX_WORD).to_owned();
            entry.cvss = vulnerability.cvss.iter().map(|vector| (*vector).to_owned()).collect();
            entry.description = description.to_owned();
            entry.reference = clip(reference.unwrap_or_default(), MAX_ADDRESS).to_owned();
            output.entry(&key.scope, entry)?;
        }
    }
    Ok(())
}

/// A definition, and what holds for all of it.
struct Subject<'d> {
    document: &'d Document,
    definition: &'d Definition,
    publisher: Publisher,
    own_channel: Option<String>,
    is_by_test: bool,
}

impl<'d> Subject<'d> {
    fn add_claim(&self, claim: &Claim<'d>, said: &mut SaidByTest<'d>, output: &mut Output<'_>) {
        let Subject { document, definition, .. } = *self;
        let version = match claim.state {
            Claimed::Before(version) | Claimed::UpTo(version) | Claimed::Exactly(version) => version,
            Claimed::Installed | Claimed::Never | Claimed::NotUnderstood => "",
        };
        let places = claim.places.clone().unwrap_or_else(|| self.places_of_platforms());
        let Some(test) = document.tests.get(&claim.test) else { return };
        let said = said.entry(if self.is_by_test { claim.test } else { 0 }).or_default();
        for (scope, channel) in places {
            if !output.wants(&scope) {
                continue;
            }
            if !version.is_empty() && scope.platform().version_order().parse(version).is_err() {
                output.malformed(document.text(definition.id), &format!("{version:.64?} is no version"));
                continue;
            }
            let channel = channel.or_else(|| self.own_channel.clone()).or_else(|| match self.publisher {
                Publisher::Ubuntu => ubuntu::channel_of_version(version),
                _ => None,
            });
            let module = claim.module.clone().or_else(|| module_of_release(version));
            for package in names_of(document, test) {
                if !is_name(package) {
                    output.malformed(document.text(definition.id), &format!("{package:.64?} is no package"));
                    continue;
                }
                let (statement, status) = self.statement_of(claim, package);
                let (scope, module, channel) = (scope.clone(), module.clone(), channel.clone());
                let key = Key { scope, package, version, module, channel };
                let architectures: BTreeSet<String> = claim.architectures.iter().cloned().collect();
                match said.get_mut(&key) {
                    Some(known) if known.architectures.is_empty() || architectures.is_empty() => {
                        known.architectures.clear();
                    }
                    Some(known) => known.architectures.extend(architectures),
                    None => {
                        said.insert(key, Said { statement, status, architectures });
                    }
                }
            }
        }
    }

    fn places_of_platforms(&self) -> Vec<Place> {
        let names = self.definition.platforms.iter().map(|platform| self.document.text(*platform));
        names.flat_map(places_of_product).collect()
    }

    fn statement_of(&self, claim: &Claim<'d>, package: &str) -> (Statement, &'d str) {
        match (self.publisher, claim.state) {
            (Publisher::Ubuntu, state) => ubuntu::statement_of(state, claim.comment),
            (_, Claimed::Before(version)) => (Statement::fixed_in(version), "fixed"),
            (_, Claimed::UpTo(version)) => {
                let range = AffectedRange { introduced: None, end: RangeEnd::LastAffected(version.to_owned()) };
                let (ranges, unfixed) = (vec![range], FixState::NoFixYet);
                (Statement::Affected { ranges, versions: Vec::new(), unfixed }, "affected")
            }
            (_, Claimed::Exactly(version)) => {
                let (versions, unfixed) = (vec![version.to_owned()], FixState::NoFixYet);
                (Statement::Affected { ranges: Vec::new(), versions, unfixed }, "affected")
            }
            (_, Claimed::Never) | (Publisher::RedHatUnaffected, Claimed::Installed) => {
                (Statement::NotAffected { reason: None }, "not affected")
            }
            (Publisher::RedHat, Claimed::Installed) => red_hat::unfixed(self.document, self.definition, package),
            (_, Claimed::Installed) => (Statement::unfixed(FixState::NoFixYet), "affected"),
            (_, Claimed::NotUnderstood) => (Statement::NotUnderstood, claim.comment),
        }
    }

    fn description_of(&self, id: &str, vulnerabilities: usize) -> &'d str {
        let Subject { document, definition, .. } = *self;
        let (title, text) = (document.text(definition.title), document.text(definition.description));
        let is_notice = definition.references.iter().any(|reference| is_notice(document.text(reference.source)));
        match self.publisher {
            // It describes the package.
            Publisher::Ubuntu if self.is_by_test => "",
            Publisher::Ubuntu => description_or_title("", ubuntu::description_of(text), id, 1),
            Publisher::Suse => description_or_title(text, text, id, vulnerabilities),
            _ if is_notice => description_or_title(text, title, id, vulnerabilities),
            _ => description_or_title("", text, id, 1),
        }
    }
}

/// The vulnerabilities that are named; a notice of security that names none is one itself.
fn vulnerabilities_of<'d>(
    document: &'d Document,
    definition: &Definition,
    publisher: Publisher,
    output: &mut Output<'_>,
) -> Vec<Vulnerability<'d>> {
    let mut found: Vec<Vulnerability<'d>> = Vec::new();
    let mut index: BTreeMap<CveId, usize> = BTreeMap::new();
    let severity = document.text(definition.severity);
    // SUSE writes `Mitre CVE-2010-2322` and `CVE-2010-2322 at SUSE`.
    let cve_in = |text: &str| text.split_whitespace().find_map(|word| word.parse::<CveId>().ok());
    for cve in &definition.cves {
        let Some(id) = cve_in(document.text(cve.id)) else {
            output.malformed(document.text(definition.id), &format!("{:.64?} is no CVE id", document.text(cve.id)));
            continue;
        };
        let at = *index.entry(id).or_insert_with(|| {
            found.push(Vulnerability { id: id.to_string(), severity: "", cvss: Vec::new(), test: cve.test });
            found.len() - 1
        });
        let Some(vulnerability) = found.get_mut(at) else { continue };
        if vulnerability.severity.is_empty() {
            vulnerability.severity = document.text(cve.impact);
        }
        for vector in cve.cvss.iter().map(|vector| document.text(*vector)) {
            if vulnerability.cvss.len() < MAX_VECTORS
                && vector.len() <= MAX_VECTOR
                && !vulnerability.cvss.contains(&vector)
            {
                vulnerability.cvss.push(vector);
            }
        }
    }
    for reference in definition.references.iter().filter(|reference| document.text(reference.source) == "CVE") {
        if let Some(id) = cve_in(document.text(reference.id)) {
            index.entry(id).or_insert_with(|| {
                found.push(Vulnerability { id: id.to_string(), severity: "", cvss: Vec::new(), test: 0 });
                found.len() - 1
            });
        }
    }
    if found.is_empty() && publisher != Publisher::Suse {
        // Notices of mere bug fixes are RHBA, RHEA, ELBA and so on.
        let is_notice =
            |id: &&str| ["RHSA-", "ELSA-", "ALSA-", "RLSA-", "USN-"].iter().any(|kind| id.starts_with(kind));
        let notice = aliases_of(document, definition).into_iter().find(is_notice);
        found.extend(notice.map(|id| Vulnerability { id: id.to_owned(), severity: "", cvss: Vec::new(), test: 0 }));
    }
    for vulnerability in &mut found {
        if vulnerability.severity.is_empty() {
            vulnerability.severity = severity;
        }
    }
    found
}

/// Whether a reference with this source is to a notice.
fn is_notice(source: &str) -> bool {
    !source.contains("CVE") && source != "Package"
}

/// Ids of notices, the definition's own first.
fn aliases_of<'d>(document: &'d Document, definition: &Definition) -> Vec<&'d str> {
    let notices = definition.references.iter().filter(|reference| is_notice(document.text(reference.source)));
    let is_id = |id: &&str| (1..=MAX_WORD).contains(&id.len());
    let mut aliases = Vec::new();
    for id in notices.map(|reference| document.text(reference.id)).filter(is_id) {
        if aliases.len() < MAX_ALIASES && !aliases.contains(&id) {
            aliases.push(id);
        }
    }
    aliases
}

/// `product-ovmsa` of `oval:com.oracle.ovmsa:def:20250001`: other products of Oracle than the distribution.
fn oracle_channel_of_id(id: &str) -> Option<String> {
    let product = id.strip_prefix("oval:com.oracle.")?.split(':').next()?;
    (product != "elsa").then(|| format!("product-{}", clip(product, MAX_WORD)))
}
