//! Reads the files that the walk found, within one budget for the whole host.
//!
//! Surprising: a file that is no longer there is no problem, because a live host goes on working while it is read.

use std::io::Read as _;

use assay_host::{FileKind, FileReader, Host, HostError};
use assay_model::evidence::{Problem, ProblemKind};

use super::archive::jar::{self, JarError};
use super::archive::zip::ZipError;
use super::candidate::Reading;
use super::found::{Found, ParseError, Parsed};
use super::installed::{gemspec, package_json, python_metadata};
use super::lock::LockFormat;
use super::problem_list::ProblemList;
use super::program::elf::{Elf, ElfError};
use super::program::{cargo_auditable, go_build_info};
use super::walk::Candidate;

/// Bytes that are read of one host: a build host of 300,000 files takes less than one of the sixteen.
const MAX_BYTES: u64 = 16 << 30;

/// Any of the bits that let somebody execute a file.
const EXECUTABLE: u32 = 0o111;

/// The header of an ELF file alone has 52 bytes.
const MIN_PROGRAM: u64 = 52;

/// What a program without libraries costs of the budget, and what one with libraries costs at most.
const LITTLE: u64 = 8 << 10;
const MOST: u64 = 16 << 20;

/// Reads one file after another.
pub(super) struct Reader<'a> {
    host: &'a dyn Host,
    bytes_left: u64,
    /// What could not be read.
    pub(super) problems: ProblemList,
}

impl<'a> Reader<'a> {
    pub(super) fn new(host: &'a dyn Host) -> Reader<'a> {
        Reader { host, bytes_left: MAX_BYTES, problems: ProblemList::default() }
    }

    /// Whether the budget is used up, so that nothing more is read.
    pub(super) fn is_exhausted(&self) -> bool {
        self.bytes_left == 0
    }

    /// Reads a file, and yields each library with its location.
    pub(super) fn read(&mut self, candidate: &Candidate, yield_library: &mut dyn FnMut(&str, Found)) {
        if let Err(error) = self.try_read(candidate, yield_library)
            && !matches!(error, HostError::NotFound { .. })
        {
            self.problems.add(error.to_problem());
        }
        if self.is_exhausted() {
            let detail = format!("{MAX_BYTES} bytes of files were read: what follows is left out");
            self.problems.add(Problem::new(&candidate.path, ProblemKind::TooLarge, detail));
        }
    }

    fn try_read(&mut self, candidate: &Candidate, yield_library: &mut dyn FnMut(&str, Found)) -> Result<(), HostError> {
        let path = candidate.path.as_str();
        let parsed = match candidate.reading {
            Reading::PythonMetadata => python_metadata::parse(&self.beginning(path, python_metadata::MAX_BYTES)?),
            Reading::PackageJson => package_json::parse(&self.whole(path, package_json::MAX_BYTES)?),
            Reading::Gemspec => gemspec::parse(last_of(path), &self.whole(path, gemspec::MAX_BYTES)?),
            Reading::Lock(format) => self.lock(path, format)?,
            Reading::Program | Reading::SharedLibrary => return self.program(candidate, yield_library),
            Reading::Archive => return self.archive(path, yield_library),
        };
        self.take(path, parsed, yield_library);
        Ok(())
    }

    /// Anything but an ELF file says nothing here; a program must also be one that may be executed.
    fn program(&mut self, candidate: &Candidate, yield_library: &mut dyn FnMut(&str, Found)) -> Result<(), HostError> {
        let path = candidate.path.as_str();
        let metadata = self.host.link_metadata(path)?;
        let may_run = candidate.reading == Reading::SharedLibrary || metadata.mode & EXECUTABLE != 0;
        if metadata.kind != FileKind::File || !may_run || metadata.size < MIN_PROGRAM {
            return Ok(());
        }
        let told = match programs_libraries(self.host.open(path)?) {
            Ok(told) => told,
            Err(error) => {
                self.problems.add(Problem::new(path, ProblemKind::Malformed, format!("{path}: {error}")));
                return Ok(());
            }
        };
        self.spend(if told.is_empty() { LITTLE } else { metadata.size.min(MOST) });
        for parsed in told {
            self.take(path, parsed, yield_library);
        }
        Ok(())
    }

    fn archive(&mut self, path: &str, yield_library: &mut dyn FnMut(&str, Found)) -> Result<(), HostError> {
        let contents = jar::read(&mut *self.host.open(path)?, path);
        self.spend(contents.unpacked.saturating_add(LITTLE));
        for (location, parsed) in contents.libraries {
            self.take(&location, parsed, yield_library);
        }
        for problem in contents.problems {
            let kind = match problem {
                JarError::Zip { cause: ZipError::TooManyEntries | ZipError::TooLarge { .. }, .. }
                | JarError::TooDeep { .. }
                | JarError::Bomb { .. } => ProblemKind::TooLarge,
                JarError::Zip { cause: ZipError::Method, .. } | JarError::Unnamed { .. } => ProblemKind::NotSupported,
                JarError::Zip { .. } => ProblemKind::Malformed,
            };
            self.problems.add(Problem::new(problem.location(), kind, problem.to_string()));
        }
        Ok(())
    }

    fn take(&mut self, location: &str, parsed: Parsed, yield_library: &mut dyn FnMut(&str, Found)) {
        for problem in parsed.problems {
            let kind = match problem {
                ParseError::TooMany { .. } => ProblemKind::TooLarge,
                ParseError::UnknownVersion { .. } => ProblemKind::NotSupported,
                _ => ProblemKind::Malformed,
            };
            self.problems.add(Problem::new(location, kind, format!("{location}: {problem}")));
        }
        for found in parsed.found {
            yield_library(location, found);
        }
    }

    fn whole(&mut self, path: &str, limit: u64) -> Result<Vec<u8>, HostError> {
        let bytes = self.host.read(path, limit)?;
        self.spend(bytes.len() as u64);
        Ok(bytes)
    }

    fn beginning(&mut self, path: &str, limit: u64) -> Result<Vec<u8>, HostError> {
        let mut bytes = Vec::new();
        let read = self.host.open(path)?.take(limit).read_to_end(&mut bytes);
        read.map_err(|cause| HostError::Io { path: path.to_owned(), cause })?;
        self.spend(bytes.len() as u64);
        Ok(bytes)
    }

    fn lock(&mut self, path: &str, format: LockFormat) -> Result<Parsed, HostError> {
        let bytes = self.whole(path, format.max_bytes())?;
        let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
        let companion = match format.companion() {
            Some(name) => match self.whole(&format!("{directory}/{name}"), format.max_bytes()) {
                Ok(bytes) => Some(bytes),
                Err(HostError::NotFound { .. }) => None,
                Err(error) => {
                    self.problems.add(error.to_problem());
                    None
                }
            },
            None => None,
        };
        Ok(format.parse(&bytes, companion.as_deref()))
    }

    fn spend(&mut self, bytes: u64) {
        self.bytes_left = self.bytes_left.saturating_sub(bytes);
    }
}

/// What the sections of a program say; nothing for any other file.
fn programs_libraries(file: Box<dyn FileReader + '_>) -> Result<Vec<Parsed>, ElfError> {
    let Some(mut elf) = Elf::open(file)? else {
        return Ok(Vec::new());
    };
    let told = [go_build_info::read(&mut elf)?, cargo_auditable::read(&mut elf)?];
    Ok(told.into_iter().flatten().collect())
}

fn last_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, last)| last)
}
