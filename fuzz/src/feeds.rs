//! Signed bundles of feeds.

use std::io::Write as _;
use std::sync::LazyLock;

use assay_feeds::{BundleContents, BundleError, SigningKey, verify_bundle_bytes};
use camino::Utf8Path;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Made anew in each process: no key lies in the tree.
static KEY: LazyLock<SigningKey> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = Utf8Path::from_path(folder.path()).expect("the path is text");
    SigningKey::open_or_create(&folder.join("key")).expect("a key can be made").0
});

/// A bundle as it comes; and its archive with a right signature, as of someone who has the key.
pub fn feed_bundle(data: &[u8]) {
    // Nobody signed it, so that it may only be refused.
    assert!(verify_bundle_bytes(data, &KEY.public_key()).is_err(), "nothing is taken without its signature");
    if let Ok(contents) = verify_signed(data) {
        assert!(contents.bytes() <= data.len() as u64, "every byte that is listed was there");
    }
}

/// The first line is the list, what follows it the archive behind the signature.
fn verify_signed(data: &[u8]) -> Result<BundleContents, BundleError> {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (list, rest) = data.split_at(end);
    let mut packed = GzEncoder::new(Vec::new(), Compression::none());
    let mut put = |bytes: &[u8]| packed.write_all(bytes).expect("memory can be written");
    member(&mut put, "assay-feeds.json", list);
    member(&mut put, "assay-feeds.sig", &KEY.sign(list)?);
    put(rest.get(1..).unwrap_or_default());
    verify_bundle_bytes(&packed.finish().expect("memory can be written"), &KEY.public_key())
}

/// A file of a tar archive (POSIX ustar) in the one form that a bundle has.
fn member(put: &mut impl FnMut(&[u8]), name: &str, content: &[u8]) {
    let head = |sum: &str| {
        let size = content.len();
        let fields = format!("{name:\0<100}0000644\x000000000\x000000000\0{size:011o}\007033241600\0{sum}0");
        format!("{fields:\0<257}ustar\x0000{:\0<247}", "")
    };
    let sum: u32 = head("        ").bytes().map(u32::from).sum();
    put(head(&format!("{sum:06o}\0 ")).as_bytes());
    put(content);
    put(&vec![0; content.len().next_multiple_of(512) - content.len()]);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The target reaches all that is behind the signature.
    #[test]
    fn specimens_are_what_their_names_say() {
        for (name, expected) in [
            ("one-file", ""),
            ("altered", "cisa-kev/known_exploited_vulnerabilities.json is not what was signed"),
            ("other-place", "epss has no file"),
            ("unlisted", "the last file has more in it than is listed"),
            ("cut-off", "cisa-kev/known_exploited_vulnerabilities.json is cut off"),
        ] {
            let path = format!("{}/corpus/feed_bundle/{name}", env!("CARGO_MANIFEST_DIR"));
            let said = verify_signed(&std::fs::read(path).unwrap()).err().map_or(String::new(), |it| it.to_string());
            assert!(said.contains(expected) && said.is_empty() == expected.is_empty(), "{name}: {said}");
        }
    }
}
