//! The libraries of a Java archive and of the archives in it.
//!
//! Nothing is unpacked to a disk, and names of entries are names only. Surprising: an archive can hold itself, so depth,
//! number and bytes of what lies in an archive are counted for the outermost one.

use assay_host::FileReader;
use assay_model::ecosystem::Ecosystem;
use assay_model::evidence::library::LibraryKind;
use thiserror::Error;

use super::pom_properties::Coordinates;
use super::slice::Slice;
use super::zip::{self, Entry, Place, ZipError};
use super::{identity, manifest, pom_properties};
use crate::libraries::candidate::is_archive;
use crate::libraries::found::{Found, Parsed};

/// Archives inside each other below the outermost one: a jar in a war in an ear has two.
const MAX_DEPTH: usize = 8;

/// Archives in one outermost archive; the largest products have a thousand.
const MAX_ARCHIVES: usize = 10_000;

/// Bytes that are unpacked of one outermost archive.
const MAX_UNPACKED: u64 = 1 << 30;

/// Bytes of one archive that lies packed in another, which is unpacked in memory.
const MAX_INNER: u64 = 64 << 20;

/// Bytes that unpacked archives inside each other take in memory together.
const MAX_MEMORY: u64 = 96 << 20;

/// Unpacked bytes for each packed one: archives in archives hardly shrink, as they are packed themselves.
const MAX_RATIO: u64 = 100;

/// What is wrong with an archive, or with one in it.
#[derive(Debug, Error)]
pub enum JarError {
    /// It cannot be read as a zip file.
    #[error("{location}: {cause}")]
    Zip {
        /// Where: `outer.jar!/inner.jar`.
        location: String,
        /// Why.
        cause: ZipError,
    },
    /// Archives lie too deep.
    #[error("{location}: more than {MAX_DEPTH} archives inside each other, those below are left out")]
    TooDeep {
        /// The first that is left out.
        location: String,
    },
    /// It unpacks to far more than it is.
    #[error("{location}: it unpacks to more than {MAX_RATIO} times its size, or the archives in it are too many")]
    Bomb {
        /// Where.
        location: String,
    },
    /// It does not say what it is.
    #[error("{location}: neither pom.properties, manifest nor file name say which library of which version it is")]
    Unnamed {
        /// Where.
        location: String,
    },
}

impl JarError {
    /// Where it is.
    pub fn location(&self) -> &str {
        match self {
            JarError::Zip { location, .. }
            | JarError::TooDeep { location }
            | JarError::Bomb { location }
            | JarError::Unnamed { location } => location,
        }
    }
}

/// What an archive yields.
#[derive(Debug, Default)]
pub struct Contents {
    /// What each archive says, with its location.
    pub libraries: Vec<(String, Parsed)>,
    /// What could not be read.
    pub problems: Vec<JarError>,
    /// Bytes that were unpacked.
    pub unpacked: u64,
    archives: usize,
}

/// Reads an archive and all in it; `location` is its path.
pub fn read(file: &mut dyn FileReader, location: &str) -> Contents {
    let mut contents = Contents::default();
    read_archive(file, location, 0, 0, &mut contents);
    contents
}

