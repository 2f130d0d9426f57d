//! Staging: a folder that is filled beside the one that it replaces, so that readers see the old one or the new one.

use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt as _;

use camino::{Utf8Path, Utf8PathBuf};

use super::error::CloudError;

/// Such a folder; unless it is kept, it is deleted.
#[derive(Debug)]
pub struct Staging {
    new: Utf8PathBuf,
    old: Utf8PathBuf,
    place: Utf8PathBuf,
}

impl Staging {
    /// Makes the folder that will take a place. What an earlier one left that was killed is deleted.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn create(place: &Utf8Path) -> Result<Staging, CloudError> {
        let name = place.file_name().unwrap_or("snapshot");
        // Readers of a snapshot pass over names that begin with a dot.
        let staging = Staging {
            new: place.with_file_name(format!(".{name}.new")),
            old: place.with_file_name(format!(".{name}.old")),
            place: place.to_owned(),
        };
        for path in [&staging.new, &staging.old] {
            remove(path).map_err(CloudError::writing(path))?;
        }
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&staging.new);
        made.map_err(CloudError::writing(&staging.new))?;
        Ok(staging)
    }

    /// The folder to write to.
    pub fn folder(&self) -> &Utf8Path {
        &self.new
    }

    /// Puts the folder in its place.
    ///
    /// # Errors
    ///
    /// When it cannot be moved; then the old one is there, or in `.NAME.old` beside it.
    pub fn keep(self) -> Result<(), CloudError> {
        match fs::rename(&self.place, &self.old) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(CloudError::writing(&self.place)(error)),
            _ => {}
        }
        fs::rename(&self.new, &self.place).map_err(CloudError::writing(&self.place))?;
        remove(&self.old).map_err(CloudError::writing(&self.old))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // Nothing depends on it; the next one deletes it, too.
        let _ = remove(&self.new);
    }
}

fn remove(path: &Utf8Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Utf8Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_folder_is_replaced_whole_or_not_at_all() {
        let outer = tempfile::tempdir().unwrap();
        let outer = Utf8Path::from_path(outer.path()).unwrap().join("account");
        let place = outer.join("eu-west-1");
        for (file, is_kept) in [("a", true), ("b", false), ("c", true)] {
            let staging = Staging::create(&place).unwrap();
            fs::write(staging.folder().join(file), "").unwrap();
            if is_kept {
                staging.keep().unwrap();
            } else {
                drop(staging);
            }
            let expected = if file == "c" { "c" } else { "a" };
            assert_eq!((names(&outer), names(&place)), (vec!["eu-west-1".to_owned()], vec![expected.to_owned()]));
        }
    }
}
