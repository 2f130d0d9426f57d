//! The files of sysctl.d(5) and which of their lines wins.
//!
//! Surprising: a line that is set again with the same value keeps its first place, one with another value moves to the
//! end, and between two patterns the place decides. A test compares this with systemd-sysctl(8) itself.

use std::collections::{BTreeMap, HashMap};

use assay_host::{FileKind, Host, HostError};
use assay_model::evidence::setting::Setting;
use assay_model::evidence::{Problem, ProblemKind};

use super::key::{is_pattern, matches, normalize};
use crate::text::{CONFIGURATION_LIMIT, LineProblems, is_comment, lines};

/// A file of an earlier folder hides those of the same name in later ones.
const FOLDERS: [&str; 5] =
    ["/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d", "/usr/lib/sysctl.d", "/lib/sysctl.d"];

const SYSCTL_CONF: &str = "/etc/sysctl.conf";

/// Where the program is that applies the files at boot.
const SYSTEMD_SYSCTL: [&str; 2] = ["/usr/lib/systemd/systemd-sysctl", "/lib/systemd/systemd-sysctl"];

const MAX_FILES: usize = 1000;

/// What all files together may hold, in bytes.
const TOTAL_LIMIT: u64 = 32 << 20;

/// One line of sysctl.d(5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The parameter, as the path below `/proc/sys`; may be a pattern of glob(7).
    pub key: String,
    /// Its value; absent for `-key`, which takes the parameter out of what patterns match.
    pub value: Option<String>,
    /// 1-based line.
    pub line: u32,
}

/// Reads one file of sysctl.d(5).
pub fn parse(file: &str, bytes: &[u8]) -> (Vec<Assignment>, Vec<Problem>) {
    let mut problems = LineProblems::new(file);
    let mut assignments = Vec::new();
    for line in lines(bytes, &mut problems) {
        let text = strip(&line.text);
        if is_comment(text, &['#', ';']) {
            continue;
        }
        let (key, value) = match (text.split_once('='), text.strip_prefix('-')) {
            (Some((key, value)), _) => (key.strip_prefix('-').unwrap_or(key), Some(strip(value).to_owned())),
            (None, Some(key)) => (key, None),
            (None, None) => {
                problems.malformed(line.number, "is no assignment");
                continue;
            }
        };
        let key = normalize(strip(key));
        if key.is_empty() {
            problems.malformed(line.number, "has no name");
        } else if is_pattern(&key) && (key.contains('{') || key.contains("[:")) {
            problems.malformed(line.number, "has a pattern with braces or character classes, which is not understood");
        } else {
            assignments.push(Assignment { key, value, line: line.number });
        }
    }
    (assignments, problems.into_problems())
}

fn strip(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

/// All assignments in the order in which they take effect, one for each key.
#[derive(Default)]
pub(super) struct Configuration {
    entries: Vec<Option<Entry>>,
    places: HashMap<String, usize>,
}

struct Entry {
    file: String,
    assignment: Assignment,
}

impl Configuration {
    pub(super) fn read(host: &dyn Host, problems: &mut Vec<Problem>) -> Configuration {
        let mut configuration = Configuration::default();
        let mut budget = TOTAL_LIMIT;
        for file in files(host, problems) {
            match host.read(&file, CONFIGURATION_LIMIT.min(budget)) {
                Ok(content) => {
                    budget = budget.saturating_sub(content.len() as u64);
                    let (assignments, malformed) = parse(&file, &content);
                    problems.extend(malformed);
                    for assignment in assignments {
                        configuration.add(&file, assignment);
                    }
                }
                Err(error) => problems.push(error.to_problem()),
            }
        }
        configuration
    }

    fn add(&mut self, file: &str, assignment: Assignment) {
        let new = Entry { file: file.to_owned(), assignment };
        let place = self.places.get(&new.assignment.key).copied();
        if let Some(old) = place.and_then(|place| self.entries.get_mut(place)) {
            if old.as_ref().is_some_and(|old| old.assignment.value == new.assignment.value) {
                *old = Some(new);
                return;
            }
            *old = None;
        }
        self.places.insert(new.assignment.key.clone(), self.entries.len());
        self.entries.push(Some(new));
    }

    /// What sets this key at boot: the line that names it, else the last pattern that matches it.
    pub(super) fn setting(&self, key: &str) -> Option<Setting> {
        let entry = match self.places.get(key) {
            Some(place) => self.entries.get(*place)?.as_ref()?,
            None => self.entries.iter().flatten().rfind(|entry| {
                let Assignment { key: pattern, value, .. } = &entry.assignment;
                value.is_some() && is_pattern(pattern) && matches(pattern, key)
            })?,
        };
        let value = entry.assignment.value.as_deref()?;
        Some(Setting::from_file(value, &entry.file, entry.assignment.line))
    }
}

/// The files that are read at boot, in their order.
fn files(host: &dyn Host, problems: &mut Vec<Problem>) -> Vec<String> {
    let mut by_name = BTreeMap::new();
    for folder in FOLDERS {
        let entries = match host.read_directory(folder) {
            Ok(entries) => entries,
            Err(HostError::NotFound { .. }) => continue,
            Err(error) => {
                problems.push(error.to_problem());
                continue;
            }
        };
        for entry in entries.into_iter().filter(|entry| entry.name.ends_with(".conf") && !entry.name.starts_with('.')) {
            let file = format!("{folder}/{}", entry.name);
            // Whatever it is, a directory too, it hides those of its name.
            by_name.entry(entry.name).or_insert((file, entry.kind));
        }
    }
    if by_name.len() > MAX_FILES {
        let detail = format!("more than {MAX_FILES} files in the folders of sysctl.d; the rest is not read");
        problems.push(Problem::new(FOLDERS[0], ProblemKind::TooLarge, detail));
    }
    let sysctl_conf = host.metadata(SYSCTL_CONF).ok().map(|metadata| (metadata.device, metadata.inode));
    let mut files = Vec::new();
    for (file, kind) in by_name.into_values().take(MAX_FILES) {
        if kind != FileKind::Link {
            files.push(file);
            continue;
        }
        // A link to /dev/null hides the files of its name; inside a root directory there may be no such device.
        if host.read_link(&file).is_ok_and(|target| target.trim_start_matches(['.', '/']) == "dev/null") {
            continue;
        }
        let leads_to = host.metadata(&file).ok().map(|metadata| (metadata.device, metadata.inode));
        let is_sysctl_conf = leads_to.is_some() && leads_to == sysctl_conf;
        files.push(if is_sysctl_conf { SYSCTL_CONF.to_owned() } else { file });
    }
    let has_systemd = SYSTEMD_SYSCTL.iter().any(|program| host.metadata(program).is_ok());
    if !has_systemd && !matches!(host.metadata(SYSCTL_CONF), Err(HostError::NotFound { .. })) {
        files.push(SYSCTL_CONF.to_owned());
    }
    files
}
