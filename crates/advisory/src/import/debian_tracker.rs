//! The Debian security tracker's JSON (`https://security-tracker.debian.org/tracker/data/json`).
//!
//! One object of source packages, each an object of vulnerabilities, each with an object of releases. It is some 75 MB
//! and is read as a stream; every text is kept once, since a CVE's description comes again with each source package.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, Visitor};

use super::debian_words::{NoDsaReason, TrackerStatus, statement, urgency};
use crate::database::{DatabaseBuilder, TextHeap, write_atomically};
use crate::entry::{Entry, EntrySink, Level};
use crate::json::{guarded, parse_error};
use crate::platform::Platform;
use crate::release::is_codename;
use crate::scope::Scope;
use crate::version::debian::DebianVersion;
use crate::{AdvisoryError, FeedOrigin, Limits};

/// The feed's name in traces and in a mirror.
pub const FEED: &str = "debian-tracker";

/// The tracker's JSON, read: every release it speaks of.
#[derive(Debug, Default)]
pub struct DebianTracker {
    texts: TextHeap,
    releases: BTreeMap<String, Vec<Compact>>,
}

/// What the feed holds for one release; compare it with the last one before it is put to use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleaseSummary {
    /// Source packages with at least one record.
    pub sources: u64,
    /// (source package, vulnerability) records.
    pub records: u64,
    /// Records whose status is `open`.
    pub open: u64,
    /// Records that can never be decided: a status that is no known word, `resolved` without a version, or a fixed
    /// version that is no Debian version. They are kept and give the verdict unknown.
    pub undecidable: u64,
}

/// One record; texts are offsets into the heap.
#[derive(Clone, Copy, Debug)]
struct Compact {
    source: u32,
    id: u32,
    fixed_version: u32,
    note: u32,
    description: u32,
    urgency: u32,
    status: TrackerStatus,
    no_dsa: Option<NoDsaReason>,
}

impl DebianTracker {
    /// Reads the unpacked JSON.
    ///
    /// # Errors
    ///
    /// When it breaks off, is no JSON of this shape, names a vulnerability twice in a source package, has no record at
    /// all, or is over a limit.
    pub fn read(reader: impl Read, limits: &Limits) -> Result<DebianTracker, AdvisoryError> {
        let mut import = Import { tracker: DebianTracker::default(), limits, sources: 0, records: 0, failure: None };
        let mut deserializer = serde_json::Deserializer::from_reader(guarded(reader, limits));
        let parsed = Sources { import: &mut import }.deserialize(&mut deserializer).and_then(|()| deserializer.end());
        if let Some(failure) = import.failure {
            return Err(failure);
        }
        parsed.map_err(|cause| parse_error(FEED, cause))?;
        if import.records == 0 {
            return Err(malformed("the document", "it has no record of any release"));
        }
        import.tracker.refuse_duplicates()?;
        Ok(import.tracker)
    }

    /// The releases it speaks of, sorted.
    pub fn releases(&self) -> Vec<&str> {
        self.releases.keys().map(String::as_str).collect()
    }

    /// What it holds for a release; absent when it does not speak of it.
    pub fn summary(&self, release: &str) -> Option<ReleaseSummary> {
        let records = self.releases.get(release)?;
        let mut sources: Vec<u32> = records.iter().map(|record| record.source).collect();
        sources.sort_unstable();
        sources.dedup();
        let count = |wanted: &dyn Fn(&Compact) -> bool| records.iter().filter(|&record| wanted(record)).count() as u64;
        Some(ReleaseSummary {
            sources: sources.len() as u64,
            records: records.len() as u64,
            open: count(&|record| record.status == TrackerStatus::Open),
            undecidable: count(&|record| self.is_undecidable(record)),
        })
    }

    /// The compiled database of one release, as the bytes of its file.
    ///
    /// # Errors
    ///
    /// When the feed does not speak of the release, or the database would be too large.
    pub fn compile(&self, release: &str, origin: &FeedOrigin) -> Result<Vec<u8>, AdvisoryError> {
        let records = self
            .releases
            .get(release)
            .ok_or_else(|| AdvisoryError::NoSuchRelease { feed: FEED, release: release.to_owned() })?;
        let scope = Scope::new(Platform::Debian, release).map_err(|error| malformed(release, error.to_string()))?;
        let mut builder = DatabaseBuilder::new(scope);
        let feed = builder.add_origin(origin.clone())?;
        for record in records {
            builder.add(feed, &self.entry(record))?;
        }
        builder.compile()
    }

