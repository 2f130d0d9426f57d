//! Errata as JSON: AlmaLinux's `errata.full.json` and the older `errata.json`, and pages of the Rocky Linux errata API.
//!
//! AlmaLinux publishes one document for each major release and does not name it inside, so the caller does; Rocky's
//! names the product of every package. Which of the shapes a document has is told by its members.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::errata_record::{AlmaErratum, RockyAdvisory};
use super::notice::Output;
use crate::entry::EntrySink;
use crate::json::{guarded, parse_error};
use crate::scope::Scope;
use crate::{AdvisoryError, Limits};

const ALMALINUX: &str = "almalinux-errata";
const ROCKY: &str = "rocky-errata";

/// Reads AlmaLinux's errata of one release: `{"data": […]}` or an array.
///
/// # Errors
///
/// When the document breaks off, is no JSON of this shape, has no erratum, or is over a limit.
pub fn read_almalinux(
    reader: impl Read,
    scope: &Scope,
    limits: &Limits,
    sink: &mut dyn EntrySink,
) -> Result<(), AdvisoryError> {
    let mut output = Output::new(ALMALINUX, limits, sink);
    for_each_of(ALMALINUX, "data", reader, limits, |erratum: AlmaErratum| {
        erratum.into_notice(&mut output).map_or(Ok(()), |notice| notice.report(scope, &mut output))
    })
}

/// Reads one page of the Rocky Linux errata API (`/api/v2/advisories`, `/api/v3/advisories`), or an array of its
/// advisories.
///
/// # Errors
///
/// As [`read_almalinux`].
pub fn read_rocky(reader: impl Read, limits: &Limits, sink: &mut dyn EntrySink) -> Result<(), AdvisoryError> {
    let mut output = Output::new(ROCKY, limits, sink);
    for_each_of(ROCKY, "advisories", reader, limits, |advisory: RockyAdvisory| {
        let notices: BTreeMap<Scope, _> = advisory.into_notices(&mut output);
        notices.into_iter().try_for_each(|(scope, notice)| notice.report(&scope, &mut output))
    })
}

/// Reads the elements of an array one by one; it is the document, or a member of it.
fn for_each_of<T: DeserializeOwned>(
    feed: &'static str,
    member: &'static str,
    reader: impl Read,
    limits: &Limits,
    each: impl FnMut(T) -> Result<(), AdvisoryError>,
) -> Result<(), AdvisoryError> {
    let mut failure = None;
    let mut count = 0;
    let elements = Elements { member, each, failure: &mut failure, count: &mut count, element: PhantomData };
    let mut deserializer = serde_json::Deserializer::from_reader(guarded(reader, limits));
    let parsed = elements.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    if let Some(failure) = failure {
        return Err(failure);
    }
    parsed.map_err(|cause| parse_error(feed, cause))?;
    if count == 0 {
        let (place, detail) = ("the document".to_owned(), "it has no erratum".to_owned());
        return Err(AdvisoryError::Malformed { feed, place, detail });
    }
    Ok(())
}

struct Elements<'a, T, F> {
    member: &'static str,
    each: F,
    /// What stopped the reader, where it is more than serde can say.
    failure: &'a mut Option<AdvisoryError>,
    count: &'a mut u64,
    element: PhantomData<T>,
}

