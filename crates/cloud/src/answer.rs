//! Answers: the XML of the Query protocol → the JSON that the AWS command line prints of it.
//!
//! As the command line does, what the table does not know is passed over, and of an element that comes twice the first is
//! taken. Unlike there, a secret is left out, and a number or boolean that is none stays the text that it is, so that whoever
//! reads it can say so. A document type declaration is refused, so no entity is ever expanded.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use serde_json::{Map, Number, Value};

use crate::calls::{SECRETS, Service};
use crate::table::{Kind, Shapes, Structure, shapes};

/// How deep elements may lie in each other; the deepest answer has 13 levels.
const MAX_DEPTH: u32 = 64;

/// Why an answer cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// It is not UTF-8.
    #[error("the answer is not UTF-8")]
    Encoding(#[source] std::str::Utf8Error),
    /// It is no XML.
    #[error("the answer is no XML, at byte {offset}")]
    Syntax {
        /// Where.
        offset: u64,
        /// Why.
        #[source]
        cause: quick_xml::Error,
    },
    /// It is no JSON object.
    #[error("the answer is no JSON object")]
    Json(#[source] serde_json::Error),
    /// It ends too early.
    #[error("the answer ends inside an element")]
    Cut,
    /// Something that no answer has.
    #[error("the answer has {0}")]
    Refused(&'static str),
    /// The element that holds the result is missing.
    #[error("the answer has no {0}")]
    NoResult(String),
    /// The table does not have the action: our defect.
    #[error("the action {0} is not in the table of shapes")]
    UnknownAction(String),
}

/// What an action answered in XML, as JSON.
///
/// # Errors
///
/// When it is no answer of that action.
pub fn read_xml(service: Service, action: &str, body: &[u8]) -> Result<Map<String, Value>, AnswerError> {
    let unknown = || AnswerError::UnknownAction(action.to_owned());
    let shapes = shapes(service).ok_or_else(unknown)?;
    let structure = shapes.get(format!("{action}:").as_str()).ok_or_else(unknown)?;
    let mut cursor = Cursor::new(body)?;
    let result = format!("{action}Result");
    let Step::Open(_) = cursor.step(None)? else { return Err(AnswerError::NoResult(result)) };
    if service != Service::Ec2 {
        cursor.enter(&result)?;
    }
    let answer = cursor.structure(shapes, structure)?;
    cursor.finish()?;
    Ok(answer)
}

/// What an action answered in JSON, without secrets.
///
/// # Errors
///
/// When it is no JSON object.
pub fn read_json(body: &[u8]) -> Result<Map<String, Value>, AnswerError> {
    let mut answer: Map<String, Value> = serde_json::from_slice(body).map_err(AnswerError::Json)?;
    answer.values_mut().for_each(forget_secrets);
    answer.retain(|name, _| !SECRETS.contains(&name.as_str()));
    Ok(answer)
}

fn forget_secrets(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(forget_secrets),
        Value::Object(members) => {
            members.retain(|name, _| !SECRETS.contains(&name.as_str()));
            members.values_mut().for_each(forget_secrets);
        }
        _ => {}
    }
}

/// The first texts of two elements, wherever they are: an error has one form for each service.
pub(crate) fn find_texts(body: &[u8], names: [&str; 2]) -> Option<[String; 2]> {
    let mut cursor = Cursor::new(body).ok()?;
    let mut found = [None, None];
    while let Step::Open(name) = skip_closes(&mut cursor).ok()? {
        if let Some((_, slot)) = names.iter().zip(&mut found).find(|(wanted, slot)| **wanted == name && slot.is_none())
        {
            *slot = Some(cursor.text().ok()?);
        }
    }
    let [first, second] = found;
    Some([first?, second.unwrap_or_default()])
}

fn skip_closes(cursor: &mut Cursor<'_>) -> Result<Step, AnswerError> {
    loop {
        match cursor.step(None)? {
            Step::Close => {}
            step => return Ok(step),
        }
    }
}

enum Step {
    Open(String),
    Close,
    End,
}

struct Cursor<'a> {
    reader: Reader<&'a [u8]>,
    depth: u32,
}

