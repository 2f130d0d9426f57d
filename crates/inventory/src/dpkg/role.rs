//! The role of a package built from a kernel's source: kernel code, a pointer to it, or a companion.
//!
//! Most packages of a kernel's source hold no kernel code (headers, perf, libc headers), and a kernel's vulnerability
//! is none of theirs. The file list decides where there is one, because distributions move files between packages;
//! the names decide otherwise. Surprising: `linux-image-amd64` holds no image, and its name differs from that of the
//! package which does only by a number.

use assay_model::evidence::package::PackageRole;
use memchr::memmem;

/// Sources of kernels are `linux`, or `linux-` and one of these words (or a digit), alone or followed by `-`.
///
/// Debian: `latest`, `signed`; Ubuntu: the rest up to `upstream`, which is what the kernel's own `make deb-pkg` writes;
/// then kernels of others. `linux-firmware`, `linux-base` and `linux-atm` are not built from a kernel's source.
const KERNEL_SOURCE_WORDS: &[&str] = &[
    "latest",
    "signed",
    "tools",
    "allwinner",
    "aws",
    "azure",
    "bluefield",
    "fips",
    "gcp",
    "gke",
    "gkeop",
    "hwe",
    "ibm",
    "intel",
    "intel-iotg",
    "kvm",
    "laptop",
    "lowlatency",
    "lts",
    "meta",
    "nvidia",
    "oem",
    "oracle",
    "raspi",
    "raspi2",
    "realtime",
    "riscv",
    "snapdragon",
    "starfive",
    "unstable",
    "xilinx",
    "upstream",
    "liquorix",
    "xanmod",
];

/// Sources whose packages only depend on the newest kernel.
const META_SOURCE_WORDS: &[&str] = &["latest", "meta"];

/// What stands before the release in the name of a package with kernel code. The longer ones come first.
const IMAGE_PREFIXES: &[&str] = &[
    "linux-image-unsigned-",
    "linux-image-uc-",
    "linux-image-extra-",
    "linux-image-",
    "linux-signed-image-",
    "linux-modules-extra-",
    "linux-modules-",
    "linux-binary-",
];

/// What names of packages without kernel code end with, although they begin like an image.
const DEBUG_SUFFIXES: &[&str] = &["-dbg", "-dbgsym"];

/// Whether a source package is a kernel's.
pub fn is_kernel_source(source_name: &str) -> bool {
    let Some(rest) = source_name.strip_prefix("linux") else {
        return false;
    };
    if rest.is_empty() {
        return true;
    }
    let Some(word) = rest.strip_prefix('-') else {
        return false;
    };
    word.starts_with(|first: char| first.is_ascii_digit()) || begins_with_word(word, KERNEL_SOURCE_WORDS)
}

/// The role by names alone.
pub fn role_by_name(name: &str, source_name: &str) -> PackageRole {
    if !is_kernel_source(source_name) {
        return PackageRole::Ordinary;
    }
    let is_meta_source =
        source_name.strip_prefix("linux-").is_some_and(|word| begins_with_word(word, META_SOURCE_WORDS));
    let after_prefix = IMAGE_PREFIXES
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .filter(|_| !DEBUG_SUFFIXES.iter().any(|suffix| name.ends_with(suffix)));
    match after_prefix {
        Some(release) if !is_meta_source && is_release(release) => PackageRole::KernelImage,
        Some(_) => PackageRole::KernelMeta,
        None if is_meta_source && !is_companion(name) => PackageRole::KernelMeta,
        None => PackageRole::KernelCompanion,
    }
}

/// The role by names and the package's file list (`/var/lib/dpkg/info/NAME.list`).
pub fn role_by_files(name: &str, source_name: &str, file_list: &[u8]) -> PackageRole {
    let by_name = role_by_name(name, source_name);
    if by_name == PackageRole::Ordinary {
        return by_name;
    }
    match (holds_kernel_code(file_list), by_name) {
        (true, _) => PackageRole::KernelImage,
        (false, PackageRole::KernelImage) => PackageRole::KernelMeta,
        (false, other) => other,
    }
}

/// Whether a file list names a bootable image or a module. Debug symbols repeat those names below `/usr/lib/debug`.
fn holds_kernel_code(file_list: &[u8]) -> bool {
    file_list.split(|byte| *byte == b'\n').any(|path| {
        if path.starts_with(b"/boot/vmlinu") {
            return true;
        }
        let below_modules = path.starts_with(b"/lib/modules/") || path.starts_with(b"/usr/lib/modules/");
        below_modules && (is_module(path) || memmem::find(path, b"/vmlinuz").is_some())
    })
}

