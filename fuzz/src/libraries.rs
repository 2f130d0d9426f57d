//! Metadata of libraries, and programs and archives that hold them.

use assay_inventory::libraries::found::Parsed;
use assay_inventory::libraries::installed::{gemspec, package_json, python_metadata};

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
