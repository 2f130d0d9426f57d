//! The role of a package built from a kernel's source: kernel code, a pointer to it, or a companion.
//!
//! Most packages of a kernel's source hold no kernel code (headers, perf, bpftool), and a kernel's vulnerability is none
//! of theirs. The file list decides, since the same name means different things: `kernel` is the kernel itself in RHEL 7
//! and an empty package that requires `kernel-core` in RHEL 8. Surprising: a module package of another source
//! (`kmod-nvidia`, `kpatch-patch-…`) has files beside the kernel's, and the kernel's vulnerabilities are not its own.

use assay_model::evidence::package::PackageRole;

use super::files::Files;

/// Sources of kernels are `kernel`, `kernel` and a version (`kernel6.12` of Amazon Linux), or `kernel-` and one of these
/// words, alone or followed by `-`.
///
/// Fedora and RHEL: up to `alt`; Oracle: `uek`; Amazon: `lts`; SUSE: `default` to `obs`; Azure Linux: `azure` to
/// `uvm`; ELRepo: `lt`, `ml`; CentOS: `plus`. Not among them, as they hold other code: `firmware`, `livepatch`,
/// `srpm-macros`.
const KERNEL_SOURCE_WORDS: &[&str] = &[
    "rt",
    "64k",
    "automotive",
    "longterm",
    "headers",
    "tools",
    "alt",
    "uek",
    "lts",
    "default",
    "debug",
    "preempt",
    "vanilla",
    "pae",
    "lpae",
    "xen",
    "64kb",
    "kvmsmall",
    "zfcpdump",
    "source",
    "syms",
    "docs",
    "obs",
    "azure",
    "mariner",
    "hci",
    "mshv",
    "uvm",
    "lt",
    "ml",
    "plus",
];

/// Photon's sources, which call the kernel `linux`.
const LINUX_SOURCES: &[&str] = &["linux", "linux-aws", "linux-esx", "linux-rt", "linux-secure"];

/// Words in the names of packages that go along with a kernel.
const COMPANION_WORDS: &[&str] = &[
    "devel",
    "headers",
    "doc",
    "docs",
    "tools",
    "libs",
    "debuginfo",
    "debugsource",
    "source",
    "syms",
    "macros",
    "abi",
    "selftests",
    "perf",
];

/// Whether a source package is a kernel's.
pub fn is_kernel_source(source_name: &str) -> bool {
    let Some(rest) = source_name.strip_prefix("kernel") else {
        return LINUX_SOURCES.contains(&source_name);
    };
    match rest.strip_prefix('-') {
        Some(word) => KERNEL_SOURCE_WORDS
            .iter()
            .any(|known| word.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))),
        None => rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'),
    }
}

/// The role by names and the package's file list. Where the list cannot be read, what is not called a companion is
/// taken for kernel code: that is the error which hides nothing.
pub fn role(name: &str, source_name: &str, files: Option<&Files<'_>>) -> PackageRole {
    if !is_kernel_source(source_name) {
        return PackageRole::Ordinary;
    }
    let is_companion = name.split('-').any(|word| COMPANION_WORDS.contains(&word));
    match files {
        Some(files) if holds_kernel_code(files) => PackageRole::KernelImage,
        None if !is_companion => PackageRole::KernelImage,
        Some(files) if files.is_empty() && !is_companion => PackageRole::KernelMeta,
        _ => PackageRole::KernelCompanion,
    }
}

/// Whether a file list names a bootable image or a module. Debug symbols repeat those names below `/usr/lib/debug`.
fn holds_kernel_code(files: &Files<'_>) -> bool {
    let places: Vec<Place> = files.directories().iter().map(|directory| Place::of(directory)).collect();
    files.iter().any(|file| match places.get(file.directory) {
        Some(Place::Boot) => file.name.starts_with(b"vmlinu") || file.name.starts_with(b"Image-"),
        Some(Place::Modules) => file.name.starts_with(b"vmlinu") || is_module(file.name),
        Some(Place::Other) | None => false,
    })
}

#[derive(Clone, Copy)]
enum Place {
    Boot,
    Modules,
    Other,
}

