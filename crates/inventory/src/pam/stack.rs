//! Stacks of services with their includes resolved.
//!
//! `include` and `substack` are the same here: a substack only limits how far a jump reaches, which matters to who may
//! log in and not to which modules have a say. PAM stops at 16 levels.

use std::collections::BTreeMap;

use assay_host::{FileKind, Host, HostError};
use assay_model::evidence::pam::PamEntry;
use assay_model::evidence::{Problem, ProblemKind};

use super::line::{Layout, LineContent, StackLine, parse_lines};
use crate::text::CONFIGURATION_LIMIT;

/// Where a service's file is looked for; the first directory that has it counts. The later ones are the vendor's.
const DIRECTORIES: [&str; 4] = ["/etc/pam.d", "/usr/lib/pam.d", "/usr/share/pam.d", "/usr/etc/pam.d"];
const SINGLE_FILE: &str = "/etc/pam.conf";
/// `PAM_SUBSTACK_MAX_LEVEL`.
const MAX_LEVEL: usize = 16;
/// Module lines of one service at most: two includes of two includes of … would be 65,536.
const MAX_ENTRIES: usize = 4096;
/// Services at most.
const MAX_SERVICES: usize = 2000;

/// Every service's stack. A service whose stack could not be read to its end is absent.
pub(crate) fn read_services(host: &dyn Host, problems: &mut Vec<Problem>) -> BTreeMap<String, Vec<PamEntry>> {
    let mut reader = Reader { host, files: BTreeMap::new(), problems: Vec::new() };
    let services = match reader.service_files() {
        Some(files) => reader.read_directories(files),
        None => reader.read_single_file(),
    };
    problems.append(&mut reader.problems);
    services
}

struct Reader<'a> {
    host: &'a dyn Host,
    /// Files read so far; `None` for one that could not be read, whose problem is told already.
    files: BTreeMap<String, Option<Vec<StackLine>>>,
    problems: Vec<Problem>,
}

/// A stack that is being resolved.
#[derive(Default)]
struct Stack {
    entries: Vec<PamEntry>,
    /// The files on the way to the line that is looked at.
    open: Vec<String>,
    is_incomplete: bool,
}

