//! Rules as a user writes them.

/// A rule file: YAML, and the expressions in it.
pub fn rule_file(data: &[u8]) {
    if let Err(error) = assay_rules::parse_rule("fuzz.yaml", data) {
        assert!(error.to_string().contains("fuzz.yaml"), "an error names the file: {error}");
    }
}
