//! Names of kernel parameters: their one form, and the patterns that stand for many.
//!
//! The one form is the path below `/proc/sys`. Surprising: in `net.ipv4.conf.eth0/1.forwarding` the slash is a dot,
//! because the first separator decides what both mean (sysctl.d(5)).

/// The path below `/proc/sys` that a name in either spelling means.
pub(super) fn normalize(name: &str) -> String {
    let dotted = name.find(['.', '/']).is_some_and(|at| name.get(at..).is_some_and(|rest| rest.starts_with('.')));
    let swapped: String = if dotted {
        let swap = |letter| match letter {
            '.' => '/',
            '/' => '.',
            letter => letter,
        };
        name.chars().map(swap).collect()
    } else {
        name.to_owned()
    };
    let components = swapped.split('/').filter(|component| !matches!(*component, "" | "."));
    components.collect::<Vec<_>>().join("/")
}

/// Whether a name stands for many parameters.
pub(super) fn is_pattern(key: &str) -> bool {
    key.contains(['*', '?', '['])
}

/// Whether a pattern of glob(7) matches a key. No wildcard matches a slash, nor a dot that starts a component.
pub(super) fn matches(pattern: &str, key: &str) -> bool {
    let (mut patterns, mut components) = (pattern.split('/'), key.split('/'));
    loop {
        match (patterns.next(), components.next()) {
            (None, None) => return true,
            (Some(pattern), Some(component)) if component_matches(pattern, component) => {}
            _ => return false,
        }
    }
}

fn component_matches(pattern: &str, component: &str) -> bool {
    let tokens = tokens(pattern);
    if component.starts_with('.') && tokens.first().is_some_and(|token| !matches!(token, Token::Letter(_))) {
        return false;
    }
    let letters: Vec<char> = component.chars().collect();
    let (mut token_at, mut letter_at) = (0, 0);
    // Where to go on when what follows the last asterisk does not fit: the asterisk takes one letter more.
    let mut retry = None;
    loop {
        match (tokens.get(token_at), letters.get(letter_at)) {
            (None, None) => return true,
            (Some(Token::Many), _) => {
                token_at += 1;
                retry = Some((token_at, letter_at));
            }
            (Some(token), Some(letter)) if token.matches(*letter) => {
                token_at += 1;
                letter_at += 1;
            }
            _ => match retry {
                Some((after, taken)) if taken < letters.len() => {
                    retry = Some((after, taken + 1));
                    (token_at, letter_at) = (after, taken + 1);
                }
                _ => return false,
            },
        }
    }
}

enum Token {
    Letter(char),
    Any,
    Many,
    Set { negated: bool, ranges: Vec<(char, char)> },
}

impl Token {
    fn matches(&self, letter: char) -> bool {
        match self {
            Token::Letter(expected) => *expected == letter,
            Token::Any | Token::Many => true,
            Token::Set { negated, ranges } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&letter)) != *negated
            }
        }
    }
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = pattern.chars();
    while let Some(letter) = rest.next() {
        tokens.push(match letter {
            '*' => Token::Many,
            '?' => Token::Any,
            '[' => match set(rest.as_str()) {
                Some((token, after)) => {
                    rest = after.chars();
                    token
                }
                // A bracket that does not close stands for itself.
                None => Token::Letter('['),
            },
            '\\' => Token::Letter(rest.next().unwrap_or('\\')),
            letter => Token::Letter(letter),
        });
    }
    tokens
}

/// The set that starts after a bracket, and what follows it. A closing bracket in first place belongs to the set.
fn set(text: &str) -> Option<(Token, &str)> {
    let (negated, text) = match text.strip_prefix(['!', '^']) {
        Some(text) => (true, text),
        None => (false, text),
    };
    let mut ranges = Vec::new();
    let mut rest = text.chars();
    loop {
        let low = match rest.next()? {
            ']' if !ranges.is_empty() => return Some((Token::Set { negated, ranges }, rest.as_str())),
            '\\' => rest.next()?,
            letter => letter,
        };
        let mut ahead = rest.clone();
        match (ahead.next(), ahead.next()) {
            (Some('-'), Some(high)) if high != ']' => {
                ranges.push((low, high));
                rest = ahead;
            }
            _ => ranges.push((low, low)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_form() {
        for (name, expected) in [
            ("kernel.domainname", "kernel/domainname"),
            ("kernel/domainname", "kernel/domainname"),
            ("net.ipv4.conf.enp3s0/200.forwarding", "net/ipv4/conf/enp3s0.200/forwarding"),
            ("net/ipv4/conf/enp3s0.200/forwarding", "net/ipv4/conf/enp3s0.200/forwarding"),
            ("/net/ipv4//ip_forward/", "net/ipv4/ip_forward"),
            ("net..ipv4", "net/ipv4"),
            ("a.//b", "a/..b"),
            ("single", "single"),
            ("", ""),
        ] {
            assert_eq!(normalize(name), expected, "{name}");
        }
    }

    #[test]
    fn patterns_match_as_glob_does() {
        for (pattern, key, expected) in [
            ("net/ipv4/conf/*/rp_filter", "net/ipv4/conf/all/rp_filter", true),
            ("net/ipv4/conf/*/rp_filter", "net/ipv4/conf/a.b/rp_filter", true),
            ("net/ipv4/conf/*/rp_filter", "net/ipv4/conf/all/x/rp_filter", false),
            ("net/ipv4/*", "net/ipv4/conf/all", false),
            ("net/*", "net/", true),
            ("net/*", "net", false),
            ("e*0?", "eth01", true),
            ("e*0?", "eth00", true),
            ("e*0", "eth0x0", true),
            ("*a*b*c", "xxaxxbxxbxc", true),
            ("*a*b*c", "xxaxxbxxbxcd", false),
            ("**", "", true),
            ("?", "é", true),
            ("*", ".hidden", false),
            (".*", ".hidden", true),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[^a-c]x", "dx", true),
            ("[]-]x", "-x", true),
            ("[]-]x", "]x", true),
            ("[a-]x", "-x", true),
            ("[ax", "[ax", true),
            ("\\*", "*", true),
            ("\\*", "a", false),
        ] {
            assert_eq!(matches(pattern, key), expected, "{pattern} {key}");
        }
        assert!(!matches(&"*a".repeat(2000), &"a".repeat(1999)), "backtracking is bounded");
    }
}
