//! Collects what is known of kernels.
//!
//! Yields the `kernel` section of the evidence. A root directory has installed kernels and no running one. Surprising:
//! a package may be newer than the running kernel that it owns, because an upgrade may keep the release; the running
//! kernel's version text tells, which Debian writes as `#1 SMP PREEMPT_DYNAMIC Debian 6.1.148-1 (2025-08-26)`.

use std::collections::BTreeSet;

use assay_host::{Host, HostError};
use assay_model::evidence::kernel::{InstalledKernel, Kernel, RunningKernel};
use assay_model::evidence::{Collected, Problem};

use super::{command_line, image, next_boot};
use crate::ownership::{OwnedFiles, Owners};
use crate::processor::architecture;

const LIVE_PATCHES: &str = "/sys/kernel/livepatch";
const COMMAND_LINE: &str = "/proc/cmdline";
const MAX_VALUE: u64 = 64 * 1024;

/// Collects the running kernel, the installed ones, and the one that boots next; their packages are found afterwards.
pub fn collect(host: &dyn Host) -> Collected<Kernel> {
    let mut problems = Vec::new();
    let mut kernel = Kernel { installed: image::find(host, &mut problems), ..Kernel::default() };
    kernel.next_boot = next_boot::find(host, &kernel.installed, &mut problems);
    if host.is_live() {
        kernel.running = running(host, &mut problems);
        kernel.live_patches = live_patches(host, &mut problems);
        match host.read(COMMAND_LINE, MAX_VALUE) {
            Ok(bytes) => kernel.command_line = command_line::parse(&bytes),
            Err(error) => problems.push(error.to_problem()),
        }
    }
    Collected::partial(kernel, problems)
}

impl OwnedFiles for Collected<Kernel> {
    fn paths(&self) -> BTreeSet<String> {
        self.facts.iter().flat_map(|kernel| &kernel.installed).flat_map(images_of).collect()
    }

    fn assign(&mut self, owners: &Owners, problems: &[Problem]) {
        self.problems.extend_from_slice(problems);
        let Some(Kernel { running, installed, .. }) = &mut self.facts else { return };
        for kernel in installed.iter_mut() {
            kernel.package = images_of(kernel).iter().find_map(|image| owners.package_of(image)).map(str::to_owned);
        }
        if let Some(running) = running {
            let image = installed.iter().find(|kernel| kernel.release == running.release);
            running.package = image.and_then(|kernel| kernel.package.clone());
        }
    }
}

/// The image in `/boot` may be a copy that no package lists; the original lies beside the modules.
fn images_of(kernel: &InstalledKernel) -> [String; 3] {
    [
        kernel.image.clone(),
        format!("/usr/lib/modules/{}/vmlinuz", kernel.release),
        format!("/lib/modules/{}/vmlinuz", kernel.release),
    ]
}

fn running(host: &dyn Host, problems: &mut Vec<Problem>) -> Option<RunningKernel> {
    let mut value = |name: &str| match host.read(&format!("/proc/sys/kernel/{name}"), MAX_VALUE) {
        Ok(bytes) => Some(String::from_utf8_lossy(bytes.trim_ascii()).into_owned()),
        Err(error) => {
            problems.push(error.to_problem());
            None
        }
    };
    let (release, version) = (value("osrelease")?, value("version")?);
    Some(RunningKernel { release, version, machine: architecture(host), package: None })
}

/// The patches whose `enabled` is 1; without support for them the directory is missing.
fn live_patches(host: &dyn Host, problems: &mut Vec<Problem>) -> Vec<String> {
    let entries = match host.read_directory(LIVE_PATCHES) {
        Ok(entries) => entries,
        Err(HostError::NotFound { .. }) => return Vec::new(),
        Err(error) => {
            problems.push(error.to_problem());
            return Vec::new();
        }
    };
    let mut patches = Vec::new();
    for entry in entries {
        match host.read(&format!("{LIVE_PATCHES}/{}/enabled", entry.name), MAX_VALUE) {
            Ok(enabled) if enabled.trim_ascii() == b"1" => patches.push(entry.name),
            Ok(_) | Err(HostError::NotFound { .. }) => {}
            Err(error) => problems.push(error.to_problem()),
        }
    }
    patches
}

#[cfg(test)]
mod tests {
    use assay_host::{MemoryHost, RootedHost};
    use assay_model::evidence::SourceKind;

    use super::*;
    use crate::packages::{self, Format};

    fn collect_with_packages(host: &dyn Host, format: Format) -> Collected<Kernel> {
        let mut kernel = collect(host);
        packages::assign(host, Some(format), &mut [&mut kernel]);
        kernel
    }

    fn host(source: SourceKind) -> MemoryHost {
        MemoryHost::new(source)
            .file("/boot/vmlinuz-6.1.0-9-amd64", "")
            .file("/boot/vmlinuz-6.1.0-10-amd64", "")
            .file("/boot/config-6.1.0-10-amd64", "")
            .file("/usr/lib/modules/6.1.0-10-amd64/vmlinuz", "")
            .file("/usr/lib/modules/6.5.0/vmlinuz", "")
            .directory("/usr/lib/modules/6.6.0", 0o755, 0, 0)
            .link("/lib", "usr/lib")
            .file("/var/lib/dpkg/info/linux-image-6.1.0-10-amd64.list", "/boot/vmlinuz-6.1.0-10-amd64\n")
            .file("/var/lib/dpkg/info/kernel-of-others.list", "/lib/modules/6.5.0/vmlinuz\n")
    }

