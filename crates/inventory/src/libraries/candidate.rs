//! Which files may say something about libraries: decided by their names, before anything is opened.
//!
//! Surprising: a program has no name to know it by. So every file that is not known to be something else by the end of
//! its name may be one, and only those that may be executed are then opened. Shared libraries have a name; all are opened,
//! since Go and Rust build such too: 2,218 of them on a host with tool chains take about 30 ms of processor time.

use super::lock::{LockFormat, parser_of};

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// `METADATA` or `PKG-INFO` of an installed Python distribution.
    PythonMetadata,
    /// `package.json` of an installed npm package.
    PackageJson,
    /// The specification of an installed Ruby gem.
    Gemspec,
    /// A lock file or manifest.
    Lock(LockFormat),
    /// A Java archive.
    Archive,
    /// Perhaps a program, if it may be executed.
    Program,
    /// Perhaps a shared library, which needs no such permission.
    SharedLibrary,
}

/// Ends of the names of Java archives, which are zip files.
const ARCHIVES: &[&str] = &["ear", "hpi", "jar", "jpi", "par", "rar", "sar", "war"];

/// Ends of names that no program has; the commonest of a host with tool chains.
const NO_PROGRAMS: &[&str] = &[
    "a", "bmp", "bz2", "c", "cc", "class", "cmake", "conf", "cpp", "css", "csv", "d", "deb", "desktop", "dll", "el",
    "elc", "eot", "example", "gif", "gir", "go", "gz", "h", "hh", "hpp", "htm", "html", "hxx", "in", "inc", "ini",
    "java", "jpeg", "jpg", "js", "json", "ko", "list", "lock", "log", "lua", "m4", "mako", "map", "md", "md5sums",
    "mjs", "mo", "mod", "o", "pbf", "pc", "pdf", "php", "pl", "pm", "png", "po", "proto", "ps", "py", "pyc", "pyi",
    "pyo", "pyx", "qml", "rb", "rlib", "rmeta", "rpm", "rs", "rst", "s", "scm", "scss", "service", "sh", "sql", "sum",
    "svg", "tcl", "tex", "tfm", "toml", "ts", "tsx", "ttf", "txt", "typelib", "ui", "vim", "woff", "woff2", "xml",
    "xpm", "xsd", "xsl", "xz", "yaml", "yml", "zip", "zst",
];

/// Directories of what others wrote, where a lock file says only what its author once had.
const OF_OTHERS: &[&str] =
    &["/node_modules/", "/site-packages/", "/dist-packages/", "/registry/src/", "/go/pkg/mod/", "/usr/share/doc/"];

/// How the file `name` of the directory `directory` is read; `None` when it says nothing of libraries.
pub(super) fn reading_of(directory: &str, name: &str) -> Option<Reading> {
    let parent = last_of(directory);
    match name {
        "METADATA" if parent.ends_with(".dist-info") => return Some(Reading::PythonMetadata),
        "PKG-INFO" if parent.ends_with(".egg-info") || parent == "EGG-INFO" => return Some(Reading::PythonMetadata),
        "package.json" if is_package_root(directory) => return Some(Reading::PackageJson),
        _ => {}
    }
    if let Some(format) = parser_of(name, parent) {
        let inside = format!("{directory}/");
        // These two say what is installed, wherever they are.
        let is_installed = matches!(format, LockFormat::ComposerInstalled | LockFormat::DepsJson);
        let is_of_others = OF_OTHERS.iter().any(|other| inside.contains(other));
        return (is_installed || !is_of_others).then_some(Reading::Lock(format));
    }
    let Some((_, end)) = name.rsplit_once('.') else {
        return Some(Reading::Program);
    };
    match end {
        "egg-info" => Some(Reading::PythonMetadata),
        "gemspec" => is_specifications(directory).then_some(Reading::Gemspec),
        _ if ARCHIVES.contains(&end) => Some(Reading::Archive),
        _ if NO_PROGRAMS.binary_search(&end).is_ok() => None,
        _ if end == "so" || name.contains(".so.") => Some(Reading::SharedLibrary),
        _ => Some(Reading::Program),
    }
}

