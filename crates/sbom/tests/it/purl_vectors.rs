//! The vectors of the package URL specification. Known differences stand in a file with reasons.

use std::collections::BTreeMap;

use assay_sbom::Purl;
use serde::Deserialize;
use serde_json::Value;

use crate::support::shared;

#[derive(Deserialize)]
struct File {
    tests: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    description: String,
    test_type: String,
    input: Value,
    #[serde(default)]
    expected_output: Value,
    expected_failure: bool,
}

/// What we make of a vector, in the form of its `expected_output`; absent when it is refused.
fn answer(vector: &Vector) -> Option<Value> {
    match vector.test_type.as_str() {
        "build" => {
            let text = |key: &str| vector.input.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let qualifiers = vector.input.get("qualifiers").and_then(Value::as_object).into_iter().flatten();
            let purl = Purl {
                purl_type: text("type").to_ascii_lowercase(),
                namespace: text("namespace").trim_matches('/').to_owned(),
                name: text("name").trim_matches('/').to_owned(),
                version: text("version"),
                qualifiers: qualifiers
                    .map(|(key, value)| (key.to_ascii_lowercase(), value.as_str().unwrap_or_default().to_owned()))
                    .filter(|(_, value)| !value.is_empty())
                    .collect(),
                subpath: text("subpath"),
            };
            let written = purl.to_string();
            written.parse::<Purl>().ok().map(|again| Value::from(again.to_string()))
        }
        "parse" => {
            let purl: Purl = vector.input.as_str()?.parse().ok()?;
            let optional = |text: &str| if text.is_empty() { Value::Null } else { Value::from(text) };
            let qualifiers: BTreeMap<String, String> = purl.qualifiers.clone();
            Some(serde_json::json!({
                "type": purl.purl_type,
                "namespace": optional(&purl.namespace),
                "name": purl.name,
                "version": optional(&purl.version),
                "qualifiers": if qualifiers.is_empty() { Value::Null } else { serde_json::to_value(qualifiers).unwrap() },
                "subpath": optional(&purl.subpath),
            }))
        }
        _ => vector.input.as_str()?.parse::<Purl>().ok().map(|purl| Value::from(purl.to_string())),
    }
}

#[derive(Deserialize)]
struct Known {
    difference: Vec<Difference>,
}

#[derive(Deserialize)]
struct Difference {
    file: String,
    description: String,
    reason: String,
}

#[test]
fn vectors_of_the_specification_hold() {
    let known: Known = toml::from_str(include_str!("purl-differences.toml")).unwrap();
    let mut unmet: Vec<(String, String)> =
        known.difference.iter().map(|difference| (difference.file.clone(), difference.description.clone())).collect();
    assert!(known.difference.iter().all(|difference| !difference.reason.is_empty()));
    let (mut count, mut wrong) = (0, Vec::new());
    for folder in ["vectors/purl/spec", "vectors/purl/types"] {
        let mut files: Vec<_> = std::fs::read_dir(shared(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for path in files {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let file: File = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            for vector in file.tests {
                count += 1;
                let found = answer(&vector);
                let is_right = match (&found, vector.expected_failure) {
                    (None, true) => true,
                    (Some(found), false) => *found == vector.expected_output,
                    _ => false,
                };
                let key = (name.clone(), vector.description.clone());
                let is_known =
                    known.difference.iter().any(|known| (&known.file, &known.description) == (&key.0, &key.1));
                match (is_right, is_known) {
                    (true, false) => {}
                    (false, true) => unmet.retain(|other| *other != key),
                    (true, true) => {}
                    (false, false) => wrong.push(format!(
                        "[[difference]]\nfile = {name:?}\ndescription = {:?}\n# input {} expected {} found {found:?}",
                        vector.description, vector.input, vector.expected_output
                    )),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(unmet.is_empty(), "no longer true: {unmet:?}");
    assert!(count > 500, "{count}");
}
