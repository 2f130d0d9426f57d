//! Evidence that others collected: a file, what a host sends over SSH, what an agent sends.

use assay_model::evidence::Evidence;
use assay_sbom::{cyclonedx, spdx};

/// An evidence document; what is read has one canonical form, and can be written as a bill of materials.
pub fn evidence(data: &[u8]) {
    let Ok(evidence) = serde_json::from_slice::<Evidence>(data) else { return };
    let Ok(bytes) = evidence.to_bytes() else { return };
    let again: Evidence = serde_json::from_slice(&bytes).expect("our own evidence is read");
    assert_eq!(again.to_bytes().ok(), Some(bytes), "the canonical form is one");
    let digest = "00";
    cyclonedx::write(&evidence, digest);
    spdx::write(&evidence, digest);
    spdx::write_graph(&evidence, digest);
}
