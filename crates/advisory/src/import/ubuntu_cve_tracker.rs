//! The Ubuntu CVE tracker (`https://git.launchpad.net/ubuntu-cve-tracker`): one text file a vulnerability.
//!
//! A line `esm-apps/jammy_openssl: released (3.0.2-0ubuntu1.1)` says how the source package of a release, or of what is
//! maintained beyond it for subscribers, stands to the vulnerability. A package that is not in a release (`DNE`) has no
//! entry. `devel` and `upstream` are no releases.

use std::collections::BTreeSet;
use std::io::Read;

use super::notice::Output;
use super::notice::is_name;
use super::notice_text::clip;
use super::ubuntu_status::{place_of, statement_of};
use crate::entry::{Entry, EntrySink, Level};
use crate::json::read_error;
use crate::packed::OverLimit;
use crate::scope::Scope;
use crate::{AdvisoryError, CveId, Limits, tar};

const FEED: &str = "ubuntu-cve-tracker";

/// The longest description that an entry gets, in bytes.
const MAX_DESCRIPTION: usize = 8 << 10;

/// Notices, vectors and remarks are cut to so many, or so many bytes.
const MAX_NOTICES: usize = 64;
const MAX_VECTORS: usize = 8;
const MAX_WORD: usize = 512;

/// Code names of no known release that are told of.
const MAX_UNKNOWN: usize = 16;

/// Reads one file of the tracker.
///
/// # Errors
///
/// When it breaks off or is over a limit; a file that is about no vulnerability is malformed.
pub fn read(reader: impl Read, limits: &Limits, sink: &mut dyn EntrySink) -> Result<(), AdvisoryError> {
    let mut content = Vec::new();
    let most = limits.string_bytes.saturating_mul(16);
    reader.take(most + 1).read_to_end(&mut content).map_err(|cause| read_error(FEED, cause))?;
    if content.len() as u64 > most {
        let over = OverLimit { what: "size in bytes", limit: most };
        return Err(read_error(FEED, over.into_error()));
    }
    let mut tracker = Tracker { output: Output::new(FEED, limits, sink), unknown: BTreeSet::new() };
    tracker.read_file("file", &content)
}

/// Reads the tracker as a tar stream, unpacked: every file that is called like a CVE.
///
/// # Errors
///
/// When the archive breaks off, is none, has no such file, or is over a limit.
pub fn read_tar(reader: impl Read, limits: &Limits, sink: &mut dyn EntrySink) -> Result<(), AdvisoryError> {
    let mut tracker = Tracker { output: Output::new(FEED, limits, sink), unknown: BTreeSet::new() };
    let mut files = 0_u64;
    tar::for_each_file(FEED, reader, limits, |path, content| {
        let name = path.rsplit('/').next().unwrap_or_default();
        if !name.starts_with("CVE-") {
            return Ok(());
        }
        files += 1;
        tracker.read_file(name, content)
    })?;
    if files == 0 {
        let (place, detail) = ("the archive".to_owned(), "it has no file of a CVE".to_owned());
        return Err(AdvisoryError::Malformed { feed: FEED, place, detail });
    }
    Ok(())
}

struct Tracker<'a> {
    output: Output<'a>,
    /// Code names that are none, each told of once.
    unknown: BTreeSet<String>,
}

/// What a file says about the vulnerability, whatever the package.
#[derive(Default)]
struct About<'f> {
    candidate: &'f str,
    priority: &'f str,
    /// Of single packages.
    priorities: Vec<(&'f str, &'f str)>,
    description: String,
    notices: Vec<&'f str>,
    cvss: Vec<String>,
    /// Release, package, status.
    lines: Vec<(&'f str, &'f str, &'f str)>,
}

impl Tracker<'_> {
    fn read_file(&mut self, name: &str, content: &[u8]) -> Result<(), AdvisoryError> {
        let text = String::from_utf8_lossy(content);
        let about = About::read(&text);
        let id = match about.candidate.parse::<CveId>() {
            Ok(id) => id.to_string(),
            Err(error) => {
                self.output.malformed(name, &error.to_string());
                return Ok(());
            }
        };
        for (place, package, status) in &about.lines {
            let (scope, channel) = match place_of(place) {
                Some(Ok(place)) => place,
                Some(Err(codename)) => {
                    self.tell_unknown(codename);
                    continue;
                }
                None => continue,
            };
            if self.output.wants(&scope) {
                self.add(&about, &id, (&scope, channel), package, status)?;
            }
        }
        Ok(())
    }

    fn tell_unknown(&mut self, codename: &str) {
        let codename = clip(codename, 64);
        if self.unknown.len() < MAX_UNKNOWN && self.unknown.insert(codename.to_owned()) {
            self.output.malformed(codename, "no known release of Ubuntu has this code name");
        }
    }

    fn add(
        &mut self,
        about: &About<'_>,
        id: &str,
        (scope, channel): (&Scope, Option<&str>),
        package: &str,
        status: &str,
    ) -> Result<(), AdvisoryError> {
        if !is_name(package) {
            self.output.malformed(id, &format!("{package:.64?} is no package"));
            return Ok(());
        }
        let Some(said) = statement_of(status) else { return Ok(()) };
        if let Some(version) = said.bad_version {
            self.output.malformed(id, &format!("{package}: {version:.64?} is no version"));
        }
        let mut entry = Entry::new(id, package, Level::Source, said.statement);
        entry.aliases = about.notices.iter().map(|notice| (*notice).to_owned()).collect();
        entry.channel = channel.map(str::to_owned);
        entry.status = clip(said.word, MAX_WORD).to_owned();
        entry.note = clip(said.note, MAX_WORD).to_owned();
        let own = about.priorities.iter().find(|(of, _)| *of == package).map(|(_, priority)| *priority);
        entry.severity = clip(own.unwrap_or(about.priority), MAX_WORD).to_owned();
        entry.cvss.clone_from(&about.cvss);
        entry.description.clone_from(&about.description);
        self.output.entry(scope, entry)
    }
}

