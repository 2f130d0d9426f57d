//! `updateinfo.xml` of a repository of rpm packages: Amazon Linux, AlmaLinux, Rocky Linux, SUSE.
//!
//! It does not say reliably for which release it is (`<release>` is `0` or a product's name), so the caller does. Amazon
//! publishes one for each topic beside the core (`amazon-linux-2---kernel-5.15`): the packages of a topic have the names
//! of the core's, so their entries carry the topic as channel.

use std::io::Read;

use super::notice::{Fix, Notice, Output, UpdatedPackage, evr, module_of_release};
use crate::entry::EntrySink;
use crate::scope::Scope;
use crate::xml::{Tag, XmlReader};
use crate::{AdvisoryError, CveId, Limits};

const FEED: &str = "updateinfo";

/// Reads one unpacked `updateinfo.xml` as the notices of a scope.
///
/// A notice that names no vulnerability is one itself if its type is `security`. One that was retracted is passed over.
///
/// # Errors
///
/// When it breaks off, is no XML of this kind, or is over a limit.
pub fn read(reader: impl Read, scope: &Scope, limits: &Limits, sink: &mut dyn EntrySink) -> Result<(), AdvisoryError> {
    let mut output = Output::new(FEED, limits, sink);
    let mut xml = XmlReader::new(FEED, reader, limits);
    xml.root("updates")?;
    while let Some(tag) = xml.child()? {
        match tag.name.as_str() {
            "update" => read_update(&mut xml, &tag, scope, &mut output)?,
            _ => xml.skip()?,
        }
    }
    xml.finish()
}

fn read_update<R: Read>(
    xml: &mut XmlReader<R>,
    update: &Tag,
    scope: &Scope,
    output: &mut Output<'_>,
) -> Result<(), AdvisoryError> {
    let mut notice = Notice::default();
    let mut summary = String::new();
    while let Some(tag) = xml.child()? {
        match tag.name.as_str() {
            "id" => notice.id = xml.text()?,
            "title" => notice.title = xml.text()?,
            "severity" => notice.severity = xml.text()?,
            "summary" => summary = xml.text()?,
            "description" => notice.description = xml.text()?,
            "references" => read_references(xml, &mut notice, output)?,
            "pkglist" => read_package_list(xml, &mut notice)?,
            _ => xml.skip()?,
        }
    }
    if update.attribute("status") == "retracted" {
        return Ok(());
    }
    if notice.id.is_empty() {
        output.malformed("update", "it has no id");
        return Ok(());
    }
    if notice.fixes.is_empty() {
        if update.attribute("type") != "security" {
            return Ok(());
        }
        notice.fixes.push(Fix { id: notice.id.clone(), ..Fix::default() });
    }
    if notice.title.is_empty() {
        notice.title = summary;
    }
    notice.report(scope, output)
}

fn read_references<R: Read>(
    xml: &mut XmlReader<R>,
    notice: &mut Notice,
    output: &mut Output<'_>,
) -> Result<(), AdvisoryError> {
    while let Some(tag) = xml.child()? {
        xml.skip()?;
        let (id, kind) = (tag.attribute("id"), tag.attribute("type"));
        if kind == "self" && !tag.attribute("href").is_empty() {
            notice.reference = tag.attribute("href").to_owned();
        }
        if kind != "cve" {
            continue;
        }
        match id.parse::<CveId>() {
            Ok(cve) => {
                let id = cve.to_string();
                // Red Hat's rebuilders list some twice.
                if !notice.fixes.iter().any(|fix| fix.id == id) {
                    notice.fixes.push(Fix { id, ..Fix::default() });
                }
            }
            Err(error) => output.malformed(&notice.id, &error.to_string()),
        }
    }
    Ok(())
}

fn read_package_list<R: Read>(xml: &mut XmlReader<R>, notice: &mut Notice) -> Result<(), AdvisoryError> {
    while let Some(tag) = xml.child()? {
        match tag.name.as_str() {
            "collection" => read_collection(xml, &tag, notice)?,
            _ => xml.skip()?,
        }
    }
    Ok(())
}

fn read_collection<R: Read>(
    xml: &mut XmlReader<R>,
    collection: &Tag,
    notice: &mut Notice,
) -> Result<(), AdvisoryError> {
    let channel = channel_of(collection.attribute("short"));
    let mut module = None;
    while let Some(tag) = xml.child()? {
        match tag.name.as_str() {
            "module" => {
                xml.skip()?;
                module = Some(format!("{}:{}", tag.attribute("name"), tag.attribute("stream")));
            }
            "package" => {
                xml.skip()?;
                let evr = evr(tag.attribute("epoch"), tag.attribute("version"), tag.attribute("release"));
                let package = UpdatedPackage {
                    name: tag.attribute("name").to_owned(),
                    module: module.clone().or_else(|| module_of_release(&evr)),
                    evr,
                    architecture: tag.attribute("arch").to_owned(),
                    channel: channel.clone(),
                };
                if package.architecture != "src" {
                    notice.packages.push(package);
                }
            }
            _ => xml.skip()?,
        }
    }
    Ok(())
}

