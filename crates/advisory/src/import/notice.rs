//! A publisher's notice of an update, whatever feed it comes in: what it fixes and the packages that have the fixes.
//!
//! One entry is made for each vulnerability in each package. The architectures of one version are put together, since a
//! notice lists a package once for each.

use std::collections::{BTreeMap, BTreeSet};

use super::notice_text::{clip, description_or_title};
use crate::entry::{Entry, EntrySink, Level, Statement};
use crate::scope::Scope;
use crate::version::rpm::RpmVersion;
use crate::{AdvisoryError, Limits};

/// The longest id, state or severity, in bytes.
pub(crate) const MAX_WORD: usize = 128;

/// The longest address, in bytes.
pub(crate) const MAX_ADDRESS: usize = 1024;

/// A notice of an update.
#[derive(Debug, Default)]
pub(crate) struct Notice {
    /// The publisher's id, for example `ALAS2-2023-2100`.
    pub(crate) id: String,
    /// The publisher's word for how bad it is.
    pub(crate) severity: String,
    /// One line about it.
    pub(crate) title: String,
    /// All about it.
    pub(crate) description: String,
    /// Address of its page.
    pub(crate) reference: String,
    /// What it fixes. A notice that names no vulnerability is one itself, if it is about security.
    pub(crate) fixes: Vec<Fix>,
    /// The packages that have the fixes.
    pub(crate) packages: Vec<UpdatedPackage>,
}

/// A vulnerability that a notice fixes.
#[derive(Debug, Default)]
pub(crate) struct Fix {
    pub(crate) id: String,
    /// CVSS vectors.
    pub(crate) cvss: Vec<String>,
    /// The publisher's word for how bad this one is; empty where it has only one for the notice.
    pub(crate) severity: String,
}

/// A package as a notice has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UpdatedPackage {
    pub(crate) name: String,
    pub(crate) evr: String,
    pub(crate) architecture: String,
    /// `NAME:STREAM`; `*` where only its release tells that it is of a module.
    pub(crate) module: Option<String>,
    pub(crate) channel: Option<String>,
}

/// Hands entries to the sink and counts them.
pub(crate) struct Output<'a> {
    feed: &'static str,
    limit: u64,
    entries: u64,
    sink: &'a mut dyn EntrySink,
}

impl<'a> Output<'a> {
    pub(crate) fn new(feed: &'static str, limits: &Limits, sink: &'a mut dyn EntrySink) -> Output<'a> {
        Output { feed, limit: limits.records, entries: 0, sink }
    }

    pub(crate) fn entry(&mut self, scope: &Scope, entry: Entry) -> Result<(), AdvisoryError> {
        self.entries += 1;
        if self.entries > self.limit {
            let (feed, what) = (self.feed.to_owned(), "number of records");
            return Err(AdvisoryError::OverLimit { feed, what, limit: self.limit });
        }
        self.sink.entry(scope, entry)
    }

    /// Takes note of something unusable; texts of a stranger are cut.
    pub(crate) fn malformed(&mut self, place: &str, detail: &str) {
        let place: String = place.chars().take(64).collect();
        let detail: String = detail.chars().take(256).collect();
        self.sink.malformed(&place, &detail);
    }

    pub(crate) fn wants(&self, scope: &Scope) -> bool {
        self.sink.wants(scope)
    }
}

/// Whether the text can be the name of a package.
pub(crate) fn is_name(text: &str) -> bool {
    (1..=256).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Epoch, version and release as one text. A stated epoch is kept, 0 too: rpm's order takes a missing one as 0.
pub(crate) fn evr(epoch: &str, version: &str, release: &str) -> String {
    match epoch {
        "" => format!("{version}-{release}"),
        epoch => format!("{epoch}:{version}-{release}"),
    }
}

/// The module of a package by its release alone: `18.module_el8.5.0+2632` is of some module.
pub(crate) fn module_of_release(evr: &str) -> Option<String> {
    let (_, release) = evr.rsplit_once('-')?;
    [".module_", ".module+", "+module_", "+module+"].iter().any(|mark| release.contains(mark)).then(|| "*".to_owned())
}

impl Notice {
    /// Hands over the entries of the notice.
    pub(crate) fn report(self, scope: &Scope, output: &mut Output<'_>) -> Result<(), AdvisoryError> {
        if !output.wants(scope) {
            return Ok(());
        }
        let id = clip(&self.id, MAX_WORD);
        let mut architectures: BTreeMap<UpdatedPackage, BTreeSet<String>> = BTreeMap::new();
        for mut package in self.packages {
            if !is_name(&package.name) || RpmVersion::parse(&package.evr).is_err() {
                let detail = format!("{:.64?} {:.64?} is no package and version", package.name, package.evr);
                output.malformed(&self.id, &detail);
                continue;
            }
            let architecture = clip(&std::mem::take(&mut package.architecture), MAX_WORD).to_owned();
            architectures.entry(package).or_default().insert(architecture);
        }
        if architectures.is_empty() {
            output.malformed(&self.id, "it names no package");
        }
        for fix in &self.fixes {
            let description = description_or_title(&self.description, &self.title, &fix.id, self.fixes.len());
            let severity = if fix.severity.is_empty() { &self.severity } else { &fix.severity };
            for (package, architectures) in &architectures {
                let statement = Statement::fixed_in(&package.evr);
                let mut entry = Entry::new(&fix.id, &package.name, Level::Binary, statement);
                if fix.id != self.id {
                    entry.aliases.push(id.to_owned());
                }
                entry.module.clone_from(&package.module);
                entry.channel.clone_from(&package.channel);
                if !architectures.contains("") {
                    entry.architectures = architectures.iter().cloned().collect();
                }
                entry.severity = clip(severity, MAX_WORD).to_owned();
                entry.cvss.clone_from(&fix.cvss);
                entry.description = description.to_owned();
                entry.reference = clip(&self.reference, MAX_ADDRESS).to_owned();
                output.entry(scope, entry)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_show_in_releases() {
        for (evr, expected) in [
            ("0:1.0.5-18.module_el8.5.0+2632+14ced695", Some("*")),
            ("1:18.18.2-1.module+el8.8.0+19857+6d2a104d", Some("*")),
            ("10.3.17-1.module_x-1.el8", None),
            ("1.0-1.el8", None),
            ("1.0", None),
        ] {
            assert_eq!(module_of_release(evr).as_deref(), expected, "{evr}");
        }
    }

    #[test]
    fn an_epoch_is_kept_as_stated() {
        assert_eq!(evr("", "1", "2"), "1-2");
        assert_eq!(evr("0", "1", "2"), "0:1-2");
        assert!(RpmVersion::parse("0:1-2").unwrap() == RpmVersion::parse("1-2").unwrap());
    }
}
