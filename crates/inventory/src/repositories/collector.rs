//! Collects the enabled repositories of the host's package manager.

use std::collections::{BTreeMap, BTreeSet};

use assay_host::{FileKind, Host, HostError};
use assay_model::evidence::package::Repository;
use assay_model::evidence::{Problem, ProblemKind};

use super::{apk_list, apt_source, opkg_list, repo_file, ubuntu_pro};
use crate::packages::Format;
use crate::text::{CONFIGURATION_LIMIT, LineProblems};

const PRO_STATUS: &str = "/var/lib/ubuntu-advantage/status.json";

/// Files that may describe repositories as sections, and folders of such files, of yum, dnf and zypper. The first
/// section of a name counts.
const REPO_FILES: &[&str] = &["/etc/yum.conf", "/etc/dnf/dnf.conf"];
const REPO_FOLDERS: &[&str] =
    &["/etc/yum.repos.d", "/etc/yum/repos.d", "/etc/distro.repos.d", "/usr/share/dnf5/repos.d", "/etc/zypp/repos.d"];

/// What `dnf config-manager` of dnf 5 writes: sections that change those of the same name.
const OVERRIDES: &str = "/etc/dnf/repos.override.d";

const MAX_FILES: usize = 1024;
const MAX_REPOSITORIES: usize = 4096;

/// Collects the repositories, sorted, and what could not be read of them.
pub fn collect(host: &dyn Host, format: Format) -> (Vec<Repository>, Vec<Problem>) {
    let mut reader = Reader { host, repositories: BTreeSet::new(), problems: Vec::new() };
    match format {
        Format::Dpkg => reader.apt(),
        Format::Rpm => reader.repo_files(),
        Format::Apk => reader.apk(),
        Format::Opkg => reader.opkg(),
    }
    let count = reader.repositories.len();
    if count > MAX_REPOSITORIES {
        let detail = format!("{count} repositories are enabled: only {MAX_REPOSITORIES} are kept");
        reader.problems.push(Problem::new("repositories", ProblemKind::TooLarge, detail));
    }
    (reader.repositories.into_iter().take(MAX_REPOSITORIES).collect(), reader.problems)
}

struct Reader<'a> {
    host: &'a dyn Host,
    repositories: BTreeSet<Repository>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn apt(&mut self) {
        self.file("/etc/apt/sources.list", apt_source::parse_lines);
        for path in self.files("/etc/apt/sources.list.d", &[".list", ".sources"]) {
            match path.ends_with(".list") {
                true => self.file(&path, apt_source::parse_lines),
                false => self.file(&path, apt_source::parse_stanzas),
            }
        }
        let Some(status) = self.read(PRO_STATUS) else { return };
        match ubuntu_pro::parse(&status) {
            Ok(status) => self.repositories.retain(|repository| status.may_use(&repository.location)),
            Err(what) => self.problems.push(Problem::new(PRO_STATUS, ProblemKind::Malformed, what)),
        }
    }

    fn repo_files(&mut self) {
        let mut paths: Vec<String> = REPO_FILES.iter().map(|path| (*path).to_owned()).collect();
        for folder in REPO_FOLDERS {
            paths.extend(self.files(folder, &[".repo"]));
        }
        let mut sections: BTreeMap<String, repo_file::Section> = BTreeMap::new();
        for section in self.sections(&paths) {
            sections.entry(section.id.clone()).or_insert(section);
        }
        let overrides = self.files(OVERRIDES, &[".repo"]);
        for change in self.sections(&overrides) {
            if change.id.contains(['*', '?', '[']) {
                let detail = format!("the section [{}] is a pattern, which was not applied", change.id);
                self.problems.push(Problem::new(OVERRIDES, ProblemKind::NotSupported, detail));
            } else if let Some(section) = sections.get_mut(&change.id) {
                section.enabled = change.enabled.or(section.enabled);
                if !change.location.is_empty() {
                    section.location = change.location;
                }
            }
        }
        let enabled = sections.into_values().filter(|section| section.enabled != Some(false));
        self.repositories.extend(enabled.map(|section| Repository { id: section.id, location: section.location }));
    }

    fn sections(&mut self, paths: &[String]) -> Vec<repo_file::Section> {
        let mut sections = Vec::new();
        for path in paths {
            if let Some(bytes) = self.read(path) {
                let mut problems = LineProblems::new(path);
                sections.extend(repo_file::parse(&bytes, &mut problems));
                self.problems.extend(problems.into_problems());
            }
        }
        sections
    }

    fn apk(&mut self) {
        self.file("/etc/apk/repositories", apk_list::parse);
        for path in self.files("/etc/apk/repositories.d", &[".list"]) {
            self.file(&path, apk_list::parse);
        }
    }

    fn opkg(&mut self) {
        self.file("/etc/opkg.conf", opkg_list::parse);
        for path in self.files("/etc/opkg", &[".conf"]) {
            self.file(&path, opkg_list::parse);
        }
    }

    fn file(&mut self, path: &str, parse: fn(&[u8], &mut LineProblems) -> Vec<Repository>) {
        if let Some(bytes) = self.read(path) {
            let mut problems = LineProblems::new(path);
            self.repositories.extend(parse(&bytes, &mut problems));
            self.problems.extend(problems.into_problems());
        }
    }

    fn read(&mut self, path: &str) -> Option<Vec<u8>> {
        match self.host.read(path, CONFIGURATION_LIMIT) {
            Ok(bytes) => Some(bytes),
            Err(HostError::NotFound { .. }) => None,
            Err(error) => {
                self.problems.push(error.to_problem());
                None
            }
        }
    }

    /// The files of a folder, by name, that end in one of `suffixes`. A link may lead to a file.
    fn files(&mut self, folder: &str, suffixes: &[&str]) -> Vec<String> {
        let entries = match self.host.read_directory(folder) {
            Ok(entries) => entries,
            Err(HostError::NotFound { .. }) => return Vec::new(),
            Err(error) => {
                self.problems.push(error.to_problem());
                return Vec::new();
            }
        };
        // apt and dnf pass over hidden files.
        let is_one = |name: &str| !name.starts_with('.') && suffixes.iter().any(|suffix| name.ends_with(suffix));
        let names = entries.iter().filter(|entry| entry.kind != FileKind::Directory && is_one(&entry.name));
        let mut paths: Vec<String> = names.map(|entry| format!("{folder}/{}", entry.name)).collect();
        if paths.len() > MAX_FILES {
            let detail = format!("{} files: only {MAX_FILES} were read", paths.len());
            self.problems.push(Problem::new(folder, ProblemKind::TooLarge, detail));
            paths.truncate(MAX_FILES);
        }
        paths
    }
}
