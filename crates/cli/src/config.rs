//! Configuration files: `/etc/assay/assay.toml`, then `/etc/assay/conf.d/*.toml` by name, later ones winning.
//!
//! An unknown key is an error that names the file, the line and the nearest key.

use std::collections::BTreeMap;
use std::io;

use assay_server::service::Limits;
use camino::{Utf8Path, Utf8PathBuf};
use serde::Deserialize;

const MAIN_FILE: &str = "/etc/assay/assay.toml";
const DROP_IN_FOLDER: &str = "/etc/assay/conf.d";
const KEYS: [&str; 10] = [
    "data",
    "database",
    "evidence_store",
    "feeds",
    "knowledge",
    "limits",
    "mirror",
    "max_feed_age",
    "offline",
    "sinks",
];

/// What a configuration file may say; an absent key leaves the default.
#[derive(Debug, Default, Deserialize)]
pub struct Config {
    /// Folder of the store and the feeds.
    pub data: Option<Utf8PathBuf>,
    /// Address of a PostgreSQL database that is the store.
    pub database: Option<String>,
    /// Where evidence is kept.
    pub evidence_store: Option<String>,
    /// Folder of the feeds.
    pub feeds: Option<Utf8PathBuf>,
    /// Folder of further rules.
    pub knowledge: Option<Utf8PathBuf>,
    /// Where feeds are fetched from.
    pub mirror: Option<String>,
    /// Age after which a feed is stale.
    pub max_feed_age: Option<String>,
    /// Fetch nothing.
    pub offline: Option<bool>,
    /// Where `assay serve` delivers the messages of topics.
    pub sinks: Option<Vec<String>>,
    /// Limits of `assay serve` by name.
    #[serde(default)]
    pub limits: BTreeMap<String, u64>,
}

/// Why a configuration file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Reading it failed.
    #[error("failed to read {path}")]
    Read {
        /// The file.
        path: Utf8PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// It is no TOML, or a value has the wrong type.
    #[error("{path}: {message}")]
    Parse {
        /// The file.
        path: Utf8PathBuf,
        /// What is wrong, with the line.
        message: String,
    },
    /// A key that does not exist.
    #[error("{path}:{line}: unknown key {key:?}; did you mean {nearest:?}?")]
    UnknownKey {
        /// The file.
        path: Utf8PathBuf,
        /// 1-based line.
        line: usize,
        /// The key.
        key: String,
        /// The most similar key that exists.
        nearest: &'static str,
    },
}

/// Reads one file (`--config`), or the system's files, absent ones being empty.
///
/// # Errors
///
/// When a file cannot be read or understood, or the file named does not exist.
pub fn load(named: Option<&Utf8Path>) -> Result<Config, ConfigError> {
    if let Some(path) = named {
        return parse(path, &read(path)?);
    }
    let mut config = Config::default();
    let mut files = vec![Utf8PathBuf::from(MAIN_FILE)];
    files.extend(drop_ins()?);
    for path in files {
        match read(&path) {
            Ok(text) => config.override_with(parse(&path, &text)?),
            Err(ConfigError::Read { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(config)
}

impl Config {
    fn override_with(&mut self, later: Config) {
        self.data = later.data.or(self.data.take());
        self.database = later.database.or(self.database.take());
        self.evidence_store = later.evidence_store.or(self.evidence_store.take());
        self.feeds = later.feeds.or(self.feeds.take());
        self.knowledge = later.knowledge.or(self.knowledge.take());
        self.mirror = later.mirror.or(self.mirror.take());
        self.max_feed_age = later.max_feed_age.or(self.max_feed_age.take());
        self.offline = later.offline.or(self.offline);
        self.sinks = later.sinks.or(self.sinks.take());
        self.limits.extend(later.limits);
    }
}

fn drop_ins() -> Result<Vec<Utf8PathBuf>, ConfigError> {
    let folder = Utf8Path::new(DROP_IN_FOLDER);
    let failed = |cause| ConfigError::Read { path: folder.to_owned(), cause };
    let entries = match folder.read_dir_utf8() {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(failed(cause)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.into_path();
        if path.extension() == Some("toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Utf8Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|cause| ConfigError::Read { path: path.to_owned(), cause })
}

fn parse(path: &Utf8Path, text: &str) -> Result<Config, ConfigError> {
    let wrong = |error: toml::de::Error| ConfigError::Parse { path: path.to_owned(), message: one_line(&error, text) };
    let table: toml::Table = text.parse().map_err(wrong)?;
    check_keys(path, text, &table, &KEYS)?;
    if let Some(limits) = table.get("limits").and_then(toml::Value::as_table) {
        check_keys(path, text, limits, &Limits::NAMES)?;
    }
    let config: Config = toml::from_str(text).map_err(wrong)?;
    for (name, number) in &config.limits {
        let checked = Limits::default().set(name, *number);
        checked.map_err(|error| {
            let message = format!("line {}: {error}", line_of(text, name));
            ConfigError::Parse { path: path.to_owned(), message }
        })?;
    }
    Ok(config)
}

fn check_keys(
    path: &Utf8Path,
    text: &str,
    table: &toml::Table,
    known: &'static [&'static str],
) -> Result<(), ConfigError> {
    let Some(key) = table.keys().find(|key| !known.contains(&key.as_str())) else { return Ok(()) };
    let alike = |name: &str| strsim::jaro_winkler(key, name);
    let nearest = known.iter().max_by(|left, right| alike(left).total_cmp(&alike(right)));
    let nearest = nearest.copied().unwrap_or_default();
    Err(ConfigError::UnknownKey { path: path.to_owned(), line: line_of(text, key), key: key.clone(), nearest })
}

fn one_line(error: &toml::de::Error, text: &str) -> String {
    let line = error.span().and_then(|span| text.get(..span.start)).map(|before| before.matches('\n').count() + 1);
    match line {
        Some(line) => format!("line {line}: {}", error.message()),
        None => error.message().to_owned(),
    }
}

fn line_of(text: &str, key: &str) -> usize {
    let is_key = |line: &str| {
        let line = line.trim_start().trim_start_matches(['[', '"', '\'']);
        line.strip_prefix(key).is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
    };
    text.lines().position(is_key).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let error = parse(Utf8Path::new("assay.toml"), text).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn wrong_files_are_refused_with_line_and_nearest_key() {
        check(
            "data = \"/x\"\nmax_feed_agee = \"7d\"\n",
            "assay.toml:2: unknown key \"max_feed_agee\"; did you mean \"max_feed_age\"?",
        );
        check("\n[Feeds]\n", "assay.toml:2: unknown key \"Feeds\"; did you mean \"feeds\"?");
        check("[limits]\ntarget = 1\n", "assay.toml:2: unknown key \"target\"; did you mean \"targets\"?");
        check("[limits]\nruns = 0\n", "assay.toml: line 2: runs is 0, and may be 1 to 1000000000");
        check("offline = \"yes\"\n", "assay.toml: line 1: invalid type: string \"yes\", expected a boolean");
    }

    #[test]
    fn later_files_win() {
        let mut config =
            parse(Utf8Path::new("a"), "data = \"/a\"\noffline = true\n[limits]\nruns = 1\nagents = 2").unwrap();
        config.override_with(parse(Utf8Path::new("b"), "data = \"/b\"\nlimits.runs = 3").unwrap());
        assert_eq!(config.limits, [("agents".to_owned(), 2), ("runs".to_owned(), 3)].into());
        assert_eq!(config.data.as_deref(), Some(Utf8Path::new("/b")));
        assert_eq!(config.offline, Some(true));
    }
}