    /// Hands over every record of every release that is wanted.
    ///
    /// # Errors
    ///
    /// When a release has no scope, or the sink refuses an entry.
    pub fn entries(&self, sink: &mut dyn EntrySink) -> Result<(), AdvisoryError> {
        for (release, records) in &self.releases {
            let scope = Scope::new(Platform::Debian, release)
                .map_err(|error| malformed(release.as_str(), error.to_string()))?;
            if sink.wants(&scope) {
                records.iter().try_for_each(|record| sink.entry(&scope, self.entry(record)))?;
            }
        }
        Ok(())
    }

    fn entry(&self, record: &Compact) -> Entry {
        let text = |place: u32| self.texts.get(place);
        let urgency = text(record.urgency);
        let note = match (record.no_dsa, text(record.note)) {
            (Some(reason), "") => reason.as_str().to_owned(),
            (Some(reason), note) => format!("{}: {note}", reason.as_str()),
            (None, note) => note.to_owned(),
        };
        let statement = statement(record.status, text(record.fixed_version), urgency, record.no_dsa);
        Entry {
            status: record.status.as_str().to_owned(),
            severity: urgency.to_owned(),
            note,
            description: text(record.description).to_owned(),
            ..Entry::new(text(record.id), text(record.source), Level::Source, statement)
        }
    }

    /// Compiles one release and puts it into a directory as `debian-RELEASE.assaydb`, atomically; gives its path.
    ///
    /// # Errors
    ///
    /// As [`DebianTracker::compile`], and when it cannot be written; the file that was there before then stays.
    pub fn write(&self, release: &str, origin: &FeedOrigin, directory: &Path) -> Result<PathBuf, AdvisoryError> {
        let path = directory.join(format!("debian-{release}.assaydb"));
        write_atomically(&path, &self.compile(release, origin)?)?;
        Ok(path)
    }

    fn is_undecidable(&self, record: &Compact) -> bool {
        match record.status {
            TrackerStatus::Unrecognised => true,
            TrackerStatus::Resolved => DebianVersion::parse(self.texts.get(record.fixed_version)).is_err(),
            TrackerStatus::Open | TrackerStatus::Undetermined => false,
        }
    }

    fn refuse_duplicates(&self) -> Result<(), AdvisoryError> {
        for (release, records) in &self.releases {
            let mut keys: Vec<(u32, u32)> = records.iter().map(|record| (record.source, record.id)).collect();
            keys.sort_unstable();
            let twice = keys.iter().zip(keys.iter().skip(1)).find(|(left, right)| left == right);
            if let Some((&(source, id), _)) = twice {
                let place = format!("{} {}", self.texts.get(source), self.texts.get(id));
                return Err(malformed(place, format!("it comes twice for {release}")));
            }
        }
        Ok(())
    }
}

fn malformed(place: impl Into<String>, detail: impl Into<String>) -> AdvisoryError {
    AdvisoryError::Malformed { feed: FEED, place: place.into(), detail: detail.into() }
}

/// A vulnerability of a source package, as the tracker writes it.
#[derive(Deserialize)]
struct Stated {
    #[serde(default)]
    description: Option<String>,
    #[serde(default, deserialize_with = "few_releases")]
    releases: Vec<(String, ReleaseEntry)>,
}

#[derive(Deserialize)]
struct ReleaseEntry {
    status: String,
    #[serde(default)]
    fixed_version: Option<String>,
    #[serde(default)]
    urgency: Option<String>,
    #[serde(default)]
    nodsa: Option<String>,
    #[serde(default)]
    nodsa_reason: Option<String>,
}

/// Far more releases than Debian has at one time; checked while reading, before they are kept.
const MAX_RELEASES_OF_ENTRY: usize = 64;

