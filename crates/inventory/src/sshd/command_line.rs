//! Options that the service's start-up file gives to sshd: they come before every configuration file.
//!
//! Debian's unit runs `sshd -D $SSHD_OPTS` with the variable from `/etc/default/ssh`; Red Hat's uses `OPTIONS` from
//! `/etc/sysconfig/sshd`. `-p` is not the same as `-o Port=`: it makes sshd ignore every Port line.

use super::line::quoted_arguments;

/// The files that hold such options, and the variable in each.
pub(super) const OPTION_FILES: [(&str, &str); 2] =
    [("/etc/default/ssh", "SSHD_OPTS"), ("/etc/sysconfig/sshd", "OPTIONS")];

/// One option that changes the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandLineOption {
    /// `-f`: another main file.
    ConfigurationFile(String),
    /// `-p`: a port, in place of every Port line.
    Port(String),
    /// A line of configuration: `-o`, and `-h`, `-c`, `-g`, `-4`, `-6`, `-q`, `-d` in the words of the configuration.
    Line(String),
    /// An option that sshd does not have; it does not start with it.
    Unknown(String),
}

/// Options that take an argument and do not change the configuration.
const WITH_ARGUMENT: &str = "CEbkuR";
/// Options that take none and do not change the configuration.
const WITHOUT_ARGUMENT: &str = "DQTGeirtV";

/// Reads the text of such a variable.
pub fn parse_options(text: &str) -> Vec<CommandLineOption> {
    let Some(words) = quoted_arguments(text) else {
        return vec![CommandLineOption::Unknown(text.to_owned())];
    };
    let mut options = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        if word == "--" {
            break;
        }
        let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
            options.push(CommandLineOption::Unknown(word));
            break;
        };
        let mut letters = letters.chars();
        while let Some(letter) = letters.next() {
            match letter {
                'f' | 'p' | 'o' | 'h' | 'c' | 'g' => {
                    let attached = letters.as_str().to_owned();
                    let argument = if attached.is_empty() { words.next() } else { Some(attached) };
                    options.push(match argument {
                        Some(argument) => with_argument(letter, argument),
                        None => CommandLineOption::Unknown(word.clone()),
                    });
                    break;
                }
                '4' => options.push(CommandLineOption::Line("AddressFamily inet".to_owned())),
                '6' => options.push(CommandLineOption::Line("AddressFamily inet6".to_owned())),
                'q' => options.push(CommandLineOption::Line("LogLevel QUIET".to_owned())),
                'd' => options.push(CommandLineOption::Line("LogLevel DEBUG".to_owned())),
                _ if WITHOUT_ARGUMENT.contains(letter) => {}
                _ if WITH_ARGUMENT.contains(letter) => {
                    if letters.as_str().is_empty() {
                        words.next();
                    }
                    break;
                }
                _ => options.push(CommandLineOption::Unknown(format!("-{letter}"))),
            }
        }
    }
    options
}

fn with_argument(letter: char, argument: String) -> CommandLineOption {
    match letter {
        'f' => CommandLineOption::ConfigurationFile(argument),
        'p' => CommandLineOption::Port(argument),
        'h' => CommandLineOption::Line(format!("HostKey \"{argument}\"")),
        'c' => CommandLineOption::Line(format!("HostCertificate \"{argument}\"")),
        'g' => CommandLineOption::Line(format!("LoginGraceTime {argument}")),
        _ => CommandLineOption::Line(argument),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_as_getopt_reads_them() {
        let line = |text: &str| CommandLineOption::Line(text.to_owned());
        for (text, expected) in [
            ("", vec![]),
            ("-D -e", vec![]),
            ("-oPermitRootLogin=no -o 'Banner none'", vec![line("PermitRootLogin=no"), line("Banner none")]),
            ("-4Dp2222", vec![line("AddressFamily inet"), CommandLineOption::Port("2222".to_owned())]),
            ("-E /var/log/x -f /etc/other", vec![CommandLineOption::ConfigurationFile("/etc/other".to_owned())]),
            ("-u0 -q -- -o x", vec![line("LogLevel QUIET")]),
            ("-h /k", vec![line("HostKey \"/k\"")]),
            ("-o", vec![CommandLineOption::Unknown("-o".to_owned())]),
            ("-Z", vec![CommandLineOption::Unknown("-Z".to_owned())]),
            ("stray", vec![CommandLineOption::Unknown("stray".to_owned())]),
            ("'open", vec![CommandLineOption::Unknown("'open".to_owned())]),
        ] {
            assert_eq!(parse_options(text), expected, "{text}");
        }
    }
}
