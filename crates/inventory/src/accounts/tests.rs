//! Examples, and lines that only an attacker writes.

use assay_host::{MemoryHost, RootedHost};
use assay_model::evidence::SourceKind;
use assay_model::evidence::account::PasswordAgeing;

use super::*;

const HASH: &str = "$6$salt$/oBniOGzVbfTiTw";

fn host() -> MemoryHost {
    MemoryHost::new(SourceKind::RootDirectory)
        .file(PASSWD, "root:x:0:0:root:/root:/bin/bash\nbin:x:2:2:bin:/bin:/usr/sbin/nologin\n")
        .file(GROUP, "root:x:0:\nsudo:x:27:a,b\n")
        .file(SHADOW, format!("root:{HASH}:19700:0:99999:7:::\nbin:*:19700:0:99999:7:::\n"))
}

fn status(is_set: bool, is_empty: bool, is_locked: bool) -> PasswordStatus {
    PasswordStatus { is_set, is_empty, is_locked }
}

fn check_problems(problems: &[Problem], expected: &[(&str, ProblemKind)]) {
    let told: Vec<_> = problems.iter().map(|each| (each.subject.as_str(), each.kind)).collect();
    assert_eq!(told, expected, "{problems:?}");
}

#[test]
fn accounts_and_groups_are_joined_with_the_shadow_file() {
    let collected = collect(&host());
    assert_eq!(collected.problems, []);
    let accounts = collected.facts.unwrap();
    assert!(!format!("{accounts:?}").contains("salt"));
    let [root, bin] = accounts.users.as_slice() else { panic!("{accounts:?}") };
    assert_eq!((root.name.as_str(), root.uid, root.gid, root.line), ("root", 0, 0, 1));
    assert_eq!((root.home.as_str(), root.shell.as_str()), ("/root", "/bin/bash"));
    assert_eq!(root.password, Some(status(true, false, false)));
    let ageing =
        PasswordAgeing { last_change: Some(19700), minimum: Some(0), maximum: Some(99999), ..Default::default() };
    assert_eq!(root.ageing, Some(PasswordAgeing { warning: Some(7), ..ageing }));
    assert_eq!((bin.line, bin.password), (2, Some(status(false, false, true))));
    let [_, sudo] = accounts.groups.as_slice() else { panic!("{accounts:?}") };
    assert_eq!((sudo.name.as_str(), sudo.gid, sudo.line), ("sudo", 27, 2));
    assert_eq!(sudo.members, ["a", "b"]);
}

#[test]
fn password_fields_have_their_status() {
    for (field, expected) in [
        ("", status(false, true, false)),
        ("*", status(false, false, true)),
        ("!", status(false, false, true)),
        ("!!", status(false, false, true)),
        ("!*", status(false, false, true)),
        ("*LK*", status(false, false, true)),
        ("NP", status(false, false, true)),
        ("x", status(false, false, true)),
        (HASH, status(true, false, false)),
        ("!$6$salt$/oBniOGzVbfTiTw", status(true, false, true)),
        ("!!$y$j9T$abc", status(true, false, true)),
        ("rl0uE0wcJrsQQ", status(true, false, false)),
        ("_J9..CCCCXBrJUJV154M", status(true, false, false)),
        ("!rl0uE0wcJrsQQ", status(true, false, true)),
    ] {
        assert_eq!(shadow::status_of(field), expected, "{field}");
    }
}

#[test]
fn a_password_in_the_readable_file_counts_before_the_shadow_file() {
    let host = host().file(PASSWD, format!("a::1:1:::\nb:{HASH}:2:2:::\nc:x:3:3:::\nroot:*:0:0:::\n"));
    let users = collect(&host).facts.unwrap().users;
    let found: Vec<_> = users.iter().map(|user| (user.name.as_str(), user.password, user.ageing.is_some())).collect();
    assert_eq!(
        found,
        [
            ("a", Some(status(false, true, false)), false),
            ("b", Some(status(true, false, false)), false),
            ("c", None, false),
            ("root", Some(status(false, false, true)), false),
        ]
    );
}

