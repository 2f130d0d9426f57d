//! Ubuntu's OpenVEX documents.

use assay_advisory::Limits;
use assay_advisory::import::openvex::read;
use assay_advisory::import::vex::VexStatus;

use crate::samples::documents;

#[test]
fn ubuntu() {
    let mut found = Vec::new();
    for (name, document) in documents("vuls-data-update/ubuntu/vex/testdata/fixtures/vex-all.tar.xz") {
        let vex = read(document.as_slice(), &Limits::default()).unwrap();
        assert_eq!(vex.malformed, Vec::<String>::new(), "{name}");
        for said in &vex.statements {
            assert!(said.products.iter().all(|product| product.purl.starts_with("pkg:deb/ubuntu/")), "{said:?}");
            assert!(said.timestamp.is_some() && said.source.starts_with("Canonical Ltd. https://"), "{said:?}");
        }
        let count = |status: VexStatus| {
            let said = vex.statements.iter().filter(|said| said.status == status);
            said.map(|said| said.products.len()).sum::<usize>()
        };
        found.push((name, count(VexStatus::NotAffected), count(VexStatus::Affected), count(VexStatus::Fixed)));
    }
    let expected =
        [("CVE-2025-0167.json", 356, 213, 0), ("CVE-2025-0194.json", 0, 0, 0), ("USN-7372-1.json", 0, 0, 113)];
    assert_eq!(found, expected.map(|(name, not, affected, fixed)| (name.to_owned(), not, affected, fixed)));
}