    fn live(release: &str) -> MemoryHost {
        host(SourceKind::LiveHost)
            .file("/proc/sys/kernel/osrelease", format!("{release}\n"))
            .file("/proc/sys/kernel/version", "#1 SMP Debian 6.1.1-1\n")
            .file("/proc/sys/kernel/arch", "x86_64\n")
            .file("/proc/cmdline", "root=/dev/x mitigations=off\n")
            .file("/sys/kernel/livepatch/fix_one/enabled", "1\n")
            .file("/sys/kernel/livepatch/fix_two/enabled", "0\n")
    }

    #[test]
    fn installed_kernels_have_packages_and_order() {
        let collected = collect_with_packages(&host(SourceKind::RootDirectory), Format::Dpkg);
        assert_eq!(collected.problems, []);
        let kernel = collected.facts.unwrap();
        let installed: Vec<(&str, &str, Option<&str>)> = kernel
            .installed
            .iter()
            .map(|kernel| (kernel.release.as_str(), kernel.image.as_str(), kernel.package.as_deref()))
            .collect();
        assert_eq!(
            installed,
            [
                ("6.1.0-9-amd64", "/boot/vmlinuz-6.1.0-9-amd64", None),
                ("6.1.0-10-amd64", "/boot/vmlinuz-6.1.0-10-amd64", Some("linux-image-6.1.0-10-amd64")),
                ("6.5.0", "/usr/lib/modules/6.5.0/vmlinuz", Some("kernel-of-others")),
            ]
        );
        assert_eq!(kernel.next_boot.unwrap().release, "6.5.0");
        assert_eq!((kernel.running, kernel.live_patches.len(), kernel.command_line.len()), (None, 0, 0));
    }

    #[test]
    fn a_flavour_has_the_release_of_its_modules_and_a_copy_the_package_of_its_original() {
        let alpine = MemoryHost::new(SourceKind::RootDirectory)
            .file("/boot/vmlinuz-lts", "")
            .file("/boot/vmlinuz-own", "")
            .directory("/lib/modules/6.6.9-0-lts", 0o755, 0, 0)
            .directory("/lib/modules/6.6.49-0-lts", 0o755, 0, 0)
            .directory("/lib/modules/6.13.0-0-edge", 0o755, 0, 0)
            .file("/lib/apk/db/installed", "P:linux-lts\nV:6.6.49-r0\no:linux-lts\nF:boot\nR:vmlinuz-lts\n\n");
        let rhel = MemoryHost::new(SourceKind::RootDirectory)
            .file("/boot/vmlinuz-5.14.0-9.el9", "")
            .file("/boot/vmlinuz-0-rescue-0a", "")
            .link("/lib", "usr/lib")
            .file("/usr/lib/modules/5.14.0-9.el9/vmlinuz", "")
            .file("/var/lib/dpkg/info/kernel-core.list", "/lib/modules/5.14.0-9.el9/vmlinuz\n");
        for (host, format, expected) in [
            (
                alpine,
                Format::Apk,
                [("own", "/boot/vmlinuz-own", None), ("6.6.49-0-lts", "/boot/vmlinuz-lts", Some("linux-lts"))],
            ),
            (
                rhel,
                Format::Dpkg,
                [
                    ("0-rescue-0a", "/boot/vmlinuz-0-rescue-0a", None),
                    ("5.14.0-9.el9", "/boot/vmlinuz-5.14.0-9.el9", Some("kernel-core")),
                ],
            ),
        ] {
            let collected = collect_with_packages(&host, format);
            assert_eq!(collected.problems, []);
            let installed = collected.facts.unwrap().installed;
            let mut seen: Vec<(&str, &str, Option<&str>)> = installed
                .iter()
                .map(|kernel| (kernel.release.as_str(), kernel.image.as_str(), kernel.package.as_deref()))
                .collect();
            seen.sort_by_key(|(_, _, package)| package.is_some());
            assert_eq!(seen, expected);
        }
    }

    #[test]
    fn the_running_kernel_is_a_packages_only_when_its_image_is_there() {
        for (release, package) in
            [("6.1.0-10-amd64", Some("linux-image-6.1.0-10-amd64")), ("6.1.0-9-amd64", None), ("6.18.44-microvm", None)]
        {
            let collected = collect_with_packages(&live(release), Format::Dpkg);
            assert_eq!(collected.problems, []);
            let kernel = collected.facts.unwrap();
            let running = kernel.running.unwrap();
            assert_eq!((running.release.as_str(), running.package.as_deref()), (release, package));
            assert_eq!((running.version.as_str(), running.machine.as_str()), ("#1 SMP Debian 6.1.1-1", "x86_64"));
            assert_eq!(
                (kernel.live_patches, kernel.command_line),
                (vec!["fix_one".to_owned()], vec!["mitigations=off".to_owned()])
            );
        }
    }

    #[test]
    fn a_live_host_that_tells_nothing_has_problems() {
        let collected = collect_with_packages(&MemoryHost::new(SourceKind::LiveHost), Format::Dpkg);
        assert_eq!(collected.facts.unwrap().running, None);
        assert_eq!(collected.problems.len(), 2);
    }

    #[test]
    fn this_machine_is_what_uname_says() {
        let uname = |argument: &str| {
            let output =
                std::process::Command::new("uname").arg(argument).output().expect("uname is needed: coreutils");
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        };
        let running = collect_with_packages(&RootedHost::live().unwrap(), Format::Dpkg).facts.unwrap().running.unwrap();
        assert_eq!((running.release, running.version, running.machine), (uname("-r"), uname("-v"), uname("-m")));
    }
}
