//! Reads an OVAL document into memory.

use std::io::Read;

use super::document::{
    Criteria, Cve, Definition, Document, Object, Operation, Reference, Resolution, State, Test, Text,
};
use super::feed::FEED;
use super::ubuntu::name_of_pattern;
use crate::xml::{Tag, XmlReader};
use crate::{AdvisoryError, Limits};

/// Bytes of texts that are kept; Red Hat's largest file has fewer than 60 MiB.
const MAX_TEXT_BYTES: u64 = 512 << 20;

/// Components that are not fixed in one vulnerability; each is compared with the names of packages.
const MAX_COMPONENTS: usize = 1024;

struct Parser<R: Read> {
    xml: XmlReader<R>,
    document: Document,
    limits: Limits,
    /// Definitions, criteria, references, tests and so on.
    parts: u64,
    text_bytes: u64,
}

/// Reads a document to its end.
pub(super) fn read_document<R: Read>(reader: R, limits: &Limits) -> Result<Document, AdvisoryError> {
    let xml = XmlReader::new(FEED, reader, limits);
    let mut parser = Parser { xml, document: Document::default(), limits: limits.clone(), parts: 0, text_bytes: 0 };
    parser.xml.root("oval_definitions")?;
    while let Some(section) = parser.xml.child()? {
        match section.name.as_str() {
            "definitions" => parser.each_child(Parser::read_definition)?,
            "tests" => parser.each_child(Parser::read_test)?,
            "objects" => parser.each_child(Parser::read_object)?,
            "states" => parser.each_child(Parser::read_state)?,
            "variables" => parser.each_child(Parser::read_variable)?,
            _ => parser.xml.skip()?,
        }
    }
    parser.xml.finish()?;
    Ok(parser.document)
}

impl<R: Read> Parser<R> {
    fn each_child(
        &mut self,
        mut each: impl FnMut(&mut Parser<R>, &Tag) -> Result<(), AdvisoryError>,
    ) -> Result<(), AdvisoryError> {
        while let Some(tag) = self.xml.child()? {
            each(self, &tag)?;
        }
        Ok(())
    }

    fn keep(&mut self, text: &str) -> Result<Text, AdvisoryError> {
        self.text_bytes += text.len() as u64;
        if self.text_bytes > MAX_TEXT_BYTES {
            let what = "size of its texts in bytes";
            return Err(AdvisoryError::OverLimit { feed: FEED.to_owned(), what, limit: MAX_TEXT_BYTES });
        }
        self.document.texts.add(text)
    }

    fn keep_attribute(&mut self, tag: &Tag, name: &str) -> Result<Text, AdvisoryError> {
        self.keep(tag.attribute(name).trim())
    }

    fn keep_content(&mut self) -> Result<Text, AdvisoryError> {
        let content = self.xml.text()?;
        self.keep(&content)
    }

    fn count(&mut self) -> Result<(), AdvisoryError> {
        self.parts += 1;
        let limit = self.limits.records.saturating_mul(2);
        if self.parts > limit {
            return Err(AdvisoryError::OverLimit { feed: FEED.to_owned(), what: "number of its parts", limit });
        }
        Ok(())
    }

    fn read_definition(&mut self, tag: &Tag) -> Result<(), AdvisoryError> {
        self.count()?;
        let mut definition = Definition { id: self.keep_attribute(tag, "id")?, ..Definition::default() };
        self.each_child(|parser, tag| match tag.name.as_str() {
            "metadata" => parser.read_metadata(&mut definition),
            "criteria" => {
                definition.criteria = Some(parser.read_criteria(tag)?);
                Ok(())
            }
            _ => parser.xml.skip(),
        })?;
        self.document.definitions.push(definition);
        Ok(())
    }

    fn read_metadata(&mut self, definition: &mut Definition) -> Result<(), AdvisoryError> {
        self.each_child(|parser, tag| {
            match tag.name.as_str() {
                "title" => definition.title = parser.keep_content()?,
                "description" => definition.description = parser.keep_content()?,
                "affected" => parser.each_child(|parser, tag| {
                    if tag.name == "platform" {
                        parser.count()?;
                        definition.platforms.push(parser.keep_content()?);
                        return Ok(());
                    }
                    parser.xml.skip()
                })?,
                "reference" => {
                    parser.count()?;
                    let source = parser.keep_attribute(tag, "source")?;
                    let id = parser.keep_attribute(tag, "ref_id")?;
                    let address = parser.keep_attribute(tag, "ref_url")?;
                    definition.references.push(Reference { source, id, address });
                    parser.xml.skip()?;
                }
                "advisory" => parser.read_advisory(definition)?,
                // Of Ubuntu's older documents.
                "oval_repository" => parser.xml.skip()?,
                _ => parser.xml.skip()?,
            }
            Ok(())
        })
    }

    fn read_advisory(&mut self, definition: &mut Definition) -> Result<(), AdvisoryError> {
        self.each_child(|parser, tag| {
            match tag.name.as_str() {
                "severity" => definition.severity = parser.keep_content()?,
                "cve" => {
                    let cve = parser.read_cve(tag)?;
                    definition.cves.push(cve);
                }
                "affected" => parser.each_child(|parser, tag| parser.read_resolution(tag, definition))?,
                "affected_cpe_list" => parser.each_child(|parser, _| {
                    parser.count()?;
                    definition.cpes.push(parser.keep_content()?);
                    Ok(())
                })?,
                _ => parser.xml.skip()?,
            }
            Ok(())
        })
    }

