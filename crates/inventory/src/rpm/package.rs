//! One installed package, from its header.
//!
//! Surprising: a header without an epoch means epoch 0 by rpm's definition, not an unknown one, so an absent epoch and
//! an explicit 0 are written alike, as nothing; any other is written before the version.

use assay_model::evidence::package::{Package, Provenance};

use super::defects::Defects;
use super::files::Files;
use super::header::{Header, HeaderError, Tag};
use super::origin::origin;
use super::role::role;
use super::signature::{key_id, key_id_of_base64};

/// Public keys of repositories, which rpm before version 6 keeps among the packages.
const KEY_PACKAGE: &str = "gpg-pubkey";

/// Whether a package of this name is a public key.
pub(super) fn is_key(name: &str) -> bool {
    name == KEY_PACKAGE
}

/// A package, and when it was installed (seconds since 1970-01-01; 0 when the header does not say).
pub(super) struct Installed {
    pub(super) package: Package,
    pub(super) installed_at: u32,
}

/// Reads a header; `None` for a key. `number` is the database's, for what is told of a package without a name.
///
/// # Errors
///
/// When what makes a package comparable (name, version, release, epoch, source) cannot be read. What else is damaged
/// becomes a defect.
pub(super) fn read(
    header: &Header<'_>,
    number: u32,
    distribution: &str,
    defects: &mut Defects,
) -> Result<Option<Installed>, HeaderError> {
    let name = header.required_text(Tag::Name)?;
    if is_key(&name) {
        return Ok(None);
    }
    let mut keep = Keep { name: &name, number, defects };
    let epoch = header.number(Tag::Epoch)?;
    let version = header.required_text(Tag::Version)?;
    let version = evr(epoch, &format!("{version}-{}", header.required_text(Tag::Release)?));
    let architecture = keep.or_default(header.text(Tag::Architecture)).unwrap_or_default();
    let mut package = Package::installed(&name, version, architecture);
    let source = header.text(Tag::SourceRpm)?.filter(|file| !file.is_empty());
    if let Some(file) = source {
        match split_source(&file) {
            Some((source_name, source_version)) => {
                package.source_name = source_name.to_owned();
                package.source_version = evr(epoch, source_version);
            }
            None => keep.defect(&format!("its source package {file:?} has no name and version")),
        }
    }
    let is_stated = |text: &String| !text.is_empty() && text != "(none)";
    package.provenance = Provenance {
        module: keep.or_default(header.text(Tag::ModularityLabel)).filter(is_stated),
        vendor: keep.or_default(header.text(Tag::Vendor)).filter(is_stated),
        signing_key: signing_key(header, &mut keep),
    };
    package.origin = origin(distribution, package.provenance.vendor.as_deref());
    let files = Files::of(header).map_err(|error| keep.defect(&error.to_string())).ok();
    package.role = role(&name, &package.source_name, files.as_ref());
    let installed_at = keep.or_default(header.number(Tag::InstallTime)).unwrap_or_default();
    Ok(Some(Installed { package, installed_at }))
}

/// Takes what is damaged as absent, and tells it.
struct Keep<'a> {
    name: &'a str,
    number: u32,
    defects: &'a mut Defects,
}

impl Keep<'_> {
    fn defect(&mut self, detail: &str) {
        self.defects.malformed(format!("package {} ({}): {detail}", self.number, self.name));
    }

    fn or_default<T: Default>(&mut self, value: Result<T, HeaderError>) -> T {
        value.unwrap_or_else(|error| {
            self.defect(&error.to_string());
            T::default()
        })
    }
}

/// A version with its epoch, unless that is 0.
pub(super) fn evr(epoch: Option<u32>, version: &str) -> String {
    match epoch {
        None | Some(0) => version.to_owned(),
        Some(epoch) => format!("{epoch}:{version}"),
    }
}

/// Name, and version with release, of `NAME-VERSION-RELEASE.src.rpm`.
pub(super) fn split_source(file: &str) -> Option<(&str, &str)> {
    let package = file.strip_suffix(".src.rpm").or_else(|| file.strip_suffix(".nosrc.rpm"))?;
    let release_at = package.rfind('-')?;
    let version_at = package.get(..release_at)?.rfind('-')?;
    let (name, version) = (package.get(..version_at)?, package.get(version_at + 1..)?);
    let is_whole = !name.is_empty() && !version.starts_with('-') && !version.ends_with('-');
    is_whole.then_some((name, version))
}

/// The key of the first signature that names one: of the header alone before those of header and content.
fn signing_key(header: &Header<'_>, keep: &mut Keep<'_>) -> Option<String> {
    let mut is_signed = false;
    for tag in [Tag::RsaHeader, Tag::DsaHeader, Tag::SigPgp, Tag::SigGpg] {
        let signature = keep.or_default(header.bytes(tag));
        is_signed |= signature.is_some();
        if let Some(id) = signature.and_then(key_id) {
            return Some(id);
        }
    }
    match header.texts(Tag::OpenPgp) {
        Ok(signatures) => {
            for signature in signatures {
                is_signed = true;
                if let Some(id) = key_id_of_base64(signature) {
                    return Some(id);
                }
            }
        }
        Err(error) => keep.defect(&error.to_string()),
    }
    if is_signed {
        keep.defect("its signature names no key");
    }
    None
}

