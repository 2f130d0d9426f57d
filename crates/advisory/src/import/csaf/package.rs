//! Packages of CSAF documents: by their package URL, or by an id such as `openssl-1:3.0.7-27.el9.x86_64`.

use super::product_tree::Product;
use crate::import::purl::PackageUrl;

/// Architectures that an id may end with.
const ARCHITECTURES: [&str; 18] = [
    "aarch64", "armv7hl", "i386", "i486", "i586", "i686", "ia64", "noarch", "nosrc", "ppc", "ppc64", "ppc64le",
    "riscv64", "s390", "s390x", "src", "x86_64", "armv6hl",
];

/// An rpm package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RpmPackage {
    pub(super) name: String,
    /// `[EPOCH:]VERSION-RELEASE`; empty where the document names none.
    pub(super) version: String,
    /// Empty where the document names none.
    pub(super) architecture: String,
    /// `NAME:STREAM`, or `*` for a module's build of which the document does not name it.
    pub(super) module: Option<String>,
}

/// The rpm package that a component is; absent for modules themselves, containers and whatever else.
pub(super) fn package_of(component: &Product, between: &[&Product]) -> Option<RpmPackage> {
    let purl = |product: &Product| {
        let helper = product.product_identification_helper.as_ref()?;
        helper.purl.as_deref().and_then(PackageUrl::read)
    };
    let mut package = match purl(component) {
        Some(purl) if purl.kind == "rpm" => of_purl(&purl, &component.product_id),
        Some(_) => return None,
        None => of_id(&component.product_id),
    };
    if package.module.is_none() {
        package.module = between.iter().find_map(|product| module_of(product, purl(product)));
    }
    if package.module.is_none() && package.version.contains(".module") {
        package.module = Some("*".to_owned());
    }
    let is_word = |text: &str| text.len() <= 512 && text.bytes().all(|byte| byte.is_ascii_graphic());
    let is_package = !package.name.is_empty() && is_word(&package.name) && is_word(&package.version);
    is_package.then_some(package)
}

fn of_purl(purl: &PackageUrl, id: &str) -> RpmPackage {
    // Older documents have the epoch in the id alone.
    let epoch = purl.qualifier("epoch").or_else(|| {
        let rest = id.strip_prefix(&purl.name)?.strip_prefix('-')?;
        rest.split_once(':').map(|(epoch, _)| epoch).filter(|epoch| is_number(epoch))
    });
    RpmPackage {
        name: purl.name.clone(),
        version: with_epoch(epoch.unwrap_or_default(), &purl.version),
        architecture: purl.qualifier("arch").unwrap_or_default().to_owned(),
        module: purl.module(),
    }
}

/// `[MODULE:STREAM/]NAME[-[EPOCH:]VERSION-RELEASE[.ARCHITECTURE]]`.
fn of_id(id: &str) -> RpmPackage {
    let (module, id) = match id.rsplit_once('/') {
        Some((module, rest)) if module.contains(':') => (Some(module.to_owned()), rest),
        _ => (None, id),
    };
    let (rest, architecture) = match id.rsplit_once('.') {
        Some((rest, architecture)) if ARCHITECTURES.contains(&architecture) => (rest, architecture),
        _ => (id, ""),
    };
    let begins_with_digit = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
    let parts = rest.rsplit_once('-').and_then(|(rest, release)| {
        let (name, version) = rest.rsplit_once('-')?;
        (begins_with_digit(release) && begins_with_digit(version) && !name.is_empty())
            .then_some((name, version, release))
    });
    let (name, version) = match parts {
        Some((name, version, release)) => {
            let (epoch, version) = version.split_once(':').unwrap_or(("", version));
            (name, with_epoch(epoch, &format!("{version}-{release}")))
        }
        None => (rest, String::new()),
    };
    RpmPackage { name: name.to_owned(), version, architecture: architecture.to_owned(), module }
}

