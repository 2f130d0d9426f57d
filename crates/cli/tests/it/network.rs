//! `assay network`: the contract of its JSON, and what people see.

use serde_json::Value;

use crate::support::{check, run, shared};

fn folder(case: &str) -> String {
    shared().join("network/mini").join(case).to_str().unwrap().to_owned()
}

#[test]
fn exposures_are_written_as_the_contract_says() {
    let text = check(&["network", "exposures", "--vpc", &folder("m01-plain"), "-o", "json"], 0);
    let answer: Value = serde_json::from_str(&text).unwrap();
    let row = &answer["exposures"][0];
    for (key, expected) in [("origin", "internet"), ("instance", "i-a"), ("protocol", "tcp"), ("ports", "22-22")] {
        assert_eq!(row[key], expected);
    }
    assert_eq!((&row["family"], &row["certainty"], &row["via"]), (&4.into(), &"certain".into(), &Value::Null));
    assert!(row["gates"].as_array().unwrap().iter().any(|gate| gate["rule"] == "ingress tcp 22-22 from 0.0.0.0/0"));
    assert!(answer["assumptions"].is_array());
    let table = check(&["network", "exposures", "--vpc", &folder("m01-plain"), "--mode", "edge"], 0);
    assert!(table.starts_with("ORIGIN") && table.contains("tcp 22-22"), "{table}");
    let nothing = check(&["network", "exposures", "--vpc", &folder("m04-igw-detached")], 0);
    assert!(nothing.starts_with("Nothing is reachable."), "{nothing}");
}

#[test]
fn paths_name_what_stops_them() {
    let vpc = folder("m10-nacl-reply-port-80-only");
    let ask = |more: &[&str]| {
        let flow =
            ["network", "path", "--vpc", &vpc, "--from", "8.8.8.8", "--to", "i-a", "--protocol", "tcp", "--port", "22"];
        check(&[&flow[..], more].concat(), 0)
    };
    let answer: Value = serde_json::from_str(&ask(&["-o", "json"])).unwrap();
    assert_eq!(
        (&answer["verdict"], &answer["blockers"][0]["code"]),
        (&"forward-only".into(), &"SUBNET_ACL_RESTRICTION".into())
    );
    let answer: Value = serde_json::from_str(&ask(&["-o", "json", "--source-port", "80"])).unwrap();
    assert_eq!(answer["verdict"], "reachable");
    assert!(ask(&[]).contains("STOPS"));
}

#[test]
fn changes_have_causes() {
    let (before, after) = (folder("m13-private-cidr-only"), folder("m01-plain"));
    let text = check(&["network", "diff", "--since", &before, "--vpc", &after, "-o", "json"], 0);
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&answer["changes"][0]["change"], &answer["changes"][0]["ports"]), (&"opened".into(), &"22-22".into()));
    assert!(answer["changes"][0]["causes"][0]["rule"].as_str().unwrap().contains("0.0.0.0/0"));
    assert_eq!(check(&["network", "diff", "--since", &after, "--vpc", &after], 0), "Nothing changed.\n");
}

#[test]
fn the_calls_are_printed() {
    let script = check(&["network", "collect", "--region", "eu-west-1,us-east-1"], 0);
    for line in [
        "aws --region us-east-1 --output json ec2 describe-addresses > vpc/us-east-1/describe-addresses.json",
        "#   directconnect:DescribeVirtualInterfaces",
        "mkdir -p vpc/eu-west-1",
    ] {
        assert!(script.lines().any(|other| other == line), "{line}");
    }
    assert!(check(&["network", "collect"], 0).contains("\naws --output json ec2 describe-vpcs"));
}

/// What is not asked for is not known: each kind that a snapshot has is one that some call tells of.
#[test]
fn the_calls_tell_of_all_that_a_snapshot_has() {
    let script = check(&["network", "collect"], 0);
    let unnamed: Vec<String> = assay_reach::snapshot::Kind::all()
        .map(assay_reach::snapshot::Kind::call)
        .filter(|call| !script.contains(&format!(" {call} ")))
        .collect();
    assert_eq!(unnamed, Vec::<String>::new());
}