impl<'a> Cursor<'a> {
    fn new(body: &'a [u8]) -> Result<Cursor<'a>, AnswerError> {
        let text = std::str::from_utf8(body).map_err(AnswerError::Encoding)?;
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Ok(Cursor { reader, depth: 0 })
    }

    /// Goes to the next tag; appends the text on the way.
    fn step(&mut self, mut text: Option<&mut String>) -> Result<Step, AnswerError> {
        loop {
            let offset = self.reader.buffer_position();
            let failed = |cause| AnswerError::Syntax { offset, cause };
            let mut append = |piece: &str| {
                if let Some(text) = text.as_deref_mut() {
                    text.push_str(piece);
                }
            };
            match self.reader.read_event().map_err(failed)? {
                Event::Start(start) => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(AnswerError::Refused("too many elements inside each other"));
                    }
                    return Ok(Step::Open(start.local_name().as_ref().to_owned()));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Step::Close);
                }
                Event::Eof if self.depth > 0 => return Err(AnswerError::Cut),
                Event::Eof => return Ok(Step::End),
                Event::Text(piece) => append(&piece.xml10_content()),
                Event::CData(piece) => append(&piece.xml10_content()),
                Event::GeneralRef(reference) => match reference.resolve_char_ref().map_err(failed)? {
                    Some(character) => append(character.encode_utf8(&mut [0; 4])),
                    None => match resolve_predefined_entity(&reference.xml10_content()) {
                        Some(known) => append(known),
                        None => return Err(AnswerError::Refused("an entity that is not defined")),
                    },
                },
                Event::DocType(_) => return Err(AnswerError::Refused("a document type declaration")),
                _ => {}
            }
        }
    }

    /// Enters a child of the element that was entered last.
    fn enter(&mut self, wanted: &str) -> Result<(), AnswerError> {
        loop {
            match self.step(None)? {
                Step::Open(name) if name == wanted => return Ok(()),
                Step::Open(_) => self.skip()?,
                Step::Close | Step::End => return Err(AnswerError::NoResult(wanted.to_owned())),
            }
        }
    }

    /// Passes over the rest of the element that was entered last.
    fn skip(&mut self) -> Result<(), AnswerError> {
        self.leave(None)
    }

    /// The text of the element that was entered last, that of elements inside it included.
    fn text(&mut self) -> Result<String, AnswerError> {
        let mut text = String::new();
        self.leave(Some(&mut text))?;
        Ok(text)
    }

    fn leave(&mut self, mut text: Option<&mut String>) -> Result<(), AnswerError> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if let Step::End = self.step(text.as_deref_mut())? {
                return Err(AnswerError::Cut);
            }
        }
        Ok(())
    }

    /// Reads to the end of the document.
    fn finish(&mut self) -> Result<(), AnswerError> {
        while !matches!(self.step(None)?, Step::End) {}
        Ok(())
    }

    fn structure(&mut self, shapes: &'static Shapes, structure: &Structure) -> Result<Map<String, Value>, AnswerError> {
        let mut members = Map::new();
        loop {
            match self.step(None)? {
                Step::Open(element) => match structure.get(&element) {
                    Some(member) if !members.contains_key(member.name) => {
                        let value = self.value(shapes, &member.kind)?;
                        members.insert(member.name.to_owned(), value);
                    }
                    _ => self.skip()?,
                },
                Step::Close => return Ok(members),
                Step::End => return Err(AnswerError::Cut),
            }
        }
    }

    fn value(&mut self, shapes: &'static Shapes, kind: &Kind) -> Result<Value, AnswerError> {
        Ok(match kind {
            Kind::Text => Value::String(self.text()?),
            Kind::Boolean => boolean(self.text()?),
            Kind::Number => number(self.text()?),
            Kind::Map => self.map()?,
            Kind::List(inner) => {
                let mut items = Vec::new();
                while let Step::Open(_) = self.step(None)? {
                    items.push(self.value(shapes, inner)?);
                }
                Value::Array(items)
            }
            Kind::Structure(name) => {
                let structure = shapes.get(name).ok_or_else(|| AnswerError::UnknownAction((*name).to_owned()))?;
                Value::Object(self.structure(shapes, structure)?)
            }
        })
    }

    /// `<entry><key>…</key><value>…</value></entry>`.
    fn map(&mut self) -> Result<Value, AnswerError> {
        let mut members = Map::new();
        while let Step::Open(_) = self.step(None)? {
            let (mut key, mut value) = (None, None);
            while let Step::Open(name) = self.step(None)? {
                match name.as_str() {
                    "key" => key = Some(self.text()?),
                    "value" => value = Some(self.text()?),
                    _ => self.skip()?,
                }
            }
            if let Some(key) = key {
                members.insert(key, Value::String(value.unwrap_or_default()));
            }
        }
        Ok(Value::Object(members))
    }
}

fn boolean(text: String) -> Value {
    match text.as_str() {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => Value::String(text),
    }
}

