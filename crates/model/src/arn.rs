//! Ids and Amazon Resource Names of Inspector objects (reference §3).
//!
//! The parent's ids are part of an ARN, so an object's parents are read from its own ARN.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Longest ARN that the API accepts, in bytes.
pub const MAX_ARN_BYTES: usize = 300;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// An object's id: `0-` and eight of `[0-9A-Za-z]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Id(String);

impl Id {
    /// Derives an id from a seed: the same seed gives the same id on any machine.
    pub fn derive(seed: &[u8]) -> Id {
        let digest = Sha256::digest(seed);
        let text = digest
            .chunks_exact(4)
            .map(|chunk| character(chunk.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte))))
            .collect::<String>();
        Id(format!("0-{text}"))
    }

    /// The id of a random number, which the caller takes from the system's random source.
    ///
    /// There are 62^8 (about 2^47.6) ids: whoever stores one has to look for a collision all the same.
    pub fn from_random(random: u64) -> Id {
        let digits = (0..8).scan(random, |rest, _| {
            let digit = character(*rest);
            *rest /= ALPHABET.len() as u64;
            Some(digit)
        });
        Id(format!("0-{}", digits.collect::<String>()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Id> for String {
    fn from(id: Id) -> String {
        id.0
    }
}

impl TryFrom<String> for Id {
    type Error = ParseArnError;

    fn try_from(text: String) -> Result<Id, ParseArnError> {
        let valid = text
            .strip_prefix("0-")
            .is_some_and(|rest| rest.len() == 8 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        if valid { Ok(Id(text)) } else { Err(ParseArnError { text }) }
    }
}

impl FromStr for Id {
    type Err = ParseArnError;

    fn from_str(text: &str) -> Result<Id, ParseArnError> {
        Id::try_from(text.to_owned())
    }
}

/// The text is no ARN (or id) of the kind that is wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a well-formed ARN of the expected kind")]
pub struct ParseArnError {
    /// What was given.
    pub text: String,
}

/// Where objects live: partition, region and 12-digit account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Realm {
    /// `aws` or `aws-us-gov`.
    pub partition: String,
    /// For example `us-east-1`.
    pub region: String,
    /// 12 digits.
    pub account: String,
}

impl Realm {
    /// The realm of assessments made without a server: account `000000000000` in `us-east-1`, so that rules package
    /// ARNs are those that scripts already carry.
    pub fn local() -> Realm {
        Realm { partition: "aws".into(), region: "us-east-1".into(), account: "000000000000".into() }
    }

    /// What the ARNs of all its objects begin with.
    fn prefix(&self) -> String {
        let Realm { partition, region, account } = self;
        format!("arn:{partition}:inspector:{region}:{account}:")
    }
}

macro_rules! arn_type {
    ($(#[$doc:meta])* $name:ident, $($segment:literal)/+) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            const SEGMENTS: &'static [&'static str] = &[$($segment),+];

            /// The ARN as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Where it lives: the fields of the ARN before the object.
            pub fn realm(&self) -> Realm {
                let mut fields = self.0.split(':').skip(1);
                let mut next = || fields.next().unwrap_or_default().to_owned();
                let partition = next();
                let _service = next();
                Realm { partition, region: next(), account: next() }
            }

            /// The object's own id: the last segment.
            pub fn id(&self) -> &str {
                self.0.rsplit('/').next().unwrap_or_default()
            }

            /// `aws` or `aws-us-gov`.
            pub fn partition(&self) -> &str {
                field(&self.0, 1)
            }

            /// For example `us-east-1`.
            pub fn region(&self) -> &str {
                field(&self.0, 3)
            }

            /// The 12 digits of the account.
            pub fn account(&self) -> &str {
                field(&self.0, 4)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for String {
            fn from(arn: $name) -> String {
                arn.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = ParseArnError;

            fn try_from(text: String) -> Result<$name, ParseArnError> {
                if is_arn_of(&text, Self::SEGMENTS) { Ok($name(text)) } else { Err(ParseArnError { text }) }
            }
        }

        impl FromStr for $name {
            type Err = ParseArnError;

            fn from_str(text: &str) -> Result<$name, ParseArnError> {
                $name::try_from(text.to_owned())
            }
        }
    };
}

arn_type!(
    /// `arn:…:resourcegroup/0-…`
    ResourceGroupArn, "resourcegroup"
);
arn_type!(
    /// `arn:…:target/0-…`
    TargetArn, "target"
);
arn_type!(
    /// `arn:…:target/0-…/template/0-…`
    TemplateArn, "target" / "template"
);
arn_type!(
    /// `arn:…:target/0-…/template/0-…/run/0-…`
    RunArn, "target" / "template" / "run"
);
arn_type!(
    /// `…/run/0-…/finding/0-…`
    FindingArn, "target" / "template" / "run" / "finding"
);
arn_type!(
    /// `…/run/0-…/exclusion/0-…`
    ExclusionArn, "target" / "template" / "run" / "exclusion"
);
arn_type!(
    /// `arn:…:rulespackage/0-…`
    RulesPackageArn, "rulespackage"
);

impl ResourceGroupArn {
    /// The ARN of a resource group of a realm.
    pub fn new(realm: &Realm, id: &Id) -> ResourceGroupArn {
        ResourceGroupArn(format!("{}resourcegroup/{id}", realm.prefix()))
    }
}

impl RulesPackageArn {
    /// The ARN of a rules package that a realm publishes.
    pub fn new(realm: &Realm, id: &Id) -> RulesPackageArn {
        RulesPackageArn(format!("{}rulespackage/{id}", realm.prefix()))
    }
}

impl TargetArn {
    /// The ARN of a target of a realm.
    pub fn new(realm: &Realm, id: &Id) -> TargetArn {
        TargetArn(format!("{}target/{id}", realm.prefix()))
    }
}

impl TemplateArn {
    /// The ARN of a template of a target.
    pub fn new(target: &TargetArn, id: &Id) -> TemplateArn {
        TemplateArn(format!("{target}/template/{id}"))
    }

    /// The target it belongs to.
    pub fn target(&self) -> TargetArn {
        TargetArn(parent(&self.0))
    }
}

impl RunArn {
    /// The ARN of a run of a template.
    pub fn new(template: &TemplateArn, id: &Id) -> RunArn {
        RunArn(format!("{template}/run/{id}"))
    }

    /// The template it belongs to.
    pub fn template(&self) -> TemplateArn {
        TemplateArn(parent(&self.0))
    }
}

impl FindingArn {
    /// The ARN of a finding of a run.
    pub fn new(run: &RunArn, id: &Id) -> FindingArn {
        FindingArn(format!("{run}/finding/{id}"))
    }

    /// The run it belongs to.
    pub fn run(&self) -> RunArn {
        RunArn(parent(&self.0))
    }
}

impl ExclusionArn {
    /// The ARN of an exclusion of a run.
    pub fn new(run: &RunArn, id: &Id) -> ExclusionArn {
        ExclusionArn(format!("{run}/exclusion/{id}"))
    }

    /// The run it belongs to.
    pub fn run(&self) -> RunArn {
        RunArn(parent(&self.0))
    }
}

/// The character of an id that stands for a number, which may be larger than the alphabet.
fn character(number: u64) -> char {
    let index = usize::try_from(number % ALPHABET.len() as u64).unwrap_or_default();
    char::from(ALPHABET.get(index).copied().unwrap_or(b'0'))
}

/// A field of an ARN, from 0.
fn field(arn: &str, index: usize) -> &str {
    arn.split(':').nth(index).unwrap_or_default()
}

/// The ARN without its last two segments.
fn parent(arn: &str) -> String {
    let mut segments = arn.rsplitn(3, '/');
    segments.next();
    segments.next();
    segments.next().unwrap_or_default().to_owned()
}

fn is_arn_of(text: &str, segments: &[&str]) -> bool {
    if text.len() > MAX_ARN_BYTES {
        return false;
    }
    let fields: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", partition, "inspector", region, account, resource] = fields.as_slice() else {
        return false;
    };
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = resource.split('/').collect();
    let is_path = parts.len() == segments.len() * 2
        && parts.chunks(2).zip(segments).all(|(pair, segment)| match pair {
            [kind, id] => kind == segment && id.parse::<Id>().is_ok(),
            _ => false,
        });
    is_word(partition) && is_word(region) && is_account && is_path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_nest_and_parse_back() {
        let id = Id::derive(b"seed");
        let target = TargetArn::new(&Realm::local(), &id);
        let template = TemplateArn::new(&target, &id);
        let run = RunArn::new(&template, &id);
        let finding = FindingArn::new(&run, &id);
        assert_eq!(finding.run(), run);
        assert_eq!(run.template(), template);
        assert_eq!(template.target(), target);
        assert_eq!(ExclusionArn::new(&run, &id).run(), run);
        assert_eq!((run.partition(), run.region(), run.account()), ("aws", "us-east-1", "000000000000"));
        assert_eq!(ResourceGroupArn::new(&Realm::local(), &id).id(), id.as_str());
        assert_eq!(finding.as_str().parse::<FindingArn>(), Ok(finding.clone()));
        assert!(finding.as_str().parse::<RunArn>().is_err());
    }

    #[test]
    fn random_ids_are_well_formed_and_differ() {
        for (random, text) in [(0, "0-00000000"), (61, "0-z0000000"), (62, "0-01000000"), (u64::MAX, "0-FYHA61aH")] {
            let id = Id::from_random(random);
            assert_eq!(id.as_str(), text);
            assert_eq!(id.as_str().parse(), Ok(id));
        }
    }

    #[test]
    fn malformed_arns_are_refused() {
        for text in [
            "",
            "arn:aws:inspector:us-east-1:000000000000:target/0-short",
            "arn:aws:inspector:us-east-1:12:target/0-abcdefgh",
            "arn:aws:ec2:us-east-1:000000000000:target/0-abcdefgh",
            "arn:aws:inspector:us-east-1:000000000000:target/0-abcdefgh/template",
        ] {
            assert!(text.parse::<TargetArn>().is_err(), "{text}");
        }
    }
}