fn is_module(path: &[u8]) -> bool {
    [&b".ko"[..], b".ko.xz", b".ko.gz", b".ko.zst"].iter().any(|suffix| path.ends_with(suffix))
}

/// A release begins with a version of at least two numbers: `6.1.0-44-amd64`, not `amd64` or `generic-hwe-22.04`.
fn is_release(text: &str) -> bool {
    let mut numbers = text.split('.');
    let is_number =
        |part: Option<&str>| part.is_some_and(|part| part.starts_with(|first: char| first.is_ascii_digit()));
    is_number(numbers.next()) && is_number(numbers.next())
}

fn is_companion(name: &str) -> bool {
    ["linux-headers-", "linux-tools-", "linux-cloud-tools-", "linux-libc-dev", "linux-doc", "linux-source"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

fn begins_with_word(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_decide_without_a_file_list() {
        use PackageRole::{KernelCompanion, KernelImage, KernelMeta, Ordinary};
        for (name, source, role) in [
            ("linux-image-6.1.0-44-amd64", "linux-signed-amd64", KernelImage),
            ("linux-image-6.1.0-44-amd64-unsigned", "linux", KernelImage),
            ("linux-image-6.1.0-44-cloud-amd64", "linux-signed-amd64", KernelImage),
            ("linux-image-6.1.0-44-amd64-dbg", "linux", KernelCompanion),
            ("linux-image-amd64", "linux-signed-amd64", KernelMeta),
            ("linux-image-amd64", "linux-latest", KernelMeta),
            ("linux-image-2.6-amd64", "linux-latest", KernelMeta),
            ("linux-image-unsigned-5.15.0-100-generic", "linux", KernelImage),
            ("linux-image-5.15.0-100-generic", "linux-signed", KernelImage),
            ("linux-image-6.8.0-40-generic", "linux-signed-hwe-6.8", KernelImage),
            ("linux-modules-extra-5.15.0-100-generic", "linux", KernelImage),
            ("linux-modules-6.5.0-1015-aws", "linux-aws-6.5", KernelImage),
            ("linux-image-generic-hwe-22.04", "linux-meta-hwe-6.8", KernelMeta),
            ("linux-generic", "linux-meta", KernelMeta),
            ("linux-headers-generic", "linux-meta", KernelCompanion),
            ("linux-headers-amd64", "linux-signed-amd64", KernelCompanion),
            ("linux-headers-6.1.0-44-common", "linux", KernelCompanion),
            ("linux-libc-dev", "linux", KernelCompanion),
            ("linux-perf", "linux", KernelCompanion),
            ("linux-kbuild-6.1", "linux", KernelCompanion),
            ("linux-compiler-gcc-12-x86", "linux", KernelCompanion),
            ("linux-source-6.1", "linux", KernelCompanion),
            ("bpftool", "linux", KernelCompanion),
            ("libcpupower1", "linux", KernelCompanion),
            ("hyperv-daemons", "linux", KernelCompanion),
            ("usbip", "linux", KernelCompanion),
            ("linux-image-5.10.0-30-amd64", "linux-5.10", KernelImage),
            ("linux-base", "linux-base", Ordinary),
            ("linux-firmware", "linux-firmware", Ordinary),
            ("linuxdoc-tools", "linuxdoc-tools", Ordinary),
            ("pve-kernel-6.2", "pve-kernel", Ordinary),
        ] {
            assert_eq!(role_by_name(name, source), role, "{name} of {source}");
        }
    }

    #[test]
    fn files_decide_where_there_is_a_list() {
        let check = |name: &str, files: &str, role: PackageRole| {
            assert_eq!(role_by_files(name, "linux", files.as_bytes()), role, "{name} with {files}");
        };
        check("linux-image-6.12.1-amd64", "/.\n/boot\n/boot/vmlinuz-6.12.1-amd64\n", PackageRole::KernelImage);
        check("linux-image-6.12.1-amd64", "/.\n/usr/share/doc\n", PackageRole::KernelMeta);
        check("linux-split-6.12.1", "/lib/modules/6.12.1/kernel/fs/ext4/ext4.ko.xz\n", PackageRole::KernelImage);
        check("linux-split-6.12.1", "/usr/lib/modules/6.12.1/vmlinuz\n", PackageRole::KernelImage);
        check("linux-image-6.1-dbg", "/usr/lib/debug/lib/modules/6.1/kernel/ext4.ko\n", PackageRole::KernelCompanion);
        check("linux-headers-6.1.0-44-amd64", "/lib/modules/6.1.0-44-amd64/build\n", PackageRole::KernelCompanion);
    }
}
