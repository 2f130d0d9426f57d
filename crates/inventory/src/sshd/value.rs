//! From a line's arguments to the values it sets, in the spelling of `sshd -T`.
//!
//! Most keywords refuse a second argument; the ones that take "the rest of the line" take a comment into their value.

use super::algorithm::{self, Expanded};
use super::argument::{self, OldClasses};
use super::keyword::{Keyword, Kind, WordCheck};
use super::line::{self, Grammar, Line};
use super::program::Program;

/// What a line sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// One value.
    One(String),
    /// Values to add to a list.
    Append(Vec<String>),
    /// The whole of a list, of which only the first line counts.
    WholeList(Vec<String>),
    /// A size limit and perhaps a time limit, each of which is first-wins by itself.
    Rekey { size: String, time: Option<String> },
    /// A subsystem's name, and its command with arguments.
    Subsystem { name: String, command: String },
    /// Nothing.
    Nothing,
}

/// Why a line sets nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ValueError {
    /// The server does not start with this line.
    Refused(String),
    /// What the line means depends on something that is not known.
    NotKnown(String),
}

fn refused<T>(reason: impl Into<String>) -> Result<T, ValueError> {
    Err(ValueError::Refused(reason.into()))
}

/// The value of a line. [`Kind::Include`] and [`Kind::Match`] set nothing by themselves.
pub(super) fn evaluate(keyword: &Keyword, line: &Line, program: &Program) -> Result<Value, ValueError> {
    let words = line.arguments.as_slice();
    match keyword.kind {
        Kind::Rest if keyword.canonical == "versionaddendum" && line.rest.contains('\r') => {
            refused("a bare return in it")
        }
        Kind::Rest => Ok(Value::One(none_in_lower_case(&line.rest))),
        Kind::Command if line.rest.starts_with('/') || line.rest.eq_ignore_ascii_case("none") => {
            Ok(Value::One(line.rest.clone()))
        }
        Kind::Command => refused("not an absolute path"),
        Kind::Ignored | Kind::Include | Kind::Match => Ok(Value::Nothing),
        Kind::Obsolete(until) => {
            let has_effect = until.is_none_or(|until| program.release.is_some_and(|release| release < until));
            Ok(if has_effect { Value::One(words.join(" ")) } else { Value::Nothing })
        }
        Kind::Variables if Grammar::of(program) == Grammar::Delimiters => match line::blank_arguments(&line.rest) {
            Some(words) => several(keyword, &words, program),
            None => refused("invalid quotes"),
        },
        Kind::AppendUsers | Kind::AppendGroups | Kind::AppendVariables | Kind::Variables | Kind::FirstLine(_) => {
            several(keyword, words, program)
        }
        Kind::PublicKeyOptions => public_key_options(words),
        Kind::Subsystem => subsystem(words, program),
        Kind::ListenAddress => listen_address(words),
        Kind::QualityOfService => quality_of_service(words, program),
        Kind::RekeyLimit => rekey_limit(words),
        _ => single(keyword, words, program),
    }
}

/// Keywords with exactly one argument.
fn single(keyword: &Keyword, words: &[String], program: &Program) -> Result<Value, ValueError> {
    let [word] = words else {
        return refused(if words.is_empty() { "missing argument" } else { "extra arguments at end of line" });
    };
    if word.is_empty() {
        return refused("missing argument");
    }
    let value = match keyword.kind {
        Kind::Choice(choices) => {
            choices.iter().find(|(written, _)| written.eq_ignore_ascii_case(word)).map(|(_, meant)| (*meant).to_owned())
        }
        Kind::Time => argument::seconds(word).map(|seconds| seconds.to_string()),
        Kind::TimeOrNone if word.eq_ignore_ascii_case("none") => Some("none".to_owned()),
        // Zero is how the server stores "none", and how it prints it.
        Kind::TimeOrNone => argument::seconds(word).map(|seconds| match seconds {
            0 => "none".to_owned(),
            _ => seconds.to_string(),
        }),
        Kind::IntegerOrNone if word == "none" => Some("none".to_owned()),
        Kind::Integer | Kind::IntegerOrNone => argument::integer(word).map(|number| number.to_string()),
        Kind::Algorithms(kind) => match algorithm::expand(kind, word, program) {
            Expanded::List(list) => Some(list),
            Expanded::NotKnown => {
                let reason = "changes a compiled-in list that is not known for this build";
                return Err(ValueError::NotKnown(reason.to_owned()));
            }
            Expanded::Refused(reason) => return refused(reason),
        },
        Kind::Word | Kind::UserEnvironment => Some(none_in_lower_case(word)),
        Kind::AppendWord => return Ok(Value::Append(vec![none_in_lower_case(word)])),
        Kind::Port => return port(word).map(|port| Value::Append(vec![port])),
        Kind::MaxStartups => max_startups(word),
        Kind::NetBlockSize => net_block_size(word),
        Kind::Mask => argument::mask(word).map(|mask| format!("0{mask:o}")),
        _ => None,
    };
    value.map(Value::One).ok_or_else(|| ValueError::Refused(format!("unsupported value {word:?}")))
}

