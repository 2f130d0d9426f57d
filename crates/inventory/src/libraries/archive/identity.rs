//! Which library an archive is when Maven does not say so: by its manifest and the name of its file.
//!
//! Surprising: a manifest has a dozen fields for a name and hardly ever the one that the registry knows. So the artifact
//! is taken from the name of the file, which is the registry's own, and the manifest adds the group and the version.

use std::collections::BTreeMap;

use super::pom_properties::Coordinates;

/// The library that a file `artifact-1.2.3.jar` with this manifest is. `None` when neither names one with a version.
pub fn of_archive(file_name: &str, manifest: &BTreeMap<String, String>) -> Option<Coordinates> {
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    let (of_name, version_of_name) = split_stem(stem);
    let symbolic = value(manifest, "bundle-symbolicname").map(|name| name.split(';').next().unwrap_or(name).trim());
    let title = value(manifest, "implementation-title").filter(|title| is_identifier(title));
    let artifact = match version_of_name {
        Some(_) => of_name,
        // The name of the file may be anybody's; a title that is an identifier is more.
        None => title.map_or(of_name, |title| title.rsplit(['.', '#']).next().unwrap_or(title)),
    };
    let version = version_of_name
        .or_else(|| value(manifest, "implementation-version"))
        .or_else(|| value(manifest, "bundle-version"))
        .filter(|version| is_identifier(version) && version.starts_with(|first: char| first.is_ascii_digit()))?;
    let of_symbolic = symbolic.filter(|name| is_identifier(name) && *name != artifact).map(|name| {
        let prefix = name.strip_suffix(artifact).and_then(|prefix| prefix.strip_suffix('.'));
        prefix.unwrap_or(name)
    });
    let vendor = value(manifest, "implementation-vendor-id").filter(|vendor| is_identifier(vendor));
    // Eclipse's artifacts repeat their group: `org.eclipse.sisu:org.eclipse.sisu.inject`.
    let of_artifact = artifact.rsplit_once('.').map(|(group, _)| group);
    let group = of_symbolic.or(vendor).or(of_artifact).filter(|group| group.contains('.')).unwrap_or_default();
    let is_named = is_identifier(artifact) && (version_of_name.is_some() || title.is_some() || !group.is_empty());
    is_named.then(|| Coordinates {
        group: group.to_owned(),
        artifact: artifact.to_owned(),
        version: version.to_owned(),
    })
}

/// Whether the name of the file has a version, so that it is most likely the one that the registry gave it.
pub fn has_version(file_name: &str) -> bool {
    split_stem(file_name).1.is_some()
}

/// `log4j-core-2.13.0` is `log4j-core` of version `2.13.0`: the version begins at the first `-` before a digit.
fn split_stem(stem: &str) -> (&str, Option<&str>) {
    let is_start = |at: &usize| stem.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    match memchr::memchr_iter(b'-', stem.as_bytes()).find(is_start) {
        Some(at) => (stem.get(..at).unwrap_or_default(), stem.get(at + 1..)),
        None => (stem, None),
    }
}

fn value<'a>(manifest: &'a BTreeMap<String, String>, key: &str) -> Option<&'a str> {
    manifest.get(key).map(|value| value.trim()).filter(|value| !value.is_empty())
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-+#".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::super::manifest;
    use super::*;

    #[test]
    fn names_of_files_and_manifests_agree_on_a_library() {
        for (file, text, expected) in [
            ("no_pom_properties-2.4.0.jar", "", Some(":no_pom_properties 2.4.0")),
            ("no_pom_properties.jar", "", None),
            (
                "jackson-databind-2.9.1.jar",
                "Bundle-SymbolicName: com.fasterxml.jackson.core.jackson-databind\n",
                Some("com.fasterxml.jackson.core:jackson-databind 2.9.1"),
            ),
            (
                "ivy.jar",
                "Implementation-Title: org.apache.ivy\nImplementation-Version: 2.4.0\nBundle-SymbolicName: org.apache.ivy\n",
                Some("org.apache:ivy 2.4.0"),
            ),
            (
                "spring-web-5.3.26.jar",
                "Implementation-Title: spring-web\nImplementation-Version: 5.3.26\n",
                Some(":spring-web 5.3.26"),
            ),
            (
                "failureaccess.jar",
                "Bundle-SymbolicName: com.google.guava.failureaccess;singleton:=true\nBundle-Version: 1.0.1\n",
                Some("com.google.guava:failureaccess 1.0.1"),
            ),
            ("a.jar", "Implementation-Title: ${name}\nImplementation-Version: 1.2.3\n", None),
            ("a.jar", "Implementation-Title: a\nImplementation-Version: 1.4 1855 April 22 2006\n", None),
            ("org.eclipse.sisu.inject-0.3.5.jar", "", Some("org.eclipse.sisu:org.eclipse.sisu.inject 0.3.5")),
            (
                "org.eclipse.core.runtime-3.1.0.jar",
                "Bundle-SymbolicName: org.eclipse.core.runtime\n",
                Some("org.eclipse.core:org.eclipse.core.runtime 3.1.0"),
            ),
            ("a-1.0.jar", "Implementation-Vendor-Id: org.apache\n", Some("org.apache:a 1.0")),
            ("", "", None),
        ] {
            let seen = of_archive(file, &manifest::parse(text.as_bytes()))
                .map(|found| format!("{}:{} {}", found.group, found.artifact, found.version));
            assert_eq!(seen.as_deref(), expected, "{file} {text}");
        }
    }
}
