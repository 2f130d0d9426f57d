//! Lock files and manifests, each through every parser of its syntax.

use assay_inventory::libraries::lock::LockFormat;

/// Bun, Composer, .NET, npm, Pipenv.
pub fn lock_json(data: &[u8]) {
    parse(
        data,
        &[
            LockFormat::BunLock,
            LockFormat::ComposerInstalled,
            LockFormat::ComposerLock,
            LockFormat::DepsJson,
            LockFormat::NugetLock,
            LockFormat::PackageLock,
            LockFormat::PipfileLock,
        ],
    );
}

/// Cargo, PDM, Poetry, PyPA, uv.
pub fn lock_toml(data: &[u8]) {
    let formats =
        [LockFormat::CargoLock, LockFormat::PdmLock, LockFormat::PoetryLock, LockFormat::Pylock, LockFormat::UvLock];
    parse(data, &formats);
}

/// pnpm.
pub fn lock_yaml(data: &[u8]) {
    parse(data, &[LockFormat::PnpmLock]);
}

/// Bundler, Go, Gradle, pip, Yarn.
pub fn lock_text(data: &[u8]) {
    let formats = [
        LockFormat::GemfileLock,
        LockFormat::GoMod,
        LockFormat::GradleLock,
        LockFormat::Requirements,
        LockFormat::YarnLock,
    ];
    parse(data, &formats);
}

/// Maven, NuGet.
pub fn lock_xml(data: &[u8]) {
    parse(data, &[LockFormat::MavenPom, LockFormat::PackagesConfig]);
}

fn parse(data: &[u8], formats: &[LockFormat]) {
    for format in formats {
        let parsed = format.parse(data, format.companion().map(|_| data));
        for found in &parsed.found {
            assert!(!found.name.is_empty() && !found.version.is_empty(), "a library has a name and a version");
        }
    }
}
