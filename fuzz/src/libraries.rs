//! Metadata of libraries, and programs and archives that hold them.

use std::io::Cursor;

use assay_inventory::libraries::archive::{identity, jar as jar_reader, manifest, pom_properties};
use assay_inventory::libraries::found::Parsed;
use assay_inventory::libraries::installed::{gemspec, package_json, python_metadata};
use assay_inventory::libraries::program::elf::Elf;
use assay_inventory::libraries::program::{cargo_auditable, go_build_info};

fn check(parsed: &Parsed) {
    for found in &parsed.found {
        assert!(!found.name.is_empty() && !found.version.is_empty(), "a library has a name and a version");
    }
}

/// Metadata of installed Python, npm and Ruby packages.
pub fn installed_libraries(data: &[u8]) {
    check(&python_metadata::parse(data));
    check(&package_json::parse(data));
    check(&gemspec::parse("a-1.0-x86_64-linux.gemspec", data));
    check(&gemspec::parse(&String::from_utf8_lossy(data), b""));
}

/// Programs that say what they were built from, and the texts in them.
pub fn programs(data: &[u8]) {
    if let Ok(Some(mut elf)) = Elf::open(Cursor::new(data)) {
        let told = [go_build_info::read(&mut elf), cargo_auditable::read(&mut elf)];
        told.iter().flatten().flatten().for_each(check);
    }
    check(&cargo_auditable::parse(data));
    let (version, modules) = data.split_at(data.iter().position(|byte| *byte == 0).unwrap_or(0));
    check(&go_build_info::parse(version, modules.get(1..).unwrap_or_default()));
}

/// A Java archive with all in it, and the texts in one.
pub fn jar(data: &[u8]) {
    let contents = jar_reader::read(&mut Cursor::new(data), "/srv/a-1.0.jar");
    contents.libraries.iter().for_each(|(_, parsed)| check(parsed));
    let attributes = manifest::parse(data);
    identity::of_archive("a-1.0.jar", &attributes);
    identity::of_archive(&String::from_utf8_lossy(data), &attributes);
    pom_properties::parse("META-INF/maven/g/a/pom.properties", data);
}
