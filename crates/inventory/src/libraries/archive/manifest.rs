//! The main section of `META-INF/MANIFEST.MF` (JAR File Specification, "JAR Manifest").
//!
//! Surprising: a line ends after 72 bytes, wherever that is, and goes on in the next one behind a blank.

use std::collections::BTreeMap;

/// The largest file that is read, in bytes; lists of exported packages make some of them long.
pub const MAX_BYTES: u64 = 1 << 20;

/// The attributes of the main section, keys in lower case; those of single entries are left out.
pub fn parse(bytes: &[u8]) -> BTreeMap<String, String> {
    let text = String::from_utf8_lossy(bytes);
    let mut attributes = BTreeMap::new();
    let mut current: Option<(String, String)> = None;
    for line in text.lines() {
        if let (Some(more), Some((_, value))) = (line.strip_prefix(' '), &mut current) {
            value.push_str(more);
            continue;
        }
        attributes.extend(current.take());
        if line.is_empty() {
            break;
        }
        current = line.split_once(':').map(|(key, value)| (key.trim().to_lowercase(), value.trim_start().to_owned()));
    }
    attributes.extend(current);
    attributes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_on_and_the_main_section_ends() {
        let text =
            "Manifest-Version: 1.0\r\nBundle-SymbolicName: com.goo\r\n gle.guava\r\nodd\r\n\r\nName: x\r\nA: b\r\n";
        let attributes = parse(text.as_bytes());
        let seen: Vec<(&str, &str)> = attributes.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(seen, [("bundle-symbolicname", "com.google.guava"), ("manifest-version", "1.0")]);
        assert_eq!(parse(b" x\n").len(), 0);
        assert_eq!(parse(b"").len(), 0);
    }
}
