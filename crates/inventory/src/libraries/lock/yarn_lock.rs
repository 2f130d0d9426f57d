//! `yarn.lock` of Yarn 1 and of later ones (Yarn documentation, "Lexicon": lockfile, resolution).
//!
//! Both are blocks: a line of descriptors that ends in a colon, below it members two spaces deeper. Later ones are YAML of
//! so plain a form that the same lines are read. Workspaces, links, patches and what comes from a directory, git or an
//! address are left out; what a patch changes has an entry of its own. Surprising: Yarn 1 names a package only by what was
//! asked for, so an alias is seen in the descriptor; later ones have the answer in `resolution`.

use assay_model::ecosystem::Ecosystem;

use super::npm_version::{self, Origin};
use super::syntax;
use crate::libraries::found::{Found, ParseError, Parsed};

/// One block.
#[derive(Default)]
struct Block<'a> {
    line: u64,
    descriptors: &'a str,
    version: Option<&'a str>,
    resolved: Option<&'a str>,
    resolution: Option<&'a str>,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let text = syntax::text(bytes)?;
    let mut parsed = Parsed::default();
    let mut block = Block::default();
    for (line, content) in (1..).zip(text.lines().map(str::trim_end)) {
        let member = content.trim_start();
        if member.is_empty() || member.starts_with('#') {
            continue;
        }
        match (content.len() - member.len(), member.strip_suffix(':')) {
            (0, Some(descriptors)) => {
                std::mem::replace(&mut block, Block { line, descriptors, ..Block::default() }).end(&mut parsed);
            }
            (0, None) => parsed.tell(ParseError::Line { line, what: "begins no entry of yarn.lock" }),
            (2, None) => block.take(member),
            _ => {}
        }
    }
    block.end(&mut parsed);
    Ok(parsed)
}

impl<'a> Block<'a> {
    /// `key value` of Yarn 1, `key: value` of later ones; either may be quoted.
    fn take(&mut self, member: &'a str) {
        let Some((key, value)) = member.split_once(' ') else {
            return;
        };
        let value = value.trim().trim_matches('"');
        match key.trim_end_matches(':').trim_matches('"') {
            "version" => self.version = Some(value),
            "resolved" => self.resolved = Some(value),
            "resolution" => self.resolution = Some(value),
            _ => {}
        }
    }

    fn end(self, parsed: &mut Parsed) {
        if self.descriptors.is_empty() || self.descriptors == "__metadata" {
            return;
        }
        let Some(version) = self.version else {
            return parsed.tell(ParseError::Line { line: self.line, what: "begins an entry without a version" });
        };
        let package = match self.resolution {
            Some(resolution) => of_resolution(resolution),
            None => self.of_descriptors(version),
        };
        if let Some((name, version)) = package {
            parsed.add(Found::locked(Ecosystem::Npm, name, version));
        }
    }

    /// The package of Yarn 1's descriptors, of which the first speaks for all.
    fn of_descriptors(&self, version: &'a str) -> Option<(&'a str, &'a str)> {
        let comes_from_elsewhere = self.resolved.is_some_and(npm_version::is_elsewhere);
        let mut descriptors = self.descriptors.split(", ").map(|descriptor| descriptor.trim_matches('"'));
        let is_local = |descriptor: &str| {
            descriptor
                .get(1..)
                .and_then(|rest| rest.split_once('@'))
                .is_some_and(|(_, range)| npm_version::is_elsewhere(range))
        };
        if comes_from_elsewhere || descriptors.clone().any(is_local) {
            return None;
        }
        let descriptor = descriptors.next()?;
        let descriptor = descriptor.split_once("@npm:").map_or(descriptor, |(_, real)| real);
        // The range may hold another `@`; the one of a scope is the first letter.
        let at = descriptor.get(1..).and_then(|rest| rest.find('@')).map_or(descriptor.len(), |at| at + 1);
        match npm_version::origin(descriptor.get(..at)?, version) {
            Origin::Registry { name, version } => Some((name, version)),
            Origin::Elsewhere => None,
        }
    }
}

/// `name@npm:version`, after which `::` binds parameters.
fn of_resolution(resolution: &str) -> Option<(&str, &str)> {
    let (name, reference) = resolution.split_once("@npm:")?;
    let version = reference.split_once("::").map_or(reference, |(version, _)| version);
    // `a@patch:a@npm%3A1.0.0` does not get here, `a@virtual:0a1b#npm:1.0.0` is never written.
    (!name.is_empty() && !name.contains(':')).then_some((name, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries() {
        for (text, expected) in [
            ("a@^1, a@~1:\n  version \"1.2.0\"\n", &[("a", "1.2.0")][..]),
            ("\"@s/a@^1\":\n  \"version\" \"1.2.0\"\n", &[("@s/a", "1.2.0")]),
            ("\"x@npm:@s/a@^1\":\n  version \"1.2.0\"\n", &[("@s/a", "1.2.0")]),
            ("a:\n  version \"1.0.0\"\n", &[("a", "1.0.0")]),
            ("\"a@file:./a\", a@^1:\n  version \"0.0.0\"\n", &[]),
            ("a@o/r:\n  version \"1\"\n  resolved \"https://codeload.github.com/o/r/tar.gz/0\"\n", &[]),
            ("\"a@npm:^1\":\n  version: 1.2.0\n  resolution: \"a@npm:1.2.0::__archiveUrl=x\"\n", &[("a", "1.2.0")]),
            ("\"x@npm:a@^1\":\n  version: 1.2.0\n  resolution: \"a@npm:1.2.0\"\n", &[("a", "1.2.0")]),
            ("\"a@patch:a@^1#x\":\n  version: 1.2.0\n  resolution: \"a@patch:a@npm%3A1.2.0#x\"\n", &[]),
            ("\"a@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"a@workspace:.\"\n", &[]),
            ("a@^1:\n  dependencies:\n    version \"9\"\n  version \"1.0.0\"\n", &[("a", "1.0.0")]),
        ] {
            let parsed = parse(text.as_bytes()).unwrap().finish();
            let found: Vec<_> =
                parsed.found.iter().map(|found| (found.name.as_str(), found.version.as_str())).collect();
            assert_eq!(found, expected, "{text}");
            assert_eq!(parsed.problems, [], "{text}");
        }
    }

    #[test]
    fn what_is_no_entry_is_told() {
        let parsed = parse(b"a@^1:\n  resolved x\nhello\n").unwrap().finish();
        let problems: Vec<String> = parsed.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems, ["line 3 begins no entry of yarn.lock", "line 1 begins an entry without a version"]);
    }
}
