//! Which package owns a path: the question and the answer, however a package database keeps its file lists.
//!
//! All paths are asked for at once, because a database is read in one pass. Surprising: since the merge of `/usr` a
//! package may list `/bin/ls` while the process runs `/usr/bin/ls`, and the package manager itself may not know that
//! both are one file.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use assay_host::Host;
use assay_model::evidence::Problem;

/// Directories that are links where `/usr` is merged (`/bin` to `/usr/bin`), and where Fedora merged `/usr/sbin` too.
const MERGED: &[&str] = &["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/libo32", "/usr/sbin"];

/// The owners of the paths that were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    by_path: BTreeMap<String, String>,
}

impl Owners {
    /// The name of the package that owns a path which was asked for; its architecture is left out.
    pub fn package_of(&self, path: &str) -> Option<&str> {
        self.by_path.get(path).map(String::as_str)
    }

    /// How many of the paths have an owner.
    pub fn count(&self) -> usize {
        self.by_path.len()
    }

    /// Notes an owner; of several the first one counts.
    pub fn add(&mut self, path: &str, package: &str) {
        self.by_path.entry(path.to_owned()).or_insert_with(|| package.to_owned());
    }
}

/// Facts that name files whose packages are to be found, together with those of other facts.
pub trait OwnedFiles {
    /// The absolute paths whose owners are asked for, their links resolved.
    fn paths(&self) -> BTreeSet<String>;

    /// Notes what owns them, and what could not be read of it.
    fn assign(&mut self, owners: &Owners, problems: &[Problem]);
}

/// The paths to look for in file lists, each with the wanted path that it stands for.
#[derive(Debug)]
pub struct WantedPaths<'a> {
    wanted: HashMap<Vec<u8>, &'a str>,
    /// By length: whether a listed path of it can be one of these. Spares nine lookups of ten.
    lengths: Vec<bool>,
    count: usize,
}

impl<'a> WantedPaths<'a> {
    /// Prepares the search for absolute paths whose links are resolved, as `/proc/PID/exe` has them.
    pub fn new(host: &dyn Host, wanted: &'a BTreeSet<String>) -> WantedPaths<'a> {
        let merged = merged_directories(host);
        let mut paths = WantedPaths { wanted: HashMap::new(), lengths: Vec::new(), count: wanted.len() };
        for path in wanted {
            let mut spellings = BTreeSet::from([path.clone()]);
            // Twice, because `/sbin` may lead to `/usr/sbin`, and that to `/usr/bin`.
            for _ in 0..2 {
                let others: Vec<String> = spellings.iter().flat_map(|path| respell(path, &merged)).collect();
                spellings.extend(others);
            }
            for spelling in spellings {
                paths.add(spelling.into_bytes(), path);
            }
        }
        paths
    }

    /// How many paths were asked for.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Everything that a file list may call one of the paths, with the path that was asked for.
    pub fn spellings(&self) -> impl Iterator<Item = (&[u8], &'a str)> {
        self.wanted.iter().map(|(listed, path)| (listed.as_slice(), *path))
    }

    /// The path that was asked for and that a file list calls so.
    pub fn find(&self, listed: &[u8]) -> Option<&'a str> {
        if !self.may_have_length(listed.len()) {
            return None;
        }
        self.wanted.get(listed).copied()
    }

    /// Lets listed paths of this length be looked up, because the caller looks for more than was asked for.
    pub fn expect_length(&mut self, length: usize) {
        if self.lengths.len() <= length {
            self.lengths.resize(length + 1, false);
        }
        if let Some(is_used) = self.lengths.get_mut(length) {
            *is_used = true;
        }
    }

    /// Whether a listed path of this length can be one that is looked for.
    pub fn may_have_length(&self, length: usize) -> bool {
        self.lengths.get(length).is_some_and(|is_used| *is_used)
    }

    fn add(&mut self, listed: Vec<u8>, path: &'a str) {
        self.expect_length(listed.len());
        self.wanted.insert(listed, path);
    }
}

/// Pairs of a directory that is a link, and the directory that it leads to.
fn merged_directories(host: &dyn Host) -> Vec<(&'static str, String)> {
    let leads_to = |link: &&'static str| {
        let target = host.read_link(link).ok()?;
        let target = target.trim_end_matches('/');
        let parent = link.rsplit_once('/').map_or("", |(parent, _)| parent);
        let target = if target.starts_with('/') { target.to_owned() } else { format!("{parent}/{target}") };
        Some((*link, target))
    };
    MERGED.iter().filter_map(leads_to).collect()
}

/// The same path through the links that lead to its directory, and behind the link that it leads through.
fn respell(path: &str, merged: &[(&str, String)]) -> Vec<String> {
    let below = |directory: &str| path.strip_prefix(directory).filter(|rest| rest.starts_with('/'));
    let through = |(link, target): &(&str, String)| {
        let to_link = below(target).map(|rest| format!("{link}{rest}"));
        to_link.into_iter().chain(below(link).map(|rest| format!("{target}{rest}"))).collect::<Vec<_>>()
    };
    merged.iter().flat_map(through).collect()
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::SourceKind;

    use super::*;

    #[test]
    fn merged_directories_have_two_names() {
        let host = MemoryHost::new(SourceKind::RootDirectory).link("/bin", "usr/bin").link("/lib", "/usr/lib/");
        let wanted = ["/usr/bin/ls", "/lib/x.so", "/sbin/tool", "/opt/tool"].map(str::to_owned).into();
        let paths = WantedPaths::new(&host, &wanted);
        assert_eq!(paths.count(), 4);
        for (listed, found) in [
            ("/usr/bin/ls", Some("/usr/bin/ls")),
            ("/bin/ls", Some("/usr/bin/ls")),
            ("/usr/lib/x.so", Some("/lib/x.so")),
            ("/lib/x.so", Some("/lib/x.so")),
            ("/sbin/tool", Some("/sbin/tool")),
            ("/usr/sbin/tool", None),
            ("/opt/tool", Some("/opt/tool")),
            ("/usr/opt/tool", None),
            ("", None),
        ] {
            assert_eq!(paths.find(listed.as_bytes()), found, "{listed}");
        }
    }

    #[test]
    fn links_to_links_are_followed() {
        let host = MemoryHost::new(SourceKind::RootDirectory).link("/sbin", "usr/sbin").link("/usr/sbin", "bin");
        let wanted = ["/usr/bin/ip".to_owned()].into();
        let paths = WantedPaths::new(&host, &wanted);
        for listed in ["/usr/bin/ip", "/usr/sbin/ip", "/sbin/ip"] {
            assert_eq!(paths.find(listed.as_bytes()), Some("/usr/bin/ip"), "{listed}");
        }
        assert_eq!(paths.spellings().count(), 3);
    }

    #[test]
    fn of_several_owners_the_first_one_counts() {
        let mut owners = Owners::default();
        owners.add("/bin/sh", "dash");
        owners.add("/bin/sh", "bash");
        assert_eq!(
            (owners.package_of("/bin/sh"), owners.package_of("/bin/ls"), owners.count()),
            (Some("dash"), None, 1)
        );
    }
}
