//! Fuzz targets: each has its function, its binary and its corpus; and each parser of hostile input has a target.

use std::collections::BTreeSet;

use super::tree::Tree;
use super::violation::Violation;

const LIBRARY: &str = "fuzz/src/";
const MANIFEST: &str = "fuzz/Cargo.toml";
const BINARIES: &str = "fuzz/fuzz_targets/";
const CORPUS: &str = "fuzz/corpus/";

/// Files that read hostile bytes, and the target that feeds them.
const PARSERS: &[(&str, &str)] = &[
    ("crates/advisory/src/cvss.rs", "cvss_vector"),
    ("crates/advisory/src/database/container.rs", "advisory_database"),
    ("crates/advisory/src/import/csaf/package.rs", "csaf"),
    ("crates/advisory/src/import/csaf/product_tree.rs", "csaf"),
    ("crates/advisory/src/import/csaf/reader.rs", "csaf"),
    ("crates/advisory/src/import/cve_record.rs", "cve_record"),
    ("crates/advisory/src/import/debian_tracker.rs", "debian_tracker"),
    ("crates/advisory/src/import/epss.rs", "epss"),
    ("crates/advisory/src/import/errata.rs", "errata"),
    ("crates/advisory/src/import/errata_record.rs", "errata"),
    ("crates/advisory/src/import/kev.rs", "kev"),
    ("crates/advisory/src/import/nvd.rs", "nvd"),
    ("crates/advisory/src/import/notice_text.rs", "updateinfo"),
    ("crates/advisory/src/import/oval/claim.rs", "oval"),
    ("crates/advisory/src/import/oval/condition.rs", "oval"),
    ("crates/advisory/src/import/oval/parser.rs", "oval"),
    ("crates/advisory/src/import/oval/ubuntu.rs", "oval"),
    ("crates/advisory/src/import/ubuntu_cve_tracker.rs", "ubuntu_cve_tracker"),
    ("crates/advisory/src/import/ubuntu_status.rs", "ubuntu_cve_tracker"),
    ("crates/advisory/src/import/updateinfo.rs", "updateinfo"),
    ("crates/advisory/src/import/openvex.rs", "openvex"),
    ("crates/advisory/src/import/vex.rs", "openvex"),
    ("crates/advisory/src/import/osv/reader.rs", "osv"),
    ("crates/advisory/src/import/purl.rs", "csaf"),
    ("crates/advisory/src/import/secdb.rs", "secdb"),
    ("crates/advisory/src/tar.rs", "ubuntu_cve_tracker"),
    ("crates/advisory/src/version/apk.rs", "versions"),
    ("crates/advisory/src/version/composer.rs", "versions"),
    ("crates/advisory/src/version/debian.rs", "debian_version"),
    ("crates/advisory/src/version/go.rs", "versions"),
    ("crates/advisory/src/version/maven.rs", "versions"),
    ("crates/advisory/src/version/npm.rs", "versions"),
    ("crates/advisory/src/version/nuget.rs", "versions"),
    ("crates/advisory/src/version/pep440.rs", "versions"),
    ("crates/advisory/src/version/rpm.rs", "versions"),
    ("crates/advisory/src/version/rubygems.rs", "versions"),
    ("crates/advisory/src/version/semver.rs", "versions"),
    ("crates/advisory/src/xml.rs", "updateinfo"),
    ("crates/advisory/src/zip.rs", "osv"),
    ("crates/feeds/src/bundle/archive.rs", "feed_bundle"),
    ("crates/feeds/src/bundle/contents.rs", "feed_bundle"),
    ("crates/feeds/src/bundle/open.rs", "feed_bundle"),
    ("crates/cloud/src/answer.rs", "cloud_answer"),
    ("crates/cloud/src/failure.rs", "cloud_answer"),
    ("crates/host/src/disk/ext4/directory.rs", "ext4_image"),
    ("crates/host/src/disk/ext4/extent.rs", "ext4_image"),
    ("crates/host/src/disk/ext4/journal.rs", "ext4_image"),
    ("crates/host/src/disk/ext4/superblock.rs", "ext4_image"),
    ("crates/host/src/disk/fstab.rs", "ext4_image"),
    ("crates/host/src/disk/lvm/area.rs", "lvm_metadata"),
    ("crates/host/src/disk/lvm/group.rs", "lvm_metadata"),
    ("crates/host/src/disk/lvm/label.rs", "lvm_metadata"),
    ("crates/host/src/disk/lvm/text.rs", "lvm_metadata"),
    ("crates/host/src/disk/partition/gpt.rs", "partition_table"),
    ("crates/host/src/disk/partition/mbr.rs", "partition_table"),
    ("crates/host/src/disk/qcow2/header.rs", "qcow2"),
    ("crates/host/src/disk/qcow2/image.rs", "qcow2"),
    ("crates/host/src/image/docker.rs", "container_image"),
    ("crates/host/src/image/layer.rs", "image_layer"),
    ("crates/host/src/image/oci.rs", "container_image"),
    ("crates/host/src/image/tar/header.rs", "image_layer"),
    ("crates/host/src/image/tar/pax.rs", "image_layer"),
    ("crates/host/src/image/tar/reader.rs", "image_layer"),
    ("crates/host/src/image/tar/sparse.rs", "image_layer"),
    ("crates/host/src/image/zstd.rs", "image_layer"),
    ("crates/host/src/disk/xfs/directory.rs", "xfs_image"),
    ("crates/host/src/disk/xfs/extent.rs", "xfs_image"),
    ("crates/host/src/disk/xfs/inode.rs", "xfs_image"),
    ("crates/host/src/disk/xfs/log.rs", "xfs_image"),
    ("crates/host/src/disk/xfs/superblock.rs", "xfs_image"),
    ("crates/inventory/src/accounts.rs", "accounts"),
    ("crates/inventory/src/accounts/shadow.rs", "accounts"),
    ("crates/inventory/src/apk/installed.rs", "apk_installed"),
    ("crates/inventory/src/apk/world.rs", "apk_installed"),
    ("crates/inventory/src/dpkg/log.rs", "apt_lists"),
    ("crates/inventory/src/dpkg/owners.rs", "apt_lists"),
    ("crates/inventory/src/dpkg/package_list.rs", "apt_lists"),
    ("crates/inventory/src/dpkg/release_file.rs", "apt_lists"),
    ("crates/inventory/src/dpkg/status.rs", "dpkg_status"),
    ("crates/inventory/src/identity.rs", "host_identity"),
    ("crates/inventory/src/kernel/boot_entry.rs", "boot_menu"),
    ("crates/inventory/src/kernel/command_line.rs", "boot_menu"),
    ("crates/inventory/src/kernel/grub.rs", "boot_menu"),
    ("crates/inventory/src/libraries/archive/identity.rs", "jar"),
    ("crates/inventory/src/libraries/archive/jar.rs", "jar"),
    ("crates/inventory/src/libraries/archive/manifest.rs", "jar"),
    ("crates/inventory/src/libraries/archive/pom_properties.rs", "jar"),
    ("crates/inventory/src/libraries/archive/zip.rs", "jar"),
    ("crates/inventory/src/libraries/installed/gemspec.rs", "installed_libraries"),
    ("crates/inventory/src/libraries/installed/package_json.rs", "installed_libraries"),
    ("crates/inventory/src/libraries/installed/python_metadata.rs", "installed_libraries"),
    ("crates/inventory/src/libraries/lock/bun_lock.rs", "lock_json"),
    ("crates/inventory/src/libraries/lock/cargo_lock.rs", "lock_toml"),
    ("crates/inventory/src/libraries/lock/composer.rs", "lock_json"),
    ("crates/inventory/src/libraries/lock/deps_json.rs", "lock_json"),
    ("crates/inventory/src/libraries/lock/format.rs", "lock_text"),
    ("crates/inventory/src/libraries/lock/gemfile_lock.rs", "lock_text"),
    ("crates/inventory/src/libraries/lock/go_mod.rs", "lock_text"),
    ("crates/inventory/src/libraries/lock/gradle_lock.rs", "lock_text"),
    ("crates/inventory/src/libraries/lock/maven_pom.rs", "lock_xml"),
    ("crates/inventory/src/libraries/lock/nuget_lock.rs", "lock_json"),
    ("crates/inventory/src/libraries/lock/package_lock.rs", "lock_json"),
    ("crates/inventory/src/libraries/lock/packages_config.rs", "lock_xml"),
    ("crates/inventory/src/libraries/lock/pdm_lock.rs", "lock_toml"),
    ("crates/inventory/src/libraries/lock/pipfile_lock.rs", "lock_json"),
    ("crates/inventory/src/libraries/lock/pnpm_lock.rs", "lock_yaml"),
    ("crates/inventory/src/libraries/lock/poetry_lock.rs", "lock_toml"),
    ("crates/inventory/src/libraries/lock/pylock.rs", "lock_toml"),
    ("crates/inventory/src/libraries/lock/requirements.rs", "lock_text"),
    ("crates/inventory/src/libraries/lock/uv_lock.rs", "lock_toml"),
    ("crates/inventory/src/libraries/lock/yarn_lock.rs", "lock_text"),
    ("crates/inventory/src/libraries/program/cargo_auditable.rs", "programs"),
    ("crates/inventory/src/libraries/program/elf.rs", "programs"),
    ("crates/inventory/src/libraries/program/go_build_info.rs", "programs"),
    ("crates/inventory/src/mounts.rs", "mounts"),
    ("crates/inventory/src/operating_system.rs", "os_release"),
    ("crates/inventory/src/pam/line.rs", "pam"),
    ("crates/inventory/src/pam/login_defs.rs", "pam"),
    ("crates/inventory/src/pam/pwquality.rs", "pam"),
    ("crates/inventory/src/processes/control_group.rs", "processes"),
    ("crates/inventory/src/processes/maps.rs", "processes"),
    ("crates/inventory/src/processes/status.rs", "processes"),
    ("crates/inventory/src/processor.rs", "host_identity"),
    ("crates/inventory/src/repositories/apk_list.rs", "repositories"),
    ("crates/inventory/src/repositories/apt_source.rs", "repositories"),
    ("crates/inventory/src/repositories/opkg_list.rs", "repositories"),
    ("crates/inventory/src/repositories/repo_file.rs", "repositories"),
    ("crates/inventory/src/repositories/ubuntu_pro.rs", "repositories"),
    ("crates/inventory/src/rpm/bdb.rs", "rpm_database"),
    ("crates/inventory/src/rpm/files.rs", "rpm_header"),
    ("crates/inventory/src/rpm/header.rs", "rpm_header"),
    ("crates/inventory/src/rpm/manifest.rs", "rpm_database"),
    ("crates/inventory/src/rpm/ndb.rs", "rpm_database"),
    ("crates/inventory/src/rpm/package.rs", "rpm_header"),
    ("crates/inventory/src/rpm/signature.rs", "rpm_header"),
    ("crates/inventory/src/rpm/sqlite.rs", "rpm_database"),
    ("crates/inventory/src/rpm/wal.rs", "rpm_database"),
    ("crates/inventory/src/sockets/table.rs", "sockets"),
    ("crates/inventory/src/sshd/command_line.rs", "sshd_config"),
    ("crates/inventory/src/sshd/line.rs", "sshd_config"),
    ("crates/inventory/src/sysctl/configuration.rs", "sysctl"),
    ("crates/link/src/message.rs", "link_message"),
    ("crates/reach/src/policy/read.rs", "network_policy"),
    ("crates/model/src/evidence/document.rs", "evidence"),
    ("crates/reach/src/snapshot/file_name.rs", "network_snapshot"),
    ("crates/reach/src/snapshot/loader.rs", "network_snapshot"),
    ("crates/reach/src/snapshot/reading.rs", "network_snapshot"),
    ("crates/reach/src/snapshot/split.rs", "network_snapshot"),
    ("crates/report/src/others/grype.rs", "scanner_report"),
    ("crates/report/src/others/osv_scanner.rs", "scanner_report"),
    ("crates/report/src/others/reader.rs", "scanner_report"),
    ("crates/report/src/others/trivy.rs", "scanner_report"),
    ("crates/report/src/others/vuls.rs", "scanner_report"),
    ("crates/rules/src/rule_file.rs", "rule_file"),
    ("crates/sbom/src/cyclonedx/reader.rs", "sbom"),
    ("crates/sbom/src/package_list/line.rs", "package_list"),
    ("crates/sbom/src/package_list/read.rs", "package_list"),
    ("crates/sbom/src/purl.rs", "purl"),
    ("crates/sbom/src/read.rs", "sbom"),
    ("crates/sbom/src/spdx/graph_reader.rs", "sbom"),
    ("crates/sbom/src/spdx/reader.rs", "sbom"),
    ("crates/server/src/declaration/read.rs", "declaration"),
    ("crates/server/src/schedule/cron.rs", "schedule"),
    ("crates/server/src/schedule/field.rs", "schedule"),
    ("crates/server/src/schedule/recurrence.rs", "schedule"),
    ("crates/wire/src/arn.rs", "wire_arn"),
    ("crates/model/src/arn.rs", "wire_arn"),
    ("crates/wire/src/decode/request.rs", "wire_request"),
    ("crates/wire/src/decode/walk.rs", "wire_request"),
    ("crates/wire/src/sigv4/claim.rs", "wire_sigv4"),
    ("crates/wire/src/sigv4/credential.rs", "wire_sigv4"),
    ("crates/wire/src/sigv4/query.rs", "wire_sigv4"),
    ("crates/wire/src/token.rs", "wire_token"),
    ("crates/yaml/src/fields.rs", "rule_file"),
    ("crates/yaml/src/node.rs", "rule_file"),
];

