//! Fuzz targets: one function for each parser of bytes that a target or a feed controls.
//!
//! A function may do anything with its input but panic, hang or eat memory. The fuzzer drives it through a binary under
//! `fuzz_targets/`; `cargo test` replays `corpus/` through the same function, so that what was once found stays found.

#![forbid(unsafe_code)]

mod advisory;
mod cloud;
mod disk;
mod distribution_feeds;
mod evidence;
mod feeds;
mod image;
mod inventory;
mod libraries;
mod link;
mod lock_files;
mod reach;
mod report;
mod rules;
mod sbom;
mod schedule;
mod wire;

pub use advisory::*;
pub use cloud::*;
pub use disk::*;
pub use distribution_feeds::*;
pub use evidence::*;
pub use feeds::*;
pub use image::*;
pub use inventory::*;
pub use libraries::*;
pub use link::*;
pub use lock_files::*;
pub use reach::*;
pub use report::*;
pub use rules::*;
pub use sbom::*;
pub use schedule::*;
pub use wire::*;

/// A target's function.
pub type Target = fn(&[u8]);

macro_rules! targets {
    ($($name:ident)+) => {
        /// Every target by its name, which is also the name of its corpus folder.
        pub const TARGETS: &[(&str, Target)] = &[$((stringify!($name), $name)),+];
    };
}

targets! {
    advisory_database
    cve_record
    cvss_vector
    debian_tracker
    debian_version
    epss
    kev
    nvd
    errata
    oval
    ubuntu_cve_tracker
    updateinfo
    csaf
    openvex
    osv
    secdb
    versions
    feed_bundle
    evidence
    accounts
    apk_installed
    apt_lists
    boot_menu
    dpkg_status
    host_identity
    installed_libraries
    jar
    programs
    lock_json
    lock_text
    lock_toml
    lock_xml
    lock_yaml
    mounts
    os_release
    pam
    processes
    repositories
    rpm_database
    rpm_header
    sockets
    sshd_config
    sysctl
    rule_file
    scanner_report
    schedule
    declaration
    network_policy
    network_snapshot
    ext4_image
    lvm_metadata
    partition_table
    qcow2
    container_image
    image_layer
    xfs_image
    purl
    package_list
    sbom
    link_message
    wire_arn
    wire_request
    wire_sigv4
    wire_token
}
