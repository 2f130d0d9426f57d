//! `pom.xml`: the direct dependencies whose version the file itself says (Maven documentation, "POM Reference").
//!
//! Versions come from the dependency, or from this file's `dependencyManagement`; properties of this file are put in.
//! Left out are dependencies of profiles and of plugins, and those whose version is a range or is said by a parent: no
//! other file is read. Surprising: `[1.0]` is a range, and yet exact.

use std::collections::HashMap;

use assay_model::ecosystem::Ecosystem;

use super::xml::{self, Step};
use crate::libraries::found::{Found, ParseError, Parsed};

/// Properties whose values name properties.
const MAX_STEPS: usize = 16;

/// Longest text after properties were put in, in bytes.
const MAX_TEXT: usize = 1024;

#[derive(Default)]
struct Pom {
    properties: HashMap<String, String>,
    dependencies: Vec<Dependency>,
    managed: Vec<Dependency>,
}

#[derive(Clone, Default)]
struct Dependency {
    group: String,
    artifact: String,
    version: String,
    scope: String,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Parsed, ParseError> {
    let mut pom = Pom::default();
    let mut current = Dependency::default();
    let mut has_project = false;
    xml::walk(bytes, |path, step| {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match (&path[..], step) {
            (["project"], Step::Start(_)) => has_project = true,
            (["project", .., "dependencies", "dependency"], Step::Start(_)) => current = Dependency::default(),
            (["project", "dependencies", "dependency"], Step::End(_)) => {
                pom.dependencies.push(std::mem::take(&mut current));
            }
            (["project", "dependencyManagement", "dependencies", "dependency"], Step::End(_)) => {
                pom.managed.push(std::mem::take(&mut current));
            }
            (["project", .., "dependencies", "dependency", member], Step::End(text)) => current.set(member, text),
            (["project", "properties", name], Step::End(text)) => pom.set((*name).to_owned(), text),
            (["project", name @ ("groupId" | "artifactId" | "version")], Step::End(text)) => {
                pom.set(format!("project.{name}"), text);
            }
            (["project", "parent", name @ ("groupId" | "version")], Step::End(text)) => {
                pom.set(format!("project.parent.{name}"), text);
            }
            _ => {}
        }
    })?;
    if !has_project {
        return Err(ParseError::Missing { what: "project" });
    }
    let mut parsed = Parsed::default();
    pom.add_to(&mut parsed);
    Ok(parsed)
}

impl Dependency {
    fn set(&mut self, member: &str, text: &str) {
        let field = match member {
            "groupId" => &mut self.group,
            "artifactId" => &mut self.artifact,
            "version" => &mut self.version,
            "scope" => &mut self.scope,
            _ => return,
        };
        text.clone_into(field);
    }
}

impl Pom {
    fn set(&mut self, name: String, value: &str) {
        self.properties.insert(name, value.to_owned());
    }

    fn add_to(&self, parsed: &mut Parsed) {
        let resolved =
            |dependency: &Dependency| Some((self.put_in(&dependency.group)?, self.put_in(&dependency.artifact)?));
        let mut managed = HashMap::new();
        for dependency in &self.managed {
            if let Some(key) = resolved(dependency) {
                managed.entry(key).or_insert(dependency);
            }
        }
        for dependency in &self.dependencies {
            let Some((group, artifact)) = resolved(dependency) else {
                continue;
            };
            if group.is_empty() || artifact.is_empty() {
                parsed.wrong(&dependency.artifact, "has no group or no artifact");
                continue;
            }
            let name = format!("{group}:{artifact}");
            let manager = managed.get(&(group, artifact));
            let or_managed = |own: &str, managed: Option<&str>| match own {
                "" => managed.unwrap_or_default().to_owned(),
                own => own.to_owned(),
            };
            let version = or_managed(&dependency.version, manager.map(|manager| manager.version.as_str()));
            let scope = or_managed(&dependency.scope, manager.map(|manager| manager.scope.as_str()));
            if let Some(version) = self.put_in(&version).as_deref().and_then(exact) {
                let development = scope == "test";
                parsed.add(Found { development, ..Found::locked(Ecosystem::Maven, &name, version) });
            }
        }
    }

