//! Specification of an installed Ruby gem, as RubyGems writes it into `specifications/` (`Gem::Specification#to_ruby`).
//!
//! It is a Ruby program, which is not run: RubyGems writes name and version as literals. A specification that somebody
//! wrote by hand may compute its version; the name of its file then tells. Surprising: a gem for one platform has it in
//! the name of its file (`nokogiri-1.13.10-x86_64-linux.gemspec`), and it is no part of the version.

use assay_model::ecosystem::Ecosystem;
use assay_model::evidence::library::LibraryKind;

use crate::libraries::found::{Found, ParseError, Parsed};

/// The largest file that is read, in bytes; lists of files make some of them long.
pub const MAX_BYTES: u64 = 4 << 20;

/// Reads a file; `file_name` is the last part of its path.
pub fn parse(file_name: &str, bytes: &[u8]) -> Parsed {
    let text = String::from_utf8_lossy(bytes);
    let stem = file_name.strip_suffix(".gemspec").unwrap_or(file_name);
    let name = literal(&text, "name").or_else(|| name_of_stem(stem));
    let Some(name) = name else {
        return Parsed::failed(ParseError::Missing { what: "the name of the gem" });
    };
    let of_stem = stem.strip_prefix(&name).and_then(|rest| rest.strip_prefix('-')).map(without_platform);
    let version = literal(&text, "version");
    let mut parsed = Parsed::default();
    if let (Some(version), Some(of_stem)) = (&version, of_stem)
        && version != of_stem
    {
        parsed.wrong(&name, "has another version than the name of its file says");
    }
    let Some(version) = version.or_else(|| of_stem.map(str::to_owned)) else {
        return Parsed::failed(ParseError::Missing { what: "the version of the gem" });
    };
    parsed.add(Found {
        ecosystem: Ecosystem::Rubygems,
        name,
        version,
        kind: LibraryKind::Installed,
        development: false,
    });
    parsed.finish()
}

/// The literal that is assigned to an attribute: `s.name = "rake".freeze`, `s.version = Gem::Version.new("1.0")`.
fn literal(text: &str, attribute: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (object, rest) = line.trim_start().split_once('.')?;
        if object.is_empty() || !object.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return None;
        }
        let value = rest.strip_prefix(attribute)?.trim_start().strip_prefix('=')?.trim_start();
        let value = value.strip_prefix("Gem::Version.new(").unwrap_or(value).trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (literal, _) = value.get(1..)?.split_once(quote)?;
        // `#{…}` is computed.
        (!literal.is_empty() && !literal.contains(['#', '\\'])).then(|| literal.to_owned())
    })
}

/// What stands before the first `-` that a digit follows.
fn name_of_stem(stem: &str) -> Option<String> {
    let is_start_of_version =
        |at: &usize| stem.get(at + 1..).is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    let at = memchr::memchr_iter(b'-', stem.as_bytes()).find(is_start_of_version)?;
    stem.get(..at).filter(|name| !name.is_empty()).map(str::to_owned)
}

/// A version of RubyGems has no `-`, so the platform begins with the first one.
fn without_platform(version: &str) -> &str {
    version.split_once('-').map_or(version, |(version, _)| version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_version_are_literals_or_in_the_name_of_the_file() {
        let written = "# stub: rake 13.0.6 ruby lib\n\nGem::Specification.new do |s|\n  s.name = \"rake\".freeze\n  s.version = \"13.0.6\"\n";
        let computed = "Gem::Specification.new do |spec|\n  spec.name = 'a-2b'\n  spec.version = A::VERSION\n";
        let odd = "s.name = \"a#{1}\"\ns.version = Gem::Version.new(\"2\")\n";
        for (file, text, expected, problems) in [
            ("rake-13.0.6.gemspec", written, Some(("rake", "13.0.6")), 0),
            ("rake-13.0.6-java.gemspec", written, Some(("rake", "13.0.6")), 0),
            ("rake-13.0.5.gemspec", written, Some(("rake", "13.0.6")), 1),
            ("rake.gemspec", written, Some(("rake", "13.0.6")), 0),
            ("a-2b-1.0.gemspec", computed, Some(("a-2b", "1.0")), 0),
            ("a.gemspec", computed, None, 1),
            ("b-c-1.0.pre-x86_64-linux.gemspec", "", Some(("b-c", "1.0.pre")), 0),
            ("b.gemspec", "", None, 1),
            ("a-2.gemspec", odd, Some(("a", "2")), 0),
        ] {
            let parsed = parse(file, text.as_bytes());
            let found = parsed.found.first().map(|found| (found.name.as_str(), found.version.as_str()));
            assert_eq!(found, expected, "{file}");
            assert_eq!(parsed.problems.len(), problems, "{file}: {:?}", parsed.problems);
        }
    }
}
