//! OpenVEX documents (<https://github.com/openvex/spec>), versions 0.0 to 0.2, and Ubuntu's, which has the head in a member
//! of its own.

use std::io::Read;

use serde::Deserialize;

use super::documents::Documents;
use super::lenient::{TextOr, Word, Words};
use super::vex::{VexDocument, VexProduct, VexStatement, VexStatus, timestamp};
use crate::json::few;
use crate::{AdvisoryError, CveId, Limits};

const FEED: &str = "openvex";

/// Words of an author are cut here, in characters.
const STATEMENT_CHARS: usize = 2000;

#[derive(Deserialize)]
struct Document {
    /// Ubuntu's head; the others have its members beside the statements.
    #[serde(default)]
    metadata: Option<Head>,
    #[serde(deserialize_with = "few::<100_000, _, _>")]
    statements: Vec<Statement>,
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "@context", default)]
    context: Word,
    #[serde(rename = "@id", default)]
    id: Word,
    #[serde(default)]
    author: Word,
    #[serde(default)]
    timestamp: Word,
}

#[derive(Deserialize)]
struct Statement {
    /// Its id alone in version 0.0.
    vulnerability: TextOr<Vulnerability>,
    #[serde(default)]
    timestamp: Word,
    /// Each its package URL alone in version 0.0.
    #[serde(default, deserialize_with = "few::<100_000, _, _>")]
    products: Vec<TextOr<Component>>,
    /// The parts of every product, in version 0.0.
    #[serde(default)]
    subcomponents: Words,
    status: String,
    #[serde(default)]
    justification: Word,
    #[serde(default)]
    impact_statement: Word,
    #[serde(default)]
    action_statement: Word,
    #[serde(default)]
    status_notes: Word,
}

#[derive(Deserialize)]
struct Vulnerability {
    #[serde(rename = "@id", default)]
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default, deserialize_with = "few::<1_000, _, _>")]
    aliases: Vec<String>,
}

#[derive(Deserialize)]
struct Component {
    #[serde(rename = "@id", default)]
    id: String,
    #[serde(default)]
    identifiers: Identifiers,
    #[serde(default, deserialize_with = "few::<10_000, _, _>")]
    subcomponents: Vec<Part>,
}

#[derive(Deserialize)]
struct Part {
    #[serde(rename = "@id", default)]
    id: String,
    #[serde(default)]
    identifiers: Identifiers,
}

#[derive(Default, Deserialize)]
struct Identifiers {
    #[serde(default)]
    purl: String,
}

/// Reads documents, one or one after the other.
///
/// # Errors
///
/// When it breaks off, has no document at all, or is over a limit.
pub fn read(reader: impl Read, limits: &Limits) -> Result<VexDocument, AdvisoryError> {
    let mut documents = Documents::new(FEED, reader, limits);
    let mut vex = VexDocument::default();
    let mut count = 0u64;
    while let Some(bytes) = documents.next()? {
        count += 1;
        match parse(bytes) {
            Ok((head, statements)) => add_document(&head, statements, count, &mut vex),
            Err(cause) => vex.malformed.push(format!("document {count}: {cause}")),
        }
        let (said, limit) = ((vex.statements.len() + vex.malformed.len()) as u64, limits.records);
        if said > limit {
            return Err(AdvisoryError::OverLimit { feed: FEED.to_owned(), what: "number of statements", limit });
        }
    }
    if count > 0 {
        return Ok(vex);
    }
    let (place, detail) = ("the feed".to_owned(), "it has no document".to_owned());
    Err(AdvisoryError::Malformed { feed: FEED, place, detail })
}

/// The head and the statements of a document. A head beside the statements is read by itself: serde would keep everything
/// else in memory to have both at once.
fn parse(bytes: &[u8]) -> Result<(Head, Vec<Statement>), serde_json::Error> {
    let document: Document = serde_json::from_slice(bytes)?;
    let head = match document.metadata {
        Some(head) => head,
        None => serde_json::from_slice(bytes)?,
    };
    Ok((head, document.statements))
}

