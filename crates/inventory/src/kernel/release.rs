//! A kernel's release: its name in paths, and its order.
//!
//! The order is that of versions in deb-version(7), of which releases use the part without epoch. Surprising: the
//! package manager orders `6.1.0-9` before `6.1.0-10`, as people do, and `6.1~rc1` before `6.1`.

use std::cmp::Ordering;

/// The release in the name of an image: `/boot/vmlinuz-6.1.0-44-amd64` is `6.1.0-44-amd64`.
pub fn release_of_image(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next()?;
    let release = ["vmlinuz-", "vmlinux-"].iter().find_map(|prefix| name.strip_prefix(prefix))?;
    (!release.is_empty() && !release.contains(".dpkg-")).then_some(release)
}

/// The order of two releases, by the rule of dpkg: parts without digits and numbers in turn.
pub fn compare(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.as_bytes(), right.as_bytes());
    loop {
        let (left_text, left_rest) = split(left, |byte| !byte.is_ascii_digit());
        let (right_text, right_rest) = split(right, |byte| !byte.is_ascii_digit());
        let (left_number, left_next) = split(left_rest, u8::is_ascii_digit);
        let (right_number, right_next) = split(right_rest, u8::is_ascii_digit);
        let order = compare_text(left_text, right_text).then_with(|| compare_number(left_number, right_number));
        if order != Ordering::Equal || (left_next.is_empty() && right_next.is_empty()) {
            return order;
        }
        (left, right) = (left_next, right_next);
    }
}

fn split(bytes: &[u8], belongs: impl Fn(&u8) -> bool) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| !belongs(byte)).unwrap_or(bytes.len());
    bytes.split_at_checked(end).unwrap_or((bytes, &[]))
}

/// `~` is before the end, the end before letters, letters before everything else.
fn compare_text(left: &[u8], right: &[u8]) -> Ordering {
    let weight = |byte: Option<&u8>| match byte {
        Some(b'~') => -1,
        None => 0,
        Some(letter) if letter.is_ascii_alphabetic() => i32::from(*letter),
        Some(other) => i32::from(*other) + 256,
    };
    (0..left.len().max(right.len()))
        .map(|index| weight(left.get(index)).cmp(&weight(right.get(index))))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

fn compare_number(left: &[u8], right: &[u8]) -> Ordering {
    let significant = |digits: &[u8]| digits.iter().skip_while(|digit| **digit == b'0').copied().collect::<Vec<u8>>();
    let (left, right) = (significant(left), significant(right));
    left.len().cmp(&right.len()).then_with(|| left.cmp(&right))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn images_have_releases() {
        for (path, release) in [
            ("/boot/vmlinuz-6.1.0-44-amd64", Some("6.1.0-44-amd64")),
            ("vmlinux-6.1.0-44-powerpc64le", Some("6.1.0-44-powerpc64le")),
            ("/boot/vmlinuz-6.1.0-44-amd64.dpkg-new", None),
            ("/boot/vmlinuz-", None),
            ("/boot/vmlinuz", None),
            ("/boot/initrd.img-6.1.0-44-amd64", None),
        ] {
            assert_eq!(release_of_image(path), release, "{path}");
        }
    }

    #[test]
    fn releases_order_as_dpkg_orders_them() {
        let releases = [
            "5.10.0-9-amd64",
            "6.1~rc1-amd64",
            "6.1.0-9-amd64",
            "6.1.0-10-amd64",
            "6.1.0-10-cloud-amd64",
            "6.1.0-010-amd64",
            "6.1.0-44-amd64+",
            "6.1.0-44-amd64.old",
            "6.10.1",
            "6.10",
            "0",
            "00",
        ];
        for left in releases {
            for right in releases {
                // A release goes before the hyphen that would begin a revision, so both get the same one.
                let is = |operator: &str| {
                    let arguments = ["--compare-versions", &format!("{left}-1"), operator, &format!("{right}-1")];
                    Command::new("dpkg").args(arguments).status().expect("dpkg is needed").success()
                };
                let expected = if is("lt") {
                    Ordering::Less
                } else if is("gt") {
                    Ordering::Greater
                } else {
                    Ordering::Equal
                };
                assert_eq!(compare(left, right), expected, "{left} and {right}");
            }
        }
    }
}
