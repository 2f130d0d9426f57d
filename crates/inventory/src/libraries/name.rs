//! One spelling for each name: what a registry takes for the same name is written the same way.
//!
//! Surprising: NuGet keeps the letter case that an author chose and ignores it everywhere, so lower case is as good as
//! any; crates.io ignores case and `_` against `-` when a name is registered, but `Cargo.lock` holds the registered
//! one. Maven, npm, Go and RubyGems tell names apart by every letter.

use assay_model::ecosystem::Ecosystem;

/// The name as evidence holds it.
pub fn canonical_name(ecosystem: Ecosystem, name: &str) -> String {
    match ecosystem {
        Ecosystem::Pypi => pep_503(name),
        // Packagist stores lower case; NuGet looks up by lower case (NuGet API, "Package Content", LOWER_ID).
        Ecosystem::Nuget | Ecosystem::Packagist => name.to_lowercase(),
        Ecosystem::CratesIo | Ecosystem::Go | Ecosystem::Maven | Ecosystem::Npm | Ecosystem::Rubygems => {
            name.to_owned()
        }
    }
}

/// Runs of `-`, `_` and `.` become one `-`, letters become small (PEP 503, "Normalized Names").
fn pep_503(name: &str) -> String {
    let mut normalised = String::with_capacity(name.len());
    let mut is_within_run = false;
    for letter in name.chars() {
        let separates = matches!(letter, '-' | '_' | '.');
        match (separates, is_within_run) {
            (true, true) => {}
            (true, false) => normalised.push('-'),
            (false, _) => normalised.extend(letter.to_lowercase()),
        }
        is_within_run = separates;
    }
    normalised
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_package_are_one_name() {
        for (ecosystem, name, expected) in [
            (Ecosystem::Pypi, "Flask", "flask"),
            (Ecosystem::Pypi, "zope.interface", "zope-interface"),
            (Ecosystem::Pypi, "ruamel_.-yaml", "ruamel-yaml"),
            (Ecosystem::Pypi, "", ""),
            (Ecosystem::Nuget, "Newtonsoft.Json", "newtonsoft.json"),
            (Ecosystem::Packagist, "Symfony/Console", "symfony/console"),
            (Ecosystem::Npm, "JSONStream", "JSONStream"),
            (Ecosystem::Go, "github.com/BurntSushi/toml", "github.com/BurntSushi/toml"),
            (Ecosystem::Maven, "org.Example:A_b", "org.Example:A_b"),
            (Ecosystem::Rubygems, "RedCloth", "RedCloth"),
            (Ecosystem::CratesIo, "proc-macro2_x", "proc-macro2_x"),
        ] {
            assert_eq!(canonical_name(ecosystem, name), expected);
        }
    }
}
