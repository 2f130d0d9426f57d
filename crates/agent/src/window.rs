//! Window: what was seen of processes and sockets over the time of a run.
//!
//! A process or a listening socket that was seen once is in the evidence. Surprising: the same process id may then stand
//! there twice, because a process became another program (execve(2)) or because the kernel used its id again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use assay_model::evidence::process::{MappedFile, Process, Processes};
use assay_model::evidence::socket::{ListeningSocket, Protocol, Sockets};
use assay_model::evidence::{Collected, Evidence, Problem, ProblemKind};
use serde::{Deserialize, Serialize};

/// Processes that are kept; a host that starts more in one run has a problem that says so.
const MAX_PROCESSES: usize = 65_536;

/// Mapped files that are kept.
const MAX_MAPPED_FILES: usize = 262_144;

/// Listening sockets that are kept.
const MAX_SOCKETS: usize = 65_536;

/// Problems that are kept of one section.
const MAX_PROBLEMS: usize = 100;

/// What the looks after the first one saw.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Window {
    /// How many looks.
    pub(crate) looks: u32,
    pub(crate) processes: Collected<Processes>,
    pub(crate) sockets: Collected<Sockets>,
}

impl Window {
    /// Adds a look.
    pub(crate) fn add(&mut self, look: Evidence) {
        self.looks = self.looks.saturating_add(1);
        self.processes = merge(std::mem::take(&mut self.processes), look.processes, merge_processes);
        self.sockets = merge(std::mem::take(&mut self.sockets), look.sockets, merge_sockets);
    }

    /// Puts all looks into the evidence of the first one.
    pub(crate) fn pour_into(self, evidence: &mut Evidence) {
        evidence.processes = merge(std::mem::take(&mut evidence.processes), self.processes, merge_processes);
        evidence.sockets = merge(std::mem::take(&mut evidence.sockets), self.sockets, merge_sockets);
    }
}

/// Leaves out a process that is there only because somebody looks.
pub(crate) fn leave_out(evidence: &mut Evidence, pid: u32) {
    if let Some(facts) = &mut evidence.processes.facts {
        facts.processes.retain(|process| process.pid != pid);
    }
}

fn merge<T>(
    earlier: Collected<T>,
    later: Collected<T>,
    merge_facts: impl FnOnce(T, T, &mut Vec<Problem>) -> T,
) -> Collected<T> {
    // A problem whose text counts something ("3 of 40 processes") is another one at each look: the last one is kept.
    let mut by_subject: BTreeMap<(String, ProblemKind), Problem> = BTreeMap::new();
    for problem in earlier.problems.into_iter().chain(later.problems) {
        let key = (problem.subject.clone(), problem.kind);
        if by_subject.len() < MAX_PROBLEMS || by_subject.contains_key(&key) {
            by_subject.insert(key, problem);
        }
    }
    let mut problems: Vec<Problem> = by_subject.into_values().collect();
    let facts = match (earlier.facts, later.facts) {
        (Some(earlier), Some(later)) => Some(merge_facts(earlier, later, &mut problems)),
        (earlier, later) => earlier.or(later),
    };
    Collected { facts, problems }
}

/// A process as one that is told apart from others.
type ProcessKey = (u32, String, Option<String>, u32);

fn key_of(process: &Process) -> ProcessKey {
    (process.pid, process.name.clone(), process.executable.clone(), process.uid)
}

fn merge_processes(earlier: Processes, later: Processes, problems: &mut Vec<Problem>) -> Processes {
    let mut files = Files::default();
    let mut merged: BTreeMap<ProcessKey, Process> = BTreeMap::new();
    let mut too_many = 0_usize;
    for look in [earlier, later] {
        let places: Vec<Option<u32>> = look.mapped_files.into_iter().map(|file| files.add(file)).collect();
        let place_of = |position: u32| places.get(position as usize).copied().flatten();
        for mut process in look.processes {
            let mapped = process.mapped.take();
            process.mapped = mapped.map(|mapped| mapped.into_iter().filter_map(place_of).collect());
            let key = key_of(&process);
            let has_room = merged.len() < MAX_PROCESSES;
            match merged.get_mut(&key) {
                Some(known) => update(known, process),
                None if has_room => {
                    merged.insert(key, process);
                }
                None => too_many += 1,
            }
        }
    }
    if too_many > 0 || files.too_many > 0 {
        let detail = format!(
            "{too_many} processes and {} mapped files are over the limits of {MAX_PROCESSES} and {MAX_MAPPED_FILES} in one run",
            files.too_many
        );
        problems.push(Problem::new("/proc", ProblemKind::TooLarge, detail));
    }
    let mut processes: Vec<Process> = merged.into_values().collect();
    let mapped_files = files.sort(&mut processes);
    Processes { processes, mapped_files }
}

