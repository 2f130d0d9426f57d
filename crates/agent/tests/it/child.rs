//! This test binary as the other processes: the one that takes part in a run, and a daemon that can be killed.

use std::process::{Child, Command, Stdio};

use assay_agent::{Launcher, LookLimits, take_part};
use assay_model::Timestamp;

use crate::host::Host;

/// Says that a process was started to do what its test does for another one.
const MARK: &str = "ASSAY_AGENT_TEST_CHILD";

/// The folder of the host whose daemon a process is.
const FOLDER: &str = "ASSAY_AGENT_TEST_FOLDER";

fn program() -> String {
    std::env::current_exe().unwrap().into_os_string().into_string().unwrap()
}

fn arguments(test: &str) -> [&str; 4] {
    [test, "--exact", "--nocapture", "--test-threads=1"]
}

/// Starts this binary for a step of a run; `env` gives way to it, so it is the same process.
pub(crate) fn launcher(limits: LookLimits) -> Launcher {
    let mark = format!("{MARK}=part");
    let program = program();
    let all = [mark.as_str(), program.as_str()].into_iter().chain(arguments("child::takes_part"));
    Launcher { program: "/usr/bin/env".into(), arguments: all.map(Into::into).collect(), limits }
}

/// What went wrong is the last line on standard error, as it is with the real program.
#[test]
fn takes_part() -> Result<(), String> {
    if std::env::var_os(MARK).is_some() {
        return take_part(std::io::stdin().lock(), Timestamp::now()).map_err(|error| error.to_string());
    }
    let error = take_part(&b"{\"step\":\"run-command\"}"[..], Timestamp::now()).unwrap_err();
    assert_eq!(error.to_string(), "no order of an agent on standard input");
    Ok(())
}

/// Starts the daemon of a host as a process of its own.
pub(crate) fn daemon(host: &Host) -> Child {
    let mut command = Command::new(program());
    command.args(arguments("child::runs_a_daemon")).env(FOLDER, host.data()).stdin(Stdio::null());
    command.stdout(Stdio::null()).spawn().unwrap()
}

/// The daemon, until it is killed; without a folder, it is refused one that was never enrolled.
#[tokio::test]
async fn runs_a_daemon() {
    let own = Host::new();
    let Some(data) = std::env::var_os(FOLDER) else {
        let error = own.open().await.unwrap_err();
        assert!(error.to_string().starts_with("this host is not enrolled"), "{error}");
        return;
    };
    let mut options = own.options();
    options.folder = assay_agent::Folder::of_data(data.to_str().unwrap().into());
    let daemon = assay_agent::Daemon::open(options).await.unwrap();
    daemon.run(std::future::pending()).await.unwrap();
}
