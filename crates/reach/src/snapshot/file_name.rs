//! The names of files and folders of a snapshot, in the layouts of the command line, Batfish and CloudMapper.
//!
//! - `[<account>/][<region>/]describe-vpcs.json`, also `ec2-describe-vpcs.json`; `….2.json` and `…-2.json` for further pages
//! - `describe-listeners.<load balancer>.json`, or CloudMapper's `elbv2-describe-listeners/<ARN, percent-encoded>`
//! - Batfish's `aws_configs/[accounts/<account>/][<region>/]Vpcs.json`

use super::kind::{FORMS, Form, HARMLESS};

/// What the name of a file says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileName {
    /// A kind; for a detail, the object that it belongs to.
    Known { form: usize, subject: Option<String> },
    /// Tells nothing of reachability.
    Harmless,
    /// Another call or entity.
    Unknown,
}

/// What the name of a folder says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FolderName {
    /// `accounts` or `account-data`: every folder in it is an account.
    Accounts,
    /// An account.
    Account,
    /// A region.
    Region,
    /// Holds a snapshot, as `aws_configs` does.
    Plain,
    /// A call, with one file an object in it.
    Call(FileName),
    /// None of these.
    Unknown,
}

/// What a file is: `stem` is its name without `.json`.
pub(crate) fn of_file(stem: &str) -> FileName {
    if HARMLESS.iter().any(|harmless| after(stem, harmless).is_some()) {
        return FileName::Harmless;
    }
    for (form, Form { service, call, entity, .. }) in FORMS.iter().enumerate() {
        let unprefixed = stem.strip_prefix(service).and_then(|rest| rest.strip_prefix('-'));
        // Without a service it is EC2's, but for the calls that EC2 has not.
        let plain = (*service != "elb").then_some(stem);
        let subject = unprefixed.into_iter().chain(plain).find_map(|name| after(name, call));
        let entity = Some(*entity).filter(|entity| !entity.is_empty()).and_then(|entity| after(stem, entity));
        if let Some(subject) = subject.or(entity) {
            let subject = subject.filter(|subject| !is_page(subject)).map(str::to_owned);
            return FileName::Known { form, subject };
        }
    }
    let unprefixed = ["ec2-", "elbv2-", "elb-"].iter().find_map(|service| stem.strip_prefix(service));
    if unprefixed.is_some_and(|name| HARMLESS.iter().any(|harmless| after(name, harmless).is_some())) {
        return FileName::Harmless;
    }
    FileName::Unknown
}

/// What a folder is.
pub(crate) fn of_folder(name: &str) -> FolderName {
    match name {
        "accounts" | "account-data" => FolderName::Accounts,
        "aws_configs" => FolderName::Plain,
        _ if name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit()) => FolderName::Account,
        _ if is_region(name) => FolderName::Region,
        _ => match of_file(name) {
            FileName::Unknown if is_call(name) => FolderName::Call(FileName::Unknown),
            FileName::Unknown => FolderName::Unknown,
            call => FolderName::Call(call),
        },
    }
}

/// `%3A` and the like become what they stand for.
pub(crate) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What follows a call in a name: nothing, a subject after a dot, or the number of a page after a dash.
fn after<'a>(name: &'a str, call: &str) -> Option<Option<&'a str>> {
    let rest = name.strip_prefix(call)?;
    if rest.is_empty() {
        return Some(None);
    }
    if let Some(subject) = rest.strip_prefix('.') {
        return Some(Some(subject));
    }
    rest.strip_prefix(['-', '_']).filter(|page| is_page(page)).map(Some)
}

fn is_page(text: &str) -> bool {
    let number = text.strip_prefix("page").unwrap_or(text).trim_start_matches(['-', '_', '.']);
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// For example `us-gov-east-1`.
fn is_region(name: &str) -> bool {
    let mut parts = name.split('-');
    let is_word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let begins = parts.next().is_some_and(|first| is_word(first) && (2..=4).contains(&first.len()));
    let ends = parts.next_back().is_some_and(|last| last.len() == 1 && last.bytes().all(|byte| byte.is_ascii_digit()));
    begins && ends && parts.clone().next().is_some() && parts.all(is_word)
}

fn is_call(name: &str) -> bool {
    ["describe-", "list-", "get-", "search-"]
        .iter()
        .any(|verb| name.starts_with(verb) || name.contains(&format!("-{verb}")))
}

#[cfg(test)]
mod tests {
    use super::super::kind::Kind;
    use super::*;

    fn check(stem: &str, expected: Option<(Kind, Option<&str>)>) {
        let found = match of_file(stem) {
            FileName::Known { form, subject } => Some((FORMS[form].kind, subject)),
            _ => None,
        };
        assert_eq!(found, expected.map(|(kind, subject)| (kind, subject.map(str::to_owned))), "{stem}");
    }

    #[test]
    fn files() {
        check("describe-vpcs", Some((Kind::Vpcs, None)));
        check("ec2-describe-vpcs", Some((Kind::Vpcs, None)));
        check("describe-vpcs.2", Some((Kind::Vpcs, None)));
        check("describe-vpcs-2", Some((Kind::Vpcs, None)));
        check("describe-vpcs-page-12", Some((Kind::Vpcs, None)));
        check("describe-vpcs-attribute", None);
        check("describe-addresses-attribute", None);
        check("Vpcs", Some((Kind::Vpcs, None)));
        check("Reservations", Some((Kind::Instances, None)));
        check("elb-describe-load-balancers", Some((Kind::ClassicBalancers, None)));
        check("elbv2-describe-load-balancers", Some((Kind::LoadBalancers, None)));
        check("describe-load-balancers", Some((Kind::LoadBalancers, None)));
        check("elbv2-describe-listeners.nlb1", Some((Kind::Listeners, Some("nlb1"))));
        check("get-managed-prefix-list-entries.pl-1", Some((Kind::PrefixListEntries, Some("pl-1"))));
        check("LoadBalancerListeners", Some((Kind::Listeners, None)));
        check("directconnect-describe-virtual-interfaces", Some((Kind::VirtualInterfaces, None)));
        check("rds-describe-db-instances", None);
        check("", None);
        assert_eq!(of_file("ec2-describe-availability-zones"), FileName::Harmless);
        assert_eq!(of_file("describe-regions"), FileName::Harmless);
    }

    #[test]
    fn folders() {
        for (name, expected) in [
            ("accounts", FolderName::Accounts),
            ("123456789012", FolderName::Account),
            ("us-gov-east-1", FolderName::Region),
            ("eu-west-1", FolderName::Region),
            ("us-1", FolderName::Unknown),
            ("m01-plain", FolderName::Unknown),
            ("es-describe-elasticsearch-domain", FolderName::Call(FileName::Unknown)),
            ("configs", FolderName::Unknown),
        ] {
            assert_eq!(of_folder(name), expected, "{name}");
        }
        assert!(matches!(of_folder("elb-describe-load-balancer-attributes"), FolderName::Call(FileName::Known { .. })));
    }

    #[test]
    fn percent_signs() {
        for (text, expected) in
            [("arn%3Aaws%2fx", "arn:aws/x"), ("100%", "100%"), ("%zz", "%zz"), ("%e4%b8%ad", "中"), ("%ff", "\u{fffd}")]
        {
            assert_eq!(percent_decoded(text), expected, "{text}");
        }
    }
}
