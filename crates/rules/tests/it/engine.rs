//! Outcomes: what decides, what does not, and what the evaluation says of it.

use assay_model::outcome::Outcome;
use assay_rules::{EvaluationContext, Parameter, evaluate};

use crate::support::{evaluated, evidence, rule_with};

const NO: &str =
    "evidence: { sshd: { installed: true, effective: { a: { value: 'no', source: file, file: /f, line: 3 } } } }";
const PROBLEM: &str = "\nproblems: { sshd: [{ subject: /f, kind: not-permitted, detail: permission denied. }] }";

#[track_caller]
fn check(lines: &str, fragment: &str, outcome: Outcome, reason: &str) {
    let evaluation = evaluated(lines, fragment);
    assert_eq!((evaluation.outcome, evaluation.reason.as_str()), (outcome, reason));
}

#[test]
fn the_condition_decides() {
    let rule =
        "needs: [sshd]\nevidence: [{ label: A, value: sshd.effective.a }]\npasses_when: sshd.effective.a.value == ";
    check(&format!("{rule}'no'"), NO, Outcome::Pass, "A is no (/f, line 3)");
    check(&format!("{rule}'yes'"), NO, Outcome::Fail, "A is no (/f, line 3)");
}

#[test]
fn unknown_is_never_ok() {
    let pass = "needs: [sshd]\npasses_when: sshd.effective.a.value == 'no'";
    let fail = "needs: [sshd]\npasses_when: sshd.effective.a.value == 'yes'";
    let denied = "could not read /f: permission denied";
    check(pass, "evidence: {}", Outcome::Unknown, "`sshd` was not collected");
    check(pass, PROBLEM, Outcome::Unknown, denied);
    check(pass, &format!("{NO}{PROBLEM}"), Outcome::Unknown, denied);
    check(fail, &format!("{NO}{PROBLEM}"), Outcome::Fail, "the condition was evaluated");
    check(pass, "evidence: { sshd: {} }", Outcome::Unknown, "the evidence has no `a`");
    check(pass, &format!("evidence: {{ sshd: {{}} }}{PROBLEM}"), Outcome::Unknown, denied);
}

#[test]
fn declared_problems_matter_and_others_do_not() {
    let rule = |subjects: &str| {
        format!("needs: [sshd]\nrelevant_problems: {{ sshd: [{subjects}] }}\npasses_when: sshd.installed")
    };
    for (subjects, outcome) in [
        ("/f", Outcome::Unknown),
        ("/f/below", Outcome::Unknown),
        ("/", Outcome::Unknown),
        ("/other", Outcome::Pass),
        ("/fo", Outcome::Pass),
        ("", Outcome::Pass),
    ] {
        assert_eq!(evaluated(&rule(subjects), &format!("{NO}{PROBLEM}")).outcome, outcome, "{subjects}");
    }
}

#[test]
fn problems_of_other_parameters_and_paths_do_not_matter() {
    let sysctl = "needs: [sysctl]\ncollect: { sysctl: [a.b] }\npasses_when: has(sysctl['a.b'].running)";
    let paths = "needs: [paths]\ncollect: { paths: [/etc/*] }\npasses_when: size(paths) == 0";
    for (rule, section, facts, subject, outcome) in [
        (sysctl, "sysctl", "{ a.b: { running: '1' } }", "/proc/sys/a/b", Outcome::Unknown),
        (sysctl, "sysctl", "{ a.b: { running: '1' } }", "/proc/sys/a", Outcome::Unknown),
        (sysctl, "sysctl", "{ a.b: { running: '1' } }", "/proc/sys/a/c", Outcome::Pass),
        (sysctl, "sysctl", "{ a.b: { running: '1' } }", "a.c", Outcome::Pass),
        (sysctl, "sysctl", "{ a.b: { running: '1' } }", "/etc/sysctl.conf", Outcome::Unknown),
        (paths, "paths", "{}", "/etc/x", Outcome::Unknown),
        (paths, "paths", "{}", "/", Outcome::Unknown),
        (paths, "paths", "{}", "/home", Outcome::Pass),
        (paths, "paths", "{}", "more paths than the limit", Outcome::Unknown),
    ] {
        let fragment = format!(
            "evidence: {{ {section}: {facts} }}\nproblems: {{ {section}: [{{ subject: {subject}, kind: failed, detail: x }}] }}"
        );
        assert_eq!(evaluated(rule, &fragment).outcome, outcome, "{subject}");
    }
}

