//! pwquality.conf(5): `key = value`, or a key alone; the last line of a key wins.
//!
//! libpwquality reads the drop-ins first, sorted by name, and the main file last.

use std::collections::BTreeMap;

use assay_host::{Host, HostError};
use assay_model::evidence::Problem;
use assay_model::evidence::setting::Setting;

use crate::text::{self, CONFIGURATION_LIMIT, LineProblems};

const MAIN_FILE: &str = "/etc/security/pwquality.conf";
const DROP_INS: &str = "/etc/security/pwquality.conf.d";

/// Reads a file into settings by key, in lower case. A key alone has an empty value.
pub fn parse_pwquality(file: &str, content: &[u8]) -> (BTreeMap<String, Setting>, Vec<Problem>) {
    let mut problems = LineProblems::new(file);
    let mut settings = BTreeMap::new();
    for line in text::lines(content, &mut problems) {
        let text = line.text.split('#').next().unwrap_or_default().trim();
        if text.is_empty() {
            continue;
        }
        let is_separator = |letter: char| letter.is_whitespace() || letter == '=';
        let (key, value) = text.split_at(text.find(is_separator).unwrap_or(text.len()));
        if key.is_empty() {
            problems.malformed(line.number, "has no key");
            continue;
        }
        let value = value.trim_start();
        let value = value.strip_prefix('=').unwrap_or(value).trim_start();
        settings.insert(key.to_ascii_lowercase(), Setting::from_file(value, file, line.number));
    }
    (settings, problems.into_problems())
}

/// Reads the host's files. What an unreadable file could override is absent.
pub(crate) fn read_pwquality(host: &dyn Host, problems: &mut Vec<Problem>) -> BTreeMap<String, Setting> {
    let mut settings = BTreeMap::new();
    let mut files = Vec::new();
    match host.read_directory(DROP_INS) {
        Ok(entries) => {
            let names = entries.iter().map(|entry| entry.name.as_str());
            let named = names.filter(|name| name.ends_with(".conf") && !name.starts_with('.'));
            files.extend(named.map(|name| format!("{DROP_INS}/{name}")));
        }
        Err(HostError::NotFound { .. }) => {}
        Err(error) => problems.push(error.to_problem()),
    }
    files.push(MAIN_FILE.to_owned());
    for file in files {
        match host.read(&file, CONFIGURATION_LIMIT) {
            Ok(content) => {
                let (of_file, mut bad_lines) = parse_pwquality(&file, &content);
                problems.append(&mut bad_lines);
                settings.extend(of_file);
            }
            Err(HostError::NotFound { .. }) if file == MAIN_FILE => {}
            Err(error) => {
                problems.push(error.to_problem());
                settings.clear();
            }
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::{ProblemKind, SourceKind};

    use super::*;

    #[test]
    fn keys_have_a_value_or_stand_alone() {
        let content = "minlen = 14\ndcredit=-1\n ucredit\t-2 # two\nEnforce_For_Root\n# lcredit = -1\n=5\nminlen = 12\nbadwords = a b = c";
        let (settings, problems) = parse_pwquality("/f", content.as_bytes());
        let shown: Vec<(&str, &str)> =
            settings.iter().map(|(key, setting)| (key.as_str(), setting.value.as_str())).collect();
        assert_eq!(
            shown,
            [("badwords", "a b = c"), ("dcredit", "-1"), ("enforce_for_root", ""), ("minlen", "12"), ("ucredit", "-2"),]
        );
        assert_eq!(problems.len(), 1);
    }

    #[test]
    fn the_main_file_is_read_last() {
        let host = MemoryHost::new(SourceKind::RootDirectory)
            .file("/etc/security/pwquality.conf", "minlen = 8\n")
            .file("/etc/security/pwquality.conf.d/50-a.conf", "minlen = 14\nminclass = 3\n")
            .file("/etc/security/pwquality.conf.d/60-b.conf", "minclass = 4\n")
            .file("/etc/security/pwquality.conf.d/70-c", "minclass = 1\n");
        let mut problems = Vec::new();
        let settings = read_pwquality(&host, &mut problems);
        assert_eq!(settings["minlen"].value, "8");
        assert_eq!(settings["minclass"].file.as_deref(), Some("/etc/security/pwquality.conf.d/60-b.conf"));
        assert!(problems.is_empty());
    }

    #[test]
    fn what_an_unreadable_file_could_override_is_absent() {
        let host = MemoryHost::new(SourceKind::RootDirectory)
            .file("/etc/security/pwquality.conf", "minlen = 8\n")
            .file("/etc/security/pwquality.conf.d/50-a.conf", "minclass = 3\n")
            .fifo("/etc/security/pwquality.conf.d/60-b.conf");
        let mut problems = Vec::new();
        let settings = read_pwquality(&host, &mut problems);
        assert_eq!(settings.keys().collect::<Vec<_>>(), ["minlen"]);
        assert_eq!(problems[0].kind, ProblemKind::WrongType);
    }
}