#[test]
fn odd_lines_of_passwd_are_read_as_the_c_library_reads_them() {
    let check = |line: &str, expected: Option<(&str, u32, &str)>, problems: usize| {
        let (entries, told) = parse_passwd(PASSWD, line.as_bytes());
        let found =
            entries.first().map(|entry| (entry.account.name.as_str(), entry.account.uid, entry.account.shell.as_str()));
        assert_eq!((found, told.len()), (expected, problems), "{line:?}: {told:?}");
    };
    check("toor::0:0", Some(("toor", 0, "")), 1);
    check("toor:x:0:0:gecos:/root", Some(("toor", 0, "")), 1);
    check("  toor:x: 0:+0:::/bin/sh", Some(("toor", 0, "/bin/sh")), 0);
    check("a:x:1:1:::/bin/sh:more", Some(("a", 1, "/bin/sh:more")), 0);
    check("# a:x:1:1:::", None, 0);
    check("", None, 0);
    check("\n\n", None, 0);
    check("a", None, 1);
    check("a:x::0:::", None, 1);
    check("a:x:-1:0:::", None, 1);
    check("a:x:4294967296:0:::", None, 1);
    check(":x:0:0:::", None, 1);
    check("+@admins::::::\n+\n-nobody\n", None, 1);
    let (entries, told) = parse_passwd(PASSWD, b"a:x:1:1:::\nb\xff:x:2:2:::\nc:x:3\n+::::::\nd:x:4:4:::\n");
    assert_eq!(entries.iter().map(|entry| entry.account.line).collect::<Vec<_>>(), [1, 2, 5]);
    assert_eq!(
        told.iter().map(|problem| problem.detail.as_str()).collect::<Vec<_>>(),
        [
            "line 2 of /etc/passwd is no UTF-8",
            "line 3 of /etc/passwd has no valid user and group id",
            "line 4 of /etc/passwd includes entries of NIS, which are not collected"
        ]
    );
}

#[test]
fn odd_lines_of_group_and_shadow_are_told() {
    let (groups, told) = parse_group(GROUP, b"a:x:1\nb:x:2: c ,,d,\nc:x:y:\nd\n\n");
    assert_eq!(groups.iter().map(|group| (group.gid, group.members.len())).collect::<Vec<_>>(), [(1, 0), (2, 2)]);
    check_problems(&told, &[(GROUP, ProblemKind::Malformed); 3]);

    let (entries, told) = parse_shadow(SHADOW, b"a:!:x:0:-1::::\na::::::::\nb\nc:*\n");
    assert_eq!(entries.len(), 2);
    assert_eq!(entries["a"].ageing, PasswordAgeing { minimum: Some(0), ..PasswordAgeing::default() });
    assert_eq!(entries["a"].password, status(false, false, true));
    check_problems(&told, &[(SHADOW, ProblemKind::Malformed); 2]);
    assert!(parse_shadow(SHADOW, b"a:secret\xff").1.iter().all(|problem| !problem.detail.contains("secret")));
}

#[test]
fn hostile_files_are_told() {
    for (hostile, facts, path, kind) in [
        (host().denied(SHADOW), true, SHADOW, ProblemKind::NotPermitted),
        (host().fifo(SHADOW), true, SHADOW, ProblemKind::WrongType),
        (host().link(GROUP, GROUP), true, GROUP, ProblemKind::LinkLoop),
        (host().fifo(PASSWD), false, PASSWD, ProblemKind::WrongType),
        (MemoryHost::new(SourceKind::LiveHost), false, PASSWD, ProblemKind::NotFound),
        (host().file(PASSWD, vec![b'\n'; LIMIT as usize + 1]), false, PASSWD, ProblemKind::TooLarge),
    ] {
        let collected = collect(&hostile);
        assert_eq!(collected.facts.is_some(), facts, "{path} {kind:?}");
        check_problems(&collected.problems, &[(path, kind)]);
        for user in collected.facts.iter().flat_map(|facts| &facts.users).filter(|_| path == SHADOW) {
            assert_eq!((user.password, user.ageing), (None, None), "{path} {kind:?}");
        }
    }
    let unshadowed = host().file(PASSWD, "a:*:1:1:::\n").fifo(SHADOW);
    check_problems(&collect(&unshadowed).problems, &[]);
}

#[test]
fn this_machine_is_read_as_getent_reads_it() {
    let accounts = collect(&RootedHost::live().unwrap()).facts.unwrap();
    let users = accounts
        .users
        .iter()
        .map(|user| format!("{}:{}:{}:{}:{}", user.name, user.uid, user.gid, user.home, user.shell));
    let groups =
        accounts.groups.iter().map(|group| format!("{}:{}:{}", group.name, group.gid, group.members.join(",")));
    let getent = |database: &str, fields: &[usize]| -> Vec<String> {
        let arguments = ["-s", "files", database];
        let output =
            std::process::Command::new("getent").args(arguments).output().expect("getent (libc-bin) is needed");
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        let pick = |line: &str| fields.iter().map(|at| line.split(':').nth(*at).unwrap()).collect::<Vec<_>>().join(":");
        text.lines().map(pick).collect()
    };
    assert_eq!(users.collect::<Vec<_>>(), getent("passwd", &[0, 2, 3, 5, 6]));
    assert_eq!(groups.collect::<Vec<_>>(), getent("group", &[0, 2, 3]));
}