/// `extras-kernel-5.15` of `amazon-linux-2---kernel-5.15`.
fn channel_of(collection: &str) -> Option<String> {
    let (_, topic) = collection.strip_prefix("amazon-linux-")?.split_once("---")?;
    (topic != "core").then(|| format!("extras-{topic}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::collected::Collected;

    fn read_text(xml: &str) -> Result<Collected, String> {
        let mut collected = Collected::default();
        let scope = "amazon-2".parse().unwrap();
        read(xml.as_bytes(), &scope, &Limits::default(), &mut collected).map_err(|error| error.to_string())?;
        Ok(collected)
    }

    fn update(attributes: &str, references: &str, packages: &str) -> String {
        format!(
            r#"<updates><update {attributes}><id>ALAS2-2023-1</id><title>t</title><severity>medium</severity>
            <references>{references}</references><pkglist>{packages}</pkglist></update></updates>"#
        )
    }

    const CVE: &str = r#"<reference id="CVE-2022-1000" type="cve" href="h"/><reference id="R" type="redhat"/>"#;
    const PACKAGES: &str = r#"<collection short="amazon-linux-2"><name>n</name>
        <package name="a" epoch="0" version="1" release="2.amzn2" arch="x86_64"><filename>f</filename></package>
        <package name="a" epoch="0" version="1" release="2.amzn2" arch="aarch64"/>
        <package name="a" epoch="0" version="1" release="2.amzn2" arch="src"/>
        <package name="b" version="1" release="2.amzn2" arch="noarch"/></collection>"#;

    #[test]
    fn notices_become_entries() {
        let check = |xml: &str, expected: &[&str], malformed: &[&str]| {
            let found = read_text(xml).unwrap();
            assert_eq!(found.lines(), expected, "{xml}");
            assert_eq!(found.malformed, malformed, "{xml}");
        };
        let security = r#"type="security" status="final""#;
        let a = "amazon-2 CVE-2022-1000 a < 0:1-2.amzn2 [aarch64,x86_64] medium ALAS2-2023-1";
        let b = "amazon-2 CVE-2022-1000 b < 1-2.amzn2 [noarch] medium ALAS2-2023-1";
        check(&update(security, CVE, PACKAGES), &[a, b], &[]);
        check(&update(security, &CVE.repeat(2), PACKAGES), &[a, b], &[]);
        check(&update("type='bugfix'", CVE, PACKAGES), &[a, b], &[]);
        check(&update("type='bugfix'", "", PACKAGES), &[], &[]);
        check(&update("type='security' status='retracted'", CVE, PACKAGES), &[], &[]);
        let without = &[
            "amazon-2 ALAS2-2023-1 a < 0:1-2.amzn2 [aarch64,x86_64] medium ",
            "amazon-2 ALAS2-2023-1 b < 1-2.amzn2 [noarch] medium ",
        ];
        check(&update(security, "", PACKAGES), without, &[]);
        check(
            &update(security, &CVE.replace("CVE-2022-1000", "CVE-22"), PACKAGES),
            without,
            &["ALAS2-2023-1: \"CVE-22\" is no CVE id"],
        );
        check(&update(security, CVE, ""), &[], &["ALAS2-2023-1: it names no package"]);
        check(
            &update(security, CVE, &PACKAGES.replace("name=\"a\"", "name=\"\"")),
            &[b],
            &["ALAS2-2023-1: \"\" \"0:1-2.amzn2\" is no package and version"; 2],
        );
        check(&update(security, CVE, PACKAGES).replace("<id>ALAS2-2023-1</id>", ""), &[], &["update: it has no id"]);
    }

    #[test]
    fn modules_and_topics_are_told() {
        let package = r#"<package name="a" epoch="1" version="2" release="3.module_el8.5.0+1" arch="x86_64"/>"#;
        let module = r#"<module name="nodejs" stream="18" version="1" context="c" arch="x86_64"/>"#;
        for (short, module, expected) in [
            ("c", "", (Some("*"), None)),
            ("c", module, (Some("nodejs:18"), None)),
            ("amazon-linux-2---kernel-5.15", "", (Some("*"), Some("extras-kernel-5.15"))),
            ("amazon-linux-2---core", "", (Some("*"), None)),
        ] {
            let collection = format!(r#"<collection short="{short}">{module}{package}</collection>"#);
            let found = read_text(&update("type='security'", CVE, &collection)).unwrap();
            let (_, entry) = &found.entries[0];
            assert_eq!((entry.module.as_deref(), entry.channel.as_deref()), expected);
        }
    }

    #[test]
    fn other_documents_are_refused() {
        assert_eq!(read_text("<html/>").unwrap_err(), "updateinfo: byte 7: the document is \"html\", not \"updates\"");
        assert!(read_text("<updates><update>").unwrap_err().contains("ends inside an element"));
    }
}
