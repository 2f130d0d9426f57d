//! The systemd unit: valid, hardened, and hiding nothing that the agent has to see.

use std::path::{Path, PathBuf};
use std::process::Command;

fn unit() -> (PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging/assay-agent.service");
    let text = std::fs::read_to_string(&path).unwrap();
    (path, text)
}

#[test]
fn the_unit_is_hardened_and_hides_nothing() {
    let (_, text) = unit();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    for directive in [
        "Type=notify",
        "ExecStart=/usr/bin/assay agent run",
        "RestartPreventExitStatus=64 77",
        "WatchdogSec=120",
        "StateDirectoryMode=0700",
        "CapabilityBoundingSet=CAP_DAC_READ_SEARCH CAP_SYS_PTRACE",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "MemoryMax=400M",
        "CPUQuota=50%",
        "TasksMax=64",
        "RestrictNamespaces=yes",
        "MemoryDenyWriteExecute=yes",
        "SystemCallFilter=@system-service",
    ] {
        assert!(lines.contains(&directive), "{directive}");
    }
    for hiding in
        ["DynamicUser=", "PrivateTmp=", "ProtectHome=", "PrivateDevices=", "ProtectKernelModules=", "ProtectProc="]
    {
        assert!(!lines.iter().any(|line| line.starts_with(hiding)), "{hiding}");
    }
}

#[test]
fn systemd_takes_the_unit_as_it_is() {
    let (_, text) = unit();
    // The program need not be installed where the tests run.
    let text = text.replace("ExecStart=/usr/bin/assay", "ExecStart=/bin/true");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("assay-agent.service");
    std::fs::write(&path, text).unwrap();
    for arguments in [&["verify", "--man=no"][..], &["security", "--offline=true", "--threshold=35"]] {
        let mut command = Command::new("systemd-analyze");
        let output =
            command.args(arguments).arg(&path).output().expect("systemd-analyze is installed (Debian: systemd)");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}{}", String::from_utf8_lossy(&output.stdout));
        assert!(!said.contains("Unknown") && !said.contains("gnoring"), "{said}");
    }
}