fn add_document(head: &Head, statements: Vec<Statement>, count: u64, vex: &mut VexDocument) {
    if !head.context.0.contains("openvex") {
        vex.malformed.push(format!("document {count}: its @context is not that of OpenVEX"));
        return;
    }
    let source = format!("{} {}", head.author.0, head.id.0).trim().to_owned();
    for (index, statement) in statements.into_iter().enumerate() {
        let place = format!("document {count}, statement {}", index + 1);
        match statements_of(statement, head, &source, |detail| vex.malformed.push(format!("{place}: {detail}"))) {
            Ok(statements) => vex.statements.extend(statements),
            Err(detail) => vex.malformed.push(format!("{place}: {detail}")),
        }
    }
}

fn statements_of(
    statement: Statement,
    head: &Head,
    source: &str,
    mut malformed: impl FnMut(String),
) -> Result<Vec<VexStatement>, String> {
    let vulnerabilities = ids_of(statement.vulnerability);
    if vulnerabilities.is_empty() {
        return Err("it names no vulnerability".to_owned());
    }
    let status = match statement.status.as_str() {
        "not_affected" => VexStatus::NotAffected,
        "affected" => VexStatus::Affected,
        "fixed" => VexStatus::Fixed,
        "under_investigation" => VexStatus::UnderInvestigation,
        other => return Err(format!("{other:.40?} is no status")),
    };
    let has_reason = !statement.justification.0.is_empty() || !statement.impact_statement.0.is_empty();
    if status == VexStatus::NotAffected && !has_reason {
        return Err("it says not_affected without justification or impact statement".to_owned());
    }
    let mut products = Vec::new();
    for product in statement.products {
        match product_of(product, &statement.subcomponents.texts) {
            Ok(product) => products.push(product),
            Err(name) => malformed(format!("no package URL names product {name:.80?}")),
        }
    }
    if products.is_empty() {
        return Err("it is about no product".to_owned());
    }
    let texts = [&statement.impact_statement, &statement.action_statement, &statement.status_notes];
    let texts: Vec<&str> = texts.into_iter().map(|Word(text)| text.trim()).filter(|text| !text.is_empty()).collect();
    let said = VexStatement {
        vulnerability: String::new(),
        aliases: Vec::new(),
        products,
        status,
        justification: Some(statement.justification.0).filter(|justification| !justification.is_empty()),
        statement: texts.join("; ").chars().take(STATEMENT_CHARS).collect(),
        timestamp: timestamp(&statement.timestamp.0).or_else(|| timestamp(&head.timestamp.0)),
        source: source.to_owned(),
    };
    let of = |(vulnerability, aliases)| VexStatement { vulnerability, aliases, ..said.clone() };
    Ok(vulnerabilities.into_iter().map(of).collect())
}

