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
