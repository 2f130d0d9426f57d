//! `pom.properties`, by which Maven says what it built into an archive (Maven Archiver).
//!
//! Surprising: a shaded archive keeps the files of all libraries that were merged into it, so one archive may have
//! many. A file without a group is read by the folder that it lies in: `META-INF/maven/GROUP/ARTIFACT/`.

/// A library of the Maven registry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coordinates {
    /// Group; empty where nothing says it.
    pub group: String,
    /// Artifact.
    pub artifact: String,
    /// Version.
    pub version: String,
}

/// The largest file that is read, in bytes: it has three lines and a comment.
pub const MAX_BYTES: u64 = 64 * 1024;

/// Reads a file; `entry` is its name in the archive. `None` without artifact or version, or when one is a variable that
/// was never filled in.
pub fn parse(entry: &str, bytes: &[u8]) -> Option<Coordinates> {
    let text = String::from_utf8_lossy(bytes);
    let value = |wanted: &str| {
        text.lines().find_map(|line| {
            let (key, value) = line.trim_start().split_once(['=', ':'])?;
            (key.trim_end() == wanted).then(|| value.trim().to_owned()).filter(|value| !value.is_empty())
        })
    };
    let folders: Vec<&str> = entry.rsplit('/').collect();
    let folder = |at: usize| match folders.get(3) {
        Some(&"maven") => folders.get(at).map(|folder| (*folder).to_owned()),
        _ => None,
    };
    let coordinates = Coordinates {
        group: value("groupId").or_else(|| folder(2)).unwrap_or_default(),
        artifact: value("artifactId").or_else(|| folder(1))?,
        version: value("version")?,
    };
    let all = [&coordinates.group, &coordinates.artifact, &coordinates.version];
    all.iter().all(|value| !value.contains("${")).then_some(coordinates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_lines_name_a_library() {
        let entry = "META-INF/maven/org.group/artifact/pom.properties";
        for (entry, text, expected) in [
            (entry, "#made\nversion=1.0\ngroupId=a.b\nartifactId=c\n", Some("a.b:c 1.0")),
            (entry, "version = 1.0 \r\n", Some("org.group:artifact 1.0")),
            ("pom.properties", "version=1\nartifactId=c", Some(":c 1")),
            ("pom.properties", "version=1\n", None),
            (entry, "version=${project.version}\n", None),
            (entry, "version=\n", None),
        ] {
            let seen = parse(entry, text.as_bytes())
                .map(|found| format!("{}:{} {}", found.group, found.artifact, found.version));
            assert_eq!(seen.as_deref(), expected, "{text}");
        }
    }
}