/// `NAME:STREAM` of a module's product: `pkg:rpmmod/redhat/nodejs@18:8090020231115:a75119d5`, `nodejs:18:8090020231115:…`.
fn module_of(product: &Product, purl: Option<PackageUrl>) -> Option<String> {
    if let Some(purl) = purl.filter(|purl| purl.kind == "rpmmod" && !purl.version.is_empty()) {
        return Some(format!("{}:{}", purl.name, purl.version.split(':').next()?));
    }
    let mut parts = product.product_id.split(':');
    match (parts.next(), parts.next()) {
        (Some(name), Some(stream)) if !name.is_empty() && !stream.is_empty() => Some(format!("{name}:{stream}")),
        _ => None,
    }
}

fn with_epoch(epoch: &str, version: &str) -> String {
    if version.is_empty() || epoch.is_empty() || epoch == "0" || version.contains(':') {
        version.strip_prefix("0:").unwrap_or(version).to_owned()
    } else {
        format!("{epoch}:{version}")
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::csaf::product_tree::Helper;

    #[track_caller]
    fn check(id: &str, purl: &str, between: &str, expected: Option<[&str; 4]>) {
        let product = |id: &str, purl: &str| Product {
            product_id: id.to_owned(),
            name: id.to_owned(),
            product_identification_helper: (!purl.is_empty())
                .then(|| Helper { cpe: None, purl: Some(purl.to_owned()) }),
        };
        let module = product(between, "");
        let between: Vec<&Product> = [&module].into_iter().filter(|module| !module.name.is_empty()).collect();
        let found = package_of(&product(id, purl), &between);
        let found =
            found.map(|found| [found.name, found.version, found.architecture, found.module.unwrap_or_default()]);
        assert_eq!(found, expected.map(|parts| parts.map(str::to_owned)), "{id} {purl}");
    }

    #[test]
    fn packages_are_named() {
        let openssl = "pkg:rpm/redhat/openssl@3.0.7-27.el9?arch=x86_64";
        check("openssl-1:3.0.7-27.el9.x86_64", openssl, "", Some(["openssl", "1:3.0.7-27.el9", "x86_64", ""]));
        let epoch = "pkg:rpm/redhat/openssl@3.0.7-27.el9?arch=x86_64&epoch=1";
        check("whatever", epoch, "", Some(["openssl", "1:3.0.7-27.el9", "x86_64", ""]));
        check("kernel", "pkg:rpm/redhat/kernel?arch=src", "", Some(["kernel", "", "src", ""]));
        let module = "pkg:rpm/redhat/nodejs@18.1-1.module%2Bel8?arch=src&rpmmod=nodejs:18:8090";
        check("x", module, "", Some(["nodejs", "18.1-1.module+el8", "src", "nodejs:18"]));
        let unnamed = "pkg:rpm/redhat/nodejs@18.1-1.module%2Bel8?arch=src";
        check("x", unnamed, "", Some(["nodejs", "18.1-1.module+el8", "src", "*"]));
        check("x", unnamed, "nodejs:18:8090:a7", Some(["nodejs", "18.1-1.module+el8", "src", "nodejs:18"]));
        check("nodejs:18/nodejs", "", "", Some(["nodejs", "", "", "nodejs:18"]));
        check("samba-libs-4.19.4+git.339.a02-1.22", "", "", Some(["samba-libs", "4.19.4+git.339.a02-1.22", "", ""]));
        check("perl-Switch-2.17-4.1.noarch", "", "", Some(["perl-Switch", "2.17-4.1", "noarch", ""]));
        check("libdcerpc-binding0-32bit", "", "", Some(["libdcerpc-binding0-32bit", "", "", ""]));
        check("bash-0:5.1-2.el9.src", "", "", Some(["bash", "5.1-2.el9", "src", ""]));
        check("x", "pkg:oci/ubi9@sha256:00", "", None);
        check("", "", "", None);
        check("a b", "", "", None);
    }
}