fn few_releases<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, ReleaseEntry)>, D::Error> {
    struct Releases;

    impl<'de> Visitor<'de> for Releases {
        type Value = Vec<(String, ReleaseEntry)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object of releases")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut releases = Vec::new();
            while let Some(release) = map.next_entry::<String, ReleaseEntry>()? {
                if releases.len() == MAX_RELEASES_OF_ENTRY {
                    return Err(de::Error::custom("more than 64 releases of one vulnerability"));
                }
                releases.push(release);
            }
            Ok(releases)
        }
    }

    deserializer.deserialize_map(Releases)
}

struct Import<'a> {
    tracker: DebianTracker,
    limits: &'a Limits,
    sources: u64,
    records: u64,
    /// What stopped the import, where it is more than serde can say.
    failure: Option<AdvisoryError>,
}

impl Import<'_> {
    fn count_source(&mut self, source: &str) -> Result<u32, AdvisoryError> {
        self.sources += 1;
        check_count("number of source packages", self.sources, self.limits.sources)?;
        check_word(source, "source package")?;
        self.tracker.texts.add(source)
    }

    fn add(&mut self, source: u32, id: &str, entry: Stated) -> Result<(), AdvisoryError> {
        check_word(id, "vulnerability")?;
        let texts = &mut self.tracker.texts;
        let id_text = texts.add(id)?;
        let description = texts.add(entry.description.as_deref().unwrap_or_default())?;
        for (release, stated) in entry.releases {
            self.records += 1;
            check_count("number of records", self.records, self.limits.records)?;
            if !is_codename(&release) {
                return Err(malformed(id, format!("{release:?} is no code name of a release")));
            }
            let status = TrackerStatus::from_word(&stated.status);
            let note = match status {
                TrackerStatus::Unrecognised => format!("the tracker's status is {:?}", stated.status),
                _ => stated.nodsa.clone().unwrap_or_default(),
            };
            let is_no_dsa = stated.nodsa.is_some() || stated.nodsa_reason.as_deref().is_some_and(|r| !r.is_empty());
            let record = Compact {
                source,
                id: id_text,
                fixed_version: texts.add(stated.fixed_version.as_deref().unwrap_or_default())?,
                note: texts.add(&note)?,
                description,
                urgency: texts.add(urgency(stated.urgency.as_deref().unwrap_or("not yet assigned")))?,
                status,
                no_dsa: is_no_dsa.then(|| NoDsaReason::from_word(stated.nodsa_reason.as_deref().unwrap_or_default())),
            };
            self.tracker.releases.entry(release).or_default().push(record);
            check_count("number of releases", self.tracker.releases.len() as u64, self.limits.releases)?;
        }
        Ok(())
    }

    /// Hands an error through serde: it is kept here, serde gets a stand-in.
    fn fail<E: de::Error>(&mut self, failure: AdvisoryError) -> E {
        self.failure = Some(failure);
        E::custom("stopped")
    }
}

fn check_count(what: &'static str, count: u64, limit: u64) -> Result<(), AdvisoryError> {
    if count > limit { Err(AdvisoryError::OverLimit { feed: FEED.to_owned(), what, limit }) } else { Ok(()) }
}

fn check_word(word: &str, what: &str) -> Result<(), AdvisoryError> {
    let is_word = (1..=128).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_graphic());
    if is_word { Ok(()) } else { Err(malformed(format!("{word:.40?}"), format!("this is no name of a {what}"))) }
}

/// The outer object.
struct Sources<'i, 'a> {
    import: &'i mut Import<'a>,
}

impl<'de> DeserializeSeed<'de> for Sources<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Sources<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of source packages")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            let source = self.import.count_source(&name).map_err(|failure| self.import.fail::<A::Error>(failure))?;
            map.next_value_seed(Vulnerabilities { import: self.import, source })?;
        }
        Ok(())
    }
}

/// The object of one source package.
struct Vulnerabilities<'i, 'a> {
    import: &'i mut Import<'a>,
    source: u32,
}

impl<'de> DeserializeSeed<'de> for Vulnerabilities<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Vulnerabilities<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of vulnerabilities")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some((id, entry)) = map.next_entry::<String, Stated>()? {
            self.import.add(self.source, &id, entry).map_err(|failure| self.import.fail::<A::Error>(failure))?;
        }
        Ok(())
    }
}