fn none_in_lower_case(word: &str) -> String {
    if word.eq_ignore_ascii_case("none") { "none".to_owned() } else { word.to_owned() }
}

/// A port by number. A service's name is accepted by the server as well and resolved in its service database.
fn port(word: &str) -> Result<String, ValueError> {
    if let Some(port) = argument::port(word) {
        return Ok(port.to_string());
    }
    if word.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return Err(ValueError::NotKnown(format!("{word:?} is the name of a service, which is not looked up")));
    }
    refused("badly formatted port number")
}

fn max_startups(word: &str) -> Option<String> {
    let (begin, rest) = argument::leading_integer(word)?;
    let parsed = rest.strip_prefix(':').and_then(argument::leading_integer);
    let Some((rate, rest)) = parsed else {
        return (begin > 0).then(|| format!("{begin}:{begin}"));
    };
    let (full, _) = rest.strip_prefix(':').and_then(argument::leading_integer)?;
    let is_valid = begin > 0 && begin <= full && (1..=100).contains(&rate);
    is_valid.then(|| format!("{begin}:{rate}:{full}"))
}

fn net_block_size(word: &str) -> Option<String> {
    let (v4, rest) = argument::leading_integer(word).filter(|(v4, _)| *v4 <= 32)?;
    match rest.strip_prefix(':').and_then(argument::leading_integer) {
        Some((v6, _)) => (v6 <= 128).then(|| format!("{v4}:{v6}")),
        None => Some(v4.to_string()),
    }
}

/// Keywords with any number of arguments.
fn several(keyword: &Keyword, words: &[String], program: &Program) -> Result<Value, ValueError> {
    // Up to 9.2 a line that holds only a comment sets nothing; later releases refuse it.
    if words.is_empty() && program.is_at_least(9, 5) {
        return refused("missing argument");
    }
    if words.iter().any(String::is_empty) {
        return refused("empty argument");
    }
    match keyword.kind {
        Kind::AppendUsers => {
            let is_valid =
                |word: &&String| word.split_once('@').is_none_or(|(_, host)| argument::is_address_list(host));
            check_each(words, is_valid, "invalid pattern").map(Value::Append)
        }
        Kind::AppendVariables => {
            check_each(words, |word| !word.contains('='), "invalid environment name").map(Value::Append)
        }
        Kind::Variables => {
            let mut kept: Vec<String> = Vec::new();
            for word in check_each(words, |word| word.contains('='), "invalid environment")? {
                let name = |pair: &str| pair.split('=').next().map(str::to_owned);
                // Before 8.7 a name that comes twice was kept twice.
                if program.is_before(8, 7) || !kept.iter().any(|earlier| name(earlier) == name(&word)) {
                    kept.push(word);
                }
            }
            Ok(Value::WholeList(kept))
        }
        Kind::FirstLine(check) => first_line(check, words),
        _ => Ok(Value::Append(words.to_vec())),
    }
}

fn check_each(words: &[String], is_valid: impl Fn(&&String) -> bool, reason: &str) -> Result<Vec<String>, ValueError> {
    match words.iter().find(|word| !is_valid(word)) {
        Some(word) => refused(format!("{reason} {word:?}")),
        None => Ok(words.to_vec()),
    }
}

const METHODS: [&str; 7] =
    ["none", "publickey", "gssapi-keyex", "gssapi-with-mic", "password", "keyboard-interactive", "hostbased"];

fn first_line(check: WordCheck, words: &[String]) -> Result<Value, ValueError> {
    if words.is_empty() {
        return match check {
            WordCheck::Any | WordCheck::ChannelTimeout => Ok(Value::Nothing),
            _ => refused("missing argument"),
        };
    }
    let is_alone = words.len() == 1;
    let mut kept = Vec::new();
    for word in words {
        let kept_word = match check {
            WordCheck::Any => Some(word.clone()),
            WordCheck::Methods if word == "any" => is_alone.then(|| word.clone()),
            WordCheck::Methods => {
                let is_known = |method: &str| METHODS.contains(&method.split(':').next().unwrap_or_default());
                word.split(',').all(is_known).then(|| word.clone())
            }
            WordCheck::ChannelTimeout if word.eq_ignore_ascii_case("none") => is_alone.then(|| "none".to_owned()),
            WordCheck::ChannelTimeout => {
                let time = word.split_once('=').filter(|(name, _)| !name.is_empty());
                time.and_then(|(_, time)| argument::seconds(time)).map(|_| word.clone())
            }
            WordCheck::PermitOpen | WordCheck::PermitListen if word == "any" || word == "none" => {
                is_alone.then(|| word.clone())
            }
            WordCheck::PermitListen if !word.contains(':') => is_port_or_any(word).then(|| format!("*:{word}")),
            WordCheck::PermitOpen | WordCheck::PermitListen => {
                let port = argument::host_and_port(word).and_then(|(_, port)| port);
                port.is_some_and(is_port_or_any).then(|| word.clone())
            }
        };
        kept.push(kept_word.ok_or_else(|| ValueError::Refused(format!("unsupported value {word:?}")))?);
    }
    Ok(Value::One(kept.join(" ")))
}

