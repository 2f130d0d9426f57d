//! The files of a package, as its header lists them.
//!
//! Implements `BASENAMES`, `DIRNAMES`, `DIRINDEXES` and `FILESTATES` of rpm's tags. Surprising: a package may list files
//! that it did not install, because another architecture's package brought them or `%_excludedocs` left them out.

use super::bytes::index;
use super::header::{Header, HeaderError, Tag, Texts};

/// States of files that are in place: as packaged, or on a file system that rpm does not write to.
const NORMAL: u8 = 0;
const ON_SHARED_FILE_SYSTEM: u8 = 4;

/// The file list of one package; the arrays fit each other.
#[derive(Clone, Debug)]
pub struct Files<'a> {
    directories: Vec<&'a [u8]>,
    names: Texts<'a>,
    indexes: &'a [[u8; 4]],
    states: &'a [u8],
}

/// One file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File<'a> {
    /// Position of its directory in [`Files::directories`].
    pub directory: usize,
    /// Name within the directory.
    pub name: &'a [u8],
    /// Whether installing the package put it in place.
    pub is_installed: bool,
}

impl<'a> Files<'a> {
    /// Reads the list of a header; a package without files has an empty one.
    ///
    /// # Errors
    ///
    /// When a part is malformed or they do not fit each other.
    pub fn of(header: &Header<'a>) -> Result<Files<'a>, HeaderError> {
        let names = header.texts(Tag::BaseNames)?;
        let indexes = header.numbers(Tag::DirectoryIndexes)?;
        if names.clone().count() != indexes.len() {
            return Err(HeaderError::FileList("there are not as many names as directory indexes"));
        }
        let directories: Vec<&[u8]> = header.texts(Tag::DirectoryNames)?.collect();
        if indexes.iter().any(|at| index(u32::from_be_bytes(*at)) >= directories.len()) {
            return Err(HeaderError::FileList("a directory index is out of range"));
        }
        let states = header.bytes(Tag::FileStates)?.unwrap_or_default();
        Ok(Files { directories, names, indexes, states })
    }

    /// Absolute paths that end with a slash.
    pub fn directories(&self) -> &[&'a [u8]] {
        &self.directories
    }

    /// Whether the package has no files.
    pub fn is_empty(&self) -> bool {
        self.indexes.is_empty()
    }

    /// Every file, directories among them.
    pub fn iter(&self) -> impl Iterator<Item = File<'a>> {
        let states = self.states.iter().map(|state| matches!(*state, NORMAL | ON_SHARED_FILE_SYSTEM));
        let states = states.chain(std::iter::repeat(true));
        self.names.clone().zip(self.indexes).zip(states).map(|((name, at), is_installed)| File {
            directory: index(u32::from_be_bytes(*at)),
            name,
            is_installed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::specimen::{Value, header};
    use super::*;

    #[test]
    fn names_are_joined_with_their_directories() {
        let blob = header(&[
            (Tag::BaseNames, Value::Texts(&["ls", "ls.1.gz", "cat"])),
            (Tag::DirectoryNames, Value::Texts(&["/usr/bin/", "/usr/share/man/man1/"])),
            (Tag::DirectoryIndexes, Value::Numbers(&[0, 1, 0])),
            (Tag::FileStates, Value::Bytes(&[0, 2])),
        ]);
        let files = Files::of(&Header::parse(&blob).unwrap()).unwrap();
        let seen: Vec<(&[u8], &[u8], bool)> =
            files.iter().map(|file| (files.directories()[file.directory], file.name, file.is_installed)).collect();
        assert_eq!(
            seen,
            [
                (&b"/usr/bin/"[..], &b"ls"[..], true),
                (b"/usr/share/man/man1/", b"ls.1.gz", false),
                (b"/usr/bin/", b"cat", true)
            ]
        );
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        let list = |indexes: &[u32]| {
            header(&[
                (Tag::BaseNames, Value::Texts(&["a", "b"])),
                (Tag::DirectoryNames, Value::Texts(&["/"])),
                (Tag::DirectoryIndexes, Value::Numbers(indexes)),
            ])
        };
        for (indexes, is_sound) in [(&[0, 0][..], true), (&[0], false), (&[0, 0, 0], false), (&[0, 1], false)] {
            assert_eq!(Files::of(&Header::parse(&list(indexes)).unwrap()).is_ok(), is_sound, "{indexes:?}");
        }
        let none = header(&[(Tag::Name, Value::Text("meta"))]);
        assert!(Files::of(&Header::parse(&none).unwrap()).unwrap().is_empty());
    }
}