/// Where a file with a public parser must be in [`PARSERS`].
const HOSTILE: &[&str] = &["crates/advisory/src/", "crates/inventory/src/"];

pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let manifest = tree.text(MANIFEST).unwrap_or_default();
    let functions: BTreeSet<&str> = tree
        .sources()
        .filter(|(name, _)| name.starts_with(LIBRARY))
        .flat_map(|(_, text)| text.lines())
        .filter_map(|line| line.strip_prefix("pub fn ")?.split_once("(data: &[u8])"))
        .map(|(name, _)| name)
        .collect();
    let binaries: BTreeSet<&str> =
        tree.files.keys().filter_map(|name| name.strip_prefix(BINARIES)?.strip_suffix(".rs")).collect();
    let corpora: BTreeSet<&str> =
        tree.files.keys().filter_map(|name| Some(name.strip_prefix(CORPUS)?.split_once('/')?.0)).collect();
    let mut violations = Vec::new();
    for name in functions.union(&binaries).chain(&corpora).collect::<BTreeSet<_>>() {
        let parts = [
            (functions.contains(name), format!("a function in {LIBRARY}")),
            (binaries.contains(name), format!("a binary {BINARIES}{name}.rs")),
            (corpora.contains(name), format!("a corpus {CORPUS}{name}/")),
            (manifest.contains(&format!("name = \"{name}\"")), format!("an entry in {MANIFEST}")),
        ];
        for (_, part) in parts.into_iter().filter(|(is_there, _)| !is_there) {
            violations.push(Violation::of(MANIFEST, format!("the fuzz target {name} lacks {part}")));
        }
    }
    violations.extend(check_parsers(tree, &functions, PARSERS));
    violations
}