impl Reader<'_> {
    /// The file of each service by name; `None` where no directory exists, so that the single file counts.
    fn service_files(&mut self) -> Option<BTreeMap<String, String>> {
        let mut files = BTreeMap::new();
        let mut has_directory = false;
        for directory in DIRECTORIES {
            let entries = match self.host.read_directory(directory) {
                Ok(entries) => entries,
                Err(HostError::NotFound { .. }) => continue,
                Err(error) => {
                    self.problems.push(error.to_problem());
                    has_directory = true;
                    continue;
                }
            };
            has_directory = true;
            for entry in entries.into_iter().filter(|entry| is_service_name(&entry.name)) {
                if files.len() == MAX_SERVICES {
                    let detail = format!("there are more than {MAX_SERVICES} services; the rest was not read");
                    self.problems.push(Problem::new(directory, ProblemKind::TooLarge, detail));
                    return Some(files);
                }
                if entry.kind != FileKind::Directory {
                    let path = format!("{directory}/{}", entry.name);
                    files.entry(entry.name).or_insert(path);
                }
            }
        }
        has_directory.then_some(files)
    }

    fn read_directories(&mut self, files: BTreeMap<String, String>) -> BTreeMap<String, Vec<PamEntry>> {
        let mut services = BTreeMap::new();
        for (service, path) in files {
            let mut stack = Stack::default();
            self.add_file(&path, None, &mut stack);
            if !stack.is_incomplete {
                services.insert(service, stack.entries);
            }
        }
        services
    }

    fn read_single_file(&mut self) -> BTreeMap<String, Vec<PamEntry>> {
        let lines = match self.host.read(SINGLE_FILE, CONFIGURATION_LIMIT) {
            Ok(content) => {
                let (lines, mut problems) = parse_lines(SINGLE_FILE, &content, Layout::ManyServices);
                self.problems.append(&mut problems);
                lines
            }
            Err(HostError::NotFound { .. }) => return BTreeMap::new(),
            Err(error) => {
                self.problems.push(error.to_problem());
                return BTreeMap::new();
            }
        };
        let mut stacks: BTreeMap<String, Stack> = BTreeMap::new();
        for line in &lines {
            let Some(service) = &line.service else { continue };
            if stacks.len() >= MAX_SERVICES && !stacks.contains_key(service) {
                continue;
            }
            let stack = stacks.entry(service.clone()).or_default();
            self.add_line(line, SINGLE_FILE, None, stack);
        }
        let complete = stacks.into_iter().filter(|(_, stack)| !stack.is_incomplete);
        complete.map(|(service, stack)| (service, stack.entries)).collect()
    }

    fn add_file(&mut self, path: &str, wanted: Option<&str>, stack: &mut Stack) {
        if stack.open.iter().any(|open| open == path) {
            let detail = format!("{path} includes itself, on the way {}", stack.open.join(", "));
            return self.problem_once(Problem::new(path, ProblemKind::LinkLoop, detail));
        }
        if stack.open.len() > MAX_LEVEL {
            let detail = format!("{path} is included more than {MAX_LEVEL} deep");
            return self.problem_once(Problem::new(path, ProblemKind::Malformed, detail));
        }
        let Some(lines) = self.lines(path) else {
            stack.is_incomplete = true;
            return;
        };
        stack.open.push(path.to_owned());
        for line in &lines {
            self.add_line(line, path, wanted, stack);
        }
        stack.open.pop();
    }

    fn add_line(&mut self, line: &StackLine, path: &str, wanted: Option<&str>, stack: &mut Stack) {
        if stack.is_incomplete {
            return;
        }
        match &line.content {
            LineContent::Module { kind, control, module, arguments } => {
                if wanted.is_some_and(|wanted| wanted != *kind) {
                    return;
                }
                if stack.entries.len() == MAX_ENTRIES {
                    let detail = format!("the stack that {path} is part of has more than {MAX_ENTRIES} lines");
                    stack.is_incomplete = true;
                    return self.problem_once(Problem::new(path, ProblemKind::TooLarge, detail));
                }
                stack.entries.push(PamEntry {
                    kind: (*kind).to_owned(),
                    control: control.clone(),
                    module: module.rsplit('/').next().unwrap_or_default().to_owned(),
                    arguments: arguments.clone(),
                    file: path.to_owned(),
                    line: line.number,
                });
            }
            LineContent::Include { kind, file } => {
                let kind = kind.or(wanted);
                if wanted.is_some_and(|wanted| kind != Some(wanted)) {
                    return;
                }
                match self.find(file) {
                    Some(found) => self.add_file(&found, kind, stack),
                    None => {
                        let detail = format!("line {} of {path} includes {file:?}, which does not exist", line.number);
                        self.problem_once(Problem::new(path, ProblemKind::NotFound, detail));
                    }
                }
            }
        }
    }

    /// The file that an include names.
    fn find(&self, name: &str) -> Option<String> {
        let is_there = |path: &String| !matches!(self.host.metadata(path), Err(HostError::NotFound { .. }));
        if name.starts_with('/') {
            return Some(name.to_owned()).filter(is_there);
        }
        DIRECTORIES.iter().map(|directory| format!("{directory}/{name}")).find(is_there)
    }

    /// The lines of a file, read once however often it is included.
    fn lines(&mut self, path: &str) -> Option<Vec<StackLine>> {
        if let Some(lines) = self.files.get(path) {
            return lines.clone();
        }
        let lines = match self.host.read(path, CONFIGURATION_LIMIT) {
            Ok(content) => {
                let (lines, mut problems) = parse_lines(path, &content, Layout::OneService);
                self.problems.append(&mut problems);
                Some(lines)
            }
            Err(error) => {
                self.problems.push(error.to_problem());
                None
            }
        };
        self.files.insert(path.to_owned(), lines.clone());
        lines
    }

    /// The same include is met again in every service that leads to it.
    fn problem_once(&mut self, problem: Problem) {
        let is_told = |told: &Problem| told.subject == problem.subject && told.kind == problem.kind;
        if !self.problems.iter().any(is_told) {
            self.problems.push(problem);
        }
    }
}

