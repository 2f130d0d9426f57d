//! `/proc/PID/status`: name, parent, effective user.
//!
//! Implements that file of proc(5). It is read instead of `stat`, whose second field is a name that may itself hold
//! spaces and parentheses. Surprising: here the name is on a line of its own, but with `\n` and `\\` for a line feed
//! and a backslash in it.

/// What the status of a process says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessStatus {
    /// Command name, at most 15 bytes (kernel threads: 63).
    pub name: String,
    /// Parent; 0 where there is none.
    pub parent_pid: u32,
    /// Effective user id.
    pub effective_uid: u32,
    /// Whether it has memory of its own: kernel threads and processes that ended have none, and map no file.
    pub has_memory: bool,
}

/// Reads a status file; `None` when a field is missing or is no number.
pub fn parse(bytes: &[u8]) -> Option<ProcessStatus> {
    let (mut name, mut parent_pid, mut effective_uid, mut has_memory) = (None, None, None, false);
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Some(value) = line.strip_prefix(b"Name:\t") {
            name = Some(unescape(&String::from_utf8_lossy(value)));
        } else if let Some(value) = line.strip_prefix(b"PPid:\t") {
            parent_pid = number(value);
        } else if let Some(value) = line.strip_prefix(b"Uid:\t") {
            // Real, effective, saved, file system.
            effective_uid = value.split(|byte| *byte == b'\t').nth(1).and_then(number);
        } else if line.starts_with(b"VmSize:") {
            has_memory = true;
        }
    }
    Some(ProcessStatus { name: name?, parent_pid: parent_pid?, effective_uid: effective_uid?, has_memory })
}

fn number(bytes: &[u8]) -> Option<u32> {
    std::str::from_utf8(bytes.trim_ascii()).ok()?.parse().ok()
}

fn unescape(name: &str) -> String {
    let mut result = String::with_capacity(name.len());
    let mut letters = name.chars();
    while let Some(letter) = letters.next() {
        let escaped = if letter == '\\' { letters.clone().next() } else { None };
        match escaped {
            Some('n') => result.push('\n'),
            Some('\\') => result.push('\\'),
            _ => {
                result.push(letter);
                continue;
            }
        }
        letters.next();
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_may_hold_anything() {
        let status = |name: &str| format!("Name:\t{name}\nPPid:\t1\nUid:\t1000\t33\t33\t33\nVmSize:\t 5 kB\n");
        for (written, name) in [
            ("sshd", "sshd"),
            ("a) S (b", "a) S (b"),
            (r"a\nb\\n", "a\nb\\n"),
            (r"a\", r"a\"),
            (r"\t", r"\t"),
            ("", ""),
        ] {
            let parsed = parse(status(written).as_bytes()).unwrap();
            assert_eq!((parsed.name.as_str(), parsed.parent_pid, parsed.effective_uid), (name, 1, 33));
            assert!(parsed.has_memory);
        }
    }

    #[test]
    fn a_kernel_thread_has_no_memory_and_half_a_file_is_nothing() {
        let thread = parse(b"Name:\tkthreadd\nPPid:\t0\nUid:\t0\t0\t0\t0\n").unwrap();
        assert!(!thread.has_memory);
        for bytes in
            [&b""[..], b"Name:\tx\nPPid:\t0\n", b"Name:\tx\nPPid:\tx\nUid:\t0\t0\n", b"Name:\tx\nPPid:\t0\nUid:\t0\n"]
        {
            assert_eq!(parse(bytes), None);
        }
    }
}