/// Whether a file of this name is a Java archive.
pub(super) fn is_archive(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, end)| ARCHIVES.contains(&end))
}

/// `node_modules/NAME` and `node_modules/@SCOPE/NAME`, and where Debian installs them, `/usr/share/nodejs/NAME`.
fn is_package_root(directory: &str) -> bool {
    let Some((mut parent, _)) = directory.rsplit_once('/') else {
        return false;
    };
    if let Some((above, scope)) = parent.rsplit_once('/')
        && scope.starts_with('@')
    {
        parent = above;
    }
    last_of(parent) == "node_modules" || matches!(parent, "/usr/share/nodejs" | "/usr/lib/nodejs")
}

/// `specifications`, and `specifications/default` for what comes with Ruby.
fn is_specifications(directory: &str) -> bool {
    let directory = directory.strip_suffix("/default").unwrap_or(directory);
    last_of(directory) == "specifications"
}

fn last_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, last)| last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_names() {
        for (directory, name, expected) in [
            ("/usr/lib/python3/dist-packages/six-1.16.0.dist-info", "METADATA", Some(Reading::PythonMetadata)),
            ("/srv/six.egg-info", "PKG-INFO", Some(Reading::PythonMetadata)),
            ("/srv/six.egg/EGG-INFO", "PKG-INFO", Some(Reading::PythonMetadata)),
            ("/usr/lib/python3/dist-packages", "six-1.16.0.egg-info", Some(Reading::PythonMetadata)),
            ("/srv/six", "METADATA", Some(Reading::Program)),
            ("/srv/node_modules/a", "package.json", Some(Reading::PackageJson)),
            ("/srv/node_modules/@s/a", "package.json", Some(Reading::PackageJson)),
            ("/srv/node_modules/a/node_modules/b", "package.json", Some(Reading::PackageJson)),
            ("/usr/share/nodejs/a", "package.json", Some(Reading::PackageJson)),
            ("/usr/share/nodejs/@s/a", "package.json", Some(Reading::PackageJson)),
            ("/srv/node_modules/a/test", "package.json", None),
            ("/srv/node_modules/@s", "package.json", Some(Reading::PackageJson)),
            ("/srv/a", "package.json", None),
            ("/", "package.json", None),
            ("/var/lib/gems/3.1.0/specifications", "rake-13.0.6.gemspec", Some(Reading::Gemspec)),
            ("/usr/lib/ruby/gems/3.1.0/specifications/default", "json-2.6.1.gemspec", Some(Reading::Gemspec)),
            ("/var/lib/gems/3.1.0/gems/rake-13.0.6", "rake.gemspec", None),
            ("/srv", "Cargo.lock", Some(Reading::Lock(LockFormat::CargoLock))),
            ("/opt/cargo/registry/src/index/a-1.0.0", "Cargo.lock", None),
            ("/srv/node_modules/a", "package-lock.json", None),
            ("/srv", "a.jar", Some(Reading::Archive)),
            ("/srv", "a.war", Some(Reading::Archive)),
            ("/usr/bin", "python3.11", Some(Reading::Program)),
            ("/usr/bin", "ls", Some(Reading::Program)),
            ("/usr/lib", "libc.so.6", Some(Reading::SharedLibrary)),
            ("/usr/lib", "libc.so", Some(Reading::SharedLibrary)),
            ("/usr/share/doc", "ld.so.8.gz", None),
            ("/usr/bin", "ld.so", Some(Reading::SharedLibrary)),
            ("/usr/include", "stdio.h", None),
        ] {
            assert_eq!(reading_of(directory, name), expected, "{directory} {name}");
        }
    }

    #[test]
    fn ends_of_names_can_be_searched() {
        assert!(NO_PROGRAMS.is_sorted());
    }
}
