//! The calls as a script for a shell: command lines of `aws`, and the files that their answers go to.

use std::fmt::Write as _;

use crate::calls::{CALLS, Call, Each};

/// What the command lines say beside the call.
#[derive(Clone, Debug, Default)]
pub struct ScriptOptions {
    /// One folder each; none leaves the region to the command line, and makes no folder for it.
    pub regions: Vec<String>,
    /// A profile of the command line's configuration.
    pub profile: Option<String>,
    /// Where the services are, instead of the usual endpoints.
    pub endpoint: Option<String>,
    /// The folder that the files go to.
    pub folder: String,
}

/// The permissions that the calls need, in alphabetical order.
pub fn permissions() -> Vec<String> {
    let mut all: Vec<String> = CALLS.iter().map(Call::permission).collect();
    all.sort();
    all.dedup();
    all
}

/// The script.
pub fn script(options: &ScriptOptions) -> String {
    let mut text =
        String::from("# Reads the configuration of a network, and changes nothing. Needs these permissions:\n");
    for permission in permissions() {
        let _ = writeln!(text, "#   {permission}");
    }
    text.push_str("umask 077\n");
    if options.regions.is_empty() {
        region(&mut text, options, None);
    }
    for name in &options.regions {
        region(&mut text, options, Some(name));
    }
    text
}

/// What the shell makes of `$id` for the name of a file, as [`Call::file`] does.
const FILE_OF_ID: &str = "$(printf %s \"$id\" | sed 's,/,%2F,g')";

fn region(text: &mut String, options: &ScriptOptions, name: Option<&str>) {
    let mut aws = String::from("aws");
    for (option, value) in
        [("--region", name), ("--profile", options.profile.as_deref()), ("--endpoint-url", options.endpoint.as_deref())]
    {
        if let Some(value) = value {
            let _ = write!(aws, " {option} {}", quoted(value));
        }
    }
    aws.push_str(" --output json");
    let folder = match name {
        Some(name) => format!("{}/{name}", options.folder),
        None => options.folder.clone(),
    };
    let folder = quoted(&folder);
    let _ = writeln!(text, "\nmkdir -p {folder}");
    for call in CALLS {
        let _ = match (&call.each, call.parent()) {
            (Some(each), Some(parent)) => writeln!(
                text,
                "{} | while read -r id; do\n  {} > {folder}/\"{}.{FILE_OF_ID}.json\"\ndone",
                ids(&aws, parent, each),
                line(&aws, call, true),
                call.stem()
            ),
            _ => writeln!(text, "{} > {folder}/{}", line(&aws, call, true), call.file(None)),
        };
    }
}

/// Prints the ids of what a call lists, one a line.
fn ids(aws: &str, call: &Call, wanted: &Each) -> String {
    let query = format!("--query '{}[].[{}]' --output text", call.result, wanted.id);
    let line = format!("{} {query}", line(aws, call, false)).replace(" --output json", "");
    match (&call.each, call.parent()) {
        (Some(each), Some(parent)) => format!("{} | while read -r id; do {line}; done", ids(aws, parent, each)),
        _ => line,
    }
}

/// The command line of a call; `$id` is the object that it is made for.
fn line(aws: &str, call: &Call, has_options: bool) -> String {
    let mut line = format!("{aws} {} {}", call.service.command(), call.name);
    if let Some(each) = &call.each {
        let _ = write!(line, " {} \"$id\"", each.option);
    }
    if has_options && !call.options.is_empty() {
        let _ = write!(line, " {}", call.options);
    }
    line
}

/// As one word of the shell.
fn quoted(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_script() {
        let script = script(&ScriptOptions {
            regions: vec!["eu-west-1".into(), "us-east-1".into()],
            profile: Some("it's".into()),
            endpoint: None,
            folder: "vpc".into(),
        });
        let aws = r"aws --region eu-west-1 --profile 'it'\''s' --output json";
        for line in [
            "#   elasticloadbalancing:DescribeRules".to_owned(),
            "mkdir -p vpc/us-east-1".to_owned(),
            format!("{aws} ec2 describe-vpcs --page-size 1000 > vpc/eu-west-1/describe-vpcs.json"),
            format!("{aws} elb describe-load-balancers > vpc/eu-west-1/elb-describe-load-balancers.json"),
            format!(
                "{} elbv2 describe-load-balancers --query 'LoadBalancers[].[LoadBalancerArn]' --output text | while read -r \
                 id; do",
                aws.replace(" --output json", "")
            ),
            format!(
                "  {aws} elbv2 describe-listeners --load-balancer-arn \"$id\" > \
                 vpc/eu-west-1/\"elbv2-describe-listeners.$(printf %s \"$id\" | sed 's,/,%2F,g').json\""
            ),
        ] {
            assert!(script.lines().any(|other| other == line), "{line}\nis not in\n{script}");
        }
    }

    #[test]
    fn words_are_quoted_where_a_shell_would_read_more() {
        for (text, expected) in [("a/b", "a/b"), ("$(x)", "'$(x)'"), ("", "''"), ("a b'", r"'a b'\'''")] {
            assert_eq!(quoted(text), expected);
        }
    }
}