#[test]
fn what_is_missing_of_the_source_is_a_problem_of_every_section() {
    let sshd = "needs: [sshd]\npasses_when: sshd.installed";
    let declared = "needs: [sshd]\nrelevant_problems: { sshd: [/etc/ssh] }\npasses_when: sshd.installed";
    let fails = "needs: [sshd]\npasses_when: '!sshd.installed'";
    let absent = "needs: [sshd]\napplies_to: '!sshd.installed'\npasses_when: 'true'";
    let paths = "needs: [paths]\ncollect: { paths: [/srv/*] }\npasses_when: size(paths) == 0";
    let facts = "sshd: { installed: true }, paths: {}";
    for (rule, subject, outcome) in [
        (sshd, "layer 2 (sha256:00)", Outcome::Unknown),
        (declared, "layer 2 (sha256:00)", Outcome::Unknown),
        (absent, "layer 2 (sha256:00)", Outcome::Unknown),
        (paths, "layer 2 (sha256:00)", Outcome::Unknown),
        (fails, "layer 2 (sha256:00)", Outcome::Fail),
        (sshd, "/etc", Outcome::Unknown),
        (sshd, "/", Outcome::Unknown),
        (sshd, "/usr/local", Outcome::Unknown),
        (sshd, "/srv", Outcome::Pass),
        (absent, "/srv", Outcome::NotApplicable),
        (declared, "/etc/ssh/more", Outcome::Unknown),
        (declared, "/var", Outcome::Pass),
        (paths, "/srv", Outcome::Unknown),
        (paths, "/etc", Outcome::Pass),
    ] {
        let problem = format!("{{ subject: '{subject}', kind: not-supported, detail: it is missing. }}");
        let fragment = format!("evidence: {{ {facts} }}\nproblems: {{ source: [{problem}] }}");
        let evaluation = evaluated(rule, &fragment);
        assert_eq!(evaluation.outcome, outcome, "{rule} without {subject}: {}", evaluation.reason);
        if outcome == Outcome::Unknown {
            assert_eq!(evaluation.reason, format!("could not read {subject}: it is missing"));
            assert_eq!(evaluation.problems.len(), 1, "{rule} without {subject}");
        }
    }
    let two = "needs: [sshd, paths]\ncollect: { paths: [/srv/*] }\npasses_when: sshd.installed";
    let problem = "problems: { source: [{ subject: layer 2, kind: not-found, detail: it is missing. }] }";
    let evaluation = evaluated(two, &format!("evidence: {{ {facts} }}\n{problem}"));
    assert_eq!(evaluation.reason, "could not read layer 2: it is missing", "one problem of two sections is told once");
}

#[test]
fn a_kernel_parameter_that_was_not_asked_for_is_unknown() {
    let rule = "needs: [sysctl]\ncollect: { sysctl: [a.b, c.d] }\npasses_when: sysctl['a.b'].running == '1'";
    let reason = "the kernel parameter c.d was not collected";
    check(rule, "evidence: { sysctl: { a.b: { running: '1' } } }", Outcome::Unknown, reason);
}

#[test]
fn what_does_not_apply_must_be_known_not_to() {
    let rule = "applies_to: sshd.installed\nneeds: [sshd, kernel]\npasses_when: size(kernel.installed) > 0";
    let reason = "the rule does not concern this host";
    check(rule, "evidence: { sshd: { installed: false } }", Outcome::NotApplicable, reason);
    check(
        rule,
        &format!("evidence: {{ sshd: {{ installed: false }} }}{PROBLEM}"),
        Outcome::Unknown,
        "could not read /f: permission denied",
    );
    check(rule, "evidence: { sshd: { installed: true } }", Outcome::Unknown, "`kernel` was not collected");
}

#[test]
fn mistakes_of_the_rule_are_errors() {
    for (condition, reason) in [
        ("sshd.installed == 1 || sshd.installed > 1", "found no matching overload for '_>_' applied to '(bool, int)'"),
        ("sshd.effective.a", "the condition is a map, not a bool"),
        ("number(sshd.effective.a.value) > 1", "number: \"no\" is no number"),
        ("1 / 0 == 1", "Division by zero of Int(1)"),
        ("size(sshd.effective.a.value, 1) > 1", "found no matching overload for 'size' applied to '(string, int)'"),
        ("mode_allows(1, 'w')", "mode_allows: \"w\" is not like \"go+w\""),
        ("user_name('root') == 'root'", "the name of an id: the argument must be an int"),
    ] {
        check(&format!("needs: [sshd]\npasses_when: \"{condition}\""), NO, Outcome::Error, reason);
    }
}

