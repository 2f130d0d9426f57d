//! Bills of materials and package URLs.

use assay_model::Timestamp;
use assay_sbom::Purl;
use assay_sbom::{cyclonedx, spdx};

/// A package URL; what parses is written in a form that parses to the same.
pub fn purl(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(purl) = text.parse::<Purl>() else { return };
    let again: Purl = purl.to_string().parse().expect("the canonical form parses");
    assert_eq!(again.to_string(), purl.to_string());
}

/// A bill of any format; what is read can be written in every format and read again.
pub fn sbom(data: &[u8]) {
    let Ok(evidence) = assay_sbom::read(data, "i-0", "fuzz", Timestamp::UNIX_EPOCH) else { return };
    let digest = "00";
    for written in
        [cyclonedx::write(&evidence, digest), spdx::write(&evidence, digest), spdx::write_graph(&evidence, digest)]
    {
        assay_sbom::read(written.to_string().as_bytes(), "i-0", "fuzz", Timestamp::UNIX_EPOCH)
            .expect("our own bill is read");
    }
}

/// A list of a package manager; every package that is read has a name and a version.
pub fn package_list(data: &[u8]) {
    let Ok(evidence) = assay_sbom::read_package_list(data, "debian-12", "i-0", "fuzz", Timestamp::UNIX_EPOCH) else {
        return;
    };
    for package in evidence.packages.facts.unwrap_or_default().packages {
        assert!(!package.name.is_empty() && !package.version.is_empty(), "{package:?}");
    }
}
