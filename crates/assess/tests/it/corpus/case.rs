//! A file of the corpus, and the words its lines are made of.

use std::path::PathBuf;

use serde::Deserialize;

/// One cause of wrong verdicts, and the cases that show it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cause {
    /// What goes wrong.
    pub(crate) cause: String,
    pub(crate) case: Vec<Case>,
}

/// A host, what the feeds say, and the right verdicts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// Where it was reported.
    pub(crate) thread: String,
    /// `ID VERSION_ID [CODENAME]` of os-release; empty for a host without one.
    pub(crate) os: String,
    /// `NAME VERSION key=value...`
    #[serde(default)]
    pub(crate) packages: Vec<String>,
    /// `ECOSYSTEM NAME VERSION LOCATION key=value...`
    #[serde(default)]
    pub(crate) libraries: Vec<String>,
    /// `running=RELEASE code=VERSION next=RELEASE patch=NAME`
    #[serde(default)]
    pub(crate) kernel: String,
    /// `NAME pid=N unit=UNIT package=PACKAGE`: processes that run old code of a package.
    #[serde(default)]
    pub(crate) processes: Vec<String>,
    #[serde(default)]
    pub(crate) repositories: Vec<String>,
    /// `ID PACKAGE source|binary WHAT key=value...`
    #[serde(default)]
    pub(crate) entries: Vec<String>,
    /// `ID REASON [PACKAGE=STATE[/CONFIDENCE]]...`
    #[serde(default)]
    pub(crate) expect: Vec<String>,
    /// Titles of exclusions that the assessment must have.
    #[serde(default)]
    pub(crate) exclusions: Vec<String>,
}

/// A line's words, and its `key=value` pairs.
#[derive(Debug)]
pub(crate) struct Words<'a> {
    pub(crate) plain: Vec<&'a str>,
    pairs: Vec<(&'a str, &'a str)>,
}

impl<'a> Words<'a> {
    pub(crate) fn of(line: &'a str) -> Words<'a> {
        let (mut plain, mut pairs) = (Vec::new(), Vec::new());
        for word in line.split_whitespace() {
            match word.split_once('=') {
                Some(pair) => pairs.push(pair),
                None => plain.push(word),
            }
        }
        Words { plain, pairs }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'a str> {
        self.pairs.iter().find(|(found, _)| *found == key).map(|(_, value)| *value)
    }

    pub(crate) fn owned(&self, key: &str) -> Option<String> {
        self.get(key).map(str::to_owned)
    }

    /// Fails on a key that nobody reads, which is a misspelt one.
    pub(crate) fn allow(&self, keys: &[&str]) {
        for (key, _) in &self.pairs {
            assert!(keys.contains(key), "{key:?} is none of {keys:?}");
        }
    }
}

/// Every file of the corpus with its name, sorted.
pub(crate) fn causes() -> Vec<(String, Cause)> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus"));
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let name = file.file_stem().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&file).unwrap();
            let cause = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, cause)
        })
        .collect()
}
