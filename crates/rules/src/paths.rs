//! Path patterns: which paths of the evidence belong to a rule.
//!
//! `/etc/ssh` is that path, `/etc/ssh/*` what it holds, `/etc/**/` it and all directories below
//! ([`CollectionRequest`](assay_model::evidence::request::CollectionRequest)). The evidence is sorted by path, so the
//! candidates of a pattern are one range of it: a rule about one path costs two binary searches, not a walk.

use assay_model::evidence::path::{PathFacts, PathKind};

/// One pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PathPattern {
    /// Everything before the first segment with a wildcard, without a slash at its end.
    prefix: String,
    segments: Vec<String>,
    directories_only: bool,
}

impl PathPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong.
    pub(crate) fn parse(text: &str) -> Result<PathPattern, String> {
        let Some(relative) = text.strip_prefix('/') else {
            return Err(format!("{text:?} is no absolute path"));
        };
        let directories_only = relative.ends_with('/');
        let segments: Vec<String> = relative.trim_end_matches('/').split('/').map(str::to_owned).collect();
        if segments.iter().any(|segment| matches!(segment.as_str(), "" | "." | "..")) {
            return Err(format!("{text:?} has an empty, `.` or `..` segment"));
        }
        if segments.iter().any(|segment| segment.contains("**") && segment != "**") {
            return Err(format!("{text:?} has `**` as a part of a segment"));
        }
        if segments.iter().filter(|segment| *segment == "**").count() > 1 {
            return Err(format!("{text:?} has `**` more than once"));
        }
        let literal = segments.iter().take_while(|segment| !segment.contains('*'));
        let prefix = literal.fold(String::new(), |prefix, segment| format!("{prefix}/{segment}"));
        Ok(PathPattern { prefix, segments, directories_only })
    }

    /// Whether the pattern stands for a path.
    pub(crate) fn matches(&self, path: &PathFacts) -> bool {
        let Some(relative) = path.path.strip_prefix('/') else {
            return false;
        };
        if self.directories_only && path.kind != PathKind::Directory {
            return false;
        }
        let segments: Vec<&str> = relative.split('/').collect();
        match self.segments.iter().position(|segment| segment == "**") {
            None => self.segments.len() == segments.len() && all_match(&self.segments, &segments),
            Some(at) => {
                let (before, after) = (self.segments.get(..at), self.segments.get(at + 1..));
                let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
                segments.len() >= before.len() + after.len()
                    && all_match(before, &segments)
                    && all_match(after, segments.get(segments.len() - after.len()..).unwrap_or_default())
            }
        }
    }

    /// The indexes of the paths of a sorted list that the pattern stands for.
    pub(crate) fn select<'a>(&'a self, sorted: &'a [PathFacts]) -> impl Iterator<Item = usize> + 'a {
        let first = sorted.partition_point(|path| path.path.as_str() < self.prefix.as_str());
        let candidates = sorted.iter().enumerate().skip(first);
        let candidates = candidates.take_while(|(_, path)| path.path.starts_with(&self.prefix));
        candidates.filter(|(_, path)| self.matches(path)).map(|(index, _)| index)
    }

    /// Whether a path that could not be looked at can hide something that the pattern stands for: it is below the
    /// pattern's fixed part, or above it.
    pub(crate) fn is_hidden_by(&self, unreadable: &str) -> bool {
        contains_path(&self.prefix, unreadable) || contains_path(unreadable, &self.prefix)
    }
}

/// Whether `folder` is `path` or above it.
pub(crate) fn contains_path(folder: &str, path: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether each pattern segment matches the path segment at its place; further path segments do not matter.
fn all_match(patterns: &[String], segments: &[&str]) -> bool {
    patterns.iter().zip(segments).all(|(pattern, segment)| segment_matches(pattern, segment))
}

/// Whether a segment matches a pattern in which `*` stands for any run of characters.
fn segment_matches(pattern: &str, segment: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| segment.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part).and_then(|at| rest.get(at + part.len()..)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(path: &str) -> PathFacts {
        let (path, kind) = match path.strip_suffix('/') {
            Some(path) => (path, PathKind::Directory),
            None => (path, PathKind::File),
        };
        PathFacts { path: path.into(), kind, mode: 0o755, uid: 0, gid: 0 }
    }

    fn check(pattern: &str, path: &str, expected: bool) {
        let pattern = PathPattern::parse(pattern).unwrap();
        assert_eq!(pattern.matches(&facts(path)), expected, "{pattern:?} {path}");
        assert_eq!(pattern.select(&[facts("/a"), facts(path), facts("/zz")]).count(), usize::from(expected));
    }

    #[test]
    fn patterns_stand_for_paths() {
        for (pattern, path, expected) in [
            ("/etc/ssh", "/etc/ssh/", true),
            ("/etc/ssh", "/etc/sshd/", false),
            ("/etc/ssh/*", "/etc/ssh/moduli", true),
            ("/etc/ssh/*", "/etc/ssh/", false),
            ("/etc/ssh/*", "/etc/ssh/d/e", false),
            ("/etc/ssh/*_key", "/etc/ssh/ssh_host_rsa_key", true),
            ("/etc/ssh/*_key", "/etc/ssh/ssh_host_rsa_key.pub", false),
            ("/etc/ssh/ssh_*_key", "/etc/ssh/ssh_key", false),
            ("/etc/**/", "/etc/", true),
            ("/etc/**/", "/etc/a/b/", true),
            ("/etc/**/", "/etc/a/b", false),
            ("/etc/**/", "/etcetera/", false),
            ("/etc/**", "/etc/a/b", true),
            ("/home/*/.ssh", "/home/u/.ssh/", true),
            ("/srv/**/x", "/srv/a/b/x", true),
            ("/srv/**/x", "/srv/x", true),
            ("/srv/**/x", "/srv/a/b/y", false),
        ] {
            check(pattern, path, expected);
        }
    }

    #[test]
    fn malformed_patterns_are_refused() {
        for text in ["etc", "/etc//x", "/etc/../x", "/a**/b", "/a/**/b/**/", "/"] {
            assert!(PathPattern::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_unreadable_folder_hides_what_is_below_it() {
        let pattern = PathPattern::parse("/etc/**/").unwrap();
        for (path, expected) in [("/etc/ssl/private", true), ("/", true), ("/etc", true), ("/etcetera", false)] {
            assert_eq!(pattern.is_hidden_by(path), expected, "{path}");
        }
    }
}