fn number(text: String) -> Value {
    if let Ok(whole) = text.parse::<i64>() {
        return Value::Number(whole.into());
    }
    match text.parse().ok().and_then(Number::from_f64) {
        Some(number) => Value::Number(number),
        None => Value::String(text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(service: Service, action: &str, body: &str, expected: Value) {
        let answer = read_xml(service, action, body.as_bytes()).map(Value::Object);
        assert_eq!(answer.unwrap_or_else(|error| json!(error.to_string())), expected, "{body}");
    }

    fn check_vpcs(inside: &str, expected: Value) {
        let body = format!("<?xml version='1.0'?><DescribeVpcsResponse xmlns='x'>{inside}</DescribeVpcsResponse>");
        check(Service::Ec2, "DescribeVpcs", &body, expected);
    }

    #[test]
    fn types_are_those_of_the_table() {
        check_vpcs("<requestId>1</requestId>", json!({}));
        check_vpcs("<vpcSet/>", json!({ "Vpcs": [] }));
        check_vpcs("<vpcSet> <item/> </vpcSet>", json!({ "Vpcs": [{}] }));
        check_vpcs(
            "<vpcSet><item><vpcId>vpc-1</vpcId><isDefault>false</isDefault><tagSet/><new>1</new></item></vpcSet>\
             <nextToken>a&amp;b&#x3d;</nextToken>",
            json!({ "Vpcs": [{ "VpcId": "vpc-1", "IsDefault": false, "Tags": [] }], "NextToken": "a&b=" }),
        );
        check_vpcs(
            "<vpcSet><item><vpcId/><vpcId>b</vpcId><isDefault>maybe</isDefault>\
             <tagSet><item><key>Name</key><value><![CDATA[a<b]]> c</value></item></tagSet></item></vpcSet>",
            json!({ "Vpcs": [{ "VpcId": "", "IsDefault": "maybe", "Tags": [{ "Key": "Name", "Value": "a<b c" }] }] }),
        );
    }

    #[test]
    fn results_of_the_others_are_in_an_element_of_their_own() {
        let body = "<R xmlns='x'><ResponseMetadata/><DescribeListenersResult><Listeners><member><Port>80</Port>\
                    <DefaultActions><member><Order>x</Order></member></DefaultActions></member></Listeners>\
                    </DescribeListenersResult></R>";
        let listener = json!({ "Port": 80, "DefaultActions": [{ "Order": "x" }] });
        check(Service::Elbv2, "DescribeListeners", body, json!({ "Listeners": [listener] }));
        check(Service::Elbv2, "DescribeListeners", "<R/>", json!("the answer has no DescribeListenersResult"));
    }

    #[test]
    fn hostile_documents_are_refused() {
        for (body, expected) in [
            ("", "the answer has no DescribeVpcsResult"),
            ("<a>", "the answer ends inside an element"),
            ("<a></b>", "the answer is no XML, at byte 3"),
            ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "the answer has a document type declaration"),
            ("<a><vpcSet><item><vpcId>&b;</vpcId></item></vpcSet></a>", "the answer has an entity that is not defined"),
            ("<a><vpcSet>", "the answer ends inside an element"),
        ] {
            check(Service::Ec2, "DescribeVpcs", body, json!(expected));
        }
        let deep = "<a>".repeat(100_000);
        check(Service::Ec2, "DescribeVpcs", &deep, json!("the answer has too many elements inside each other"));
        assert!(matches!(read_xml(Service::Ec2, "DescribeVpcs", b"<a>\xff</a>"), Err(AnswerError::Encoding(_))));
        assert!(matches!(read_xml(Service::Ec2, "RunInstances", b"<a/>"), Err(AnswerError::UnknownAction(_))));
    }

    #[test]
    fn secrets_are_left_out() {
        let vpn = "<a><vpnConnectionSet><item><customerGatewayConfiguration>psk</customerGatewayConfiguration><options>\
                   <tunnelOptionSet><item><preSharedKey>psk</preSharedKey></item></tunnelOptionSet></options>\
                   <vpnConnectionId>vpn-1</vpnConnectionId></item></vpnConnectionSet></a>";
        let expected = json!({ "VpnConnectionId": "vpn-1", "Options": { "TunnelOptions": [{}] } });
        check(Service::Ec2, "DescribeVpnConnections", vpn, json!({ "VpnConnections": [expected] }));
        let body = br#"{"virtualInterfaces": [{"authKey": "psk", "bgpPeers": [{"authKey": "psk", "asn": 1}]}]}"#;
        let expected = json!({ "virtualInterfaces": [{ "bgpPeers": [{ "asn": 1 }] }] });
        assert_eq!(Value::Object(read_json(body).unwrap()), expected);
        assert!(read_json(b"[]").is_err());
    }

    #[test]
    fn texts_are_found_wherever_they_are() {
        for (body, expected) in [
            (
                "<Response><Errors><Error><Code>A</Code><Message>b</Message></Error></Errors></Response>",
                Some(["A", "b"]),
            ),
            ("<ErrorResponse><Error><Type>Sender</Type><Code>A</Code></Error></ErrorResponse>", Some(["A", ""])),
            ("<html><body>502</body></html>", None),
            ("{}", None),
        ] {
            let found = find_texts(body.as_bytes(), ["Code", "Message"]);
            assert_eq!(found, expected.map(|texts| texts.map(str::to_owned)), "{body}");
        }
    }
}
