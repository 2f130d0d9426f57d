//! npm's, rpm's and Alpine's order on generated versions against node-semver, rpm and apk; dpkg's is in `dpkg.rs`.

use std::cmp::Ordering;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use assay_advisory::version::VersionOrder;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::pieces::texts;
use super::rows::ordering;
use crate::support::shared;

/// Pairs of texts, the same in every run.
fn pairs(order: VersionOrder, count: usize, is_fair: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config { failure_persistence: None, ..Config::default() }, rng);
    let texts = texts(order);
    let mut text = || {
        loop {
            let text = texts.new_tree(&mut runner).unwrap().current();
            if is_fair(&text) {
                return text;
            }
        }
    };
    (0..count).map(|_| (text(), text())).collect()
}

/// Fails where the reference, which answers a line a pair (`<`, `=`, `>`, or something else for a refusal), differs.
fn check(order: VersionOrder, pairs: &[(String, String)], answers: &str, least: usize) {
    let answers: Vec<&str> = answers.lines().collect();
    assert_eq!(answers.len(), pairs.len(), "{order}");
    let mut compared = 0;
    for ((left, right), answer) in pairs.iter().zip(answers) {
        let expected: Option<Ordering> = ["<", "=", ">"].contains(&answer).then(|| ordering(answer));
        assert_eq!(order.compare(left, right).ok(), expected, "{order}: {left:?} and {right:?}: {answer}");
        compared += usize::from(expected.is_some());
    }
    assert!(compared >= least, "{order}: {compared} compared");
}

/// Runs a command on text; what it prints.
fn run(command: &mut Command, input: &str) -> String {
    let name = command.get_program().to_owned();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{name:?}, which is a reference, does not start: {error}"));
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let mut output = String::new();
    child.stdout.take().unwrap().read_to_string(&mut output).unwrap();
    writer.join().unwrap();
    assert!(child.wait().unwrap().success(), "{name:?} failed");
    output
}

/// npm brings its node-semver along. One or two numbers are a version here, but not to it; it makes `1.2.3-4.5` of
/// `1.2.34.5`, which is refused here.
#[test]
fn npm_order_is_that_of_node_semver() {
    const SCRIPT: &str = "
        const { execSync } = require('child_process');
        const root = execSync('npm root -g').toString().trim();
        const paths = [root + '/npm', '/usr/share/nodejs/npm', '/usr/share/nodejs'];
        const semver = require(require.resolve('semver', { paths }));
        const sign = ([left, right]) => {
            try { return '<=>'[semver.compare(left, right, true) + 1]; } catch (error) { return 'refused'; }
        };
        const pairs = JSON.parse(require('fs').readFileSync(0));
        console.log(pairs.map(sign).join('\\n'));";
    let is_fair = |text: &str| {
        let numbers = text.trim_start_matches(['v', '=', ' ']);
        let is_whole =
            numbers.split(|c: char| !c.is_ascii_digit() && c != '.').next().unwrap().matches('.').count() == 2;
        // Larger numbers than 2^53 are refused there.
        is_whole && !text.contains("99999999")
    };
    let pairs = pairs(VersionOrder::Npm, 3_000, is_fair);
    let answers = run(Command::new("node").args(["-e", SCRIPT]), &serde_json::to_string(&pairs).unwrap());
    check(VersionOrder::Npm, &pairs, &answers, 300);
}

/// rpm's own Lua compares whole versions since rpm 4.16.
#[test]
fn rpm_order_is_that_of_rpm() {
    let is_fair = |text: &str| VersionOrder::Rpm.parse(text).is_ok();
    let pairs = pairs(VersionOrder::Rpm, 2_000, is_fair);
    let lines: Vec<String> = pairs.iter().map(|(left, right)| format!("{{'{left}','{right}'}}")).collect();
    let lua = format!(
        "%{{lua: local signs = {{'<', '=', '>'}}; for _, pair in ipairs({{{}}}) do print(signs[rpm.vercmp(pair[1], pair[2]) + 2] .. '\\n') end}}",
        lines.join(",")
    );
    let answers = run(Command::new("rpm").args(["--eval", &lua]), "");
    let answers: Vec<&str> = answers.lines().filter(|line| !line.is_empty()).collect();
    check(VersionOrder::Rpm, &pairs, &answers.join("\n"), 2_000);
}

/// The apk of a real Alpine root, by its own loader.
#[test]
fn apk_order_is_that_of_apk() {
    let folder = tempfile::tempdir().unwrap();
    let archive = shared("hosts/alpine-minirootfs-3.20.3-x86_64.tar.gz");
    let status = Command::new("tar")
        .arg("-xzf")
        .arg(archive)
        .arg("-C")
        .arg(folder.path())
        .arg("./lib")
        .arg("./sbin/apk")
        .status();
    assert!(status.expect("tar must be installed").success());
    // 2.14 takes many texts that 3 does not, and compares numbers of several digits with a leading zero in another way.
    let has_odd_zero = |text: &str| {
        text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > 1 && digits.starts_with('0'))
    };
    let is_fair = |text: &str| {
        VersionOrder::Apk.parse(text).is_ok()
            && !has_odd_zero(text)
            && !text.contains(['~'])
            && !text.contains("99999999")
    };
    let pairs = pairs(VersionOrder::Apk, 400, is_fair);
    let answers: Vec<String> = pairs.iter().map(|(left, right)| ask_apk(folder.path(), left, right)).collect();
    check(VersionOrder::Apk, &pairs, &answers.join("\n"), 400);
}

fn ask_apk(root: &Path, left: &str, right: &str) -> String {
    let mut command = Command::new(root.join("lib/ld-musl-x86_64.so.1"));
    command.arg("--library-path").arg(root.join("lib")).arg(root.join("sbin/apk")).args(["version", "-t", left, right]);
    run(&mut command, "").trim().to_owned()
}
