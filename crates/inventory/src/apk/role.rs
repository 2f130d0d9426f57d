//! The role of a package built from a kernel's source, by its origin and its files.
//!
//! Surprising: Alpine's kernel packages are named after flavours, not releases, so that the name of an image
//! (`linux-virt`, of the origin `linux-lts`) differs from that of a companion (`linux-headers`) only by the word.

use assay_model::evidence::package::PackageRole;

/// Origins of Alpine and postmarketOS that hold kernels or what is built beside them, without `linux-`. Not among them:
/// `linux-firmware` and `linux-pam`, which are sources of their own.
const KERNEL_FLAVOURS: &[&str] = &[
    "asahi",
    "edge",
    "elm",
    "grsec",
    "gru",
    "hardened",
    "headers",
    "lts",
    "octeon",
    "openpax",
    "postmarketos",
    "rpi",
    "rpi2",
    "rpi4",
    "stable",
    "tools",
    "vanilla",
    "virt",
    "virtgrsec",
    "virthardened",
];

/// The role of a package; `for_each_file` calls what it is given with every path of the package.
pub fn role(name: &str, origin: &str, for_each_file: impl FnOnce(&mut dyn FnMut(&[u8]))) -> PackageRole {
    if !is_kernel_source(origin) {
        return PackageRole::Ordinary;
    }
    let mut holds_kernel_code = false;
    let mut has_files = false;
    for_each_file(&mut |path| {
        has_files = true;
        holds_kernel_code |= is_kernel_code(path);
    });
    // An image that lists no file at all was cut short; its name says what it should hold.
    let is_named_as_image = name == origin && !matches!(name, "linux-headers" | "linux-tools");
    match holds_kernel_code || (is_named_as_image && !has_files) {
        true => PackageRole::KernelImage,
        false => PackageRole::KernelCompanion,
    }
}

fn is_kernel_source(origin: &str) -> bool {
    let Some(flavour) = origin.strip_prefix("linux-") else {
        return origin == "linux";
    };
    let word = flavour.split_once('-').map_or(flavour, |(word, _)| word);
    KERNEL_FLAVOURS.contains(&word)
}

fn is_kernel_code(path: &[u8]) -> bool {
    let below_modules = path.starts_with(b"/lib/modules/") || path.starts_with(b"/usr/lib/modules/");
    let is_module = [&b".ko"[..], b".ko.gz", b".ko.xz", b".ko.zst"].iter().any(|suffix| path.ends_with(suffix));
    path.starts_with(b"/boot/vmlinu") || (below_modules && (is_module || path.ends_with(b"/vmlinuz")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origin_and_files_decide() {
        use PackageRole::{KernelCompanion, KernelImage, Ordinary};
        let module = "/lib/modules/6.6.49-0-lts/kernel/fs/ext4/ext4.ko.gz";
        for (name, origin, files, expected) in [
            ("linux-lts", "linux-lts", &["/boot/vmlinuz-lts", module][..], KernelImage),
            ("linux-virt", "linux-lts", &["/usr/lib/modules/6.6.49-0-virt/kernel/a.ko.zst"], KernelImage),
            ("linux-edge", "linux-edge", &["/usr/lib/modules/6.13.0-0-edge/vmlinuz"], KernelImage),
            ("linux-lts", "linux-lts", &[], KernelImage),
            ("linux-lts-dev", "linux-lts", &["/usr/src/linux-headers-6.6.49-0-lts/Makefile"], KernelCompanion),
            ("linux-lts-doc", "linux-lts", &[], KernelCompanion),
            ("linux-headers", "linux-headers", &["/usr/include/linux/a.out.h"], KernelCompanion),
            ("linux-headers", "linux-headers", &[], KernelCompanion),
            ("perf", "linux-tools", &["/usr/bin/perf"], KernelCompanion),
            ("linux-postmarketos-qcom-sm8250", "linux-postmarketos-qcom-sm8250", &["/boot/vmlinuz"], KernelImage),
            ("zfs-lts", "zfs-lts", &["/lib/modules/6.6.49-0-lts/extra/zfs.ko.gz"], Ordinary),
            ("linux-firmware-none", "linux-firmware", &[], Ordinary),
            ("linux-pam", "linux-pam", &["/lib/libpam.so.0"], Ordinary),
            ("musl", "musl", &[], Ordinary),
        ] {
            let seen = role(name, origin, |each| files.iter().for_each(|file| each(file.as_bytes())));
            assert_eq!(seen, expected, "{name} of {origin}");
        }
    }
}
