//! `.repo` files of yum, dnf and zypper, and the sections of `yum.conf` and `dnf.conf`.
//!
//! Implements the form of dnf.conf(5) as Python's configparser reads it. Surprising: a repository is enabled unless it
//! says otherwise, and a line that begins with a blank goes on with the value above it.

use super::address::{clean_id, without_secrets};
use crate::text::{LineProblems, is_comment, lines};

/// One section that describes a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// Its name, which is the repository's id.
    pub id: String,
    /// The first address of packages, or of the list of mirrors; without user, password and query. Variables such as
    /// `$releasever` stay.
    pub location: String,
    /// Whether it is switched on; `None` where it does not say.
    pub enabled: Option<bool>,
}

/// Reads all sections but `[main]`.
pub fn parse(bytes: &[u8], problems: &mut LineProblems) -> Vec<Section> {
    let mut sections: Vec<Builder> = Vec::new();
    let mut key = String::new();
    for line in lines(bytes, problems) {
        if is_comment(&line.text, &['#', ';']) {
            continue;
        }
        let text = line.text.trim();
        if line.text.starts_with([' ', '\t']) && !key.is_empty() {
            if let Some(section) = sections.last_mut() {
                section.set(&key, text);
            }
            continue;
        }
        if let Some(id) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(id, _)| id.trim()) {
            sections.push(Builder { id: clean_id(id), ..Builder::default() });
            key.clear();
            continue;
        }
        let Some((name, value)) = text.split_once(['=', ':']) else {
            problems.malformed(line.number, "is no section and no value");
            key.clear();
            continue;
        };
        key = name.trim().to_ascii_lowercase();
        match sections.last_mut() {
            Some(section) => {
                if key == "enabled" && truth(value.trim()).is_none() {
                    problems.malformed(line.number, "says neither yes nor no");
                }
                section.set(&key, value.trim());
            }
            None => problems.malformed(line.number, "is in no section"),
        }
    }
    sections.into_iter().filter(|section| section.id != "main").map(Builder::build).collect()
}

fn truth(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "1" | "yes" | "true" | "on" | "enabled" => Some(true),
        "0" | "no" | "false" | "off" | "disabled" => Some(false),
        _ => None,
    }
}

#[derive(Default)]
struct Builder {
    id: String,
    base: Option<String>,
    meta_link: Option<String>,
    mirror_list: Option<String>,
    enabled: Option<bool>,
}

impl Builder {
    fn set(&mut self, key: &str, value: &str) {
        // Several addresses are separated by blanks, commas or lines; the first one counts.
        let first = value.split([' ', '\t', ',']).find(|part| !part.is_empty());
        let address = match key {
            "enabled" => {
                self.enabled = truth(value).or(self.enabled);
                return;
            }
            "baseurl" => &mut self.base,
            "metalink" => &mut self.meta_link,
            "mirrorlist" => &mut self.mirror_list,
            _ => return,
        };
        if address.is_none() {
            *address = first.map(without_secrets);
        }
    }

    fn build(self) -> Section {
        let location = self.base.or(self.meta_link).or(self.mirror_list).unwrap_or_default();
        Section { id: self.id, location, enabled: self.enabled }
    }
}
