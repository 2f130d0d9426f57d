//! The kernel: running, installed, next to boot; and the processor it runs on.

use serde::{Deserialize, Serialize};

/// The running kernel.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RunningKernel {
    /// `uname -r`.
    pub release: String,
    /// `uname -v`.
    pub version: String,
    /// `uname -m`.
    pub machine: String,
    /// The installed package that owns this kernel's image, where there is one.
    pub package: Option<String>,
}

/// A kernel that could be booted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct InstalledKernel {
    /// Its release, as in the name of its image.
    pub release: String,
    /// The image.
    pub image: String,
    /// The package that owns it.
    pub package: Option<String>,
}

/// The kernel that the next boot starts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NextKernel {
    /// Its release.
    pub release: String,
    /// How it was found, for example `/boot/grub/grub.cfg` or `newest in /boot`.
    pub determined_by: String,
}

/// All that is known of kernels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Kernel {
    /// Absent for a source that does not run.
    pub running: Option<RunningKernel>,
    /// Oldest first.
    pub installed: Vec<InstalledKernel>,
    /// Absent when nothing is installed.
    pub next_boot: Option<NextKernel>,
    /// Names of live patches in force.
    pub live_patches: Vec<String>,
    /// `/proc/cmdline`, split; only words that are security switches (`noexec`, `mitigations`, `nosmep`, …) are kept.
    pub command_line: Vec<String>,
}

/// The processor, as far as rules ask.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Processor {
    /// `uname -m`, for example `x86_64`.
    pub architecture: String,
    /// Flags of the first processor (x86 `flags`, ARM `Features`).
    pub flags: Vec<String>,
}