#[test]
fn three_valued_logic_decides_where_one_side_does() {
    for (condition, outcome) in [
        ("unknown('x') || true", Outcome::Pass),
        ("unknown('x') && false", Outcome::Fail),
        ("unknown('x') || false", Outcome::Unknown),
        ("unknown('x') && true", Outcome::Unknown),
        ("true && unknown('x')", Outcome::Unknown),
        ("sshd.effective.missing.value == 'x' || sshd.installed", Outcome::Pass),
        ("[1, 2].exists(n, n == 2 || unknown('x'))", Outcome::Pass),
        ("[1, 2].all(n, n == 2 && unknown('x'))", Outcome::Fail),
    ] {
        let evaluation = evaluated(&format!("needs: [sshd]\npasses_when: \"{condition}\""), NO);
        assert_eq!(evaluation.outcome, outcome, "{condition}: {}", evaluation.reason);
    }
}

#[test]
fn functions_answer() {
    for condition in [
        "number(' 08 ') == 8 && number('-1') == -1 && number(7) == 7",
        "is_number('90') && !is_number('ninety') && !is_number('')",
        "number_or('x', -1) == -1 && number_or('3', -1) == 3",
        "lower('PermitROOT') == 'permitroot' && trim(' a ') == 'a'",
        "split('a,b', ',') == ['a', 'b'] && words(' a  b ') == ['a', 'b'] && join(['a', 'b'], '-') == 'a-b'",
        "argument(['minlen=6', 'minlen=12'], 'minlen') == '12' && argument(['debug'], 'debug') == ''",
        "argument_or(['minlength=6'], 'minlen', 'none') == 'none'",
        "has_argument(['debug', 'minlen=6'], 'debug') && !has_argument(['minlength=6'], 'minlen')",
        "mode_allows(2, 'o+w') && mode_allows(16, 'go+w') && !mode_allows(493, 'go+w') && mode_allows(493, 'a+r')",
        "mode_allows(2048, 'u+s') && mode_allows(1024, 'g+s') && mode_allows(512, 'o+t') && !mode_allows(511, 'ug+s')",
        "octal(1517) == '2755' && octal(0) == '0000'",
        "version_at_least('9.2p1', '7.4') && version_at_least('7.4p1', '7.4') && !version_at_least('6.6p1', '7.4')",
        "version_at_least('10.0p2', '9.9')",
        "user_name(0) == '0' && group_name(50) == '50'",
        "sshd.lists[?'port'].orValue([]) == [] && !has(sshd.version)",
    ] {
        let evaluation = evaluated(&format!("needs: [sshd]\npasses_when: \"{condition}\""), NO);
        assert_eq!(evaluation.outcome, Outcome::Pass, "{condition}: {}", evaluation.reason);
    }
}

#[test]
fn names_and_packages_are_looked_up() {
    let facts = "evidence:
  accounts:
    users: [{ name: root, uid: 0, gid: 0, home: /root, shell: /bin/sh, line: 1, password: null, ageing: null }]
    groups: [{ name: staff, gid: 50, members: [], line: 1 }]
  packages:
    format: dpkg
    packages:
      - { name: ssh, version: '1', architecture: all, source_name: openssh, source_version: '1', state: installed,
          held: false, origin: { kind: local }, role: ordinary }
      - { name: telnetd, version: '1', architecture: all, source_name: x, source_version: '1', state: config-files,
          held: false, origin: { kind: local }, role: ordinary }";
    let rule = "needs: [accounts, packages]\npasses_when: user_name(0) == 'root' && group_name(50) == 'staff' \
                && group_name(51) == '51' && installed('ssh') && !installed('telnetd')";
    check(rule, facts, Outcome::Pass, "the condition was evaluated");
}

#[test]
fn variables_are_names_for_expressions() {
    let rule = "needs: [sshd]\nvariables: { a: sshd.effective.a, value: a.value }\npasses_when: value == 'no'";
    assert_eq!(evaluated(rule, NO).outcome, Outcome::Pass);
    let missing = "needs: [sshd]\nvariables: { b: sshd.effective.b, value: b.value }\npasses_when: value == 'no'";
    check(missing, NO, Outcome::Unknown, "the evidence has no `b`");
}

