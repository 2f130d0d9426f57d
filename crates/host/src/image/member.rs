//! Names of the entries of archives, as container runtimes take them.

/// The path below the root that an entry's name stands for, without `.`, `..` and slashes at its ends; nothing when it
/// climbs out. As Go's `filepath.Clean`: `..` is taken as text, and stays at the root of a name that begins there.
pub(crate) fn clean_name(name: &[u8]) -> Option<Vec<u8>> {
    let is_absolute = name.starts_with(b"/");
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in name.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                if parts.pop().is_none() && !is_absolute {
                    return None;
                }
            }
            part => parts.push(part),
        }
    }
    Some(parts.join(b"/".as_slice()))
}

/// What the name of an entry does to the layers below (OCI image-spec, "Whiteouts").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whiteout<'a> {
    /// Nothing: it is an entry like others.
    None,
    /// Hides what they have under this path.
    Of { directory: &'a [u8], name: &'a [u8] },
    /// Hides what they have in this directory.
    Content { directory: &'a [u8] },
    /// What a union file system keeps for itself.
    Own,
    /// Hides nothing that could be there.
    Senseless,
}

impl<'a> Whiteout<'a> {
    /// By a clean name.
    pub(crate) fn of(path: &'a [u8]) -> Whiteout<'a> {
        let slash = path.iter().rposition(|byte| *byte == b'/');
        let directory = path.get(..slash.unwrap_or(0)).unwrap_or_default();
        let name = path.get(slash.map_or(0, |slash| slash + 1)..).unwrap_or_default();
        match name.strip_prefix(b".wh.") {
            None if path.starts_with(b".wh..wh.") => Whiteout::Own,
            None => Whiteout::None,
            Some(b".wh..opq") => Whiteout::Content { directory },
            Some(own) if own.starts_with(b".wh.") => Whiteout::Own,
            Some(b"" | b"." | b"..") => Whiteout::Senseless,
            Some(name) => Whiteout::Of { directory, name },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_below_the_root() {
        for (name, expected) in [
            ("etc/passwd", Some("etc/passwd")),
            ("./etc//passwd/", Some("etc/passwd")),
            ("/etc/passwd", Some("etc/passwd")),
            ("etc/../usr/./bin", Some("usr/bin")),
            ("/../../etc", Some("etc")),
            ("../etc/passwd", None),
            ("etc/../../passwd", None),
            ("etc/..", Some("")),
            ("..", None),
            (".", Some("")),
            ("/", Some("")),
            ("", Some("")),
            ("...", Some("...")),
        ] {
            assert_eq!(clean_name(name.as_bytes()), expected.map(|path| path.as_bytes().to_vec()), "{name}");
        }
    }

    #[test]
    fn whiteouts_are_told_by_their_names() {
        let of = |directory, name| Whiteout::Of { directory, name };
        for (path, expected) in [
            ("etc/passwd", Whiteout::None),
            ("etc/.whatever", Whiteout::None),
            ("etc/.wh.passwd", of(b"etc".as_slice(), b"passwd".as_slice())),
            (".wh.etc", of(b"", b"etc")),
            ("a/b/.wh.c", of(b"a/b", b"c")),
            ("etc/.wh..wh..opq", Whiteout::Content { directory: b"etc" }),
            (".wh..wh..opq", Whiteout::Content { directory: b"" }),
            (".wh..wh.plnk", Whiteout::Own),
            (".wh..wh.plnk/7.9", Whiteout::Own),
            ("etc/.wh..wh.aufs", Whiteout::Own),
            (".wh.", Whiteout::Senseless),
            ("etc/.wh..", Whiteout::Senseless),
            ("etc/.wh...", Whiteout::Senseless),
            ("etc/.wh.a/b", Whiteout::None),
            ("", Whiteout::None),
        ] {
            assert_eq!(Whiteout::of(path.as_bytes()), expected, "{path}");
        }
    }
}
