//! Line: one line of a list.

use assay_model::evidence::package::{Package, Provenance};

/// The architectures that end the name of an rpm: without one of them a dot belongs to the release.
const RPM_ARCHITECTURES: [&str; 13] = [
    "noarch", "x86_64", "i386", "i486", "i586", "i686", "aarch64", "armv7hl", "ppc64le", "ppc64", "s390x", "riscv64",
    "(none)",
];

/// The package manager that printed a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manager {
    /// dpkg.
    Dpkg,
    /// rpm.
    Rpm,
    /// apk.
    Apk,
}

impl Manager {
    /// The name of the format of its database, as evidence has it.
    pub fn format(self) -> &'static str {
        match self {
            Manager::Dpkg => "dpkg",
            Manager::Rpm => "rpm",
            Manager::Apk => "apk",
        }
    }
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// An installed package.
    Package {
        /// Who printed it.
        manager: Manager,
        /// The package; its source is itself where none is named.
        package: Box<Package>,
        /// Whether the line names the source package.
        names_source: bool,
    },
    /// Nothing about an installed package: empty, a comment, a heading, a package that was removed.
    Nothing,
    /// It is not understood.
    Unknown,
}

/// Reads a line, without its line feed.
pub fn parse_line(line: &str) -> Line {
    let line = line.trim_end();
    if line.trim_start().is_empty() || line.starts_with('#') || is_heading(line) {
        return Line::Nothing;
    }
    if line.contains('\t') {
        return of_columns(line).unwrap_or(Line::Unknown);
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        [name] => of_rpm_name(name).or_else(|| of_apk_name(name, None)).unwrap_or(Line::Unknown),
        [name, architecture, origin, ..] if origin.starts_with('{') => {
            let origin = origin.trim_start_matches('{').trim_end_matches('}');
            match words.last() {
                Some(last) if last.starts_with("[installed") || words.contains(&"[installed]") => {
                    of_apk_name(name, Some((architecture, origin))).unwrap_or(Line::Unknown)
                }
                _ => Line::Nothing,
            }
        }
        [state, name, version, architecture, ..] if is_dpkg_state(state) => match state.chars().nth(1) {
            Some('n' | 'c') => Line::Nothing,
            _ => of_dpkg(name, version, architecture, "", ""),
        },
        [name, version] if starts_with_digit(version) => of_dpkg(name, version, "", "", ""),
        _ => Line::Unknown,
    }
}

/// Whether it belongs to what `dpkg -l` writes above its table, or `apk` before its list.
fn is_heading(line: &str) -> bool {
    line.starts_with("Desired=")
        || line.starts_with("||/")
        || line.starts_with("+++-")
        || line.starts_with("| ")
        || line.starts_with("|/")
        || line.starts_with("WARNING: ")
}

