//! `Gemfile.lock` and `gems.locked` (Bundler documentation, "bundle lock").
//!
//! Only the specifications of `GEM` sections come from a gem server; `GIT`, `PATH` and plugins are left out. Surprising: a
//! gem that was built for one platform has it after its version (`1.13.3-x86_64-linux`), which RubyGems' versions never
//! contain a `-` in, so that what follows the first one is the platform.

use assay_model::ecosystem::Ecosystem;

use super::syntax;
use crate::libraries::found::{Found, ParseError, Parsed};

const SECTIONS: &[&str] =
    &["GEM", "GIT", "PATH", "PLUGIN SOURCE", "PLATFORMS", "DEPENDENCIES", "CHECKSUMS", "RUBY VERSION", "BUNDLED WITH"];

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let text = syntax::text(bytes)?;
    let mut parsed = Parsed::default();
    let mut section = "";
    let mut is_in_specifications = false;
    for (line, content) in (1..).zip(text.lines().map(str::trim_end)) {
        let name = content.trim_start();
        match content.len() - name.len() {
            _ if name.is_empty() => {}
            0 if SECTIONS.contains(&name) => {
                section = name;
                is_in_specifications = false;
            }
            0 => {
                section = "";
                parsed.tell(ParseError::Line { line, what: "is no section of Gemfile.lock" });
            }
            2 => is_in_specifications = name == "specs:",
            4 if is_in_specifications && section == "GEM" => match specification(name) {
                Some((name, version)) => parsed.add(Found::locked(Ecosystem::Rubygems, name, version)),
                None => parsed.tell(ParseError::Line { line, what: "is no gem with its version" }),
            },
            _ => {}
        }
    }
    Ok(parsed)
}

/// `name (version)` or `name (version-platform)`.
fn specification(text: &str) -> Option<(&str, &str)> {
    let (name, version) = text.strip_suffix(')')?.split_once(" (")?;
    Some((name, version.split_once('-').map_or(version, |(version, _)| version)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specifications() {
        for (text, expected) in [
            ("a (1.0)", Some(("a", "1.0"))),
            ("nokogiri (1.13.3-x86_64-linux)", Some(("nokogiri", "1.13.3"))),
            ("a (1.0.0.rc1-java)", Some(("a", "1.0.0.rc1"))),
            ("a", None),
            ("a (1.0", None),
        ] {
            assert_eq!(specification(text), expected, "{text}");
        }
    }
}
