//! Which file is read by which parser, and within which limits.

use super::{
    bun_lock, cargo_lock, composer, deps_json, gemfile_lock, go_mod, gradle_lock, maven_pom, nuget_lock, package_lock,
    packages_config, pdm_lock, pipfile_lock, pnpm_lock, poetry_lock, pylock, requirements, uv_lock, yarn_lock,
};
use crate::libraries::found::{ParseError, Parsed};

/// A format of lock files or manifests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockFormat {
    /// Bun's `bun.lock`.
    BunLock,
    /// Rust's `Cargo.lock`.
    CargoLock,
    /// Composer's `vendor/composer/installed.json`.
    ComposerInstalled,
    /// Composer's `composer.lock`.
    ComposerLock,
    /// .NET's `*.deps.json`.
    DepsJson,
    /// Bundler's `Gemfile.lock` and `gems.locked`.
    GemfileLock,
    /// Go's `go.mod`.
    GoMod,
    /// Gradle's `gradle.lockfile`.
    GradleLock,
    /// Maven's `pom.xml`.
    MavenPom,
    /// NuGet's `packages.lock.json`.
    NugetLock,
    /// npm's `package-lock.json` and `npm-shrinkwrap.json`.
    PackageLock,
    /// NuGet's `packages.config`.
    PackagesConfig,
    /// PDM's `pdm.lock`.
    PdmLock,
    /// Pipenv's `Pipfile.lock`.
    PipfileLock,
    /// pnpm's `pnpm-lock.yaml`.
    PnpmLock,
    /// Poetry's `poetry.lock`.
    PoetryLock,
    /// `pylock.toml`.
    Pylock,
    /// pip's `requirements*.txt`.
    Requirements,
    /// uv's `uv.lock`.
    UvLock,
    /// `yarn.lock` of Yarn 1 and of later ones.
    YarnLock,
}

impl LockFormat {
    /// Every format.
    pub const ALL: &[LockFormat] = &[
        LockFormat::BunLock,
        LockFormat::CargoLock,
        LockFormat::ComposerInstalled,
        LockFormat::ComposerLock,
        LockFormat::DepsJson,
        LockFormat::GemfileLock,
        LockFormat::GoMod,
        LockFormat::GradleLock,
        LockFormat::MavenPom,
        LockFormat::NugetLock,
        LockFormat::PackageLock,
        LockFormat::PackagesConfig,
        LockFormat::PdmLock,
        LockFormat::PipfileLock,
        LockFormat::PnpmLock,
        LockFormat::PoetryLock,
        LockFormat::Pylock,
        LockFormat::Requirements,
        LockFormat::UvLock,
        LockFormat::YarnLock,
    ];

    /// The largest file that is read, in bytes: a parsed TOML file takes many times its size, the others little.
    pub fn max_bytes(self) -> u64 {
        match self {
            LockFormat::CargoLock
            | LockFormat::PdmLock
            | LockFormat::PoetryLock
            | LockFormat::Pylock
            | LockFormat::UvLock => 8 << 20,
            LockFormat::BunLock
            | LockFormat::ComposerInstalled
            | LockFormat::ComposerLock
            | LockFormat::DepsJson
            | LockFormat::NugetLock
            | LockFormat::PackageLock
            | LockFormat::PipfileLock => 64 << 20,
            LockFormat::PnpmLock
            | LockFormat::GemfileLock
            | LockFormat::GoMod
            | LockFormat::GradleLock
            | LockFormat::Requirements
            | LockFormat::YarnLock => 16 << 20,
            LockFormat::MavenPom | LockFormat::PackagesConfig => 8 << 20,
        }
    }

