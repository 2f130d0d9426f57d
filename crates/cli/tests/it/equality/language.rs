//! Packages of every language ecosystem: installed, locked, and built into programs; and what is broken.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::specimen::{mode, put};

/// Where lock files stand, and the specimens of the fuzz targets that they are copies of.
const LOCKED: &[(&str, &str)] = &[
    ("srv/bun/bun.lock", "lock_json/bun"),
    ("srv/composer/composer.lock", "lock_json/composer"),
    ("srv/npm/package-lock.json", "lock_json/npm-v3"),
    ("srv/npm-1/package-lock.json", "lock_json/npm-v1"),
    ("srv/nuget/packages.lock.json", "lock_json/nuget"),
    ("srv/pipenv/Pipfile.lock", "lock_json/pipfile"),
    ("srv/bundler/Gemfile.lock", "lock_text/gemfile"),
    ("srv/go/go.mod", "lock_text/go.mod"),
    ("srv/go/go.sum", "lock_text/go.sum"),
    ("srv/gradle/gradle.lockfile", "lock_text/gradle"),
    ("srv/pip/requirements.txt", "lock_text/requirements"),
    ("srv/yarn/yarn.lock", "lock_text/yarn-1"),
    ("srv/yarn-berry/yarn.lock", "lock_text/yarn-berry"),
    ("srv/cargo/Cargo.lock", "lock_toml/cargo"),
    ("srv/pdm/pdm.lock", "lock_toml/pdm"),
    ("srv/poetry/poetry.lock", "lock_toml/poetry"),
    ("srv/pypa/pylock.toml", "lock_toml/pylock"),
    ("srv/uv/uv.lock", "lock_toml/uv"),
    ("srv/dotnet/packages.config", "lock_xml/packages-config"),
    ("srv/maven/pom.xml", "lock_xml/pom"),
    ("srv/pnpm/pnpm-lock.yaml", "lock_yaml/v9"),
    ("srv/broken/pom.xml", "lock_xml/deep"),
    ("srv/broken/pnpm-lock.yaml", "lock_yaml/laughs"),
    ("srv/broken/package-lock.json", "lock_json/deep"),
    ("srv/dotnet/app.deps.json", "lock_json/deps-byte-order-mark"),
    ("srv/composer/vendor/composer/installed.json", "lock_json/composer-1-installed"),
];

/// Programs and archives that say what is built into them.
const EMBEDDED: &[(&str, &str)] = &[
    ("usr/local/bin/auditable", "programs/cargo-auditable"),
    ("usr/local/bin/go-inline", "programs/go-inline"),
    ("opt/go/bin/go-pointers", "programs/go-pointers"),
    ("srv/java/nested.jar", "jar/nested.jar"),
    ("srv/java/stored.jar", "jar/stored.jar"),
    ("srv/java/zip64.jar", "jar/zip64.jar"),
];

/// Metadata of installed packages.
const INSTALLED: &[(&str, &str)] = &[
    (
        "usr/lib/python3/dist-packages/six-1.16.0.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: six\nVersion: 1.16.0\n\n",
    ),
    (
        "home/me/.venv/lib/python3.11/site-packages/Zope.Interface-5.5.dist-info/METADATA",
        "Name: Zope.Interface\nVersion: 5.5\n\n",
    ),
    (
        "usr/local/lib/python3.11/dist-packages/old.egg-info/PKG-INFO",
        "Metadata-Version: 1.1\nName: old\nVersion: 0.1\n",
    ),
    ("srv/node/node_modules/left-pad/package.json", r#"{"name":"left-pad","version":"1.3.0"}"#),
    ("srv/node/node_modules/@scope/one/package.json", r#"{"name":"@scope/one","version":"1.0.0-rc.1"}"#),
    ("srv/node/node_modules/left-pad/node_modules/ms/package.json", r#"{"name":"ms","version":"2.0.0"}"#),
    ("srv/node/node_modules/.store/dep@2.0.0/node_modules/dep/package.json", r#"{"name":"dep","version":"2.0.0"}"#),
    ("usr/share/nodejs/acorn/package.json", r#"{"name":"acorn","version":"8.8.1"}"#),
    ("srv/\u{fc}ml\u{e4}ut/node_modules/one/package.json", r#"{"name":"one","version":"1.0.0"}"#),
    (
        "var/lib/gems/3.1.0/specifications/rake-13.0.6.gemspec",
        "Gem::Specification.new do |s|\n  s.name = \"rake\".freeze\n  s.version = \"13.0.6\"\nend\n",
    ),
    ("srv/broken/node_modules/cut/package.json", r#"{"name":"cut","vers"#),
    ("srv/broken/cut.jar", "PK\x03\x04"),
    ("var/lib/docker/overlay2/1/diff/Cargo.lock", "[[package]]\nname = \"hidden\"\nversion = \"1.0.0\"\n"),
];

fn corpus(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Puts them all below the root.
pub(super) fn add(root: &Path) {
    for (path, specimen) in LOCKED.iter().chain(EMBEDDED) {
        put(root, path, &corpus(specimen));
    }
    for (path, _) in EMBEDDED {
        mode(root, path, 0o755);
    }
    for (path, content) in INSTALLED {
        put(root, path, content.as_bytes());
    }
    put(root, "srv/java/app.war", &archive(&[("WEB-INF/lib/inner.jar", &inner())]));
    // A program under a second name, a link to it, and one that is no program for lack of the permission.
    fs::hard_link(root.join("usr/local/bin/go-inline"), root.join("usr/local/bin/go-again")).unwrap();
    symlink("go-inline", root.join("usr/local/bin/go-link")).unwrap();
    put(root, "srv/not-executable", &corpus("programs/go-inline"));
    // As pnpm installs: the name is a link into its store; and a link that leads in a circle.
    symlink(".store/dep@2.0.0/node_modules/dep", root.join("srv/node/node_modules/dep")).unwrap();
    symlink("..", root.join("srv/node/node_modules/up")).unwrap();
    // A program that is mostly holes.
    let sparse = fs::File::create(root.join("usr/local/bin/sparse")).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&sparse, &corpus("programs/go-inline"), 0).unwrap();
    sparse.set_len(3 << 20).unwrap();
    mode(root, "usr/local/bin/sparse", 0o755);
}

fn inner() -> Vec<u8> {
    let properties = b"groupId=org.example\nartifactId=inner\nversion=1.2.3\n";
    archive(&[("META-INF/maven/org.example/inner/pom.properties", properties)])
}

/// A zip file of stored members (APPNOTE 6.3.10 §4.3), whose checksums nobody looks at.
fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let start = bytes.len() as u32;
        let size = (content.len() as u32).to_le_bytes();
        let name_length = (name.len() as u16).to_le_bytes();
        // Version, flags, method, time, date, checksum, both sizes, lengths of name and extra field.
        let common = [&[10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], &size[..], &size, &name_length, &[0, 0]].concat();
        bytes.extend([b"PK\x03\x04", &common[..], name.as_bytes(), content].concat());
        let place = [&[0; 10][..], &start.to_le_bytes()].concat();
        directory.extend([b"PK\x01\x02\x0a\0", &common[..], &place, name.as_bytes()].concat());
    }
    let (count, start) = ((members.len() as u16).to_le_bytes(), (bytes.len() as u32).to_le_bytes());
    let size = (directory.len() as u32).to_le_bytes();
    [&bytes[..], &directory, b"PK\x05\x06\0\0\0\0", &count, &count, &size, &start, &[0, 0]].concat()
}
