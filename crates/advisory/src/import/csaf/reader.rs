//! Reads documents: one, or one after the other.

use std::io::Read;

use super::document::{Document, Remark, Vulnerability};
use super::translate::{id_of, translate};
use crate::import::documents::Documents;
use crate::import::vex::{VexDocument, VexProduct, VexStatement, VexStatus, timestamp};
use crate::{AdvisoryError, EntrySink, Limits};

const FEED: &str = "csaf";

/// Reads the documents of a distribution.
///
/// # Errors
///
/// When it breaks off, has no document at all, is over a limit, or the sink fails.
pub fn read(reader: impl Read, limits: &Limits, sink: &mut dyn EntrySink) -> Result<(), AdvisoryError> {
    let mut entries = 0u64;
    for_each(reader, limits, |parsed| match parsed {
        Ok(document) => translate(&document, sink, || {
            entries += 1;
            check("number of entries", entries, limits.records)
        }),
        Err((place, detail)) => {
            sink.malformed(&place, &detail);
            Ok(())
        }
    })
}

/// Reads VEX documents that somebody wrote about packages of their own, named by package URLs.
///
/// # Errors
///
/// When it breaks off, has no document at all, or is over a limit.
pub fn read_vex(reader: impl Read, limits: &Limits) -> Result<VexDocument, AdvisoryError> {
    let mut vex = VexDocument::default();
    for_each(reader, limits, |parsed| {
        match parsed {
            Ok(document) => add_statements(&document, &mut vex),
            Err((place, detail)) => vex.malformed.push(format!("{place}: {detail}")),
        }
        check("number of statements", vex.statements.len() as u64, limits.records)
    })?;
    Ok(vex)
}

fn for_each(
    reader: impl Read,
    limits: &Limits,
    mut each: impl FnMut(Result<Document, (String, String)>) -> Result<(), AdvisoryError>,
) -> Result<(), AdvisoryError> {
    let mut documents = Documents::new(FEED, reader, limits);
    let mut count = 0u64;
    while let Some(bytes) = documents.next()? {
        count += 1;
        check("number of documents", count, limits.records)?;
        let place = || format!("document {count}");
        each(match serde_json::from_slice::<Document>(bytes) {
            Ok(document) if document.document.csaf_version.starts_with("2.") => Ok(document),
            Ok(document) => Err((place(), format!("its version is {:.20?}, not 2.0", document.document.csaf_version))),
            Err(cause) => Err((place(), cause.to_string())),
        })?;
    }
    if count > 0 {
        return Ok(());
    }
    let (place, detail) = ("the feed".to_owned(), "it has no document".to_owned());
    Err(AdvisoryError::Malformed { feed: FEED, place, detail })
}

fn add_statements(document: &Document, vex: &mut VexDocument) {
    let tracking = &document.document.tracking;
    for vulnerability in &document.vulnerabilities {
        let Some(id) = id_of(vulnerability, document) else {
            vex.malformed.push(format!("{}: a vulnerability has no id", tracking.id));
            continue;
        };
        for (word, products) in &vulnerability.product_status {
            let Some(status) = status_of(word) else {
                vex.malformed.push(format!("{id}: {word:.40?} is no status"));
                continue;
            };
            for product in products {
                let Some(named) = product_of(document, product) else {
                    vex.malformed.push(format!("{id}: no package URL names product {product:.80?}"));
                    continue;
                };
                let (justification, statement) = remarks_of(document, vulnerability, product);
                let is_same = |last: &&mut VexStatement| {
                    let said = (&last.vulnerability, last.status, &last.justification, &last.statement);
                    said == (&id, status, &justification, &statement)
                };
                match vex.statements.last_mut().filter(is_same) {
                    Some(last) => last.products.push(named),
                    None => vex.statements.push(VexStatement {
                        vulnerability: id.clone(),
                        aliases: Vec::new(),
                        products: vec![named],
                        status,
                        justification,
                        statement,
                        timestamp: timestamp(&tracking.current_release_date.0),
                        source: format!("{} {}", document.document.publisher.name.0, tracking.id).trim().to_owned(),
                    }),
                }
            }
        }
    }
}

fn status_of(word: &str) -> Option<VexStatus> {
    Some(match word {
        "fixed" | "first_fixed" | "recommended" => VexStatus::Fixed,
        "known_affected" | "first_affected" | "last_affected" => VexStatus::Affected,
        "known_not_affected" => VexStatus::NotAffected,
        "under_investigation" => VexStatus::UnderInvestigation,
        _ => return None,
    })
}

fn product_of(document: &Document, id: &str) -> Option<VexProduct> {
    let resolved = document.product_tree.resolve(id)?;
    let purl = |product: &super::product_tree::Product| {
        let purl = product.product_identification_helper.as_ref()?.purl.clone()?;
        purl.starts_with("pkg:").then_some(purl)
    };
    let component = purl(resolved.component);
    match (resolved.platform.and_then(purl), component) {
        (Some(platform), component) => {
            Some(VexProduct { purl: platform, subcomponents: component.into_iter().collect() })
        }
        (None, Some(component)) => Some(VexProduct { purl: component, subcomponents: Vec::new() }),
        (None, None) => None,
    }
}

/// The justification and the words of a product's statement.
fn remarks_of(document: &Document, vulnerability: &Vulnerability, product: &str) -> (Option<String>, String) {
    let is_about = |remark: &&Remark| {
        let groups = || remark.group_ids.iter().flat_map(|group| document.product_tree.group(group));
        let is_all = remark.product_ids.is_empty() && remark.group_ids.is_empty();
        is_all || remark.product_ids.iter().chain(groups()).any(|id| id == product)
    };
    let flag = vulnerability.flags.iter().find(is_about).map(|flag| flag.label.0.clone());
    let impacts = vulnerability.threats.iter().filter(|threat| threat.category.0 == "impact");
    let texts = impacts.chain(&vulnerability.remediations).filter(is_about).map(|remark| remark.details.0.trim());
    let text = texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ");
    (flag.filter(|flag| !flag.is_empty()), text.chars().take(2000).collect())
}

fn check(what: &'static str, count: u64, limit: u64) -> Result<(), AdvisoryError> {
    if count > limit { Err(AdvisoryError::OverLimit { feed: FEED.to_owned(), what, limit }) } else { Ok(()) }
}