impl Place {
    fn of(directory: &[u8]) -> Place {
        if directory == b"/boot/" {
            Place::Boot
        } else if directory.starts_with(b"/lib/modules/") || directory.starts_with(b"/usr/lib/modules/") {
            Place::Modules
        } else {
            Place::Other
        }
    }
}

fn is_module(name: &[u8]) -> bool {
    [&b".ko"[..], b".ko.xz", b".ko.gz", b".ko.zst"].iter().any(|suffix| name.ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::super::header::{Header, Tag};
    use super::super::specimen::{Value, header};
    use super::*;

    #[track_caller]
    fn check(name: &str, source: &str, paths: &[&str], expected: PackageRole) {
        let (directories, names): (Vec<&str>, Vec<&str>) =
            paths.iter().map(|path| path.split_at(path.rfind('/').unwrap() + 1)).unzip();
        let indexes: Vec<u32> = (0..u32::try_from(paths.len()).unwrap()).collect();
        let blob = header(&[
            (Tag::BaseNames, Value::Texts(&names)),
            (Tag::DirectoryNames, Value::Texts(&directories)),
            (Tag::DirectoryIndexes, Value::Numbers(&indexes)),
        ]);
        let files = Files::of(&Header::parse(&blob).unwrap()).unwrap();
        assert_eq!(role(name, source, Some(&files)), expected, "{name} of {source}");
    }

    #[test]
    fn files_decide() {
        use PackageRole::{KernelCompanion, KernelImage, KernelMeta, Ordinary};
        let module = "/lib/modules/5.14.0-427.el9.x86_64/kernel/fs/xfs/xfs.ko.xz";
        let image = "/lib/modules/5.14.0-427.el9.x86_64/vmlinuz";
        check("kernel-core", "kernel", &["/boot/config-5.14.0", image], KernelImage);
        check("kernel-modules-core", "kernel", &[module], KernelImage);
        check("kernel-uki-virt", "kernel", &["/lib/modules/5.14.0/vmlinuz-virt.efi"], KernelImage);
        check("kernel", "kernel", &["/boot/vmlinuz-3.10.0-1160.el7.x86_64"], KernelImage);
        check("kernel-default", "kernel-default", &["/usr/lib/modules/5.14.21/kernel/a.ko.zst"], KernelImage);
        check("kernel-uek-core", "kernel-uek", &[image], KernelImage);
        check("kernel6.12", "kernel6.12", &[image], KernelImage);
        check("linux-esx", "linux-esx", &["/boot/vmlinuz-6.1.10-esx"], KernelImage);
        check("kernel", "kernel", &[], KernelMeta);
        check("kernel-rt", "kernel-rt", &[], KernelMeta);
        check("kernel-devel-matched", "kernel", &[], KernelCompanion);
        check("kernel-devel", "kernel", &["/usr/src/kernels/5.14.0/Makefile"], KernelCompanion);
        check("kernel-headers", "kernel", &["/usr/include/linux/a.h"], KernelCompanion);
        check("kernel-debuginfo", "kernel", &["/usr/lib/debug/lib/modules/5.14.0/vmlinux"], KernelCompanion);
        check("kernel-default-devel", "kernel-default", &["/lib/modules/5.14.21/build"], KernelCompanion);
        check("perf", "kernel", &["/usr/bin/perf"], KernelCompanion);
        check("bpftool", "kernel", &["/usr/sbin/bpftool"], KernelCompanion);
        check("kernel-syms", "kernel-syms", &[], KernelCompanion);
        check("kmod-nvidia", "nvidia-kmod", &["/lib/modules/5.14.0/extra/nvidia.ko"], Ordinary);
        check("kernel-firmware-all", "kernel-firmware", &[], Ordinary);
        check("kernel-srpm-macros", "kernel-srpm-macros", &[], Ordinary);
        check("kernel-livepatch-5_14", "kernel-livepatch-SLE15", &[module], Ordinary);
        check("kernelshark", "kernelshark", &["/usr/bin/kernelshark"], Ordinary);
    }

    #[test]
    fn names_decide_where_the_list_cannot_be_read() {
        assert_eq!(role("kernel-core", "kernel", None), PackageRole::KernelImage);
        assert_eq!(role("kernel-devel", "kernel", None), PackageRole::KernelCompanion);
        assert_eq!(role("bash", "bash", None), PackageRole::Ordinary);
    }
}