#[cfg(test)]
mod tests {
    use assay_model::evidence::package::PackageRole;

    use super::super::specimen::{Value, header};
    use super::*;

    fn read_tags(tags: Vec<(Tag, Value<'_>)>) -> (Result<Option<Package>, HeaderError>, Vec<String>) {
        let mut all = vec![
            (Tag::Name, Value::Text("perl-libs")),
            (Tag::Version, Value::Text("5.32.1")),
            (Tag::Release, Value::Text("481.el9")),
            (Tag::Architecture, Value::Text("x86_64")),
        ];
        all.extend(tags);
        let blob = header(&all);
        let mut defects = Defects::new("/database");
        let installed = read(&Header::parse(&blob).unwrap(), 7, "rhel", &mut defects);
        let details = defects.into_problems().into_iter().map(|problem| problem.detail).collect();
        (installed.map(|installed| installed.map(|installed| installed.package)), details)
    }

    #[test]
    fn every_field_is_read() {
        let signature =
            [0x88, 17, 3, 5, 0, 1, 2, 3, 4, 0x19, 0x9e, 0x2f, 0x91, 0xfd, 0x43, 0x1d, 0x51, 1, 8].as_slice();
        let (package, defects) = read_tags(vec![
            (Tag::Epoch, Value::Numbers(&[4])),
            (Tag::SourceRpm, Value::Text("perl-5.32.1-481.el9.src.rpm")),
            (Tag::ModularityLabel, Value::Text("perl:5.32:9030020230101:9fe1d287")),
            (Tag::Vendor, Value::Text("Red Hat, Inc.")),
            (Tag::RsaHeader, Value::Bytes(signature)),
        ]);
        let expected = Package {
            source_name: "perl".to_owned(),
            source_version: "4:5.32.1-481.el9".to_owned(),
            origin: origin("rhel", Some("Red Hat, Inc.")),
            provenance: Provenance {
                module: Some("perl:5.32:9030020230101:9fe1d287".to_owned()),
                vendor: Some("Red Hat, Inc.".to_owned()),
                signing_key: Some("199e2f91fd431d51".to_owned()),
            },
            ..Package::installed("perl-libs", "4:5.32.1-481.el9", "x86_64")
        };
        assert_eq!((package.unwrap().unwrap(), defects), (expected, vec![]));
    }

    #[test]
    fn what_is_damaged_is_told_and_the_rest_kept() {
        for (tag, value, detail) in [
            (Tag::Architecture, Value::Numbers(&[1]), "tag Architecture has the type 4"),
            (
                Tag::SourceRpm,
                Value::Text("perl.src.rpm"),
                r#"its source package "perl.src.rpm" has no name and version"#,
            ),
            (Tag::Vendor, Value::Bytes(b"x"), "tag Vendor has the type 7"),
            (Tag::SigPgp, Value::Bytes(b"x"), "its signature names no key"),
            (Tag::OpenPgp, Value::Texts(&["!"]), "its signature names no key"),
            (
                Tag::BaseNames,
                Value::Texts(&["a"]),
                "the file list contradicts itself: there are not as many names as directory indexes",
            ),
        ] {
            let (package, defects) = read_tags(vec![(tag, value)]);
            let package = package.unwrap().unwrap();
            assert_eq!((package.version.as_str(), package.role), ("5.32.1-481.el9", PackageRole::Ordinary));
            assert_eq!(defects, [format!("package 7 (perl-libs): {detail}")]);
        }
    }

    #[test]
    fn what_cannot_be_compared_is_no_package() {
        for (tag, value) in [
            (Tag::Name, Value::Text("")),
            (Tag::Version, Value::Numbers(&[5])),
            (Tag::Release, Value::Texts(&[])),
            (Tag::Epoch, Value::Text("4")),
            (Tag::SourceRpm, Value::Numbers(&[5])),
        ] {
            assert!(read_tags(vec![(tag, value)]).0.is_err(), "{tag:?}");
        }
        assert_eq!(read_tags(vec![(Tag::Name, Value::Text("gpg-pubkey"))]), (Ok(None), vec![]));
    }

    #[test]
    fn an_epoch_of_zero_is_no_epoch() {
        for (epoch, version) in [(&[][..], "5.32.1-481.el9"), (&[0], "5.32.1-481.el9"), (&[1], "1:5.32.1-481.el9")] {
            let package = read_tags(vec![(Tag::Epoch, Value::Numbers(epoch))]).0.unwrap().unwrap();
            assert_eq!(package.version, version);
        }
    }

    #[test]
    fn source_files_are_split_at_the_last_two_hyphens() {
        for (file, expected) in [
            ("util-linux-2.32.1-42.el8_8.src.rpm", Some(("util-linux", "2.32.1-42.el8_8"))),
            ("kernel-default-5.14.21-150400.24.nosrc.rpm", Some(("kernel-default", "5.14.21-150400.24"))),
            ("bash-5.1.8-1.x86_64.rpm", None),
            ("bash-5.1.src.rpm", None),
            ("-5.1-1.src.rpm", None),
            ("bash-5.1-.src.rpm", None),
            ("bash--1.src.rpm", None),
            ("", None),
        ] {
            assert_eq!(split_source(file), expected, "{file}");
        }
    }
}