    /// A file beside it that is needed too, where there is one.
    pub fn companion(self) -> Option<&'static str> {
        match self {
            LockFormat::GoMod => Some("go.sum"),
            _ => None,
        }
    }

    /// Reads a file; `companion` is the content of the file of that name beside it, where there is one.
    pub fn parse(self, bytes: &[u8], companion: Option<&[u8]>) -> Parsed {
        self.read(bytes, companion).unwrap_or_else(Parsed::failed).finish()
    }

    fn read(self, bytes: &[u8], companion: Option<&[u8]>) -> Result<Parsed, ParseError> {
        match self {
            LockFormat::BunLock => bun_lock::parse(bytes),
            LockFormat::CargoLock => cargo_lock::parse(bytes),
            LockFormat::ComposerInstalled => composer::parse_installed(bytes),
            LockFormat::ComposerLock => composer::parse_lock(bytes),
            LockFormat::DepsJson => deps_json::parse(bytes),
            LockFormat::GemfileLock => gemfile_lock::parse(bytes),
            LockFormat::GoMod => go_mod::parse(bytes, companion),
            LockFormat::GradleLock => gradle_lock::parse(bytes),
            LockFormat::MavenPom => maven_pom::parse(bytes),
            LockFormat::NugetLock => nuget_lock::parse(bytes),
            LockFormat::PackageLock => package_lock::parse(bytes),
            LockFormat::PackagesConfig => packages_config::parse(bytes),
            LockFormat::PdmLock => pdm_lock::parse(bytes),
            LockFormat::PipfileLock => pipfile_lock::parse(bytes),
            LockFormat::PnpmLock => pnpm_lock::parse(bytes),
            LockFormat::PoetryLock => poetry_lock::parse(bytes),
            LockFormat::Pylock => pylock::parse(bytes),
            LockFormat::Requirements => requirements::parse(bytes),
            LockFormat::UvLock => uv_lock::parse(bytes),
            LockFormat::YarnLock => yarn_lock::parse(bytes),
        }
    }
}

/// The format of a file by its name and the name of the directory that it lies in.
pub fn parser_of(file_name: &str, parent: &str) -> Option<LockFormat> {
    let format = match file_name {
        "bun.lock" => LockFormat::BunLock,
        "Cargo.lock" => LockFormat::CargoLock,
        "installed.json" if parent == "composer" => LockFormat::ComposerInstalled,
        "composer.lock" => LockFormat::ComposerLock,
        "Gemfile.lock" | "gems.locked" => LockFormat::GemfileLock,
        "go.mod" => LockFormat::GoMod,
        "gradle.lockfile" | "buildscript-gradle.lockfile" => LockFormat::GradleLock,
        "pom.xml" => LockFormat::MavenPom,
        "packages.lock.json" => LockFormat::NugetLock,
        "package-lock.json" | "npm-shrinkwrap.json" => LockFormat::PackageLock,
        "packages.config" => LockFormat::PackagesConfig,
        "pdm.lock" => LockFormat::PdmLock,
        "Pipfile.lock" => LockFormat::PipfileLock,
        "pnpm-lock.yaml" => LockFormat::PnpmLock,
        "poetry.lock" => LockFormat::PoetryLock,
        "uv.lock" => LockFormat::UvLock,
        "yarn.lock" => LockFormat::YarnLock,
        _ if file_name.ends_with(".deps.json") => LockFormat::DepsJson,
        _ if is_pylock(file_name) => LockFormat::Pylock,
        _ if is_requirements(file_name, parent) => LockFormat::Requirements,
        _ => return None,
    };
    Some(format)
}

/// `pylock.toml` or `pylock.NAME.toml` (PEP 751, "File Name").
fn is_pylock(file_name: &str) -> bool {
    let middle = file_name.strip_prefix("pylock.").and_then(|rest| rest.strip_suffix("toml"));
    middle.is_some_and(|middle| middle.is_empty() || middle.trim_end_matches('.').split('.').count() == 1)
}

/// pip's files have no fixed name: `requirements.txt`, `dev-requirements.txt`, `requirements/dev.txt` are what people use.
fn is_requirements(file_name: &str, parent: &str) -> bool {
    file_name.strip_suffix(".txt").is_some_and(|stem| stem.contains("requirements") || parent == "requirements")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_names() {
        for (file_name, parent, expected) in [
            ("requirements.txt", "app", Some(LockFormat::Requirements)),
            ("requirements-dev.txt", "app", Some(LockFormat::Requirements)),
            ("dev.txt", "requirements", Some(LockFormat::Requirements)),
            ("requires.txt", "a.egg-info", None),
            ("pylock.toml", "app", Some(LockFormat::Pylock)),
            ("pylock.dev.toml", "app", Some(LockFormat::Pylock)),
            ("pylock.a.b.toml", "app", None),
            ("pyproject.toml", "app", None),
            ("npm-shrinkwrap.json", "app", Some(LockFormat::PackageLock)),
            ("cargo.lock", "app", None),
        ] {
            assert_eq!(parser_of(file_name, parent), expected, "{file_name}");
        }
    }
}
