//! The kernels that could be booted: their images on disk.
//!
//! Looks where Debian and others put them: `/boot`, and beside the modules. Surprising: several packages may put the
//! same kernel there, a copy in `/boot` and the original in `/usr/lib/modules`; it is one kernel. And Alpine names the
//! image after a flavour (`vmlinuz-lts`), so that only the folder of its modules tells the release.

use std::collections::BTreeMap;

use assay_host::{DirectoryEntry, FileKind, Host, HostError};
use assay_model::evidence::Problem;
use assay_model::evidence::kernel::InstalledKernel;

use super::release::{compare, release_of_image};

/// Where modules are; the first is a link to the second since the merge of `/usr`.
const MODULES: &[&str] = &["/usr/lib/modules", "/lib/modules"];

/// The kernels whose image is on disk, oldest first; their packages are not decided here.
pub(super) fn find(host: &dyn Host, problems: &mut Vec<Problem>) -> Vec<InstalledKernel> {
    let mut images: BTreeMap<String, String> = BTreeMap::new();
    let modules: Vec<(&str, String)> = MODULES
        .iter()
        .flat_map(|folder| entries(host, folder, problems).into_iter().map(move |entry| (*folder, entry.name)))
        .collect();
    for entry in entries(host, "/boot", problems) {
        if let Some(release) = release_of_image(&entry.name).filter(|_| entry.kind != FileKind::Directory) {
            let release = newest_of_flavour(release, &modules).unwrap_or(release);
            images.entry(release.to_owned()).or_insert_with(|| format!("/boot/{}", entry.name));
        }
    }
    for (folder, release) in &modules {
        let image = format!("{folder}/{release}/vmlinuz");
        if !images.contains_key(release) && host.metadata(&image).is_ok_and(|found| found.kind == FileKind::File) {
            images.insert(release.clone(), image);
        }
    }
    let kernel = |(release, image)| InstalledKernel { release, image, package: None };
    let mut kernels: Vec<InstalledKernel> = images.into_iter().map(kernel).collect();
    kernels.sort_by(|left, right| compare(&left.release, &right.release));
    kernels
}

/// The newest release with modules whose name ends in a flavour; `None` for what is a release itself.
fn newest_of_flavour<'a>(flavour: &str, modules: &'a [(&str, String)]) -> Option<&'a str> {
    let starts_with_number = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
    if starts_with_number(flavour) {
        return None;
    }
    let is_of_flavour = |release: &&str| {
        starts_with_number(release) && release.strip_suffix(flavour).is_some_and(|rest| rest.ends_with('-'))
    };
    let releases = modules.iter().map(|(_, release)| release.as_str()).filter(is_of_flavour);
    releases.max_by(|left, right| compare(left, right))
}

fn entries(host: &dyn Host, directory: &str, problems: &mut Vec<Problem>) -> Vec<DirectoryEntry> {
    match host.read_directory(directory) {
        Ok(entries) => entries,
        Err(HostError::NotFound { .. }) => Vec::new(),
        Err(error) => {
            problems.push(error.to_problem());
            Vec::new()
        }
    }
}
