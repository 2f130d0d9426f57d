//! The folder of a snapshot: the shell that opens its files.
//!
//! Symbolic links are not followed and only regular files are opened: a folder of JSON has no need of either.

use std::fs::{self, File};
use std::path::Path;

use assay_model::evidence::ProblemKind;

use super::file_name::{FileName, FolderName, of_file, of_folder};
use super::limits::Limits;
use super::loader::{Loader, Place};
use super::whole::Snapshot;

/// A file that is to be read.
struct Found {
    path: std::path::PathBuf,
    place: Place,
}

impl Snapshot {
    /// Reads a folder: files as `aws … describe-*` prints them, directly in it or in folders for accounts and regions; also
    /// Batfish's and CloudMapper's layout. Files and folders whose names begin with `_` or `.` are notes, and so are
    /// files that are no `.json`.
    pub fn read(folder: &Path, limits: Limits) -> Snapshot {
        let mut loader = Loader::new(limits);
        let mut found = Vec::new();
        walk(folder, &Place::default(), 0, &mut loader, &mut found);
        found.sort_by(|one, other| (one.place.form(), &one.place.path).cmp(&(other.place.form(), &other.place.path)));
        for file in found {
            match File::open(&file.path) {
                Ok(open) => loader.read(&file.place, open),
                Err(error) => loader.failed(&file.place, &error),
            }
        }
        loader.finish()
    }
}

fn walk(folder: &Path, place: &Place, depth: usize, loader: &mut Loader, found: &mut Vec<Found>) {
    if depth > loader.limits().folder_depth {
        return loader.problem(&place.path, ProblemKind::TooLarge, "it lies deeper than folders are read");
    }
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return loader.failed(place, &error),
    };
    // Not sorted here: the files are sorted all together.
    for entry in entries {
        let Ok(entry) = entry.map_err(|error| loader.failed(place, &error)) else { continue };
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(['_', '.']) {
            continue;
        }
        let inner = place.inside(&name);
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => enter(&entry.path(), inner, &name, depth, loader, found),
            Ok(kind) if kind.is_file() => {
                let Some(place) = file(inner, &name, loader) else { continue };
                if found.len() == loader.limits().files {
                    return loader.problem(&place.path, ProblemKind::TooLarge, "there are more files than are read");
                }
                found.push(Found { path: entry.path(), place });
            }
            Ok(_) if !name.ends_with(".json") => {}
            Ok(_) => loader.problem(&inner.path, ProblemKind::WrongType, "it is no regular file"),
            Err(error) => loader.failed(&inner, &error),
        }
    }
}

fn enter(path: &Path, mut inner: Place, name: &str, depth: usize, loader: &mut Loader, found: &mut Vec<Found>) {
    let is_account = std::mem::take(&mut inner.is_in_accounts);
    match of_folder(name) {
        FolderName::Region => inner.region = Some(name.to_owned()),
        FolderName::Account => inner.account = Some(name.to_owned()),
        FolderName::Accounts => inner.is_in_accounts = true,
        FolderName::Plain => {}
        FolderName::Call(FileName::Harmless) => return,
        FolderName::Call(FileName::Known { form, .. }) => inner.call = Some(form),
        _ if is_account => inner.account = Some(name.to_owned()),
        FolderName::Call(FileName::Unknown) => {
            return loader.problem(&inner.path, ProblemKind::NotSupported, "what this call tells is not used");
        }
        FolderName::Unknown => {
            let detail = "it is neither an account nor a region nor a call; nothing in it was read";
            return loader.problem(&inner.path, ProblemKind::NotSupported, detail);
        }
    }
    walk(path, &inner, depth + 1, loader, found);
}

fn file(place: Place, name: &str, loader: &mut Loader) -> Option<Place> {
    if let Some(form) = place.call {
        let stem = name.strip_suffix(".json").unwrap_or(name);
        return Some(place.known(form, Some(stem.to_owned())));
    }
    match of_file(name.strip_suffix(".json")?) {
        FileName::Known { form, subject } => Some(place.known(form, subject)),
        FileName::Harmless => None,
        FileName::Unknown => {
            loader.problem(&place.path, ProblemKind::NotSupported, "what this file tells is not used");
            None
        }
    }
}