/// Whether it is what `dpkg -l` begins its lines with: what is wanted, what is, and perhaps an error.
fn is_dpkg_state(text: &str) -> bool {
    let mut letters = text.chars();
    matches!(letters.next(), Some('u' | 'i' | 'h' | 'r' | 'p'))
        && matches!(letters.next(), Some('n' | 'c' | 'H' | 'U' | 'F' | 'W' | 't' | 'i'))
        && matches!(letters.next(), None | Some('R'))
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

/// Columns that are separated by tabs. What `rpm` says of a source ends in `.src.rpm`; for what has none it says `(none)`.
fn of_columns(line: &str) -> Option<Line> {
    let mut columns = line.split('\t').map(str::trim);
    let mut next = || columns.next().unwrap_or_default();
    let (name, version, architecture, source, last) = (next(), next(), next(), next(), next());
    if name.is_empty() || version.is_empty() {
        return None;
    }
    let is_rpm = source == "(none)" || source.ends_with(".rpm");
    Some(if is_rpm {
        of_rpm(name, version, architecture, source, last)
    } else {
        of_dpkg(name, version, architecture, source, last)
    })
}

fn of_dpkg(name: &str, version: &str, architecture: &str, source: &str, source_version: &str) -> Line {
    let (name, qualifier) = name.split_once(':').unwrap_or((name, ""));
    if !name.starts_with(|first: char| first.is_ascii_alphanumeric())
        || !version.contains(|any: char| any.is_ascii_digit())
    {
        return Line::Unknown;
    }
    let mut package = Package::installed(name, version, if architecture.is_empty() { qualifier } else { architecture });
    // The field `Source` has the version in parentheses where it differs.
    let (source, stated) = source.split_once(' ').unwrap_or((source, ""));
    let stated = if source_version.is_empty() { stated.trim_matches(['(', ')']) } else { source_version };
    if !source.is_empty() {
        source.clone_into(&mut package.source_name);
    }
    if !stated.is_empty() {
        stated.clone_into(&mut package.source_version);
    }
    Line::Package { manager: Manager::Dpkg, package: Box::new(package), names_source: !source.is_empty() }
}

fn of_rpm(name: &str, version: &str, architecture: &str, source: &str, module: &str) -> Line {
    let evr = version.strip_prefix("0:").or_else(|| version.strip_prefix("(none):")).unwrap_or(version);
    let mut package = Package::installed(name, evr, if architecture == "(none)" { "" } else { architecture });
    let file = source.strip_suffix(".src.rpm").or_else(|| source.strip_suffix(".nosrc.rpm"));
    if let Some((name, version, release)) = file.and_then(name_version_release) {
        let epoch = evr.split_once(':').map(|(epoch, _)| format!("{epoch}:")).unwrap_or_default();
        package.source_name = name.to_owned();
        package.source_version = format!("{epoch}{version}-{release}");
    }
    let module = Some(module).filter(|module| !module.is_empty() && *module != "(none)");
    package.provenance = Provenance { module: module.map(str::to_owned), ..Provenance::default() };
    Line::Package { manager: Manager::Rpm, package: Box::new(package), names_source: file.is_some() }
}

/// `bash-5.1.8-6.el9.x86_64`.
fn of_rpm_name(text: &str) -> Option<Line> {
    let (nvr, architecture) = text.rsplit_once('.')?;
    if !RPM_ARCHITECTURES.contains(&architecture) {
        return None;
    }
    let (name, version, release) = name_version_release(nvr)?;
    Some(of_rpm(name, &format!("{version}-{release}"), architecture, "", ""))
}

fn name_version_release(text: &str) -> Option<(&str, &str, &str)> {
    let (rest, release) = text.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    (!name.is_empty() && !version.is_empty() && !release.is_empty()).then_some((name, version, release))
}

/// `ssl_client-1.36.1-r29`, and what `apk list` says of its architecture and origin.
fn of_apk_name(text: &str, stated: Option<(&str, &str)>) -> Option<Line> {
    let (name, version, release) = name_version_release(text)?;
    let is_release = release.strip_prefix('r').is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_release || !starts_with_digit(version) {
        return None;
    }
    let (architecture, origin) = stated.unwrap_or_default();
    let mut package = Package::installed(name, format!("{version}-{release}"), architecture);
    if !origin.is_empty() {
        package.source_name = origin.to_owned();
    }
    Some(Line::Package { manager: Manager::Apk, package: Box::new(package), names_source: !origin.is_empty() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(line: &str) -> String {
        match parse_line(line) {
            Line::Nothing => "nothing".to_owned(),
            Line::Unknown => "unknown".to_owned(),
            Line::Package { manager, package, names_source } => {
                let Package { name, version, architecture, source_name, source_version, provenance, .. } = *package;
                let module = provenance.module.map(|module| format!(" {module}")).unwrap_or_default();
                let source = if names_source { format!(" {source_name} {source_version}") } else { String::new() };
                format!("{} {name} {version} {architecture}{source}{module}", manager.format())
            }
        }
    }

    #[test]
    fn lines_of_every_form_are_read() {
        for (line, expected) in [
            ("adduser\t3.134", "dpkg adduser 3.134 "),
            ("libc6:amd64\t2.36-9+deb12u8", "dpkg libc6 2.36-9+deb12u8 amd64"),
            ("libssl3\t3.0.16-1\tamd64\topenssl\t3.0.16-1", "dpkg libssl3 3.0.16-1 amd64 openssl 3.0.16-1"),
            ("x\t1-1+b2\tamd64\tsrc (1-1)", "dpkg x 1-1+b2 amd64 src 1-1"),
            (
                "ii  libc6:amd64  2.36-9+deb12u8  amd64  GNU C Library: Shared libraries",
                "dpkg libc6 2.36-9+deb12u8 amd64",
            ),
            ("hi  bash  5.2.15-2+b7  amd64  GNU Bourne Again SHell", "dpkg bash 5.2.15-2+b7 amd64"),
            ("rc  old  1.0  amd64  was removed", "nothing"),
            ("||/ Name  Version  Architecture Description", "nothing"),
            ("+++-====-====", "nothing"),
            ("Desired=Unknown/Install/Remove/Purge/Hold", "nothing"),
            ("", "nothing"),
            ("# a comment", "nothing"),
            ("bash-5.1.8-6.el9_1.x86_64", "rpm bash 5.1.8-6.el9_1 x86_64"),
            ("gpg-pubkey-fd431d51-4ae0493b.(none)", "rpm gpg-pubkey fd431d51-4ae0493b "),
            (
                "openssl-libs\t1:3.0.7-24.el9\tx86_64\topenssl-3.0.7-24.el9.src.rpm\t(none)",
                "rpm openssl-libs 1:3.0.7-24.el9 x86_64 openssl 1:3.0.7-24.el9",
            ),
            (
                "nodejs\t1:18.19.0-1.module+el9\tx86_64\tnodejs-18.19.0-1.module+el9.src.rpm\tnodejs:18:9030020231222184606:rhel9",
                "rpm nodejs 1:18.19.0-1.module+el9 x86_64 nodejs 1:18.19.0-1.module+el9 nodejs:18:9030020231222184606:rhel9",
            ),
            ("bash\t0:5.1.8-6.el9\tx86_64\tbash-5.1.8-6.el9.src.rpm", "rpm bash 5.1.8-6.el9 x86_64 bash 5.1.8-6.el9"),
            ("musl-1.2.5-r0", "apk musl 1.2.5-r0 "),
            (
                "ssl_client-1.36.1-r29 x86_64 {busybox} (GPL-2.0-only) [installed]",
                "apk ssl_client 1.36.1-r29 x86_64 busybox 1.36.1-r29",
            ),
            ("zlib-1.3.1-r1 x86_64 {zlib} (Zlib)", "nothing"),
            ("hello", "unknown"),
            ("two words", "unknown"),
            ("\t1.0", "unknown"),
            ("name\t", "unknown"),
            ("-\tversion", "unknown"),
        ] {
            assert_eq!(summary(line), expected, "{line:?}");
        }
    }
}
