//! Package URLs (ECMA-427, "Package-URL specification"): `pkg:type/namespace/name@version?qualifiers#subpath`.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

/// The longest that is read, in bytes.
const MAX_BYTES: usize = 8192;

/// A package URL, taken apart and percent-decoded; [`fmt::Display`] writes the canonical form.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purl {
    /// Type, lower case.
    pub purl_type: String,
    /// Segments joined by `/`; empty where there is none.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// Version; empty where there is none.
    pub version: String,
    /// Qualifiers by lower-case key; none is empty.
    pub qualifiers: BTreeMap<String, String>,
    /// Segments joined by `/`; empty where there is none.
    pub subpath: String,
}

/// The text is no package URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no package URL: {reason}")]
pub struct ParsePurlError {
    /// The text, its beginning.
    pub text: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// Types whose namespace and name are the same in any letter case.
const LOWER_BOTH: [&str; 7] = ["alpm", "apk", "bitbucket", "composer", "deb", "git", "github"];
/// Types whose name is.
const LOWER_NAME: [&str; 5] = ["bitnami", "hex", "oci", "otp", "pub"];
/// Types whose namespace is.
const LOWER_NAMESPACE: [&str; 2] = ["hex", "qpkg"];

impl Purl {
    /// A package URL with a type, a name and a version.
    pub fn new(purl_type: &str, name: &str, version: &str) -> Purl {
        Purl { purl_type: purl_type.to_owned(), name: name.to_owned(), version: version.to_owned(), ..Purl::default() }
    }

    /// With a namespace.
    pub fn with_namespace(self, namespace: &str) -> Purl {
        Purl { namespace: namespace.to_owned(), ..self }
    }

    /// With a qualifier; an empty value leaves it out.
    pub fn with(mut self, key: &str, value: &str) -> Purl {
        if !value.is_empty() {
            self.qualifiers.insert(key.to_owned(), value.to_owned());
        }
        self
    }

    /// A qualifier.
    pub fn qualifier(&self, key: &str) -> Option<&str> {
        self.qualifiers.get(key).map(String::as_str)
    }

    /// Applies the rules of the type ("Known purl types").
    fn canonical(mut self) -> Purl {
        let kind = self.purl_type.as_str();
        if LOWER_BOTH.contains(&kind) || LOWER_NAME.contains(&kind) {
            self.name = self.name.to_lowercase();
        }
        if LOWER_BOTH.contains(&kind) || LOWER_NAMESPACE.contains(&kind) || kind == "rpm" {
            self.namespace = self.namespace.to_lowercase();
        }
        match kind {
            "pypi" => self.name = self.name.to_lowercase().replace('_', "-"),
            "mlflow" if self.qualifier("repository_url").is_some_and(|url| url.contains("azuredatabricks")) => {
                self.name = self.name.to_lowercase();
            }
            "huggingface" => self.version = self.version.to_lowercase(),
            "vscode-extension" => {
                self.name = self.name.to_lowercase();
                self.namespace = self.namespace.to_lowercase();
            }
            _ => {}
        }
        self
    }
}

impl FromStr for Purl {
    type Err = ParsePurlError;

    fn from_str(text: &str) -> Result<Purl, ParsePurlError> {
        let refused = |reason| ParsePurlError { text: text.chars().take(120).collect(), reason };
        if text.len() > MAX_BYTES {
            return Err(refused("it is too long"));
        }
        let rest = text.trim();
        let (scheme, rest) = rest.split_once(':').ok_or_else(|| refused("it has no scheme"))?;
        if !scheme.eq_ignore_ascii_case("pkg") {
            return Err(refused("its scheme is not pkg"));
        }
        let rest = rest.trim_start_matches('/');
        let (rest, subpath) = rest.rsplit_once('#').unwrap_or((rest, ""));
        let (rest, qualifiers) = rest.rsplit_once('?').unwrap_or((rest, ""));
        let (purl_type, rest) = rest.split_once('/').ok_or_else(|| refused("it has no name"))?;
        let is_type = purl_type.starts_with(|first: char| first.is_ascii_alphabetic())
            && purl_type.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
        if !is_type {
            return Err(refused("its type holds other characters than letters, digits, '.' and '-'"));
        }
        let rest = rest.trim_matches('/');
        // A version follows the last '@' behind the last '/': npm's scopes may be written unencoded.
        let (path, version) = match rest.rfind('@') {
            Some(at) if rest.rfind('/').is_none_or(|slash| at > slash) => rest.split_at(at),
            _ => (rest, ""),
        };
        let (namespace, name) = path.rsplit_once('/').unwrap_or(("", path));
        let decode = |text: &str| decode(text).ok_or_else(|| refused("it is not percent-encoded UTF-8"));
        let segments = |text: &str| -> Result<String, ParsePurlError> {
            let parts = text.split('/').filter(|part| !part.is_empty()).map(decode);
            let parts = parts.collect::<Result<Vec<String>, _>>()?;
            Ok(parts.join("/"))
        };
        let mut purl = Purl {
            purl_type: purl_type.to_ascii_lowercase(),
            namespace: segments(namespace)?,
            name: decode(name)?,
            version: decode(version.trim_start_matches('@'))?,
            ..Purl::default()
        };
        if purl.name.is_empty() {
            return Err(refused("it has no name"));
        }
        for pair in qualifiers.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').ok_or_else(|| refused("a qualifier has no value"))?;
            let is_key = key.starts_with(|first: char| first.is_ascii_alphabetic())
                && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
            if !is_key {
                return Err(refused(
                    "the key of a qualifier holds other characters than letters, digits, '.', '-' and '_'",
                ));
            }
            let value = decode(value)?;
            if !value.is_empty() && purl.qualifiers.insert(key.to_ascii_lowercase(), value).is_some() {
                return Err(refused("a qualifier comes twice"));
            }
        }
        let parts = subpath.split('/').map(decode).collect::<Result<Vec<String>, _>>()?;
        let parts: Vec<String> = parts.into_iter().filter(|part| !matches!(part.as_str(), "" | "." | "..")).collect();
        purl.subpath = parts.join("/");
        Ok(purl.canonical())
    }
}

impl fmt::Display for Purl {
    /// Writes the canonical form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let purl = self.clone().canonical();
        write!(f, "pkg:{}/", purl.purl_type)?;
        for segment in purl.namespace.split('/').filter(|segment| !segment.is_empty()) {
            write!(f, "{}/", encoded(segment))?;
        }
        write!(f, "{}", encoded(&purl.name))?;
        if !purl.version.is_empty() {
            write!(f, "@{}", encoded(&purl.version))?;
        }
        for (index, (key, value)) in purl.qualifiers.iter().enumerate() {
            write!(f, "{}{key}={}", if index == 0 { '?' } else { '&' }, encoded(value))?;
        }
        for (index, segment) in purl.subpath.split('/').filter(|segment| !segment.is_empty()).enumerate() {
            write!(f, "{}{}", if index == 0 { '#' } else { '/' }, encoded(segment))?;
        }
        Ok(())
    }
}

/// Percent-encoded as the specification asks: letters, digits and `.-_~` stay, and so does `:`.
fn encoded(text: &str) -> PercentEncode<'_> {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');
    utf8_percent_encode(text, ENCODED)
}

/// Percent-decoded; absent where that is no UTF-8. A `%` that begins no escape stands for itself.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let escaped = behind.get(..2).filter(|_| first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).ok()
}