impl<'f> About<'f> {
    fn read(text: &'f str) -> About<'f> {
        let mut about = About::default();
        let mut section = "";
        for line in text.lines() {
            if line.starts_with([' ', '\t']) {
                about.add_indented(section, line);
                continue;
            }
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            section = key;
            match key {
                "Candidate" => about.candidate = value,
                // The level; why may follow in words.
                "Priority" => about.priority = value.split_whitespace().next().unwrap_or_default(),
                _ if key.starts_with("Patches_") || key.starts_with("Tags_") || key.starts_with("Assigned") => {}
                _ => about.add_line(key, value),
            }
        }
        about
    }

    fn add_line(&mut self, key: &'f str, value: &'f str) {
        let Some((place, package)) = key.split_once('_') else { return };
        if place == "Priority" {
            // More would make looking them up slow; files have at most some ten.
            if self.priorities.len() < MAX_NOTICES {
                self.priorities.push((package, value.split_whitespace().next().unwrap_or_default()));
            }
        } else {
            self.lines.push((place, package, value));
        }
    }

    fn add_indented(&mut self, section: &str, line: &'f str) {
        let line = line.trim();
        match section {
            "Description" if self.description.len() + line.len() < MAX_DESCRIPTION => {
                if !self.description.is_empty() {
                    self.description.push('\n');
                }
                self.description.push_str(line);
            }
            "CVSS" if self.cvss.len() < MAX_VECTORS => {
                // `nvd: CVSS:3.1/AV:N/… [7.5 HIGH]`
                let vector = line.split_whitespace().find(|word| word.starts_with("CVSS:"));
                self.cvss.extend(vector.filter(|vector| vector.len() <= MAX_WORD).map(str::to_owned));
            }
            "References" => {
                let notice = line.rsplit('/').next().filter(|last| last.starts_with("USN-") && last.len() <= 32);
                let Some(notice) = notice else { return };
                if self.notices.len() < MAX_NOTICES && !self.notices.contains(&notice) {
                    self.notices.push(notice);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::collected::Collected;

    const FILE: &str = "Candidate: CVE-2023-36661\nReferences:\n https://ubuntu.com/security/notices/USN-6274-1\n \
        https://e.org/USN\nDescription:\n First line\n second line.\nUbuntu-Description:\n Not this.\n\
        Priority: medium\n Because of this.\nPriority_b: low\nCVSS:\n nvd: CVSS:3.1/AV:N [7.5 HIGH]\n\n\
        Patches_a:\n upstream: https://e.org\nupstream_a: released (1.0)\n";

    fn read_text(text: &str) -> Collected {
        let mut collected = Collected::default();
        read(text.as_bytes(), &Limits::default(), &mut collected).unwrap();
        collected
    }

    fn check(lines: &str, expected: &[&str], malformed: &[&str]) {
        let found = read_text(&format!("{FILE}{lines}"));
        assert_eq!(found.lines(), expected, "{lines}");
        assert_eq!(found.malformed, malformed, "{lines}");
    }

    #[test]
    fn releases_and_channels_are_told() {
        check("jammy_a: released (1.2-3)", &["ubuntu-22.04 CVE-2023-36661 a < 1.2-3 [] medium USN-6274-1"], &[]);
        check("noble_b: needed", &["ubuntu-24.04 CVE-2023-36661 b open no fix yet [] low USN-6274-1"], &[]);
        check("jammy_a: DNE\ndevel_a: needed\nvivid/ubuntu-core_a: needed", &[], &[]);
        check("zippy_a: needed\nzippy_b: needed", &[], &["zippy: no known release of Ubuntu has this code name"]);
        let found = read_text(&format!("{FILE}esm-apps/jammy_a: released (1~esm1)\ntrusty/esm_a:needed"));
        let places: Vec<_> = found.entries.iter().map(|(scope, e)| (scope.to_string(), e.channel.as_deref())).collect();
        assert_eq!(
            places,
            [("ubuntu-22.04".to_owned(), Some("esm-apps")), ("ubuntu-14.04".to_owned(), Some("esm-infra"))]
        );
        let (_, entry) = &found.entries[0];
        assert_eq!((entry.description.as_str(), entry.level), ("First line\nsecond line.", Level::Source));
        assert_eq!(entry.cvss, ["CVSS:3.1/AV:N"]);
    }

    #[test]
    fn what_is_wrong_is_told() {
        check(
            "jammy_a: released (1 2)",
            &["ubuntu-22.04 CVE-2023-36661 a  [] medium USN-6274-1"],
            &["CVE-2023-36661: a: \"1 2\" is no version"],
        );
        check("jammy_: needed", &[], &["CVE-2023-36661: \"\" is no package"]);
        let found = read_text("Candidate: CVE-XX\njammy_a: needed");
        assert_eq!((found.entries.len(), found.malformed), (0, vec!["file: \"CVE-XX\" is no CVE id".to_owned()]));
        let limits = Limits { string_bytes: 1, ..Limits::default() };
        let failed = read(FILE.as_bytes(), &limits, &mut Collected::default()).unwrap_err().to_string();
        assert_eq!(failed, "ubuntu-cve-tracker: size in bytes is over the limit of 16");
        let none = read_tar(&[0; 1024][..], &Limits::default(), &mut Collected::default()).unwrap_err().to_string();
        assert_eq!(none, "ubuntu-cve-tracker: the archive: it has no file of a CVE");
    }
}
