//! Lock files that were made to hurt: each is read within bounds, and says what is wrong.

use assay_inventory::libraries::lock::LockFormat;

/// The problems of a file, which is never read in full.
fn problems(format: LockFormat, bytes: &[u8]) -> Vec<String> {
    format.parse(bytes, None).problems.iter().map(ToString::to_string).collect()
}

#[test]
fn nesting_is_bounded() {
    const DEPTH: usize = 1_000_000;
    let mut dependencies = String::from(r#"{"lockfileVersion":1,"dependencies":"#);
    dependencies.push_str(&r#"{"a":{"version":"1.0.0","dependencies":"#.repeat(DEPTH / 10));
    for (format, text) in [
        (LockFormat::PackageLock, dependencies),
        (LockFormat::PackageLock, "[".repeat(DEPTH)),
        (LockFormat::BunLock, "{\"packages\":".repeat(DEPTH)),
        (LockFormat::PnpmLock, "[".repeat(DEPTH)),
        (LockFormat::PnpmLock, "- ".repeat(DEPTH)),
        (LockFormat::PnpmLock, format!("packages: {}", "{a: ".repeat(DEPTH / 10))),
        (LockFormat::MavenPom, "<project>".repeat(DEPTH / 10)),
        (LockFormat::CargoLock, format!("a = {}", "[".repeat(DEPTH))),
        (LockFormat::UvLock, format!("{} = 1", ["a"; 100_000].join("."))),
    ] {
        let problems = problems(format, text.as_bytes());
        assert_eq!(problems.len(), 1, "{format:?}: {problems:?}");
    }
}

#[test]
fn long_lines_are_read_in_one_pass() {
    let long = "a".repeat(1 << 20);
    for format in LockFormat::ALL {
        for text in [long.clone(), format!("\"{long}\""), format!("{long}:\n  version \"1\"\n"), "-".repeat(1 << 20)] {
            let parsed = format.parse(text.as_bytes(), Some(text.as_bytes()));
            assert_eq!(parsed.found, [], "{format:?}");
            assert!(parsed.problems.iter().all(|problem| problem.to_string().len() < 1_000), "{format:?}");
        }
    }
}

#[test]
fn a_million_entries_stop_at_the_limit() {
    let mut requirements = String::new();
    for number in 0..300_000 {
        requirements.push_str(&format!("a{number}==1\n"));
    }
    let parsed = LockFormat::Requirements.parse(requirements.as_bytes(), None);
    assert_eq!(parsed.found.len(), 200_000);
    assert_eq!(problems(LockFormat::Requirements, requirements.as_bytes()), ["more than 200000 libraries"]);
}

#[test]
fn many_small_values_are_refused_before_they_take_memory() {
    for (format, text, expected) in [
        (LockFormat::UvLock, format!("a=[{}]", "[],".repeat(1 << 20)), "line 1 is not TOML of this format"),
        (LockFormat::PackageLock, "\"a\":{},".repeat(3 << 20), "line 1 is not JSON of this format"),
        (LockFormat::PnpmLock, format!("a: [{}]", "[],".repeat(2 << 20)), "line 1 is not YAML of this format"),
    ] {
        let problems = problems(format, text.as_bytes());
        assert_eq!(problems, [format!("{expected}: too many values for a lock file")]);
    }
}

#[test]
fn what_is_no_text_is_told_with_its_line() {
    for format in LockFormat::ALL {
        assert_eq!(problems(*format, b"\n\xff\n"), ["line 2 is not UTF-8: bytes that are no letter"], "{format:?}");
    }
}
