//! Where a kernel package stands: its code runs, will run after the next boot, or does neither.
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