/// The script is one that a shell takes, and its files are ones that a snapshot has: an `aws` that answers with a list of two.
#[test]
fn the_script_runs_and_its_files_are_known() {
    let folder = tempfile::TempDir::new().unwrap();
    let aws = folder.path().join("bin/aws");
    std::fs::create_dir(folder.path().join("bin")).unwrap();
    let stub = "#!/bin/sh\ncase \"$*\" in *\"--output text\"*) printf 'a/1\\nb-2\\n';; *) echo '{}';; esac\n";
    std::fs::write(&aws, stub).unwrap();
    std::fs::set_permissions(&aws, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let script = folder.path().join("script");
    std::fs::write(&script, check(&["network", "collect", "--region", "eu-west-1"], 0)).unwrap();
    let path = format!("{}:/usr/bin:/bin", folder.path().join("bin").display());
    let ran = std::process::Command::new("sh").arg("-e").arg(&script).current_dir(&folder).env("PATH", path).output();
    let ran = ran.unwrap();
    assert!(ran.status.success() && ran.stderr.is_empty(), "{}", String::from_utf8_lossy(&ran.stderr));
    let written = folder.path().join("vpc/eu-west-1");
    for (file, exists) in [
        ("elbv2-describe-rules.a%2F1.json", true),
        ("elbv2-describe-rules.b-2.json", true),
        ("describe-vpcs.json", true),
        ("describe-rules.a%2F1.json", false),
    ] {
        assert_eq!(written.join(file).exists(), exists, "{file}");
    }
    let vpc = folder.path().join("vpc");
    let answer = check(&["network", "exposures", "--vpc", vpc.to_str().unwrap(), "-o", "json"], 0);
    assert!(!answer.contains("is not used"), "{answer}");
}

#[test]
#[cfg(not(feature = "aws"))]
fn without_the_feature_no_call_is_made() {
    let told = run(&["network", "collect", "--to", "/nowhere"]);
    assert_eq!(told.status.code(), Some(64));
    assert!(String::from_utf8_lossy(&told.stderr).contains("without the feature `aws`"));
}

#[test]
fn what_cannot_be_asked_is_an_error() {
    let vpc = folder("m01-plain");
    for (arguments, code) in [
        (vec!["network", "exposures", "--vpc", "/nowhere/at/all"], 1),
        (vec!["network", "exposures", "--vpc", "/dev/null"], 64),
        (vec!["network", "path", "--vpc", &vpc, "--from", "i-x", "--to", "i-a", "--port", "1"], 64),
        (vec!["network", "path", "--vpc", &vpc, "--from", "i-a", "--to", "i-a", "--protocol", "ip"], 64),
    ] {
        assert_eq!(run(&arguments).status.code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn cuts_and_openings_are_told_to_people_and_programs() {
    let vpc = folder("m01-plain");
    let text = check(&["network", "cut", "--vpc", &vpc, "--to", "i-a", "--port", "22", "-o", "json"], 0);
    let answer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["cuts"][0]["edits"][0]["change"], "remove ingress tcp 22-22 from 0.0.0.0/0");
    assert!(answer["cuts"][0]["also_closes"].as_array().unwrap().is_empty());
    let table = check(&["network", "cut", "--vpc", &vpc, "--to", "i-a", "--from", "internet"], 0);
    assert!(table.starts_with("1. closes it:"), "{table}");
    let nothing = check(&["network", "cut", "--vpc", &vpc, "--to", "i-a", "--from", "pcx-1"], 0);
    assert!(nothing.starts_with("Nothing to close"), "{nothing}");
    let closed = folder("m13-private-cidr-only");
    let flow = ["network", "open", "--vpc", &closed, "--from", "8.8.8.8", "--to", "i-a", "--port", "22"];
    let table = check(&flow, 0);
    assert!(table.contains("Opened by:") && table.contains("ENI_SG_RULES_MISMATCH"), "{table}");
    for wrong in [
        vec!["network", "cut", "--vpc", &vpc, "--to", "i-x"],
        vec!["network", "cut", "--vpc", &vpc, "--to", "i-a", "--port", "9-8"],
        vec!["network", "cut", "--vpc", &vpc, "--to", "i-a", "--from", "moon"],
        vec!["network", "cut", "--vpc", &vpc, "--to", "i-a", "--protocol", "icmp", "--port", "300"],
    ] {
        assert_eq!(run(&wrong).status.code(), Some(64), "{wrong:?}");
    }
}

#[test]
fn a_policy_is_a_gate() {
    let folder_of_policies = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder_of_policies.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let vpc = folder("m01-plain");
    let closed =
        write("closed.yaml", "version: 1\nforbid: [{name: no ssh, from: internet, protocol: tcp, ports: 22}]\n");
    let open = write("open.yaml", "version: 1\nallow: [{name: ssh, from: internet, protocol: tcp, ports: 22}]\n");
    let wrong = write("wrong.yaml", "version: 1\ndeny: []\n");
    let table = check(&["network", "check", &closed, "--vpc", &vpc], 2);
    assert!(table.contains("forbidden") && table.contains("no ssh") && table.contains("tcp 22-22"), "{table}");
    let answer: Value =
        serde_json::from_str(&check(&["network", "check", &closed, "--vpc", &vpc, "-o", "json"], 2)).unwrap();
    assert_eq!(
        (&answer["breaches"][0]["kind"], &answer["breaches"][0]["instance"]),
        (&"forbidden".into(), &"i-a".into())
    );
    assert!(answer["breaches"][0]["gates"].as_array().is_some_and(|gates| !gates.is_empty()));
    assert!(check(&["network", "check", &open, "--vpc", &vpc], 0).starts_with("The network keeps to the policy."));
    assert_eq!(run(&["network", "check", &wrong, "--vpc", &vpc]).status.code(), Some(64));
    assert_eq!(run(&["network", "check", "/nowhere/at/all", "--vpc", &vpc]).status.code(), Some(1));
}
