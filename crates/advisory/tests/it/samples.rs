//! Raw records of publishers' feeds, and what the tools that keep them made of them.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

use assay_advisory::{Entry, EntrySink, RangeEnd, Scope, Statement};

use crate::support::shared;

/// A file of the samples, unpacked (bzip2, gzip or plain).
pub(crate) fn sample(path: &str) -> Vec<u8> {
    let archive = shared("formats/feed-samples.tar.xz");
    let member = format!("format-fixtures/{path}");
    let output = Command::new("tar").arg("-xOf").arg(&archive).arg(&member).output().unwrap();
    assert!(output.status.success(), "{member}: {}", String::from_utf8_lossy(&output.stderr));
    let unpacker = match path.rsplit('.').next() {
        Some("bz2") => "bzip2",
        Some("gz") => "gzip",
        _ => return output.stdout,
    };
    let mut child =
        Command::new(unpacker).arg("-dc").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect(unpacker);
    let mut stdin = child.stdin.take().unwrap();
    let packed = output.stdout;
    let writer = std::thread::spawn(move || stdin.write_all(&packed));
    let unpacked = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    unpacked.stdout
}

/// The JSON files of a packed archive of the samples, unpacked by tar itself.
pub(crate) fn documents(path: &str) -> Vec<(String, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join(path.rsplit('/').next().unwrap());
    std::fs::write(&archive, sample(path)).unwrap();
    let status = Command::new("tar").arg("-C").arg(folder.path()).arg("-xf").arg(&archive).status().unwrap();
    assert!(status.success(), "{path}");
    let mut found = Vec::new();
    let mut folders = vec![folder.path().to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                found.push((path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// A JSON document of the samples.
pub(crate) fn json(path: &str) -> serde_json::Value {
    serde_json::from_slice(&sample(path)).unwrap()
}

/// Everything that a reader says.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) entries: Vec<(Scope, Entry)>,
    pub(crate) malformed: Vec<String>,
}

impl EntrySink for Collected {
    fn entry(&mut self, scope: &Scope, entry: Entry) -> Result<(), assay_advisory::AdvisoryError> {
        self.entries.push((scope.clone(), entry));
        Ok(())
    }

    fn malformed(&mut self, place: &str, detail: &str) {
        self.malformed.push(format!("{place}: {detail}"));
    }
}

/// (vulnerability, package, fixed version, architecture).
pub(crate) type Row = (String, String, String, String);

/// What is said to be fixed.
pub(crate) fn fixed_rows(collected: &Collected) -> BTreeSet<Row> {
    let mut rows = BTreeSet::new();
    for (_, entry) in &collected.entries {
        let Statement::Affected { ranges, .. } = &entry.statement else { continue };
        for range in ranges {
            let RangeEnd::Fixed(version) = &range.end else { continue };
            let all = [String::new()];
            let architectures = if entry.architectures.is_empty() { &all[..] } else { &entry.architectures };
            for architecture in architectures {
                rows.insert((entry.id.clone(), entry.package.clone(), version.clone(), architecture.clone()));
            }
        }
    }
    rows
}

/// A member that must be text.
pub(crate) fn text<'a>(value: &'a serde_json::Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_else(|| panic!("{member} is no text in {value}"))
}