    fn read_cve(&mut self, tag: &Tag) -> Result<Cve, AdvisoryError> {
        self.count()?;
        let mut cvss = Vec::new();
        for name in ["cvss4", "cvss3", "cvss2", "cvss_vector"] {
            // `7.5/CVSS:3.1/AV:N/…`, `5.0/AV:N/…`, or the vector alone.
            let stated = tag.attribute(name);
            let vector = match stated.split_once('/') {
                Some((score, vector)) if score.parse::<f32>().is_ok() => vector,
                _ => stated,
            };
            if vector.contains('/') {
                cvss.push(self.keep(vector)?);
            }
        }
        let impact = tag.optional_attribute("impact").unwrap_or_else(|| tag.attribute("priority")).to_owned();
        let impact = self.keep(&impact)?;
        let test = self.keep_attribute(tag, "test_ref")?;
        Ok(Cve { id: self.keep_content()?, impact, cvss, test })
    }

    fn read_resolution(&mut self, tag: &Tag, definition: &mut Definition) -> Result<(), AdvisoryError> {
        if tag.name != "resolution" {
            return self.xml.skip();
        }
        self.count()?;
        let mut resolution = Resolution { state: self.keep_attribute(tag, "state")?, components: Vec::new() };
        self.each_child(|parser, _| {
            parser.count()?;
            if resolution.components.len() == MAX_COMPONENTS {
                let (feed, what) = (FEED.to_owned(), "number of components of a resolution");
                return Err(AdvisoryError::OverLimit { feed, what, limit: MAX_COMPONENTS as u64 });
            }
            resolution.components.push(parser.keep_content()?);
            Ok(())
        })?;
        definition.resolutions.push(resolution);
        Ok(())
    }

    /// The depth is bounded by that of the document.
    fn read_criteria(&mut self, tag: &Tag) -> Result<Criteria, AdvisoryError> {
        self.count()?;
        let mut nodes = Vec::new();
        self.each_child(|parser, tag| {
            let node = match tag.name.as_str() {
                "criteria" => parser.read_criteria(tag)?,
                "criterion" | "extend_definition" => {
                    parser.count()?;
                    let (test, comment) =
                        (parser.keep_attribute(tag, "test_ref")?, parser.keep_attribute(tag, "comment")?);
                    parser.xml.skip()?;
                    if tag.attribute("negate") == "true" {
                        Criteria::NotUnderstood
                    } else {
                        Criteria::Leaf { test, comment }
                    }
                }
                _ => return parser.xml.skip(),
            };
            nodes.push(node);
            Ok(())
        })?;
        Ok(match (tag.attribute("operator"), tag.attribute("negate")) {
            (_, "true") => Criteria::NotUnderstood,
            ("" | "AND", _) => Criteria::All(nodes),
            ("OR", _) => Criteria::Any(nodes),
            _ => Criteria::NotUnderstood,
        })
    }

    fn read_test(&mut self, tag: &Tag) -> Result<(), AdvisoryError> {
        self.count()?;
        let id = self.keep_attribute(tag, "id")?;
        let is_absence = tag.attribute("check_existence") == "none_exist";
        let mut test = Test { object: 0, states: Vec::new(), is_absence };
        self.each_child(|parser, tag| {
            match tag.name.as_str() {
                "object" => test.object = parser.keep_attribute(tag, "object_ref")?,
                "state" => test.states.push(parser.keep_attribute(tag, "state_ref")?),
                _ => {}
            }
            parser.xml.skip()
        })?;
        self.document.tests.insert(id, test);
        Ok(())
    }

    fn read_object(&mut self, tag: &Tag) -> Result<(), AdvisoryError> {
        self.count()?;
        let id = self.keep_attribute(tag, "id")?;
        // The name that `rpmverifyfile` has is that of the package which owns a file.
        let is_package = ["rpminfo_object", "dpkginfo_object"].contains(&tag.name.as_str());
        let mut object = Object { name: 0, variable: 0 };
        self.each_child(|parser, tag| match tag.name.as_str() {
            "name" | "pattern" => {
                object.variable = parser.keep_attribute(tag, "var_ref")?;
                let content = parser.keep_content()?;
                if is_package && object.variable == 0 {
                    object.name = content;
                }
                Ok(())
            }
            _ => parser.xml.skip(),
        })?;
        self.document.objects.insert(id, object);
        Ok(())
    }

    fn read_state(&mut self, tag: &Tag) -> Result<(), AdvisoryError> {
        self.count()?;
        let id = self.keep_attribute(tag, "id")?;
        let mut state = State::default();
        self.each_child(|parser, tag| {
            let operation = Operation::from_word(tag.attribute("operation"));
            match tag.name.as_str() {
                "evr" => state.evr = Some((operation, parser.keep_content()?)),
                "subexpression" if tag.attribute("datatype") == "debian_evr_string" => {
                    state.evr = Some((operation, parser.keep_content()?));
                }
                "version" => state.version = Some((operation, parser.keep_content()?)),
                "arch" => state.architecture = Some(parser.keep_content()?),
                "signature_keyid" => {
                    state.is_signature = true;
                    parser.xml.skip()?;
                }
                _ => parser.xml.skip()?,
            }
            Ok(())
        })?;
        self.document.states.insert(id, state);
        Ok(())
    }

    fn read_variable(&mut self, tag: &Tag) -> Result<(), AdvisoryError> {
        self.count()?;
        let id = self.keep_attribute(tag, "id")?;
        let mut values = Vec::new();
        self.each_child(|parser, tag| match tag.name.as_str() {
            "value" => {
                parser.count()?;
                if let Some(name) = name_of_pattern(&parser.xml.text()?) {
                    values.push(parser.keep(name)?);
                }
                Ok(())
            }
            _ => parser.xml.skip(),
        })?;
        self.document.variables.insert(id, values);
        Ok(())
    }
}
