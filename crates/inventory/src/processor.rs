//! The processor: its architecture, and the flags that tell which protections it offers.
//!
//! Implements `/proc/cpuinfo` and `/proc/sys/kernel/arch` of proc(5); only a live host has a processor. Surprising: on
//! x86 the flag `nx` is missing where the firmware switched it off, although the processor could do it.

use std::io::{BufRead, BufReader, Read};

use assay_host::{Host, HostError};
use assay_model::evidence::kernel::Processor;
use assay_model::evidence::{Collected, Problem, ProblemKind};

use crate::processes::proc_directory;

const CPUINFO: &str = "/proc/cpuinfo";

/// The text about one processor has 1.5 KB; the other processors are not read.
const MAX_FIRST: u64 = 64 * 1024;

/// Collects the flags of the first processor.
pub fn collect(host: &dyn Host) -> Collected<Processor> {
    if !host.is_live() {
        return Collected::unavailable(proc_directory::not_running(CPUINFO));
    }
    let architecture = architecture(host);
    let text = match read_first(host) {
        Ok(text) => text,
        Err(error) => return Collected::unavailable(error.to_problem()),
    };
    match parse(&text) {
        Some(flags) => Collected::complete(Processor { architecture, flags }),
        None => {
            let problem = Problem::new(CPUINFO, ProblemKind::Malformed, "the first processor has no list of flags");
            Collected::partial(Processor { architecture, flags: Vec::new() }, vec![problem])
        }
    }
}

/// `uname -m`: as the kernel says (Linux 6.1), else as this program was built.
pub(crate) fn architecture(host: &dyn Host) -> String {
    let said = host.read("/proc/sys/kernel/arch", 4096).unwrap_or_default();
    let said = String::from_utf8_lossy(said.trim_ascii()).into_owned();
    if said.is_empty() { std::env::consts::ARCH.to_owned() } else { said }
}

/// The flags in a cpuinfo file, in its order, of the first processor that has any; x86 calls them `flags`, ARM
/// `Features`, s390x `features`.
pub fn parse(bytes: &[u8]) -> Option<Vec<String>> {
    let text = String::from_utf8_lossy(bytes);
    let (_, flags) = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| matches!(name.trim_end(), "flags" | "Features" | "features"))?;
    Some(flags.split_ascii_whitespace().map(str::to_owned).collect())
}

/// Reads up to the first blank line. Writing about hundreds of processors costs the kernel milliseconds.
fn read_first(host: &dyn Host) -> Result<Vec<u8>, HostError> {
    let mut reader = BufReader::with_capacity(4096, host.open(CPUINFO)?.take(MAX_FIRST));
    let mut text = Vec::new();
    loop {
        let start = text.len();
        let read = reader.read_until(b'\n', &mut text);
        let read = read.map_err(|cause| HostError::Io { path: CPUINFO.to_owned(), cause })?;
        let is_blank = text.get(start..).unwrap_or_default().trim_ascii().is_empty();
        if read == 0 || (is_blank && start > 0) {
            return Ok(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use assay_host::{MemoryHost, RootedHost};
    use assay_model::evidence::SourceKind;

    use super::*;

    #[test]
    fn flags_of_the_first_processor_are_read() {
        for (cpuinfo, flags) in [
            (
                "processor\t: 0\nflags\t\t: fpu nx smep\nbugs\t\t: x\n\nprocessor\t: 1\nflags\t\t: other\n",
                "fpu nx smep",
            ),
            ("processor\t: 0\nFeatures\t: fp asimd\n\nHardware\t: x\n", "fp asimd"),
            ("flags\t:\n", ""),
        ] {
            let host =
                MemoryHost::new(SourceKind::LiveHost).file(CPUINFO, cpuinfo).file("/proc/sys/kernel/arch", "riscv64\n");
            let collected = collect(&host);
            assert_eq!(collected.problems, []);
            let processor = collected.facts.unwrap();
            assert_eq!((processor.flags.join(" ").as_str(), processor.architecture.as_str()), (flags, "riscv64"));
        }
    }

    #[test]
    fn what_cannot_be_told_is_a_problem() {
        for (host, kind) in [
            (MemoryHost::new(SourceKind::RootDirectory), ProblemKind::NotSupported),
            (MemoryHost::new(SourceKind::LiveHost), ProblemKind::NotFound),
            (MemoryHost::new(SourceKind::LiveHost).file(CPUINFO, "\n\nprocessor: 0\n"), ProblemKind::Malformed),
        ] {
            assert_eq!(collect(&host).problems[0].kind, kind);
        }
    }

    #[test]
    fn this_machine_is_what_uname_says() {
        let uname = std::process::Command::new("uname").arg("-m").output().expect("uname is needed: coreutils");
        let processor = collect(&RootedHost::live().unwrap()).facts.unwrap();
        assert_eq!(processor.architecture, String::from_utf8(uname.stdout).unwrap().trim());
        assert!(!processor.flags.is_empty());
    }
}
