//! `go.mod`, and `go.sum` of old modules (Go Modules Reference, "go.mod files", "Module graph pruning").
//!
//! Since Go 1.17 `go.mod` names all modules that the build needs. Before, only those that the module itself asks for; the
//! rest is taken from `go.sum`: of each module the highest version whose content was fetched. A replacement stands in the
//! place of what it replaces; one by a directory leaves it out. Surprising: the directives `go` and `toolchain` are lower
//! bounds of the version that builds, so no version of the standard library follows from them; the built program has it.

use std::collections::{BTreeMap, HashMap, HashSet};

use assay_model::ecosystem::Ecosystem;

use super::{go_version, syntax};
use crate::libraries::found::{Found, ParseError, Parsed};

/// A module path with its version.
type Module<'a> = (&'a str, &'a str);

#[derive(Default)]
struct GoMod<'a> {
    /// Major and minor of the directive `go`.
    go: Option<(u64, u64)>,
    required: Vec<Module<'a>>,
    /// Without a version every one is replaced. Nothing stands in the place of what a directory replaces.
    replaced: HashMap<(&'a str, Option<&'a str>), Option<Module<'a>>>,
}

pub(super) fn parse(bytes: &[u8], go_sum: Option<&[u8]>) -> Result<Parsed, ParseError> {
    let text = syntax::text(bytes)?;
    let mut parsed = Parsed::default();
    let module = read(text, &mut parsed);
    let mut modules = module.required.clone();
    if module.go.is_none_or(|version| version < (1, 17)) {
        match go_sum.map(syntax::text) {
            Some(Ok(sums)) => modules.extend(fetched(sums, &module.required, &mut parsed)),
            Some(Err(problem)) => parsed.tell(problem),
            None => {}
        }
    }
    for (path, version) in modules {
        let every_version = module.replaced.get(&(path, None));
        let replacement = module.replaced.get(&(path, Some(version))).or(every_version);
        if let Some((path, version)) = replacement.copied().unwrap_or(Some((path, version))) {
            parsed.add(Found::locked(Ecosystem::Go, path, version));
        }
    }
    Ok(parsed)
}

fn read<'a>(text: &'a str, parsed: &mut Parsed) -> GoMod<'a> {
    let mut module = GoMod::default();
    let mut block = None;
    for (line, content) in (1..).zip(text.lines()) {
        let content = content.split_once("//").map_or(content, |(content, _)| content);
        let mut words = content.split_whitespace().map(unquote);
        let directive = match (block, words.next()) {
            (_, None) => continue,
            (Some(_), Some(")")) => {
                block = None;
                continue;
            }
            (Some(open), Some(_)) => {
                words = content.split_whitespace().map(unquote);
                open
            }
            (None, Some(directive)) => directive,
        };
        let words: Vec<&str> = words.collect();
        if block.is_none() && words == ["("] {
            block = Some(directive);
            continue;
        }
        if let Err(what) = module.take(directive, &words) {
            parsed.tell(ParseError::Line { line, what });
        }
    }
    module
}

impl<'a> GoMod<'a> {
    fn take(&mut self, directive: &str, words: &[&'a str]) -> Result<(), &'static str> {
        match (directive, words) {
            ("require", [path, version]) => self.required.push((path, version)),
            ("replace", [old, "=>", new @ ..]) => _ = self.replaced.insert((*old, None), replacement(new)?),
            ("replace", [old, version, "=>", new @ ..]) => {
                self.replaced.insert((*old, Some(*version)), replacement(new)?);
            }
            ("go", [version]) => self.go = major_and_minor(version),
            ("require" | "replace" | "go", _) => return Err("is no whole directive"),
            ("module" | "toolchain" | "exclude" | "retract" | "tool" | "godebug" | "ignore", _) => {}
            _ => return Err("begins with no directive of go.mod"),
        }
        Ok(())
    }
}

/// What stands in the place of a module: another one, or nothing that has a version.
fn replacement<'a>(words: &[&'a str]) -> Result<Option<Module<'a>>, &'static str> {
    match words {
        [path, version] => Ok(Some((path, version))),
        [_directory] => Ok(None),
        _ => Err("is no whole directive"),
    }
}