fn is_port_or_any(word: &str) -> bool {
    word == "*" || argument::port(word).is_some()
}

fn public_key_options(words: &[String]) -> Result<Value, ValueError> {
    let mut set = Vec::new();
    for option in ["touch-required", "verify-required"] {
        if words.iter().any(|word| word.eq_ignore_ascii_case(option)) {
            set.push(option);
        }
    }
    let is_known = |word: &String| {
        ["none", "touch-required", "verify-required"].iter().any(|known| word.eq_ignore_ascii_case(known))
    };
    if let Some(word) = words.iter().find(|word| !is_known(word)) {
        return refused(format!("unsupported option {word:?}"));
    }
    Ok(Value::One(if set.is_empty() { "none".to_owned() } else { set.join(" ") }))
}

fn subsystem(words: &[String], program: &Program) -> Result<Value, ValueError> {
    let Some((name, command)) = words.split_first().filter(|(name, _)| !name.is_empty()) else {
        return refused("missing argument");
    };
    if command.first().is_none_or(String::is_empty) {
        return refused("missing subsystem command");
    }
    let command = if program.is_at_least(9, 5) {
        command.iter().map(|word| requoted(word)).collect::<Vec<_>>().join(" ")
    } else {
        command.join(" ")
    };
    Ok(Value::Subsystem { name: name.clone(), command })
}

/// OpenSSH's `argv_assemble` for one word.
fn requoted(word: &str) -> String {
    let mut text = String::new();
    for character in word.chars() {
        if matches!(character, '\\' | '\'' | '"') {
            text.push('\\');
        }
        text.push(character);
    }
    if word.contains([' ', '\t']) { format!("\"{text}\"") } else { text }
}

/// An address as `host`, `host:port` or `[address]:port` with its routing domain, blanks between the parts.
fn listen_address(words: &[String]) -> Result<Value, ValueError> {
    let (address, domain) = match words {
        [address] => (address, String::new()),
        [address, keyword, domain] if keyword == "rdomain" => (address, format!(" rdomain {domain}")),
        [] => return refused("missing address"),
        _ => return refused("bad address syntax"),
    };
    let is_bare_v6 = !address.contains('[') && address.matches(':').count() >= 2;
    let (host, number) = if is_bare_v6 {
        (address.as_str(), None)
    } else {
        argument::host_and_port(address).ok_or_else(|| ValueError::Refused("bad address:port usage".to_owned()))?
    };
    let number = match number {
        Some(number) => port(number)?,
        None => String::new(),
    };
    if host.is_empty() {
        return refused("missing address");
    }
    Ok(Value::Append(vec![format!("{host} {number}{domain}")]))
}

fn quality_of_service(words: &[String], program: &Program) -> Result<Value, ValueError> {
    let old = if program.is_at_least(10, 0) { OldClasses::Ignored } else { OldClasses::Used };
    let (interactive, bulk) = match words {
        [one] => (one, one),
        [interactive, bulk] => (interactive, bulk),
        [] => return refused("missing argument"),
        _ => return refused("extra arguments at end of line"),
    };
    match (argument::service_class(interactive, old), argument::service_class(bulk, old)) {
        (Some(interactive), Some(bulk)) => Ok(Value::One(format!("{interactive} {bulk}"))),
        _ => refused("bad value"),
    }
}

fn rekey_limit(words: &[String]) -> Result<Value, ValueError> {
    let (size, time) = match words {
        [size] => (size, None),
        [size, time] => (size, Some(time)),
        [] => return refused("missing argument"),
        _ => return refused("extra arguments at end of line"),
    };
    let size = match size.as_str() {
        "default" => 0,
        size => argument::scaled(size)
            .filter(|bytes| *bytes == 0 || *bytes >= 16)
            .ok_or_else(|| ValueError::Refused(format!("bad number {size:?}")))?,
    };
    let time = match time.map(String::as_str) {
        None | Some("none") => None,
        Some(time) => match argument::seconds(time) {
            Some(seconds) => Some(seconds.to_string()),
            None => return refused("invalid time value"),
        },
    };
    Ok(Value::Rekey { size: size.to_string(), time })
}
