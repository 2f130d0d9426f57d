//! Every specimen of every format: exactly what it must give, or the problem that must be told.
//!
//! The specimens are test data of OSV-SCALIBR and of Trivy. `testdata/lock/FORMAT.txt` lists, for each, its libraries and
//! problems; they were compared by hand with what those scanners expect, and where they differ on purpose the module of
//! the format says so. `BLESS=1` writes the lists anew, to be reviewed as a change.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use assay_inventory::libraries::lock::LockFormat;
use assay_model::evidence::library::LibraryKind;
use tempfile::TempDir;

/// A format, the folders of its specimens, and what the names of files must end in.
type Specimens = (LockFormat, &'static str, &'static [(&'static str, &'static [&'static str])]);

const SPECIMENS: &[Specimens] = &[
    (
        LockFormat::BunLock,
        "bun",
        &[("osv-scalibr/language/javascript/bunlock", &[""]), ("trivy/nodejs/bun", &[".lock"])],
    ),
    (LockFormat::CargoLock, "cargo", &[("osv-scalibr/language/rust/cargolock", &[""])]),
    (
        LockFormat::ComposerLock,
        "composer",
        &[("osv-scalibr/language/php/composerlock", &[""]), ("trivy/php/composer", &["happy.lock"])],
    ),
    (LockFormat::DepsJson, "deps-json", &[("osv-scalibr/language/dotnet/depsjson", &[""])]),
    (
        LockFormat::GemfileLock,
        "gemfile",
        &[("osv-scalibr/language/ruby/gemfilelock", &[""]), ("trivy/ruby/bundler", &[""])],
    ),
    (
        LockFormat::GoMod,
        "go-mod",
        &[("osv-scalibr/language/golang/gomod", &[".mod"]), ("trivy/golang/mod", &["go.mod", "gomod"])],
    ),
    (LockFormat::GradleLock, "gradle", &[("osv-scalibr/language/java/gradlelockfile", &[""])]),
    (
        LockFormat::MavenPom,
        "maven",
        &[("osv-scalibr/language/java/pomxml", &[""]), ("trivy/java/pom", &["pom.xml", ".pom"])],
    ),
    (
        LockFormat::NugetLock,
        "nuget",
        &[("osv-scalibr/language/dotnet/packageslockjson", &[""]), ("trivy/nuget/lock", &[""])],
    ),
    (
        LockFormat::PackageLock,
        "package-lock",
        &[("osv-scalibr/language/javascript/packagelockjson", &[""]), ("trivy/nodejs/npm", &[".json"])],
    ),
    (
        LockFormat::PackagesConfig,
        "packages-config",
        &[("osv-scalibr/language/dotnet/packagesconfig", &[""]), ("trivy/nuget/config", &[""])],
    ),
    (LockFormat::PdmLock, "pdm", &[("osv-scalibr/language/python/pdmlock", &[""])]),
    (
        LockFormat::PipfileLock,
        "pipfile",
        &[("osv-scalibr/language/python/pipfilelock", &[""]), ("trivy/python/pipenv", &[""])],
    ),
    (
        LockFormat::PnpmLock,
        "pnpm",
        &[("osv-scalibr/language/javascript/pnpmlock", &[""]), ("trivy/nodejs/pnpm", &[".yaml"])],
    ),
    (
        LockFormat::PoetryLock,
        "poetry",
        &[("osv-scalibr/language/python/poetrylock", &[""]), ("trivy/python/poetry", &[""])],
    ),
    (LockFormat::Pylock, "pylock", &[("osv-scalibr/language/python/pylock", &[""]), ("trivy/python/pylock", &[""])]),
    (
        LockFormat::Requirements,
        "requirements",
        &[("osv-scalibr/language/python/requirements", &[""]), ("trivy/python/pip", &[""])],
    ),
    (LockFormat::UvLock, "uv", &[("osv-scalibr/language/python/uvlock", &[""]), ("trivy/python/uv", &[""])]),
    (
        LockFormat::YarnLock,
        "yarn",
        &[("osv-scalibr/language/javascript/yarnlock", &[""]), ("trivy/nodejs/yarn", &[""])],
    ),
];

#[test]
fn every_specimen_gives_what_it_must() {
    let unpacked = unpack();
    let root = unpacked.path().join("lockfiles");
    let mut differences = Vec::new();
    for (format, name, folders) in SPECIMENS {
        let mut written = String::new();
        for (folder, endings) in *folders {
            for file in files_below(&root.join(folder)) {
                let path = file.strip_prefix(&root).unwrap().to_str().unwrap();
                if endings.iter().any(|ending| path.ends_with(ending)) {
                    write_specimen(&mut written, *format, path, &file);
                }
            }
        }
        assert!(!written.is_empty(), "{name} has no specimens");
        let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("testdata/lock/{name}.txt"));
        if env::var_os("BLESS").is_some() {
            fs::create_dir_all(expected.parent().unwrap()).unwrap();
            fs::write(&expected, &written).unwrap();
        }
        let expected = fs::read_to_string(&expected).unwrap_or_else(|cause| panic!("{}: {cause}", expected.display()));
        differences.extend(compare(&expected, &written));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// One paragraph: the file, then a line for each library and for each problem.
fn write_specimen(written: &mut String, format: LockFormat, path: &str, file: &Path) {
    let companion = format.companion().and_then(|name| {
        // OSV-SCALIBR names both of a pair after the case.
        let named_alike = file.with_extension("sum");
        fs::read(file.with_file_name(name)).or_else(|_| fs::read(named_alike)).ok()
    });
    let parsed = format.parse(&fs::read(file).unwrap(), companion.as_deref());
    writeln!(written, "{path}").unwrap();
    for found in &parsed.found {
        let development = if found.development { " development" } else { "" };
        let kind = match found.kind {
            LibraryKind::Locked => "",
            LibraryKind::Installed => " installed",
            LibraryKind::Embedded => " embedded",
        };
        writeln!(written, "  {} {}{kind}{development}", found.name, found.version).unwrap();
    }
    for problem in &parsed.problems {
        writeln!(written, "  ! {problem}").unwrap();
    }
}

/// Paragraphs that differ, with both forms.
fn compare(expected: &str, written: &str) -> Vec<String> {
    let (expected, written) = (paragraphs(expected), paragraphs(written));
    let mut names: Vec<&str> = expected.keys().chain(written.keys()).copied().collect();
    names.dedup();
    let differs = |name: &&str| expected.get(name) != written.get(name);
    let describe = |name: &str| format!("{name}\nexpected {:#?}\ngot {:#?}", expected.get(name), written.get(name));
    names.into_iter().filter(differs).map(describe).collect()
}

fn paragraphs(text: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut paragraphs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut name = "";
    for line in text.lines() {
        match line.strip_prefix("  ") {
            Some(item) => paragraphs.entry(name).or_default().push(item),
            None => {
                name = line;
                paragraphs.entry(name).or_default();
            }
        }
    }
    paragraphs
}

fn unpack() -> TempDir {
    let shared = env::var_os("ASSAY_SHARED").map_or_else(default_shared, PathBuf::from);
    let packed = shared.join("data/hosts/lockfiles.tar.xz");
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let tar = Command::new("tar").arg("-xJf").arg(&packed).arg("-C").arg(folder.path()).status();
    assert!(tar.expect("tar and xz are needed").success(), "{} cannot be unpacked", packed.display());
    folder
}

fn default_shared() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared")
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|cause| panic!("{}: {cause}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() { pending.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}