fn major_and_minor(version: &str) -> Option<(u64, u64)> {
    let mut numbers = version.split('.');
    let major = numbers.next()?.parse().ok()?;
    // `1.21rc1` is a version of Go too.
    let minor = numbers.next()?;
    let digits = minor.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(minor.len());
    Some((major, minor.get(..digits)?.parse().ok()?))
}

fn unquote(word: &str) -> &str {
    word.trim_matches(['"', '`'])
}

/// The modules of `go.sum` that `go.mod` does not name, each in the highest version whose content was fetched. A line
/// about `VERSION/go.mod` only says that the module was looked at to choose versions.
fn fetched<'a>(sums: &'a str, required: &[Module<'_>], parsed: &mut Parsed) -> Vec<Module<'a>> {
    let named: HashSet<&str> = required.iter().map(|(path, _)| *path).collect();
    let mut highest: BTreeMap<&str, &str> = BTreeMap::new();
    for (line, content) in (1..).zip(sums.lines()) {
        let words: Vec<&str> = content.split_whitespace().collect();
        match words[..] {
            [] => {}
            [path, version, sum] if version.starts_with('v') && sum.starts_with("h1:") => {
                if version.ends_with("/go.mod") || named.contains(path) {
                    continue;
                }
                let known = highest.entry(path).or_insert(version);
                if go_version::compare(known, version).is_lt() {
                    *known = version;
                }
            }
            _ => parsed.tell(ParseError::Line { line, what: "of go.sum is no sum of a module" }),
        }
    }
    highest.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(go_mod: &str, go_sum: Option<&str>, expected: &[(&str, &str)], problems: &[&str]) {
        let parsed = parse(go_mod.as_bytes(), go_sum.map(str::as_bytes)).unwrap().finish();
        let found: Vec<_> = parsed.found.iter().map(|found| (found.name.as_str(), found.version.as_str())).collect();
        assert_eq!(found, expected, "{go_mod}");
        assert_eq!(parsed.problems.iter().map(ToString::to_string).collect::<Vec<_>>(), problems, "{go_mod}");
    }

    #[test]
    fn directives() {
        check("require a.b/c v1.0.0 // indirect\n", None, &[("a.b/c", "v1.0.0")], &[]);
        check(
            "require (\n\"a.b/c\" v1.0.0\n)\nrequire d.e/f v2.0.0+incompatible",
            None,
            &[("a.b/c", "v1.0.0"), ("d.e/f", "v2.0.0+incompatible")],
            &[],
        );
        check("require a.b/c v1.0.0\nreplace a.b/c => ../c\n", None, &[], &[]);
        check("require a.b/c v1.0.0\nreplace a.b/c v1.1.0 => ../c\n", None, &[("a.b/c", "v1.0.0")], &[]);
        check("require a.b/c v1.0.0\nreplace (\na.b/c v1.0.0 => d.e/f v3.0.0\n)\n", None, &[("d.e/f", "v3.0.0")], &[]);
        check("exclude a.b/c v1.0.0\nretract [v1.0.0, v1.9.9]\n", None, &[], &[]);
        check(
            "require a.b/c\nx y\n",
            None,
            &[],
            &["line 1 is no whole directive", "line 2 begins with no directive of go.mod"],
        );
    }

    #[test]
    fn sums_count_before_go_1_17_only() {
        let sums = "a.b/c v1.9.0 h1:x=\na.b/c v1.10.0 h1:x=\na.b/c v1.11.0/go.mod h1:x=\nd.e/f v1.0.0 h1:x=\n";
        let require = "require d.e/f v0.9.0\n";
        check(&format!("go 1.17\n{require}"), Some(sums), &[("d.e/f", "v0.9.0")], &[]);
        for go in ["go 1.16\n", ""] {
            check(&format!("{go}{require}"), Some(sums), &[("a.b/c", "v1.10.0"), ("d.e/f", "v0.9.0")], &[]);
        }
        check("go 1.16\nreplace a.b/c => ../c", Some(sums), &[("d.e/f", "v1.0.0")], &[]);
        check("go 1.9\n", Some("x\n"), &[], &["line 1 of go.sum is no sum of a module"]);
    }
}
