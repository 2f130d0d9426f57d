//! What a package of a kernel's source holds, by its name: a bill has no lists of files.

use assay_model::evidence::package::PackageRole;

/// The role of a package whose source package has this name.
pub(crate) fn role_of(format: &str, name: &str, source: &str) -> PackageRole {
    match format {
        "dpkg" if source == "linux" || source.starts_with("linux-") => of_debian(name),
        "rpm" if source.starts_with("kernel") => of_rpm(name),
        "apk" if source.starts_with("linux-") && source != "linux-pam" => of_alpine(name),
        _ => PackageRole::Ordinary,
    }
}

fn of_debian(name: &str) -> PackageRole {
    let release = ["linux-image-", "linux-modules-"].into_iter().find_map(|prefix| {
        name.strip_prefix(prefix).map(|rest| rest.trim_start_matches("unsigned-").trim_start_matches("extra-"))
    });
    match release {
        Some(release) if release.starts_with(|first: char| first.is_ascii_digit()) => PackageRole::KernelImage,
        Some(_) => PackageRole::KernelMeta,
        None => PackageRole::KernelCompanion,
    }
}

fn of_rpm(name: &str) -> PackageRole {
    let companions = ["headers", "devel", "tools", "doc", "source", "syms", "macros", "selftests", "abi", "cross"];
    let is_companion = !name.starts_with("kernel") || companions.iter().any(|word| name.contains(word));
    if is_companion { PackageRole::KernelCompanion } else { PackageRole::KernelImage }
}

fn of_alpine(name: &str) -> PackageRole {
    let is_companion = name == "linux-headers" || name.ends_with("-dev") || name.ends_with("-doc");
    if is_companion { PackageRole::KernelCompanion } else { PackageRole::KernelImage }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_roles() {
        for (format, name, source, expected) in [
            ("dpkg", "linux-image-6.1.0-37-amd64", "linux-signed-amd64", PackageRole::KernelImage),
            ("dpkg", "linux-image-unsigned-6.8.0-1-aws", "linux-aws", PackageRole::KernelImage),
            ("dpkg", "linux-image-amd64", "linux-signed-amd64", PackageRole::KernelMeta),
            ("dpkg", "linux-libc-dev", "linux", PackageRole::KernelCompanion),
            ("dpkg", "linux-perf", "linux", PackageRole::KernelCompanion),
            ("dpkg", "openssl", "openssl", PackageRole::Ordinary),
            ("rpm", "kernel-core", "kernel", PackageRole::KernelImage),
            ("rpm", "kernel-headers", "kernel", PackageRole::KernelCompanion),
            ("rpm", "bpftool", "kernel", PackageRole::KernelCompanion),
            ("apk", "linux-lts", "linux-lts", PackageRole::KernelImage),
            ("apk", "linux-headers", "linux-headers", PackageRole::KernelCompanion),
            ("apk", "linux-pam", "linux-pam", PackageRole::Ordinary),
        ] {
            assert_eq!(role_of(format, name, source), expected, "{name}");
        }
    }
}