    /// A text with the properties of this file in it; nothing where one is not known here.
    fn put_in(&self, text: &str) -> Option<String> {
        let mut text = text.to_owned();
        for _ in 0..MAX_STEPS {
            let Some((before, rest)) = text.split_once("${") else {
                return Some(text);
            };
            let (name, after) = rest.split_once('}')?;
            let replaced = format!("{before}{}{after}", self.property(name)?);
            if replaced.len() > MAX_TEXT {
                return None;
            }
            text = replaced;
        }
        None
    }

    fn property(&self, name: &str) -> Option<&str> {
        // `pom.` and no prefix are old names of `project.` (Maven documentation, "Maven Model Builder").
        let bare = name.strip_prefix("pom.").or(name.strip_prefix("project.")).unwrap_or(name);
        let candidates = [name.to_owned(), format!("project.{bare}"), format!("project.parent.{bare}")];
        candidates.iter().find_map(|candidate| self.properties.get(candidate)).map(String::as_str)
    }
}

/// A version that no range is.
fn exact(version: &str) -> Option<&str> {
    let version = version.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(version);
    let is_exact = !version.is_empty() && !version.contains(['[', ']', '(', ')', ',']);
    is_exact.then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(members: &str, dependency: &str) -> Vec<String> {
        let text = format!(
            "<project>{members}<dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId>{dependency}\
             </dependency></dependencies></project>"
        );
        let parsed = parse(text.as_bytes()).unwrap().finish();
        assert_eq!(parsed.problems, []);
        parsed.found.iter().map(|found| format!("{} {}", found.name, found.version)).collect()
    }

    #[test]
    fn versions() {
        for (members, version, expected) in [
            ("", "1.0", "g:a 1.0"),
            ("", "[1.0]", "g:a 1.0"),
            ("", "[1.0,2.0)", ""),
            ("", "(,1.0]", ""),
            ("", "", ""),
            ("", "${v}", ""),
            ("", "${v", ""),
            ("<version>3</version>", "${project.version}", "g:a 3"),
            ("<version>3</version>", "${pom.version}", "g:a 3"),
            ("<version>3</version>", "${version}", "g:a 3"),
            ("<parent><version>4</version></parent>", "${project.version}", "g:a 4"),
            ("<properties><v>1</v><w>${v}.2</w></properties>", "${w}-x", "g:a 1.2-x"),
            ("<properties><v>${v}</v></properties>", "${v}", ""),
            ("<properties><v>${w}${w}</v><w>${v}${v}</w></properties>", "${v}", ""),
        ] {
            let expected: Vec<&str> = if expected.is_empty() { vec![] } else { vec![expected] };
            assert_eq!(found(members, &format!("<version>{version}</version>")), expected, "{members} {version}");
        }
    }

    #[test]
    fn what_is_written_otherwise() {
        let managed = "<dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId>\
                       <version>5</version></dependency></dependencies></dependencyManagement>";
        assert_eq!(found(managed, ""), ["g:a 5"]);
        assert_eq!(found(managed, "<version>6</version>"), ["g:a 6"]);
        assert_eq!(found("", "<version><![CDATA[1.0]]><!-- c --></version>"), ["g:a 1.0"]);
        assert_eq!(found("", "<version>1&#46;0</version>"), ["g:a 1.0"]);
        assert_eq!(
            found("", "<version>1.0</version><exclusions><exclusion><version>2</version></exclusion></exclusions>"),
            ["g:a 1.0"]
        );
    }

    #[test]
    fn entities_do_not_expand() {
        let text = "<!DOCTYPE p [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><project><dependencies><dependency>\
                    <groupId>g</groupId><artifactId>&b;</artifactId><version>1</version></dependency></dependencies></project>";
        let parsed = parse(text.as_bytes()).unwrap().finish();
        assert_eq!(parsed.found.iter().map(|found| found.name.as_str()).collect::<Vec<_>>(), ["g:&b;"]);
        assert!(parse("<a>".repeat(100_000).as_bytes()).is_err());
        assert!(parse(b"<a/>").is_err());
    }
}