#[test]
fn parameters_keep_their_type() {
    let mut rule = rule_with("parameters: { days: 90 }\npasses_when: parameters.days == 30").unwrap();
    let evidence = evidence("evidence: {}");
    assert_eq!(evaluate(&rule, &EvaluationContext::new(&evidence)).outcome, Outcome::Fail);
    rule.set_parameter("days", Parameter::Number(30)).unwrap();
    assert_eq!(evaluate(&rule, &EvaluationContext::new(&evidence)).outcome, Outcome::Pass);
    for (name, value, message) in [
        ("days", Parameter::Text("30".into()), "parameter `days` of rule \"r\" must be a whole number, not a text"),
        ("day", Parameter::Number(30), "parameter `day` of rule \"r\" does not exist"),
    ] {
        assert_eq!(rule.set_parameter(name, value).unwrap_err().to_string(), message);
    }
}

#[test]
fn evidence_shows_value_file_and_line() {
    let rule = "needs: [sshd, paths]\nwants: [accounts]\ncollect: { paths: [/srv/*] }\nevidence:
  - { label: setting, value: sshd.effective.a }
  - { label: missing, value: sshd.effective.b }
  - { label: none, value: '[]' }
  - { label: number, value: 1 + 1 }
  - { label: paths, value: paths }
  - { label: wrong, value: 1 + 'a' }
passes_when: false";
    let entries: String =
        (10..35).map(|n| format!("{{ path: /srv/{n}, kind: file, mode: 0o4755, uid: 0, gid: 8 }}, ")).collect();
    let fragment =
        format!("{}\n", NO.replacen("evidence: {", &format!("evidence: {{ paths: {{ entries: [{entries}] }},"), 1));
    let evaluation = evaluated(rule, &fragment);
    let shown: Vec<(&str, &str, Option<&str>, Option<u32>)> = evaluation
        .evidence
        .iter()
        .map(|item| (item.label.as_str(), item.value.as_str(), item.source.as_deref(), item.line))
        .collect();
    assert_eq!(shown[0], ("setting", "no", Some("/f"), Some(3)));
    assert_eq!(shown[1], ("missing", "not set", None, None));
    assert_eq!(shown[2], ("number", "2", None, None));
    assert_eq!(shown[3], ("paths", "mode 4755, owner 0, group 8", Some("/srv/10"), None));
    assert_eq!(shown[23], ("paths", "and 5 more", None, None));
    assert_eq!(shown[24].0, "wrong");
    assert!(shown[24].1.starts_with("not available: "), "{}", shown[24].1);
}

#[test]
fn the_condition_is_taken_apart() {
    let rule = "needs: [sshd]\nparameters: { wanted: 'yes' }\nvariables: { a: sshd.effective.a }\npasses_when: >-
  !sshd.installed || a.value == parameters.wanted
  || sshd.files.exists(file, file == '/x')
  || (has(sshd.version) ? sshd.version == 'x' : sshd.effective.b.value == 'y')";
    let evaluation = evaluated(rule, NO);
    let parts: Vec<String> = evaluation
        .parts
        .iter()
        .skip(1)
        .map(|part| format!("{}{} = {}", "  ".repeat(part.depth.into()), part.expression, part.value))
        .collect();
    assert_eq!(
        parts.join("\n"),
        "  !sshd.installed || a.value == parameters.wanted = false
    !sshd.installed = false
      sshd.installed = true
    a.value == parameters.wanted = false
      a.value = \"no\"
        a = no (/f:3)
          sshd.effective.a = no (/f:3)
      parameters.wanted = \"yes\"
  sshd.files.exists(file, file == \"/x\") || (has(sshd.version) ? sshd.version == \"x\" : sshd.effective.b.value == \"y\") = no value: the evidence has no `b`
    sshd.files.exists(file, file == \"/x\") = false
      sshd.files = []
    has(sshd.version) ? sshd.version == \"x\" : sshd.effective.b.value == \"y\" = no value: the evidence has no `b`
      has(sshd.version) = false
      sshd.effective.b.value == \"y\" = no value: the evidence has no `b`
        sshd.effective.b.value = no value: the evidence has no `b`"
    );
}
