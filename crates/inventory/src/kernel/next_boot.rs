//! Which kernel boots next, and how that was found out.
//!
//! Asks in turn GRUB's menu, the entries of a Boot Loader Specification loader, the link `/vmlinuz`, and then takes the
//! newest image. Surprising: the newest kernel is not always the next one, because a default may be saved or pinned.

use assay_host::{Host, HostError};
use assay_model::evidence::kernel::{InstalledKernel, NextKernel};
use assay_model::evidence::{Problem, ProblemKind};

use super::release::{compare, release_of_image};
use super::{boot_entry, grub};

const GRUB_DIRECTORIES: &[&str] = &["/boot/grub", "/boot/grub2"];
const LOADER_DIRECTORIES: &[&str] = &["/boot/loader", "/boot/efi/loader", "/efi/loader"];
/// Where GRUB's `blscfg` looks.
const GRUB_ENTRIES: &str = "/boot/loader/entries";
const LINKS: &[&str] = &["/vmlinuz", "/boot/vmlinuz"];

const MAX_MENU: u64 = 16 * 1024 * 1024;
const MAX_SMALL: u64 = 64 * 1024;
const MAX_BOOT_ENTRIES: usize = 1024;

/// The kernel that boots next; `installed` is sorted, oldest first.
pub(super) fn find(host: &dyn Host, installed: &[InstalledKernel], problems: &mut Vec<Problem>) -> Option<NextKernel> {
    let mut next = determine(host, installed, problems)?;
    // An image that is named after a flavour was given its release by whoever found it on disk.
    if !installed.iter().any(|kernel| kernel.release == next.release) {
        let is_its_image = |kernel: &&InstalledKernel| release_of_image(&kernel.image) == Some(next.release.as_str());
        if let Some(kernel) = installed.iter().find(is_its_image) {
            next.release.clone_from(&kernel.release);
        }
    }
    Some(next)
}

