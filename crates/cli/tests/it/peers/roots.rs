//! Root directories made of the shared data: package databases of four formats, and a tree of libraries.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::support::{shared, write};

use super::program::ask;

/// Alpine's own root file system.
pub(super) fn alpine() -> TempDir {
    let root = TempDir::new().unwrap();
    unpack("alpine-minirootfs-3.20.3-x86_64.tar.gz", root.path());
    root
}

/// A root directory with one of the shared rpm databases.
pub(super) fn rpm(database: &str, place: &str, system: &str) -> TempDir {
    let root = TempDir::new().unwrap();
    let folder = shared().join("hosts/pkgdb");
    write(root.path(), place, &fs::read(folder.join("go-rpmdb").join(database)).unwrap());
    let release = folder.join("syft/linux-os-release/os").join(system).join("etc/os-release");
    write(root.path(), "etc/os-release", &fs::read(release).unwrap());
    root
}

/// Folders of lock files for other programs' tests, and the name that each of the files has in a project. Syft crashes on
/// the `.deps.json` with a package without a version, and gives no list at all; so only the valid one is taken.
const LOCKS: [(&str, &str); 16] = [
    ("osv-scalibr/language/dotnet/depsjson/testdata/valid", "app.deps.json"),
    ("osv-scalibr/language/golang/gomod", "go.mod"),
    ("osv-scalibr/language/java/gradlelockfile", "gradle.lockfile"),
    ("osv-scalibr/language/javascript/packagelockjson", "package-lock.json"),
    ("osv-scalibr/language/javascript/pnpmlock", "pnpm-lock.yaml"),
    ("osv-scalibr/language/javascript/yarnlock", "yarn.lock"),
    ("osv-scalibr/language/php/composerlock", "composer.lock"),
    ("osv-scalibr/language/python/pipfilelock", "Pipfile.lock"),
    ("osv-scalibr/language/python/poetrylock", "poetry.lock"),
    ("osv-scalibr/language/ruby/gemfilelock", "Gemfile.lock"),
    ("osv-scalibr/language/rust/cargolock", "Cargo.lock"),
    ("trivy/nodejs/npm", "package-lock.json"),
    ("trivy/nodejs/pnpm", "pnpm-lock.yaml"),
    ("trivy/nodejs/yarn", "yarn.lock"),
    ("trivy/python/pipenv", "Pipfile.lock"),
    ("trivy/python/poetry", "poetry.lock"),
];
/// Folders that are taken as they are: jars inside jars, programs of Go and Rust.
const AS_THEY_ARE: [&str; 3] = ["binaries", "osv-scalibr/language/java/archive", "trivy/java/jar"];

/// A root directory without packages that holds lock files of eight ecosystems, jars and programs.
pub(super) fn libraries() -> TempDir {
    let folder = TempDir::new().unwrap();
    unpack("lockfiles.tar.xz", folder.path());
    let from = folder.path().join("lockfiles");
    let root = TempDir::new().unwrap();
    for (place, name) in LOCKS {
        for file in files(&from.join(place)) {
            let specimen = file.strip_prefix(&from).unwrap().to_str().unwrap();
            write(root.path(), &format!("srv/{specimen}/{name}"), &fs::read(&file).unwrap());
        }
    }
    for place in AS_THEY_ARE {
        for file in files(&from.join(place)) {
            let specimen = file.strip_prefix(&from).unwrap().to_str().unwrap();
            let to = root.path().join("opt").join(specimen);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(&file, to).unwrap();
        }
    }
    root
}

fn unpack(archive: &str, folder: &Path) {
    let archive = shared().join("hosts").join(archive);
    ask(Command::new("tar").arg("--no-same-owner").arg("-xf").arg(archive).arg("-C").arg(folder));
}

/// The file, or all below the folder.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    fs::read_dir(path).unwrap().flat_map(|entry| files(&entry.unwrap().path())).collect()
}
