//! Where a kernel package stands: its code runs, will run after the next boot, or does neither.
//!
//! Debian's packages have the kernel's release in their name. Those of rpm have it in their version: several versions
//! of `kernel-core` are installed side by side.
//!
//! A package's version is not the running kernel's: after an upgrade within one ABI (`6.1.0-37-amd64`) the file on disk
//! is new and the code in memory is old. Debian writes the version of the code into `uname -v`.

use assay_model::evidence::kernel::Kernel;
use assay_model::evidence::package::Package;

/// Where a kernel package stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KernelPlace {
    /// Neither running nor the next to boot.
    Dormant,
    /// Cannot be told: nothing is known of the host's kernels.
    Unknown,
    /// The next boot starts it.
    NextBoot,
    /// It runs.
    Running,
}

impl KernelPlace {
    /// The words shown to people.
    pub fn as_str(self) -> &'static str {
        match self {
            KernelPlace::Dormant => "installed, not running",
            KernelPlace::Unknown => "not known whether it runs",
            KernelPlace::NextBoot => "starts at the next boot",
            KernelPlace::Running => "running",
        }
    }
}

/// Where the package's kernel stands. A kernel that runs and also boots next is running.
///
/// A running kernel that no package owns leaves every installed one dormant or next to boot.
pub(crate) fn kernel_place(package: &Package, kernel: Option<&Kernel>) -> KernelPlace {
    let Some(kernel) = kernel else {
        return KernelPlace::Unknown;
    };
    if let Some(releases) = releases_by_version(package) {
        let is = |release: &str| releases.iter().any(|own| release == own || is_variant(release, own));
        return match (&kernel.running, &kernel.next_boot) {
            (Some(running), _) if is(&running.release) => KernelPlace::Running,
            (_, Some(next)) if is(&next.release) => KernelPlace::NextBoot,
            (None, None) if kernel.installed.is_empty() => KernelPlace::Unknown,
            _ => KernelPlace::Dormant,
        };
    }
    let is_running = kernel.running.as_ref().is_some_and(|running| match &running.package {
        Some(owner) => *owner == package.name,
        None => is_image_of(package, &running.release, kernel) && owns_installed(package, &running.release, kernel),
    });
    if is_running {
        return KernelPlace::Running;
    }
    match &kernel.next_boot {
        Some(next) if is_image_of(package, &next.release, kernel) => KernelPlace::NextBoot,
        None if kernel.running.is_none() && kernel.installed.is_empty() => KernelPlace::Unknown,
        _ => KernelPlace::Dormant,
    }
}

/// The version of the running code, as Debian writes it: `6.1.140-1` of
/// `#1 SMP PREEMPT_DYNAMIC Debian 6.1.140-1 (2025-05-22)`.
pub(crate) fn running_version(kernel: &Kernel) -> Option<&str> {
    let mut words = kernel.running.as_ref()?.version.split_ascii_whitespace();
    words.find(|&word| word == "Debian")?;
    words.next().filter(|version| version.starts_with(|first: char| first.is_ascii_digit()))
}

/// The release that the version says, where the package's name has none: `5.14.0-427.13.1.el9_4.x86_64` of an rpm,
/// `6.6.58-0-lts` of Alpine's `linux-lts`.
fn releases_by_version(package: &Package) -> Option<Vec<String>> {
    let version = package.version.split_once(':').map_or(package.version.as_str(), |(_, version)| version);
    if let Some((upstream, revision)) = version.split_once("-r")
        && let Some(flavour) = package.name.strip_prefix("linux-")
        && revision.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Some(vec![format!("{upstream}-{revision}-{flavour}")]);
    }
    let is_rpm = package.name.starts_with("kernel") && package.architecture != "amd64";
    // SUSE leaves the architecture out and names the flavour: `5.14.21-150500.55.7-default`, the rebuild number cut off.
    let suse = package.name.strip_prefix("kernel-").map(|flavour| {
        let built = version.rsplit_once('.').map_or(version, |(before, _)| before);
        format!("{built}-{flavour}")
    });
    is_rpm.then(|| [format!("{version}.{}", package.architecture)].into_iter().chain(suse).collect())
}

/// `RELEASE+rt` and `RELEASE+debug` are variants of a release.
fn is_variant(release: &str, own: &str) -> bool {
    release.strip_prefix(own).is_some_and(|rest| rest.starts_with('+'))
}

/// Whether the package holds the kernel of that release: by the list of installed kernels, else by its name.
fn is_image_of(package: &Package, release: &str, kernel: &Kernel) -> bool {
    let listed = kernel.installed.iter().find(|installed| installed.package.as_ref() == Some(&package.name));
    match listed {
        Some(installed) => installed.release == release,
        None => ["linux-image-", "linux-modules-", "linux-image-unsigned-"].iter().any(|prefix| {
            let rest = package.name.strip_prefix(prefix).unwrap_or_default();
            rest == release || rest.strip_suffix("-unsigned") == Some(release)
        }),
    }
}

/// Whether the host's list says that this package owns the kernel of that release.
fn owns_installed(package: &Package, release: &str, kernel: &Kernel) -> bool {
    kernel
        .installed
        .iter()
        .any(|installed| installed.release == release && installed.package.as_ref() == Some(&package.name))
}
