//! The kernels that could be booted: their images on disk.
//!
//! Looks where Debian and others put them: `/boot`, and beside the modules. Surprising: several packages may put the
//! same kernel there, a copy in `/boot` and the original in `/usr/lib/modules`; it is one kernel.

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
    for entry in entries(host, "/boot", problems) {
        if let Some(release) = release_of_image(&entry.name).filter(|_| entry.kind != FileKind::Directory) {
            images.entry(release.to_owned()).or_insert_with(|| format!("/boot/{}", entry.name));
        }
    }
    for modules in MODULES {
        for entry in entries(host, modules, problems) {
            let image = format!("{modules}/{}/vmlinuz", entry.name);
            if !images.contains_key(&entry.name)
                && host.metadata(&image).is_ok_and(|found| found.kind == FileKind::File)
            {
                images.insert(entry.name, image);
            }
        }
    }
    let kernel = |(release, image)| InstalledKernel { release, image, package: None };
    let mut kernels: Vec<InstalledKernel> = images.into_iter().map(kernel).collect();
    kernels.sort_by(|left, right| compare(&left.release, &right.release));
    kernels
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
