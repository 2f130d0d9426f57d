//! Ubuntu: names of packages are values of a variable, and what is decided about a package is only in comments.

use assay_model::finding::FixState;

use super::claim::Claimed;
use crate::entry::Statement;

/// `openssh-client` of `^openssh-client(?::\w+|)\s+(.*)$`, a line of an image's manifest; a plain name is itself.
pub(super) fn name_of_pattern(value: &str) -> Option<&str> {
    let name = match value.strip_prefix('^') {
        Some(pattern) => pattern.split_once("(?:")?.0,
        None => value,
    };
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    is_name.then_some(name)
}

/// What a test and its comment say, and the publisher's word for it.
pub(super) fn statement_of(state: Claimed<'_>, comment: &str) -> (Statement, &'static str) {
    let has = |words: &str| comment.contains(words);
    match state {
        Claimed::Before(version) if has("pending publication") => (Statement::fixed_in(version), "pending"),
        Claimed::Before(version) => (Statement::fixed_in(version), "released"),
        _ if has("defer addressing") => (Statement::unfixed(FixState::NoDsa), "deferred"),
        _ if has("ignore")
            && (has("end of life") || has("end of standard support") || has("out of standard support")) =>
        {
            (Statement::unfixed(FixState::EndOfLife), "ignored")
        }
        _ if has("ignore") => (Statement::unfixed(FixState::Ignored), "ignored"),
        _ if has("not known") || has("pending evaluation") || has("needs-triage") => {
            (Statement::UnderInvestigation, "needs-triage")
        }
        _ if has("not affected") || has("not vulnerable") => (Statement::NotAffected { reason: None }, "not-affected"),
        _ if has("affected") || has("vulnerable") => (Statement::unfixed(FixState::NoFixYet), "needed"),
        _ => (Statement::NotUnderstood, ""),
    }
}

/// The subscription that a fix needs, by its version: `2.5.0-1ubuntu0.1~esm1`.
pub(super) fn channel_of_version(version: &str) -> Option<String> {
    let (_, behind) = version.rsplit_once(['~', '+'])?;
    behind.starts_with("esm").then(|| "esm".to_owned())
}

/// What a description tells of the vulnerability; after it come the commands that fix it.
pub(super) fn description_of(text: &str) -> &str {
    text.split("Update Instructions:").next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_have_names() {
        for (value, expected) in [
            (r"^openssh-client(?::\w+|)\s+(.*)$", Some("openssh-client")),
            (r"^libstdc++6(?::\w+|)\s+(.*)$", Some("libstdc++6")),
            ("openssh-client", Some("openssh-client")),
            ("^a.*$", None),
            ("^(?:a)", None),
            ("", None),
        ] {
            assert_eq!(name_of_pattern(value), expected, "{value}");
        }
    }

    #[test]
    fn comments_decide() {
        for (comment, expected) in [
            ("x package in jammy is affected and needs fixing.", "needed"),
            (
                "x package in jammy is affected, but a decision has been made to defer addressing it (note: '2').",
                "deferred",
            ),
            (
                "While related to the CVE in some way, a decision has been made to ignore this issue (note: 'end of life').",
                "ignored",
            ),
            (
                "The vulnerability of the 'x' package in jammy is not known (status: 'needs-triage'). It is pending evaluation.",
                "needs-triage",
            ),
            ("x package in jammy, is related to the CVE in some way and has been fixed", ""),
        ] {
            assert_eq!(statement_of(Claimed::Installed, comment).1, expected, "{comment}");
        }
        assert_eq!(statement_of(Claimed::Before("1"), "x was vulnerable but has been fixed").1, "released");
        assert_eq!(channel_of_version("2.5.0-1ubuntu0.1~esm1").as_deref(), Some("esm"));
        assert_eq!(channel_of_version("1.0-1ubuntu2~22.04"), None);
    }
}
