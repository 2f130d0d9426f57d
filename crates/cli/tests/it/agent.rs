//! `assay agent` as its users run it, against the server's listener with a desk in memory.

use std::process::{Child, Stdio};
use std::sync::Arc;
use std::time::Duration;

use assay_link::{Collect, Instruction};
use assay_model::Timestamp;
use assay_model::evidence::{Evidence, Section};
use assay_server::agents::{AgentKey, Authority, CERTIFICATE_LIFETIME, ListenerOptions, serve};
use camino::Utf8Path;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::agent_desk::{ACCOUNT, MemoryDesk};
use crate::support::{assay, check};

const RUN: &str = "arn:aws:inspector:us-east-1:123456789012:target/0-aaaaaaaa/template/0-bbbbbbbb/run/0-cccccccc";

/// A listener in a thread of its own, for as long as the test runs.
struct Service {
    desk: Arc<MemoryDesk>,
    server: String,
    authority: String,
    over: watch::Sender<bool>,
    folder: TempDir,
}

impl Service {
    fn start(tokens: &[&str]) -> Service {
        let folder = TempDir::new().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap().join("ca");
        let authority = Authority::open(&path, CERTIFICATE_LIFETIME, Timestamp::now()).unwrap();
        let desk = Arc::new(MemoryDesk::with_tokens(tokens));
        let (over, is_over) = watch::channel(false);
        let (tell, told) = std::sync::mpsc::channel();
        let front = Arc::clone(&desk);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                let options = ListenerOptions::new(vec!["127.0.0.1".into()]);
                serve(listener, front, Arc::new(authority), options, is_over).await.unwrap();
            });
        });
        let server = format!("https://{}", told.recv().unwrap());
        Service { desk, server, authority: path.join("ca.pem").into_string(), over, folder }
    }

    fn data(&self) -> String {
        self.folder.path().join("data").to_str().unwrap().to_owned()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.over.send_replace(true);
    }
}

/// A daemon that is killed when the test fails.
struct Daemon(Child);

impl Daemon {
    fn start(data: &str) -> Daemon {
        let mut command = assay();
        command.args(["--data", data, "agent", "run", "--no-metadata"]);
        Daemon(command.stderr(Stdio::null()).spawn().unwrap())
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.0), signal).unwrap();
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..3000 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("waited in vain for {what}");
}

/// The exit code of `status` and what it says.
fn status(data: &str) -> (Option<i32>, String) {
    let output = assay().args(["--data", data, "agent", "status"]).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

/// Memory of a process that is its own, in KiB: without the pages of the program file, which in a build for tests are
/// several times those of a release.
fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn a_host_enrols_runs_and_tells() {
    let service = Service::start(&["token"]);
    let data = service.data();
    assert_eq!(status(&data), (Some(1), "status:       not enrolled\n".to_owned()));
    let enroll = ["--data", &data, "agent", "enroll", "--no-metadata", "--server", &service.server];
    let said = check(&[&enroll[..], &["--token", "token", "--ca", &service.authority]].concat(), 0);
    let agent = said.lines().find_map(|line| line.strip_prefix("agent:        ")).unwrap().to_owned();
    assert!(said.contains("authority:    sha256:") && !said.contains("PRIVATE"), "{said}");
    let (code, said) = status(&data);
    assert!(code == Some(1) && said.starts_with("status:       not running\n"), "{said}");

    let mut daemon = Daemon::start(&data);
    wait_for("a good status", || (status(&data).0 == Some(0)).then_some(()));
    // The promise for an agent at rest.
    let at_rest = resident(daemon.0.id());
    println!("the agent at rest has {at_rest} KiB");
    assert!(at_rest < 20 << 10, "{at_rest} KiB at rest");

    let key = AgentKey { account: ACCOUNT.into(), agent: agent.parse().unwrap() };
    let mut collect = Collect {
        run: RUN.parse().unwrap(),
        request: Default::default(),
        until: Timestamp::now(),
        sample_interval_seconds: 1,
        rules_packages: Vec::new(),
    };
    collect.request.sections = [Section::Os, Section::Packages].into();
    service.desk.change(|state| state.instructions.insert(key.clone(), Instruction::Collect(collect)));
    let place = (key, RUN.parse().unwrap());
    let document = wait_for("the evidence", || service.desk.change(|state| state.evidence.get(&place).cloned()));
    let evidence: Evidence = serde_json::from_slice(&document).unwrap();
    assert_eq!(evidence.host.agent_id, agent);
    assert!(evidence.os.facts.is_some() && !evidence.packages.facts.unwrap().packages.is_empty());
    let after = resident(daemon.0.id());
    println!("after a run it has {after} KiB");
    assert!(after < 20 << 10, "{after} KiB after a run");

    daemon.signal(Signal::TERM);
    assert_eq!(daemon.0.wait().unwrap().code(), Some(0));
    assert_eq!(status(&data).0, Some(1));

    // Revoked: the daemon ends with the code that tells systemd not to start it again.
    service.desk.change(|state| state.revoked.insert(place.0.clone()));
    let mut daemon = Daemon::start(&data);
    assert_eq!(daemon.0.wait().unwrap().code(), Some(77));
    let (code, said) = status(&data);
    assert!(code == Some(1) && said.starts_with("status:       revoked by the server\n"), "{said}");
}

#[test]
fn exit_codes_of_the_agent_tell_what_happened() {
    let service = Service::start(&["token"]);
    let data = service.data();
    let enroll = ["--data", &data, "agent", "enroll", "--no-metadata", "--server", &service.server];
    let zeros = "0".repeat(64);
    let cases: [(&[&str], i32); 8] = [
        (&[], 64),
        (&["--token", "token"], 64),
        (&["--token", "token", "--ca-fingerprint", "abc"], 64),
        (&["--token", "token", "--ca-fingerprint", &zeros], 1),
        (&["--token", "token", "--ca", "/nonexistent"], 1),
        (&["--token", "wrong", "--trust-on-first-use"], 77),
        (&["--token", "token", "--trust-on-first-use", "--tag", "no-value"], 64),
        (&["--token", "token", "--token-file", "-", "--trust-on-first-use"], 64),
    ];
    for (arguments, code) in cases {
        check(&[&enroll[..], arguments].concat(), code);
    }
    check(&["--data", &data, "agent", "enroll", "--server", "http://a", "--token", "t", "--trust-on-first-use"], 64);
    check(&["--data", &data, "agent", "run"], 1);
    check(&["--data", &data, "agent", "part"], 1);
    let token = service.folder.path().join("token");
    std::fs::write(&token, "token\n").unwrap();
    let by_file = ["--token-file", token.to_str().unwrap(), "--trust-on-first-use", "--tag", "Name=web"];
    check(&[&enroll[..], &by_file].concat(), 0);
}
