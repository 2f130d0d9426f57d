//! Package URLs (`pkg:rpm/redhat/openssl@3.0.7-27.el9?arch=x86_64&epoch=1`), as far as feeds need them.

/// A package URL, decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PackageUrl {
    /// Type, lower case: `rpm`, `pypi`.
    pub(crate) kind: String,
    /// Namespace; empty for none.
    pub(crate) namespace: String,
    pub(crate) name: String,
    /// Version; empty for none.
    pub(crate) version: String,
    qualifiers: Vec<(String, String)>,
}

impl PackageUrl {
    /// Reads one; absent for what is none.
    pub(crate) fn read(text: &str) -> Option<PackageUrl> {
        let rest = text.strip_prefix("pkg:")?.trim_start_matches('/');
        let rest = rest.split('#').next().unwrap_or_default();
        let (path, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
        // The version is behind the last @ of the last part: a namespace may begin with one (`@scope`).
        let (path, version) = match path.rsplit_once('@') {
            Some((before, version)) if !version.contains('/') && !before.ends_with('/') => (before, version),
            _ => (path, ""),
        };
        let (kind, path) = path.split_once('/')?;
        let path = path.trim_matches('/');
        let (namespace, name) = path.rsplit_once('/').unwrap_or(("", path));
        if kind.is_empty() || name.is_empty() {
            return None;
        }
        let pairs = qualifiers.split('&').filter_map(|pair| pair.split_once('='));
        Some(PackageUrl {
            kind: kind.to_ascii_lowercase(),
            namespace: decode(namespace),
            name: decode(name),
            version: decode(version),
            qualifiers: pairs.map(|(key, value)| (key.to_ascii_lowercase(), decode(value))).collect(),
        })
    }

    /// A qualifier; absent where it is not there or empty.
    pub(crate) fn qualifier(&self, name: &str) -> Option<&str> {
        let found = self.qualifiers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The module stream of Red Hat's `rpmmod=NAME:STREAM:VERSION:CONTEXT`.
    pub(crate) fn module(&self) -> Option<String> {
        let mut parts = self.qualifier("rpmmod")?.split(':');
        Some(format!("{}:{}", parts.next()?, parts.next()?))
    }
}

/// Undoes percent-encoding; what is no encoding stays as it is.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let pair = after.first_chunk::<2>().filter(|_| first == b'%');
        let digits = pair.and_then(|pair| std::str::from_utf8(pair).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<[&str; 4]>) {
        let found = PackageUrl::read(text).map(|purl| [purl.kind, purl.namespace, purl.name, purl.version]);
        assert_eq!(found, expected.map(|parts| parts.map(str::to_owned)), "{text}");
    }

    #[test]
    fn urls_have_parts() {
        check("pkg:rpm/redhat/openssl@3.0.7-27.el9?arch=x86_64", Some(["rpm", "redhat", "openssl", "3.0.7-27.el9"]));
        check("pkg:rpm/redhat/libstdc%2B%2B?arch=src", Some(["rpm", "redhat", "libstdc++", ""]));
        check("pkg:pypi/django@4.2", Some(["pypi", "", "django", "4.2"]));
        check("pkg:npm/%40a/b@1.0", Some(["npm", "@a", "b", "1.0"]));
        check("pkg:npm/@a/b", Some(["npm", "@a", "b", ""]));
        check("pkg:golang/example.org/a/b@v1#sub", Some(["golang", "example.org/a", "b", "v1"]));
        check("pkg:deb/a@100%", Some(["deb", "", "a", "100%"]));
        for text in ["", "pkg:", "pkg:rpm", "pkg:rpm/", "purl:rpm/a", "pkg:/a"] {
            check(text, None);
        }
    }

    #[test]
    fn urls_have_qualifiers() {
        let purl = PackageUrl::read("pkg:rpm/redhat/a@1?arch=&epoch=1&rpmmod=module:2.4:810:489").unwrap();
        assert_eq!((purl.qualifier("epoch"), purl.qualifier("arch"), purl.qualifier("x")), (Some("1"), None, None));
        assert_eq!(purl.module().as_deref(), Some("module:2.4"));
    }
}