/// What a later look says of the same process, added to what was known.
fn update(known: &mut Process, later: Process) {
    known.parent_pid = later.parent_pid;
    known.executable_replaced |= later.executable_replaced;
    known.user = later.user.or(known.user.take());
    known.unit = later.unit.or(known.unit.take());
    known.mapped = match (known.mapped.take(), later.mapped) {
        (Some(known), Some(later)) => Some(known.into_iter().chain(later).collect()),
        (known, later) => later.or(known),
    };
}

/// The mapped files of all looks, each once.
#[derive(Default)]
struct Files {
    places: HashMap<(String, bool), u32>,
    files: Vec<MappedFile>,
    too_many: usize,
}

impl Files {
    fn add(&mut self, file: MappedFile) -> Option<u32> {
        let key = (file.path.clone(), file.replaced);
        if let Some(place) = self.places.get(&key) {
            let known = self.files.get_mut(*place as usize)?;
            known.package = known.package.take().or(file.package);
            return Some(*place);
        }
        if self.files.len() >= MAX_MAPPED_FILES {
            self.too_many += 1;
            return None;
        }
        let place = u32::try_from(self.files.len()).ok()?;
        self.files.push(file);
        self.places.insert(key, place);
        Some(place)
    }

    /// The files in the order that evidence has, and the processes pointed to their places.
    fn sort(self, processes: &mut [Process]) -> Vec<MappedFile> {
        let mut numbered: Vec<(u32, MappedFile)> = (0..).zip(self.files).collect();
        numbered.sort_by(|(_, a), (_, b)| (&a.path, a.replaced).cmp(&(&b.path, b.replaced)));
        let moved: HashMap<u32, u32> = numbered.iter().zip(0..).map(|((from, _), to)| (*from, to)).collect();
        for mapped in processes.iter_mut().filter_map(|process| process.mapped.as_mut()) {
            let places: BTreeSet<u32> = mapped.iter().filter_map(|place| moved.get(place).copied()).collect();
            *mapped = places.into_iter().collect();
        }
        numbered.into_iter().map(|(_, file)| file).collect()
    }
}

fn merge_sockets(earlier: Sockets, later: Sockets, problems: &mut Vec<Problem>) -> Sockets {
    let mut merged: BTreeMap<(Protocol, u16, IpAddr, u32), ListeningSocket> = BTreeMap::new();
    let mut too_many = 0_usize;
    for socket in earlier.listening.into_iter().chain(later.listening) {
        let key = (socket.protocol, socket.port, socket.address, socket.uid);
        let has_room = merged.len() < MAX_SOCKETS;
        match merged.get_mut(&key) {
            Some(known) => {
                for listener in socket.listeners {
                    let is_same = |other: &&mut assay_model::evidence::socket::Listener| {
                        (other.pid, &other.name, &other.executable)
                            == (listener.pid, &listener.name, &listener.executable)
                    };
                    match known.listeners.iter_mut().find(is_same) {
                        Some(other) => other.package = other.package.take().or(listener.package),
                        None => known.listeners.push(listener),
                    }
                }
                known.listeners.sort_by(|a, b| (a.pid, &a.name).cmp(&(b.pid, &b.name)));
            }
            None if has_room => {
                merged.insert(key, socket);
            }
            None => too_many += 1,
        }
    }
    if too_many > 0 {
        let detail = format!("{too_many} listening sockets are over the limit of {MAX_SOCKETS} in one run");
        problems.push(Problem::new("/proc/net", ProblemKind::TooLarge, detail));
    }
    Sockets { listening: merged.into_values().collect() }
}

#[cfg(test)]
mod tests;
