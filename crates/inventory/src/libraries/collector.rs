//! Collects the libraries of a host: one thread walks, the other reads what the walk found.
//!
//! Both go in one order, so that a limit is reached at the same file every time. Surprising: what is read is mostly
//! small and scattered, so reading beside the walk hides nearly all of its time.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use assay_host::Host;
use assay_model::evidence::library::{Libraries, Library};
use assay_model::evidence::{Collected, Problem, ProblemKind};

use super::found::Found;
use super::problem_list::ProblemList;
use super::read::Reader;
use super::walk::{Candidate, WalkLimits, walk};
use crate::ownership::{OwnedFiles, Owners};

/// Candidates that the walk may be ahead.
const AHEAD: usize = 4096;

/// Libraries that the evidence keeps; a developer's machine full of `node_modules` has 100,000.
const MAX_LIBRARIES: usize = 1_000_000;

/// Collects all libraries, without their owners.
pub fn collect(host: &dyn Host) -> Collected<Libraries> {
    collect_within(host, WalkLimits::DEFAULT, MAX_LIBRARIES)
}

fn collect_within(host: &dyn Host, limits: WalkLimits, max_libraries: usize) -> Collected<Libraries> {
    let (sender, receiver) = sync_channel::<Candidate>(AHEAD);
    let (mut problems, (mut libraries, of_files)) = thread::scope(|scope| {
        let reading = scope.spawn(|| read_all(host, receiver, max_libraries));
        let problems = walk(host, limits, &mut |candidate| match sender.send(candidate) {
            Ok(()) => ControlFlow::Continue(()),
            // The reader has ended, because it has enough.
            Err(_) => ControlFlow::Break(()),
        });
        drop(sender);
        match reading.join() {
            Ok(read) => (problems, read),
            // A panic in a collector is a defect; it goes on as one instead of being taken for missing facts.
            Err(panic) => std::panic::resume_unwind(panic),
        }
    });
    problems.append(of_files);
    libraries.sort_unstable();
    libraries.dedup();
    Collected::partial(Libraries { libraries }, problems.finish())
}

fn read_all(host: &dyn Host, candidates: Receiver<Candidate>, max_libraries: usize) -> (Vec<Library>, ProblemList) {
    let mut reader = Reader::new(host);
    let mut libraries: Vec<Library> = Vec::new();
    for candidate in candidates {
        reader.read(&candidate, &mut |location, found| libraries.push(library(location, found)));
        if libraries.len() > max_libraries {
            libraries.truncate(max_libraries);
            let detail = format!("the host has more than {max_libraries} libraries: what follows is left out");
            reader.problems.add(Problem::new(candidate.path, ProblemKind::TooLarge, detail));
            break;
        }
        if reader.is_exhausted() {
            break;
        }
    }
    (libraries, reader.problems)
}

fn library(location: &str, found: Found) -> Library {
    let Found { ecosystem, name, version, kind, development } = found;
    Library { ecosystem, name, version, location: location.to_owned(), kind, owner: None, development }
}

/// The file on the host, which for `outer.jar!/inner.jar` is the outer one.
fn file_of(location: &str) -> &str {
    location.split_once("!/").map_or(location, |(file, _)| file)
}

impl OwnedFiles for Collected<Libraries> {
    fn paths(&self) -> BTreeSet<String> {
        let libraries = self.facts.iter().flat_map(|facts| &facts.libraries);
        libraries.map(|library| file_of(&library.location).to_owned()).collect()
    }

    fn assign(&mut self, owners: &Owners, problems: &[Problem]) {
        for library in self.facts.iter_mut().flat_map(|facts| &mut facts.libraries) {
            library.owner = owners.package_of(file_of(&library.location)).map(str::to_owned);
        }
        self.problems.extend_from_slice(problems);
    }
}

#[cfg(test)]
mod tests;