fn check_parsers(tree: &Tree, functions: &BTreeSet<&str>, parsers: &[(&str, &str)]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (parser, target) in parsers {
        if tree.text(parser).is_none() {
            violations.push(Violation::of(parser, "is listed in xtask/src/tidy/fuzz_targets.rs, but is gone"));
        } else if !functions.contains(target) {
            violations.push(Violation::of(parser, format!("has no fuzz target {target}")));
        }
    }
    for (name, text) in tree.sources().filter(|(name, _)| HOSTILE.iter().any(|folder| name.starts_with(folder))) {
        let is_parser = text.lines().any(|line| line.starts_with("pub fn parse") && line.contains('('));
        if is_parser && !parsers.iter().any(|(parser, _)| *parser == name) {
            violations.push(Violation::of(name, "parses, but is not listed in xtask/src/tidy/fuzz_targets.rs"));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: [(&str, &str); 4] = [
        ("fuzz/Cargo.toml", "[[bin]]\nname = \"kev\"\n"),
        ("fuzz/corpus/kev/one", "{}"),
        ("fuzz/fuzz_targets/kev.rs", ""),
        ("fuzz/src/advisory.rs", "pub fn kev(data: &[u8]) {\n"),
    ];

    #[test]
    fn a_target_has_all_its_parts() {
        let own = |tree: &Tree| check(tree).into_iter().filter(|violation| violation.file == MANIFEST).count();
        assert_eq!(own(&Tree::of(&WHOLE)), 0);
        for (missing, (name, _)) in WHOLE.iter().enumerate() {
            let rest: Vec<_> =
                WHOLE.iter().enumerate().filter(|(index, _)| *index != missing).map(|(_, file)| *file).collect();
            assert_eq!(own(&Tree::of(&rest)), 1, "without {name}");
        }
    }

    #[test]
    fn every_parser_has_a_target() {
        let functions = BTreeSet::from(["kev"]);
        let parsers =
            [("crates/advisory/src/kev.rs", "kev"), ("crates/advisory/src/nvd.rs", "nvd"), ("gone.rs", "kev")];
        let tree = Tree::of(&[
            ("crates/advisory/src/kev.rs", "pub fn parse(bytes: &[u8]) {\n"),
            ("crates/advisory/src/nvd.rs", "pub fn parse(bytes: &[u8]) {\n"),
            ("crates/inventory/src/new.rs", "pub fn parse_lines(\n"),
            ("crates/report/src/csv.rs", "pub fn parse(\n"),
        ]);
        let violations = check_parsers(&tree, &functions, &parsers);
        let files: Vec<&str> = violations.iter().map(|violation| violation.file.as_str()).collect();
        assert_eq!(files, ["crates/advisory/src/nvd.rs", "gone.rs", "crates/inventory/src/new.rs"]);
    }
}