impl<'de, T: DeserializeOwned, F: FnMut(T) -> Result<(), AdvisoryError>> DeserializeSeed<'de> for Elements<'_, T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: DeserializeOwned, F: FnMut(T) -> Result<(), AdvisoryError>> Visitor<'de> for Elements<'_, T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an array of errata, or an object with one as {:?}", self.member)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut sequence: A) -> Result<(), A::Error> {
        while let Some(element) = sequence.next_element::<T>()? {
            *self.count += 1;
            if let Err(failure) = (self.each)(element) {
                *self.failure = Some(failure);
                return Err(serde::de::Error::custom("stopped"));
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut elements = Some(self);
        while let Some(key) = map.next_key::<String>()? {
            match elements.take_if(|elements| elements.member == key) {
                Some(elements) => map.next_value_seed(elements)?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::collected::Collected;

    fn almalinux(json: &str) -> Result<Collected, String> {
        let mut collected = Collected::default();
        let scope = "almalinux-8".parse().unwrap();
        read_almalinux(json.as_bytes(), &scope, &Limits::default(), &mut collected).map_err(|e| e.to_string())?;
        Ok(collected)
    }

    fn rocky(json: &str) -> Result<Collected, String> {
        let mut collected = Collected::default();
        read_rocky(json.as_bytes(), &Limits::default(), &mut collected).map_err(|error| error.to_string())?;
        Ok(collected)
    }

    const PACKAGE: &str = r#"{"name":"Judy","epoch":"0","version":"1.0.5","release":"18.el8","arch":"x86_64"}"#;
    const REFERENCES: &str = r#"[{"id":"CVE-2019-2510","type":"cve"},{"id":"A","type":"self","href":"https://a/"}]"#;

    #[test]
    fn both_shapes_of_almalinux_are_read() {
        let new = format!(
            r#"{{"schema_version":"1.0","data":[{{"id":"ALSA-2019:3708","type":"security","severity":"Moderate",
            "title":"t","description":"","packages":[{PACKAGE}],"references":{REFERENCES}}}]}}"#
        );
        let old = format!(
            r#"[{{"updateinfo_id":"ALSA-2019:3708","type":"security","severity":"Moderate","title":"t",
            "pkglist":{{"name":"n","packages":[{PACKAGE}]}},"references":{REFERENCES}}}]"#
        );
        let line = "almalinux-8 CVE-2019-2510 Judy < 0:1.0.5-18.el8 [x86_64] Moderate ALSA-2019:3708";
        for json in [&new, &old] {
            let found = almalinux(json).unwrap();
            assert_eq!(found.lines(), [line]);
            assert_eq!((found.entries[0].1.module.as_deref(), found.malformed.len()), (None, 0));
        }
        let module = |json: &str| almalinux(json).unwrap().entries[0].1.module.clone();
        let of_package = new.replace("\"arch\"", "\"module\":\"mariadb:10.3:80:c5:x86_64\",\"arch\"");
        assert_eq!(module(&of_package).as_deref(), Some("mariadb:10.3"));
        let of_list = old.replace("\"name\":\"n\"", r#""module":{"name":"virt","stream":"rhel","version":1}"#);
        assert_eq!(module(&of_list).as_deref(), Some("virt:rhel"));
        assert_eq!(module(&new.replace("18.el8", "18.module_el8.5.0")).as_deref(), Some("*"));
        assert_eq!(almalinux(&new.replace("security", "bugfix")).unwrap().lines(), [line]);
        assert_eq!(
            almalinux(&new.replace("\"cve\"", "\"rhsa\"").replace("security", "bugfix")).unwrap().lines(),
            [""; 0]
        );
        assert_eq!(almalinux(&new.replace("ALSA-2019:3708", "")).unwrap().malformed, ["erratum: it has no id"]);
    }

    #[test]
    fn both_shapes_of_rocky_are_read() {
        let three = r#"{"advisories":[{"name":"RLSA-2025:1","synopsis":"s","kind":"Security","severity":"Moderate",
            "cves":[{"cve":"CVE-2025-58183","cvss3_scoring_vector":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}],
            "packages":[{"nevra":"a-b-0:1-2.el9.x86_64.rpm","module_name":"m","module_stream":"1",
            "product_name":"Rocky Linux 9 x86_64"},{"nevra":"a-b-0:1-2.el9.src.rpm","product_name":"Rocky Linux 9 x86_64"},
            {"nevra":"a-0:1-2.el8.noarch.rpm","product_name":"Rocky Linux 8.4 x86_64 (Legacy)"}]}]}"#;
        let found = rocky(three).unwrap();
        let lines = [
            "rocky-8 CVE-2025-58183 a < 0:1-2.el8 [noarch] Moderate RLSA-2025:1",
            "rocky-9 CVE-2025-58183 a-b < 0:1-2.el9 [x86_64] Moderate RLSA-2025:1",
        ];
        assert_eq!(found.lines(), lines);
        assert_eq!(found.entries[1].1.module.as_deref(), Some("m:1"));
        assert_eq!(found.entries[1].1.cvss, ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"]);
        let two = r#"{"advisories":[{"type":"TYPE_SECURITY","name":"RLSA-2022:7","synopsis":"s",
            "severity":"SEVERITY_IMPORTANT","cves":[{"name":"CVE-2022-1234","cvss3ScoringVector":"UNKNOWN"}],
            "rpms":{"Rocky Linux 8":{"nvras":["a-0:1-2.el8.x86_64.rpm"]}}}]}"#;
        let line = "rocky-8 CVE-2022-1234 a < 0:1-2.el8 [x86_64] IMPORTANT RLSA-2022:7";
        assert_eq!(rocky(two).unwrap().lines(), [line]);
        let unknown = rocky(&two.replace("Rocky Linux 8", "Rocky Linux SIG Cloud 8")).unwrap();
        assert_eq!(unknown.malformed, ["RLSA-2022:7: the product \"Rocky Linux SIG Cloud 8\" is not known"]);
        let unnamed = rocky(&two.replace("a-0:1-2.el8.x86_64.rpm", "a.rpm")).unwrap();
        assert_eq!(unnamed.malformed, ["RLSA-2022:7: \"a.rpm\" is no name of a package's file"]);
    }

    #[test]
    fn other_documents_are_refused() {
        for (json, expected) in [
            ("{}", "almalinux-errata: the document: it has no erratum"),
            ("[]", "almalinux-errata: the document: it has no erratum"),
            (r#"{"data":[]}"#, "almalinux-errata: the document: it has no erratum"),
            ("7", "failed to parse almalinux-errata"),
            (r#"{"data":[7]}"#, "failed to parse almalinux-errata"),
            (r#"{"data":["#, "failed to parse almalinux-errata"),
        ] {
            assert_eq!(almalinux(json).unwrap_err(), expected, "{json}");
        }
    }
}
