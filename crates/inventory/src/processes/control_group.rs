//! `/proc/PID/cgroup`: the systemd unit that a process belongs to.
//!
//! Implements cgroups(7), version 2 (one line, `0::`) and version 1 (the line of the hierarchy `name=systemd`).
//! Surprising: a service of a user's own manager has two units in its path, `user@1000.service` and its own; the last
//! one is meant.

/// The unit in a cgroup file: the last component that is a service or a scope.
pub fn parse(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let path_in = |hierarchy: &str| {
        text.lines().find_map(|line| {
            let (_, rest) = line.split_once(':')?;
            let (controllers, path) = rest.split_once(':')?;
            (controllers == hierarchy).then_some(path)
        })
    };
    unit(path_in("name=systemd").unwrap_or_default()).or_else(|| unit(path_in("").unwrap_or_default()))
}

fn unit(path: &str) -> Option<String> {
    let is_unit = |component: &&str| {
        let stem = component.strip_suffix(".service").or_else(|| component.strip_suffix(".scope"));
        stem.is_some_and(|stem| !stem.is_empty())
    };
    path.split('/').rfind(is_unit).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_unit_counts() {
        for (cgroup, unit) in [
            ("0::/system.slice/ssh.service\n", Some("ssh.service")),
            ("0::/system.slice/docker.service/payload\n", Some("docker.service")),
            ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-x.service\n", Some("app-x.service")),
            ("0::/user.slice/user-0.slice/session-3.scope\n", Some("session-3.scope")),
            ("12:pids:/a.service\n1:name=systemd:/system.slice/cron.service\n0::/\n", Some("cron.service")),
            ("1:name=systemd:/\n0::/system.slice/x.service\n", Some("x.service")),
            ("0::/system.slice/system-getty.slice/getty@tty1.service\n", Some("getty@tty1.service")),
            ("0::/\n", None),
            ("0::/.service\n", None),
            ("", None),
            ("garbage", None),
        ] {
            assert_eq!(parse(cgroup.as_bytes()).as_deref(), unit, "{cgroup}");
        }
    }
}