fn read_archive(file: &mut dyn FileReader, location: &str, depth: usize, memory: u64, contents: &mut Contents) {
    let entries = match zip::read_directory(file) {
        Ok(entries) => entries,
        Err(cause) => return contents.problems.push(JarError::Zip { location: location.to_owned(), cause }),
    };
    let inner: Vec<&Entry> = entries.iter().filter(|entry| is_archive(&entry.name)).collect();
    let libraries = own_libraries(file, &entries, location, inner.is_empty(), contents);
    let mut parsed = Parsed::default();
    for Coordinates { group, artifact, version } in libraries {
        let name = if group.is_empty() { artifact } else { format!("{group}:{artifact}") };
        let (ecosystem, kind) = (Ecosystem::Maven, LibraryKind::Installed);
        parsed.add(Found { ecosystem, name, version, kind, development: false });
    }
    contents.libraries.push((location.to_owned(), parsed.finish()));
    for entry in inner {
        let location = format!("{location}!/{}", entry.name);
        if depth >= MAX_DEPTH {
            return contents.problems.push(JarError::TooDeep { location });
        }
        if contents.archives >= MAX_ARCHIVES || contents.unpacked >= MAX_UNPACKED {
            return contents.problems.push(JarError::Bomb { location });
        }
        contents.archives += 1;
        if let Err(cause) = read_inner(file, entry, &location, depth, memory, contents) {
            contents.problems.push(JarError::Zip { location, cause });
        }
    }
}

fn read_inner(
    file: &mut dyn FileReader,
    entry: &Entry,
    location: &str,
    depth: usize,
    memory: u64,
    contents: &mut Contents,
) -> Result<(), ZipError> {
    match zip::place_of(file, entry)? {
        Place::Stored { offset, size } => {
            read_archive(&mut Slice::new(file, offset, size), location, depth + 1, memory, contents);
        }
        Place::Deflated { packed, .. } => {
            let by_ratio = packed.saturating_mul(MAX_RATIO);
            let limit = MAX_INNER.min(MAX_MEMORY.saturating_sub(memory)).min(by_ratio);
            let bytes = zip::content(file, entry, limit)?;
            let size = bytes.len() as u64;
            contents.unpacked += size;
            read_archive(&mut std::io::Cursor::new(bytes), location, depth + 1, memory + size, contents);
        }
    }
    Ok(())
}

/// The libraries that an archive says it is: those of Maven, and the one of its own name where that is another.
fn own_libraries(
    file: &mut dyn FileReader,
    entries: &[Entry],
    location: &str,
    has_no_archives: bool,
    contents: &mut Contents,
) -> Vec<Coordinates> {
    let mut libraries = Vec::new();
    let mut text = |entry: &Entry, limit: u64| match zip::content(file, entry, limit) {
        Ok(bytes) => {
            contents.unpacked += bytes.len() as u64;
            Some(bytes)
        }
        Err(cause) => {
            let location = format!("{location}!/{}", entry.name);
            contents.problems.push(JarError::Zip { location, cause });
            None
        }
    };
    let is_properties = |entry: &&Entry| entry.name == "pom.properties" || entry.name.ends_with("/pom.properties");
    for entry in entries.iter().filter(is_properties) {
        let bytes = text(entry, pom_properties::MAX_BYTES);
        libraries.extend(bytes.and_then(|bytes| pom_properties::parse(&entry.name, &bytes)));
    }
    let is_manifest = |entry: &&Entry| entry.name.eq_ignore_ascii_case("META-INF/MANIFEST.MF");
    let manifest = entries.iter().find(is_manifest).and_then(|entry| text(entry, manifest::MAX_BYTES));
    let manifest = manifest.map(|bytes| manifest::parse(&bytes)).unwrap_or_default();
    let file_name = location.rsplit('/').next().unwrap_or(location);
    let named = identity::of_archive(file_name, &manifest);
    // A library that Maven built has properties of its own; beside those of others, only a name as the registry gives it
    // says that another library was merged with them.
    let is_other = |named: &Coordinates| {
        let is_among = libraries.iter().any(|known| known.artifact == named.artifact);
        !is_among && !named.group.is_empty() && identity::has_version(file_name)
    };
    if let Some(named) = named.filter(|named| libraries.is_empty() || is_other(named)) {
        libraries.push(named);
    }
    let has_code = entries.iter().any(|entry| entry.name.ends_with(".class"));
    if libraries.is_empty() && has_code && has_no_archives {
        contents.problems.push(JarError::Unnamed { location: location.to_owned() });
    }
    libraries
}

#[cfg(test)]
mod tests;
