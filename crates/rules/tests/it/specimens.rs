//! Named bad rule files, each with the exact message that its author gets.

use assay_rules::{limits, parse_rule};

use crate::support::rule_with;

const HEAD: &str = "id: r\ntitle: t {host}\ndescription: d\nseverity: Low\nrationale: w\n";

#[track_caller]
fn check(text: &str, expected: &str) {
    let error = parse_rule("bad.yaml", text.as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

/// The rest of a file after the five keys of `HEAD`.
#[track_caller]
fn check_rest(lines: &str, expected: &str) {
    check(&format!("{HEAD}{lines}"), expected);
}

#[test]
fn unknown_keys_name_the_nearest_one() {
    check_rest(
        "pases_when: true\npasses_when: true\n",
        "bad.yaml:6:1: unknown key `pases_when`, did you mean `passes_when`?",
    );
    check_rest("passes_when: true\nxyzzy: 1\n", "bad.yaml:7:1: unknown key `xyzzy`");
    check_rest(
        "passes_when: true\nneeds: [sysctl]\ncollect:\n  sysctls: [a.b]\n",
        "bad.yaml:9:3: unknown key `sysctls`, did you mean `sysctl`?",
    );
    check_rest(
        "passes_when: true\nremediation:\n  - text: x\n    comand: y\n",
        "bad.yaml:9:5: unknown key `comand`, did you mean `command`?",
    );
    check_rest(
        "passes_when: true\ntests:\n  - name: n\n    outcome: pass\n    evidence:\n      ssdh: {}\n",
        "bad.yaml:11:7: unknown key `ssdh`, did you mean `sshd`?",
    );
}

#[test]
fn duplicate_keys_name_the_first_line() {
    check_rest("severity: High\npasses_when: true\n", "bad.yaml:6:1: duplicate key `severity`, first given in line 4");
    check_rest(
        "passes_when: true\nparameters: { a: 1, b: 2, a: 3 }\n",
        "bad.yaml:7:27: duplicate key `a`, first given in line 7",
    );
}

#[test]
fn missing_keys_are_named() {
    check("id: r\ntitle: t\n", "bad.yaml:1:1: missing key `description`");
    check_rest("needs: []\n", "bad.yaml:1:1: missing key `passes_when`");
    check_rest("passes_when: true\nremediation: [{ command: x }]\n", "bad.yaml:7:15: missing key `text`");
}

#[test]
fn wrong_types_say_what_is_there() {
    check("id: [a]\n", "bad.yaml:1:5: `id` must be a text, not a list");
    check("id: 12\n", "bad.yaml:1:5: `id` must be a text, not the number 12");
    check("- a\n", "bad.yaml:1:1: `the file` must be a mapping, not a list");
    check_rest("passes_when:\n", "bad.yaml:6:12: `passes_when` must be a text, not nothing");
    check_rest("passes_when: ''\n", "bad.yaml:6:14: `passes_when` must not be empty");
    check_rest("needs: sshd\npasses_when: true\n", "bad.yaml:6:8: `needs` must be a list, not a text");
    check_rest(
        "passes_when: true\nparameters: { days: 1.5 }\n",
        "bad.yaml:7:21: `days` must be a whole number, a boolean, a text or a list of texts, not the number 1.5",
    );
}

#[test]
fn words_name_the_nearest_one() {
    check_rest("needs: [shd]\npasses_when: true\n", "bad.yaml:6:9: `needs` cannot be \"shd\", did you mean `sshd`?");
    check(
        "id: r\ntitle: t\ndescription: d\nseverity: Urgent\n",
        "bad.yaml:4:11: `severity` cannot be \"Urgent\": use one of High, Medium, Low, Informational",
    );
    check_rest(
        "passes_when: true\ntests: [{ name: n, outcome: passed }]\n",
        "bad.yaml:7:29: `outcome` cannot be \"passed\", did you mean `pass`?",
    );
}

#[test]
fn yaml_mistakes_have_their_place() {
    check("collect:\n\tpaths: []\n", "bad.yaml:2:2: tabs disallowed within this context (block indentation)");
    check("id: r\n\ttitle: t\n", "bad.yaml:1:5: while scanning a plain scalar, found a tab");
    check("id: [a\ntitle: t\n", "bad.yaml:2:6: illegal placement of ':' indicator");
    check("", "bad.yaml:1:1: the file is empty");
    check("# nothing\n", "bad.yaml:2:1: the file is empty");
    check("id: r\n---\nid: s\n", "bad.yaml:3:1: a file holds one document, and another begins here");
    check("? [a]\n: b\n", "bad.yaml:1:3: a key must be a text");
}

#[test]
fn yaml_that_expands_is_refused() {
    let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n";
    check(bomb, "bad.yaml:1:7: anchors are not read here");
    check("a: !!binary x\n", "bad.yaml:1:13: tags are not read here");
    check("a: *b\n", "bad.yaml:1:4: while parsing node, found unknown anchor");
}

#[test]
fn limits_are_named() {
    let size = usize::try_from(limits::MAX_FILE_BYTES).unwrap() + 1;
    let huge = "x".repeat(size);
    check(&huge, &format!("bad.yaml is {size} bytes, over the limit of {}", limits::MAX_FILE_BYTES));
    let deep = format!("id: {}{}\n", "[".repeat(200), "]".repeat(200));
    check(&deep, "bad.yaml:1:29: nested deeper than 24 levels");
    let wide = format!("id: [{}]\n", "a,".repeat(30_000));
    check(&wide, "bad.yaml:1:40000: more than 20000 values");
    let error = parse_rule("bad.yaml", b"id: \xff\n").unwrap_err();
    assert_eq!(error.to_string(), "bad.yaml is not UTF-8");
}

#[test]
fn expressions_are_checked_where_they_stand() {
    for (lines, expected) in [
        ("passes_when: sshd.installed\n", "the section `sshd` is not listed in `needs` or `wants`"),
        ("needs: [sshd]\npasses_when: shd.installed\n", "unknown name `shd`, did you mean `sshd`?"),
        ("needs: [sshd]\npasses_when: lowr(sshd.version) == 'a'\n", "unknown function `lowr`, did you mean `lower`?"),
        ("passes_when: '\"a\".matches(\"b\")'\n", "unknown function `matches`"),
        ("passes_when: 1 +\n", "line 1, column 4: Syntax error: mismatched input '<EOF>' expecting expression"),
        ("passes_when: Foo{a 1}\n", "line 1, column 7: expected ':' in struct field"),
        ("passes_when: Foo{}.a\n", "messages are not part of the rule language"),
        ("passes_when: '[1].all(x, [2].all(x, x > 0))'\n", "the element variable `x` hides another name"),
        (
            "passes_when: '[1].all(a, [2].all(b, [3].all(c, a + b + c > 0)))'\n",
            "it nests comprehensions deeper than 2 levels",
        ),
    ] {
        let message = rule_with(lines).unwrap_err().to_string();
        assert!(message.ends_with(&format!("`passes_when` is no usable expression: {expected}")), "{message}");
    }
    let place =
        rule_with("needs: [sshd]\nevidence:\n  - label: x\n    value: |\n      sshd.a\n      +\npasses_when: true\n");
    assert_eq!(
        place.unwrap_err().to_string(),
        "r.yaml:10:7: `value` is no usable expression: line 2, column 2: Syntax error: mismatched input '<EOF>' \
         expecting expression"
    );
}

#[test]
fn what_a_rule_does_not_have_cannot_be_named() {
    check_rest(
        "passes_when: true\nreason: '{x}'\n",
        "bad.yaml:7:9: `reason` uses `{x}`, which is no label of `evidence`",
    );
    check_rest(
        "passes_when: true\nreason: 'a}'\n",
        "bad.yaml:7:9: `reason` has a `}` without a `{`; a brace itself is written `}}`",
    );
    check_rest(
        "passes_when: true\nrelevant_problems: { sshd: [] }\n",
        "bad.yaml:7:22: `relevant_problems` names `sshd`, which is not in `needs`",
    );
    check_rest(
        "passes_when: true\ncollect: { paths: [/etc] }\n",
        "bad.yaml:7:20: `paths` is collected, and `paths` is not in `needs`",
    );
    check_rest(
        "needs: [paths]\ncollect: { paths: [etc] }\npasses_when: true\n",
        "bad.yaml:7:20: `paths` \"etc\" is no absolute path",
    );
    check_rest("variables: { sshd: 1 }\npasses_when: true\n", "bad.yaml:6:14: `sshd` is the name of something else");
    check_rest(
        "passes_when: true\ntests: [{ name: n, outcome: pass, parameters: { a: 1 } }]\n",
        "bad.yaml:7:9: `parameters` names `a`, which the rule does not have",
    );
}

#[test]
fn test_evidence_must_be_evidence() {
    let test = "passes_when: true\ntests:\n  - name: n\n    outcome: pass\n    evidence:\n      sshd: ";
    check_rest(
        &format!("{test}{{ instaled: true }}\n"),
        "bad.yaml:11:13: `sshd` has a key that the evidence does not know: `instaled`",
    );
    check_rest(
        &format!("{test}{{ installed: maybe }}\n"),
        "bad.yaml:11:13: `sshd` is not what the evidence holds: invalid type: string \"maybe\", expected a boolean",
    );
    check_rest(
        &format!("{test}{{ effective: {{ port: {{ value: 22, source: default }} }} }}\n"),
        "bad.yaml:11:13: `sshd` is not what the evidence holds: invalid type: integer `22`, expected a string",
    );
}