/// The CVE where there is one, else the name, with the others; one for each CVE of a notice about several. Addresses are
/// no ids.
fn ids_of(vulnerability: TextOr<Vulnerability>) -> Vec<(String, Vec<String>)> {
    let ids = match vulnerability {
        TextOr::Text(id) => vec![id],
        TextOr::Object(Vulnerability { id, name, aliases }) => {
            // The id of a vulnerability may be its page, which ends with its name.
            let own = id.rsplit(['/', '=']).next().unwrap_or_default().to_owned();
            [name, own].into_iter().chain(aliases).collect()
        }
    };
    let is_id =
        |id: &String| (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/');
    let mut known: Vec<String> = Vec::new();
    for id in ids.into_iter().filter(is_id) {
        if !known.contains(&id) {
            known.push(id);
        }
    }
    let is_cve = |id: &String| id.parse::<CveId>().is_ok();
    let Some(name) = known.first().cloned() else { return Vec::new() };
    let cves: Vec<String> = known.iter().filter(|id| is_cve(id)).cloned().collect();
    if cves.len() > 1 && !is_cve(&name) {
        return cves.into_iter().map(|cve| (cve, vec![name.clone()])).collect();
    }
    let id = cves.into_iter().next().unwrap_or(name);
    known.retain(|other| *other != id);
    vec![(id, known)]
}

/// # Errors
///
/// The name of a product that has no package URL.
fn product_of(product: TextOr<Component>, parts: &[String]) -> Result<VexProduct, String> {
    let purl = |id: String, identifiers: Identifiers| {
        [identifiers.purl, id].into_iter().find(|text| text.starts_with("pkg:") && text.len() <= 2048)
    };
    let (name, own, subcomponents) = match product {
        TextOr::Text(id) => (id.clone(), purl(id, Identifiers::default()), Vec::new()),
        TextOr::Object(named) => (named.id.clone(), purl(named.id, named.identifiers), named.subcomponents),
    };
    let own = own.ok_or_else(|| name.clone())?;
    let mut found = Vec::new();
    for part in subcomponents {
        let part_name = part.id.clone();
        found.push(purl(part.id, part.identifiers).ok_or(part_name)?);
    }
    for part in parts {
        found.push(purl(part.clone(), Identifiers::default()).ok_or_else(|| part.clone())?);
    }
    Ok(VexProduct { purl: own, subcomponents: found })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(statements: &str) -> VexDocument {
        let json = format!(
            r#"{{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://example.org/1","author":"Example",
            "timestamp":"2024-03-01T00:00:00Z","version":1,"statements":[{statements}]}}"#
        );
        read(json.as_bytes(), &Limits::default()).unwrap()
    }

    #[test]
    fn statements_are_read() {
        let vex = document(
            r#"{"vulnerability":{"name":"GHSA-x","aliases":["CVE-2024-1000"]},"products":[{"@id":"pkg:oci/a@sha256:0",
            "subcomponents":[{"@id":"b","identifiers":{"purl":"pkg:pypi/b"}}]}],"status":"not_affected","justification":
            "component_not_present","impact_statement":"Not there."},{"vulnerability":"CVE-2024-1001","products":
            ["pkg:npm/a@1"],"subcomponents":["pkg:npm/b"],"status":"affected","timestamp":"2024-04-01","action_statement":
            "Wait."}"#,
        );
        assert_eq!(vex.malformed, Vec::<String>::new());
        let [first, second] = vex.statements.as_slice() else { panic!("{vex:?}") };
        assert_eq!(
            (first.vulnerability.as_str(), first.aliases.as_slice()),
            ("CVE-2024-1000", &["GHSA-x".to_owned()][..])
        );
        assert_eq!(first.products[0].subcomponents, ["pkg:pypi/b"]);
        assert_eq!(first.justification.as_deref(), Some("component_not_present"));
        assert_eq!(first.timestamp.map(|time| time.to_string()).as_deref(), Some("2024-03-01T00:00:00Z"));
        assert_eq!(first.source, "Example https://example.org/1");
        assert_eq!((second.status, second.statement.as_str()), (VexStatus::Affected, "Wait."));
        assert_eq!(second.products[0].subcomponents, ["pkg:npm/b"]);
        assert_eq!(second.timestamp.map(|time| time.to_string()).as_deref(), Some("2024-04-01T00:00:00Z"));
    }

    #[test]
    fn a_notice_about_several_is_about_each() {
        let vex = document(
            r#"{"vulnerability":{"@id":"https://example.org/USN-1","name":"USN-1","aliases":["CVE-2024-1000",
            "CVE-2024-1001"]},"products":["pkg:deb/ubuntu/a@1"],"status":"fixed"}"#,
        );
        let ids = vex.statements.iter().map(|said| (said.vulnerability.as_str(), said.aliases.join(" ")));
        let expected = [("CVE-2024-1000", "USN-1".to_owned()), ("CVE-2024-1001", "USN-1".to_owned())];
        assert_eq!(ids.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_cannot_be_used_is_said() {
        let good = r#"{"vulnerability":"CVE-2024-1001","products":["pkg:npm/a@1"],"status":"fixed"}"#;
        for (bad, detail) in [
            (good.replace("fixed", "maybe"), "\"maybe\" is no status"),
            (good.replace("fixed", "not_affected"), "it says not_affected without justification or impact statement"),
            (good.replace("CVE-2024-1001", ""), "it names no vulnerability"),
            (good.replace(r#""pkg:npm/a@1""#, ""), "it is about no product"),
        ] {
            let vex = document(&format!("{bad},{good}"));
            assert_eq!(vex.statements.len(), 1, "{bad}");
            assert_eq!(vex.malformed, [format!("document 1, statement 1: {detail}")]);
        }
        let partly = document(&good.replace(r#"["pkg"#, r#"["a.example","pkg"#));
        assert_eq!(partly.statements.len(), 1);
        assert_eq!(partly.malformed, ["document 1, statement 1: no package URL names product \"a.example\""]);
        let other =
            read(r#"{"@context":"x","statements":[]} {"statements":7}"#.as_bytes(), &Limits::default()).unwrap();
        assert_eq!((other.statements.len(), other.malformed.len()), (0, 2));
        assert!(read("".as_bytes(), &Limits::default()).is_err());
    }
}