/// Leftovers of package managers and editors are services to PAM, but no program asks for them.
fn is_service_name(name: &str) -> bool {
    const LEFTOVERS: [&str; 9] =
        [".dpkg-old", ".dpkg-dist", ".dpkg-new", ".dpkg-tmp", ".rpmnew", ".rpmsave", ".rpmorig", ".bak", "~"];
    !name.starts_with('.') && !LEFTOVERS.iter().any(|leftover| name.ends_with(leftover))
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::SourceKind;

    use super::*;

    fn host() -> MemoryHost {
        MemoryHost::new(SourceKind::RootDirectory)
    }

    /// Services as `service: kind module@file:line, …`, and problems as `kind subject`.
    fn check(host: &MemoryHost, expected: &[&str], expected_problems: &[(&str, ProblemKind)]) {
        let mut problems = Vec::new();
        let services = read_services(host, &mut problems);
        let shown: Vec<String> = services
            .iter()
            .map(|(service, entries)| {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|entry| format!("{} {}@{}:{}", entry.kind, entry.module, entry.file, entry.line))
                    .collect();
                format!("{service}: {}", entries.join(", "))
            })
            .collect();
        assert_eq!(shown, expected);
        let told: Vec<(&str, ProblemKind)> =
            problems.iter().map(|problem| (problem.subject.as_str(), problem.kind)).collect();
        assert_eq!(told, expected_problems, "{problems:?}");
    }

    #[test]
    fn includes_are_resolved_in_place() {
        let host = host()
            .file(
                "/etc/pam.d/sshd",
                "auth required pam_a.so\n@include common\nauth substack only\naccount include only\n",
            )
            .file("/usr/lib/pam.d/common", "auth required pam_b.so\naccount required pam_c.so\n")
            .file("/usr/lib/pam.d/sshd", "auth required pam_never.so\n")
            .file("/usr/lib/pam.d/only", "auth required /lib/$ISA/pam_d.so\naccount required pam_e.so\n@include more\n")
            .file("/etc/pam.d/more", "auth required pam_f.so\nsession required pam_g.so\nsession include absent\n")
            .file("/etc/pam.d/sshd.dpkg-old", "nonsense")
            .file("/etc/pam.d/.swp", "nonsense")
            .directory("/etc/pam.d/folder", 0o755, 0, 0);
        check(
            &host,
            &[
                "common: auth pam_b.so@/usr/lib/pam.d/common:1, account pam_c.so@/usr/lib/pam.d/common:2",
                "more: auth pam_f.so@/etc/pam.d/more:1, session pam_g.so@/etc/pam.d/more:2",
                "only: auth pam_d.so@/usr/lib/pam.d/only:1, account pam_e.so@/usr/lib/pam.d/only:2, \
                 auth pam_f.so@/etc/pam.d/more:1, session pam_g.so@/etc/pam.d/more:2",
                "sshd: auth pam_a.so@/etc/pam.d/sshd:1, auth pam_b.so@/usr/lib/pam.d/common:1, \
                 account pam_c.so@/usr/lib/pam.d/common:2, auth pam_d.so@/usr/lib/pam.d/only:1, \
                 auth pam_f.so@/etc/pam.d/more:1, account pam_e.so@/usr/lib/pam.d/only:2",
            ],
            &[("/etc/pam.d/more", ProblemKind::NotFound)],
        );
    }

    #[test]
    fn a_loop_is_told_once_and_ends() {
        let host = host()
            .file("/etc/pam.d/a", "auth required pam_a.so\n@include b\n@include b\n")
            .file("/etc/pam.d/b", "auth required pam_b.so\n@include a\n");
        check(
            &host,
            &[
                "a: auth pam_a.so@/etc/pam.d/a:1, auth pam_b.so@/etc/pam.d/b:1, auth pam_b.so@/etc/pam.d/b:1",
                "b: auth pam_b.so@/etc/pam.d/b:1, auth pam_a.so@/etc/pam.d/a:1",
            ],
            &[("/etc/pam.d/a", ProblemKind::LinkLoop), ("/etc/pam.d/b", ProblemKind::LinkLoop)],
        );
    }

    #[test]
    fn nesting_has_a_limit_and_doubling_has_one() {
        let mut deep = host().file("/etc/pam.d/x20", "auth required pam_a.so\n");
        let mut wide = host().file("/etc/pam.d/x20", "auth required pam_a.so\n");
        for level in 0..20 {
            let (path, next) = (format!("/etc/pam.d/x{level:02}"), level + 1);
            deep = deep.file(&path, format!("@include x{next:02}\n"));
            if level >= 5 {
                wide = wide.file(&path, format!("@include x{next:02}\n@include x{next:02}\n"));
            }
        }
        let mut problems = Vec::new();
        let services = read_services(&deep, &mut problems);
        assert!(services["x00"].is_empty());
        assert_eq!(services["x04"].len(), 1);
        assert!(problems.iter().all(|problem| problem.kind == ProblemKind::Malformed) && !problems.is_empty());
        problems.clear();
        let services = read_services(&wide, &mut problems);
        assert!(!services.contains_key("x05"));
        assert_eq!(services["x10"].len(), 1024);
        assert_eq!(problems.iter().map(|problem| problem.kind).collect::<Vec<_>>(), [ProblemKind::TooLarge]);
    }

    #[test]
    fn a_stack_with_an_unreadable_part_is_absent() {
        let host = host()
            .file("/etc/pam.d/sshd", "auth required pam_a.so\n@include secret\n")
            .file("/etc/pam.d/cron", "auth required pam_a.so\n")
            .denied("/etc/pam.d/secret")
            .fifo("/etc/pam.d/fifo")
            .link("/etc/pam.d/loop", "loop");
        check(
            &host,
            &["cron: auth pam_a.so@/etc/pam.d/cron:1"],
            &[
                ("/etc/pam.d/fifo", ProblemKind::WrongType),
                ("/etc/pam.d/loop", ProblemKind::LinkLoop),
                ("/etc/pam.d/secret", ProblemKind::NotPermitted),
            ],
        );
        check(
            &MemoryHost::new(SourceKind::RootDirectory).denied("/etc/pam.d"),
            &[],
            &[("/etc/pam.d", ProblemKind::NotPermitted)],
        );
    }

    #[test]
    fn the_single_file_counts_only_without_directories() {
        let single = host().file("/etc/pam.conf", "Login auth required pam_a.so\nlogin account include /etc/acc\n\n");
        let single = single.file("/etc/acc", "account required pam_b.so\nauth required pam_c.so\n");
        check(&single, &["login: auth pam_a.so@/etc/pam.conf:1, account pam_b.so@/etc/acc:1"], &[]);
        check(&single.directory("/etc/pam.d", 0o755, 0, 0), &[], &[]);
    }
}
