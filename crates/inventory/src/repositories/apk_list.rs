//! `/etc/apk/repositories`: one address a line.
//!
//! Implements apk-repositories(5) of apk-tools 2 and 3. Surprising: a repository with a tag (`@edge`) is only used for
//! packages that are asked for with it, but what came from it stays on the host like any other package.

use assay_model::evidence::package::Repository;

use super::address::without_secrets;
use crate::text::{LineProblems, is_comment, lines};

/// Words that may stand before an address since apk-tools 3, naming the kind of its index.
const INDEX_KINDS: &[&str] = &["v2", "v3", "ndx"];

/// Reads the file; a line with components after the address is one repository for each.
pub fn parse(bytes: &[u8], problems: &mut LineProblems) -> Vec<Repository> {
    let mut repositories = Vec::new();
    for line in lines(bytes, problems).iter().filter(|line| !is_comment(&line.text, &['#'])) {
        // `set -name=value` of apk-tools 3.
        let mut words =
            line.text.split_whitespace().skip_while(|word| word.starts_with('@') || INDEX_KINDS.contains(word));
        let Some(address) = words.next() else {
            problems.malformed(line.number, "has no address");
            continue;
        };
        if address == "set" {
            continue;
        }
        let address = without_secrets(address);
        let base = address.trim_end_matches('/');
        let components: Vec<&str> = words.collect();
        let is_address = base.contains([':', '/', '$']);
        if !is_address || !components.iter().all(|component| is_component(component)) {
            problems.malformed(line.number, "is no address with components");
            continue;
        }
        if components.is_empty() {
            repositories.push(repository(base.to_owned()));
        }
        repositories.extend(components.iter().map(|component| repository(format!("{base}/{component}"))));
    }
    repositories
}

/// A component is a folder below the address, never an address of its own.
fn is_component(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-+/${}".contains(&byte))
}

/// The last two parts of the address tell the release and the part of it.
fn repository(location: String) -> Repository {
    let mut parts = location.rsplitn(3, '/');
    let id = match (parts.next(), parts.next()) {
        (Some(last), Some(before)) if !before.is_empty() => format!("{before}/{last}"),
        (Some(last), _) => last.to_owned(),
        (None, _) => location.clone(),
    };
    Repository { id, location }
}
