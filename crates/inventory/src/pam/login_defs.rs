//! login.defs(5), as shadow reads it: key, blanks, value; the last line of a key wins.
//!
//! There is no comment behind a value: `PASS_MAX_DAYS 90 # days` sets `90 # days`, which shadow then cannot use.

use std::collections::BTreeMap;

use assay_host::{Host, HostError};
use assay_model::evidence::Problem;
use assay_model::evidence::setting::Setting;

use crate::text::{self, CONFIGURATION_LIMIT, LineProblems};

/// Where the file is; the later ones are the vendor's and count where the first is absent.
const FILES: [&str; 3] = ["/etc/login.defs", "/usr/etc/login.defs", "/usr/share/defaults/etc/login.defs"];

/// Reads a file into settings by key.
pub fn parse_login_defs(file: &str, content: &[u8]) -> (BTreeMap<String, Setting>, Vec<Problem>) {
    let mut problems = LineProblems::new(file);
    let mut settings = BTreeMap::new();
    for line in text::lines(content, &mut problems) {
        let trimmed = line.text.trim_matches([' ', '\t']);
        if trimmed.starts_with('#') {
            continue;
        }
        // A key without a value is skipped by shadow too.
        let Some((key, value)) = trimmed.split_once([' ', '\t']) else {
            continue;
        };
        let value = value.trim_start_matches([' ', '\t', '"']).split('"').next().unwrap_or_default();
        settings.insert(key.to_owned(), Setting::from_file(value, file, line.number));
    }
    (settings, problems.into_problems())
}

/// Reads the host's file.
pub(crate) fn read_login_defs(host: &dyn Host, problems: &mut Vec<Problem>) -> BTreeMap<String, Setting> {
    for file in FILES {
        match host.read(file, CONFIGURATION_LIMIT) {
            Ok(content) => {
                let (settings, mut bad_lines) = parse_login_defs(file, &content);
                problems.append(&mut bad_lines);
                return settings;
            }
            Err(HostError::NotFound { .. }) => {}
            Err(error) => {
                problems.push(error.to_problem());
                return BTreeMap::new();
            }
        }
    }
    BTreeMap::new()
}

#[cfg(test)]
mod tests {
    use assay_host::MemoryHost;
    use assay_model::evidence::{ProblemKind, SourceKind};

    use super::*;

    #[test]
    fn the_last_line_of_a_key_wins() {
        let content = "# PASS_MAX_DAYS 1\nPASS_MAX_DAYS\t99999\n  PASS_MAX_DAYS   90 \nUMASK\nPASS_MIN_DAYS 1 # day\n\
                       ENV_PATH \"PATH=/bin\"  \npass_max_days 5\nFAKE_SHELL \"\"\nLAST 1";
        let (settings, problems) = parse_login_defs("/etc/login.defs", content.as_bytes());
        let shown: Vec<(&str, &str, u32)> = settings
            .iter()
            .map(|(key, setting)| (key.as_str(), setting.value.as_str(), setting.line.unwrap()))
            .collect();
        assert_eq!(
            shown,
            [
                ("ENV_PATH", "PATH=/bin", 6),
                ("FAKE_SHELL", "", 8),
                ("LAST", "1", 9),
                ("PASS_MAX_DAYS", "90", 3),
                ("PASS_MIN_DAYS", "1 # day", 5),
                ("pass_max_days", "5", 7),
            ]
        );
        assert!(problems.is_empty());
    }

    #[test]
    fn the_vendors_file_counts_where_the_hosts_is_absent() {
        let vendor = MemoryHost::new(SourceKind::RootDirectory).file("/usr/etc/login.defs", "UMASK 077\n");
        let mut problems = Vec::new();
        assert_eq!(read_login_defs(&vendor, &mut problems)["UMASK"].file.as_deref(), Some("/usr/etc/login.defs"));
        assert!(problems.is_empty());
        let denied = vendor.denied("/etc/login.defs");
        assert!(read_login_defs(&denied, &mut problems).is_empty());
        assert_eq!(problems[0].kind, ProblemKind::NotPermitted);
    }

    #[test]
    fn bad_bytes_are_told() {
        let (settings, problems) = parse_login_defs("/f", b"A \xff\nB 1\n");
        assert_eq!(settings["A"].value, "\u{fffd}");
        assert_eq!(settings["B"].value, "1");
        assert_eq!(problems.len(), 1);
    }
}
