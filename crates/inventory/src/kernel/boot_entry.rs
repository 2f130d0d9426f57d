//! An entry of a boot loader that follows the Boot Loader Specification (systemd-boot).
//!
//! Implements the "type #1" entries of that specification: a file of `key value` lines for each kernel. Surprising:
//! the specification calls `version` text for people, yet tools put the kernel's release there, and the image itself
//! is often just called `linux`.

use super::release::release_of_image;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BootEntry {
    /// The kernel's release.
    pub release: String,
}

/// Reads an entry; `None` when it starts no Linux kernel, or one whose release it does not tell.
pub fn parse(bytes: &[u8]) -> Option<BootEntry> {
    let image = value(bytes, "linux")?;
    let release = match release_of_image(&image) {
        Some(release) => release.to_owned(),
        None => value(bytes, "version").filter(|version| version.starts_with(|first: char| first.is_ascii_digit()))?,
    };
    Some(BootEntry { release })
}

/// The value of a key's first line, as `loader.conf` has them too.
pub(super) fn value(bytes: &[u8], key: &str) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    text.lines().find_map(|line| {
        let (name, value) = line.trim().split_once([' ', '\t'])?;
        (name == key).then(|| value.trim().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_tell_a_release() {
        for (entry, release) in [
            (
                "title Debian\nversion 6.1.0-44-amd64\nlinux /0123/6.1.0-44-amd64/linux\ninitrd /x\n",
                Some("6.1.0-44-amd64"),
            ),
            ("# comment\nlinux\t/vmlinuz-6.1.0-9-amd64\nversion 12 (bookworm)", Some("6.1.0-9-amd64")),
            ("linux /linux\nversion bookworm", None),
            ("title Windows\nefi /EFI/x.efi\nversion 10", None),
            ("linux", None),
            ("", None),
        ] {
            assert_eq!(parse(entry.as_bytes()).map(|entry| entry.release).as_deref(), release, "{entry}");
        }
    }
}
