//! Names of images: which of them a user means.

use super::digest::Digest;

/// Digits of a digest from which on its beginning is a name: what Docker shows.
const SHORT_DIGEST: usize = 12;

/// Whether the name of an image is the wanted one. `debian`, `debian:latest` and `docker.io/library/debian:latest` are
/// the same.
pub(crate) fn is_named(name: &str, wanted: &str) -> bool {
    name == wanted || whole_name(name) == whole_name(wanted)
}

/// Whether a digest, or the beginning of one, is the wanted name.
pub(crate) fn is_digest(digest: Digest, wanted: &str) -> bool {
    let digits = wanted.strip_prefix("sha256:").unwrap_or(wanted);
    digits.len() >= SHORT_DIGEST && digest.hexadecimal().starts_with(digits)
}

/// With registry, repository and tag.
fn whole_name(name: &str) -> String {
    let has_registry =
        name.split_once('/').is_some_and(|(first, _)| first.contains(['.', ':']) || first == "localhost");
    let name = match (has_registry, name.contains('/')) {
        (true, _) => name.to_owned(),
        (false, true) => format!("docker.io/{name}"),
        (false, false) => format!("docker.io/library/{name}"),
    };
    let has_tag = name.rsplit('/').next().is_some_and(|last| last.contains([':', '@']));
    if has_tag { name } else { format!("{name}:latest") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_names() {
        for (name, wanted, expected) in [
            ("debian:12", "debian:12", true),
            ("docker.io/library/debian:12", "debian:12", true),
            ("docker.io/library/debian:latest", "debian", true),
            ("debian:12", "debian", false),
            ("docker.io/someone/app:1", "someone/app:1", true),
            ("example.org:5000/app:latest", "example.org:5000/app", true),
            ("localhost/app:latest", "localhost/app", true),
            ("localhost/app:latest", "app", false),
            ("3.20", "3.20", true),
            ("app@sha256:00", "app@sha256:00", true),
            ("debian:12", "", false),
        ] {
            assert_eq!(is_named(name, wanted), expected, "{name} {wanted}");
        }
        let digest = Digest::of(b"abc");
        for (wanted, expected) in [
            ("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", true),
            ("ba7816bf8f01", true),
            ("ba7816bf8f0", false),
            ("sha256:", false),
            ("aa7816bf8f01", false),
        ] {
            assert_eq!(is_digest(digest, wanted), expected, "{wanted}");
        }
    }
}
