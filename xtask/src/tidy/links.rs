//! Links of Markdown lead somewhere: to a file of the repository, and to a heading in it. Addresses are not visited.

use std::collections::BTreeSet;

use super::tree::{Tree, numbered};
use super::violation::Violation;

pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (name, text) in tree.files_ending_in(".md") {
        for (number, line) in lines_outside_code(text) {
            for target in link_targets(&line) {
                if let Some(reason) = broken(tree, name, text, target) {
                    violations.push(Violation::at(name, number, format!("the link {target} leads nowhere: {reason}")));
                }
            }
        }
    }
    violations
}

/// Why a link target leads nowhere, if it does.
fn broken(tree: &Tree, from: &str, own_text: &str, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    let (file, text) = if path.is_empty() {
        (from.to_owned(), Some(own_text))
    } else {
        let file = resolve(from, path);
        let folder = format!("{file}/");
        let is_folder = tree.files.keys().any(|name| name.starts_with(&folder));
        if tree.text(&file).is_none() && !is_folder {
            return Some(format!("there is no {file}"));
        }
        let text = tree.text(&file);
        (file, text)
    };
    let anchor = anchor?;
    let anchors: BTreeSet<String> = lines_outside_code(text.unwrap_or_default())
        .filter_map(|(_, line)| line.starts_with('#').then(|| slug(line.trim_start_matches('#'))))
        .collect();
    (!anchors.contains(anchor)).then(|| format!("{file} has no heading #{anchor}"))
}

/// The path of a link, relative to the repository.
fn resolve(from: &str, path: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// The anchor that GitHub and cgit give to a heading: lower case, punctuation dropped, spaces as hyphens.
fn slug(heading: &str) -> String {
    heading
        .trim()
        .to_lowercase()
        .chars()
        .filter(|character| character.is_alphanumeric() || matches!(character, ' ' | '-' | '_'))
        .map(|character| if character == ' ' { '-' } else { character })
        .collect()
}

/// Lines that are not in a fenced block, with inline code blanked out.
fn lines_outside_code(text: &str) -> impl Iterator<Item = (usize, String)> {
    let mut is_code = false;
    numbered(text).filter_map(move |(number, line)| {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
            return None;
        }
        let visible: String = line.split('`').step_by(2).collect();
        (!is_code).then_some((number, visible))
    })
}

/// The targets of `[text](target)`.
fn link_targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_somewhere() {
        for (link, is_broken) in [
            ("[a](docs/STYLE.md)", false),
            ("[a](./docs/)", false),
            ("[a](docs/STYLE.md#two-words--more)", false),
            ("[a](#here)", false),
            ("[a](https://example.org/none)", false),
            ("`[a](none.md)`", false),
            ("[a](none.md)", true),
            ("[a](docs/STYLE.md#none)", true),
            ("[a](#none)", true),
            ("[a](docs/STYLE.md) and [b](none.md \"title\")", true),
            ("![a](docs/picture.png)", true),
        ] {
            let text = format!("# Here\n{link}\n```\n[a](in-code.md)\n```\n");
            let tree = Tree::of(&[
                ("README.md", &text),
                ("docs/STYLE.md", "# Style\n## Two words & more\n[r](../README.md)\n"),
            ]);
            assert_eq!(!check(&tree).is_empty(), is_broken, "{link}: {:?}", check(&tree));
        }
    }
}