fn determine(host: &dyn Host, installed: &[InstalledKernel], problems: &mut Vec<Problem>) -> Option<NextKernel> {
    for directory in GRUB_DIRECTORIES {
        match by_grub(host, directory, problems) {
            Ok(Some(next)) => return Some(next),
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    let by_loader = LOADER_DIRECTORIES.iter().find_map(|directory| by_loader(host, directory, problems));
    by_loader.or_else(|| LINKS.iter().find_map(|link| by_link(host, link))).or_else(|| {
        let newest = installed.last()?;
        Some(NextKernel { release: newest.release.clone(), determined_by: "newest image on disk".to_owned() })
    })
}

/// `None` without GRUB.
fn by_grub(host: &dyn Host, directory: &str, problems: &mut Vec<Problem>) -> Result<Option<NextKernel>, Problem> {
    let path = format!("{directory}/grub.cfg");
    let menu = match host.read(&path, MAX_MENU) {
        Ok(bytes) => grub::parse(&bytes),
        Err(HostError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error.to_problem()),
    };
    let environment = match host.read(&format!("{directory}/grubenv"), MAX_SMALL) {
        Ok(bytes) => grub::parse_environment(&bytes),
        Err(HostError::NotFound { .. }) => Default::default(),
        Err(error) => return Err(error.to_problem()),
    };
    if menu.reads_boot_entries
        && let Some(entries) = BootEntries::read(host, GRUB_ENTRIES, problems)
        && let Some(next) = entries.next(|entries| entries.of_grub(menu.next_path(&environment).unwrap_or("0")))
    {
        return Ok(Some(next));
    }
    let Some(entry) = menu.next(&environment) else {
        return Err(Problem::new(path, ProblemKind::Malformed, "the menu has no entry"));
    };
    let release = entry.image.as_deref().and_then(|image| release(host, image));
    match release {
        Some(release) => Ok(Some(NextKernel { release, determined_by: path })),
        None => {
            let detail = format!("the entry that boots next, {:?}, names no kernel of a known release", entry.title);
            Err(Problem::new(path, ProblemKind::NotSupported, detail))
        }
    }
}

/// The release of an image; a name without one is a link to the image.
fn release(host: &dyn Host, image: &str) -> Option<String> {
    if let Some(release) = release_of_image(image) {
        return Some(release.to_owned());
    }
    let name = image.rsplit('/').next()?;
    let target = host.read_link(&format!("/boot/{name}")).or_else(|_| host.read_link(&format!("/{name}"))).ok()?;
    release_of_image(&target).map(str::to_owned)
}

/// The entry that `loader.conf` makes the default, or the newest. `None` without such a loader.
fn by_loader(host: &dyn Host, directory: &str, problems: &mut Vec<Problem>) -> Option<NextKernel> {
    let entries = BootEntries::read(host, &format!("{directory}/entries"), problems)?;
    let settings = host.read(&format!("{directory}/loader.conf"), MAX_SMALL).unwrap_or_default();
    let default = boot_entry::value(&settings, "default");
    entries.next(|entries| entries.of_pattern(default.as_deref()?))
}

/// The entries of the Boot Loader Specification in one folder.
struct BootEntries {
    directory: String,
    /// File name and release, the newest release first.
    kernels: Vec<(String, String)>,
}

impl BootEntries {
    /// `None` without the folder.
    fn read(host: &dyn Host, directory: &str, problems: &mut Vec<Problem>) -> Option<BootEntries> {
        let entries = match host.read_directory(directory) {
            Ok(entries) => entries,
            Err(HostError::NotFound { .. }) => return None,
            Err(error) => {
                problems.push(error.to_problem());
                return None;
            }
        };
        let mut kernels: Vec<(String, String)> = Vec::new();
        for entry in entries.iter().filter(|entry| entry.name.ends_with(".conf")).take(MAX_BOOT_ENTRIES) {
            match host.read(&format!("{directory}/{}", entry.name), MAX_SMALL) {
                Ok(bytes) => {
                    kernels.extend(boot_entry::parse(&bytes).map(|parsed| (entry.name.clone(), parsed.release)))
                }
                Err(error) => problems.push(error.to_problem()),
            }
        }
        kernels.sort_by(|left, right| compare(&right.1, &left.1).then_with(|| right.0.cmp(&left.0)));
        Some(BootEntries { directory: directory.to_owned(), kernels })
    }

    /// The entry that `choose` names, or else the newest.
    fn next(&self, choose: impl FnOnce(&BootEntries) -> Option<&(String, String)>) -> Option<NextKernel> {
        let (name, release) = choose(self).or_else(|| self.kernels.first())?;
        Some(NextKernel { release: release.clone(), determined_by: format!("{}/{name}", self.directory) })
    }

    /// The newest entry whose name a pattern of `loader.conf` matches.
    fn of_pattern(&self, pattern: &str) -> Option<&(String, String)> {
        self.kernels.iter().find(|(name, _)| matches_pattern(pattern, name))
    }

    /// The entry that GRUB calls so: by its place in the menu, or by its file's name without `.conf`.
    fn of_grub(&self, path: &str) -> Option<&(String, String)> {
        match path.parse::<usize>() {
            Ok(number) => self.kernels.get(number),
            Err(_) => self.kernels.iter().find(|(name, _)| name.strip_suffix(".conf") == Some(path)),
        }
    }
}

/// A name with or without its `.conf`, or the beginning of one before a final `*`.
fn matches_pattern(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*').or_else(|| pattern.strip_suffix("*.conf")) {
        Some(beginning) => name.starts_with(beginning),
        None => name == pattern || name.strip_suffix(".conf") == Some(pattern),
    }
}

fn by_link(host: &dyn Host, link: &str) -> Option<NextKernel> {
    let target = host.read_link(link).ok()?;
    let release = release_of_image(&target)?.to_owned();
    Some(NextKernel { release, determined_by: link.to_owned() })
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::SourceKind;

    use super::*;

    fn host() -> MemoryHost {
        MemoryHost::new(SourceKind::RootDirectory)
    }

    #[track_caller]
    fn check(host: &MemoryHost, expected: Option<(&str, &str)>, kinds: &[ProblemKind]) {
        let kernel =
            |release: &str| InstalledKernel { release: release.to_owned(), image: String::new(), package: None };
        let mut problems = Vec::new();
        let next = find(host, &[kernel("6.1.0-9"), kernel("6.1.0-10")], &mut problems);
        let next = next.as_ref().map(|next| (next.release.as_str(), next.determined_by.as_str()));
        assert_eq!(next, expected);
        assert_eq!(problems.iter().map(|problem| problem.kind).collect::<Vec<_>>(), kinds, "{problems:?}");
    }

    const MENU: &str = "set default=\"${saved_entry}\"\nmenuentry A {\nlinux /vmlinuz-1.0\n}\nmenuentry B {\nlinux /vmlinuz\n}\n\
                        menuentry W {\nchainloader +1\n}\n";

    #[test]
    fn grub_is_asked_first() {
        let grub = host().file("/boot/grub/grub.cfg", MENU).link("/vmlinuz", "boot/vmlinuz-2.0");
        check(&grub, Some(("1.0", "/boot/grub/grub.cfg")), &[]);
        check(&grub.clone().file("/boot/grub/grubenv", "saved_entry=B\n"), Some(("2.0", "/boot/grub/grub.cfg")), &[]);
        check(
            &grub.clone().file("/boot/grub/grubenv", "saved_entry=W\n"),
            Some(("2.0", "/vmlinuz")),
            &[ProblemKind::NotSupported],
        );
        check(
            &host().denied("/boot/grub/grub.cfg"),
            Some(("6.1.0-10", "newest image on disk")),
            &[ProblemKind::NotPermitted],
        );
        check(
            &host().file("/boot/grub/grub.cfg", ""),
            Some(("6.1.0-10", "newest image on disk")),
            &[ProblemKind::Malformed],
        );
    }

    /// As RHEL 9 has it: the menu only says that the entries are elsewhere, and the environment which of them is saved.
    #[test]
    fn grub_may_read_the_entries_of_the_specification() {
        let menu = "if [ \"${next_entry}\" ] ; then\n set default=\"${next_entry}\"\nelse\n set default=\"${saved_entry}\"\nfi\n\
                    insmod blscfg\nblscfg\nmenuentry 'UEFI Firmware Settings' {\n fwsetup\n}\n";
        let rhel = host()
            .file("/boot/grub2/grub.cfg", menu)
            .file("/boot/loader/entries/0a-5.14.0-9.el9.conf", "linux /vmlinuz-5.14.0-9.el9\n")
            .file("/boot/loader/entries/0a-5.14.0-10.el9.conf", "linux /vmlinuz-5.14.0-10.el9\n")
            .file("/boot/loader/entries/0a-0-rescue.conf", "linux /vmlinuz-0-rescue-0a\n");
        for (environment, release, entry) in [
            ("", "5.14.0-10.el9", "0a-5.14.0-10.el9"),
            ("saved_entry=0a-5.14.0-9.el9\n", "5.14.0-9.el9", "0a-5.14.0-9.el9"),
            ("saved_entry=1\n", "5.14.0-9.el9", "0a-5.14.0-9.el9"),
            ("saved_entry=0a-gone\n", "5.14.0-10.el9", "0a-5.14.0-10.el9"),
            ("saved_entry=0a-5.14.0-9.el9\nnext_entry=0a-5.14.0-10.el9\n", "5.14.0-10.el9", "0a-5.14.0-10.el9"),
        ] {
            let with_environment = rhel.clone().file("/boot/grub2/grubenv", environment);
            check(&with_environment, Some((release, &format!("/boot/loader/entries/{entry}.conf"))), &[]);
        }
        let without_entries = host().file("/boot/grub2/grub.cfg", "blscfg\n");
        check(&without_entries, Some(("6.1.0-10", "newest image on disk")), &[ProblemKind::Malformed]);
    }

    #[test]
    fn a_flavour_has_the_release_that_was_found_for_it() {
        let kernel = |release: &str, image: &str| InstalledKernel {
            release: release.to_owned(),
            image: image.to_owned(),
            package: None,
        };
        let installed = [kernel("6.6.49-0-lts", "/boot/vmlinuz-lts"), kernel("6.6.50-0-virt", "/boot/vmlinuz-virt")];
        let menu = "menuentry Alpine {\nlinux /boot/vmlinuz-lts\n}\n";
        let host = host().file("/boot/grub/grub.cfg", menu);
        assert_eq!(find(&host, &installed, &mut Vec::new()).unwrap().release, "6.6.49-0-lts");
    }

    #[test]
    fn then_the_loader_then_the_link_then_the_newest() {
        let loader = host()
            .file("/efi/loader/entries/a.conf", "linux /vmlinuz-6.1.0-9\n")
            .file("/efi/loader/entries/b.conf", "linux /vmlinuz-6.1.0-10\n")
            .file("/efi/loader/entries/windows.conf", "efi /x\n");
        check(&loader, Some(("6.1.0-10", "/efi/loader/entries/b.conf")), &[]);
        for default in ["a", "a.conf", "a*", "a*.conf"] {
            let settings = format!("timeout 3\ndefault  {default}\n");
            check(
                &loader.clone().file("/efi/loader/loader.conf", settings),
                Some(("6.1.0-9", "/efi/loader/entries/a.conf")),
                &[],
            );
        }
        check(&host().link("/boot/vmlinuz", "vmlinuz-5.10"), Some(("5.10", "/boot/vmlinuz")), &[]);
        check(&host(), Some(("6.1.0-10", "newest image on disk")), &[]);
        assert_eq!(find(&host(), &[], &mut Vec::new()), None);
    }
}
