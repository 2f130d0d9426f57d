//! Limits of one look at the host, which the looking process sets for itself before it reads anything.
//!
//! Memory is bounded by `RLIMIT_DATA`, not `RLIMIT_AS`: an allocator reserves address space by 64 MiB for each thread
//! without using it, and package databases are mapped, not copied. Surprising: the process stays on one processor
//! (sched_setaffinity(2)), which is what bounds its share to one core however many threads it has; there is no call for
//! a class of input and output in safe Rust, but the kernel derives it from the nice value (ioprio_set(2)).

use std::io;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, Signal, nice, set_parent_process_death_signal, setrlimit};
use rustix::thread::{CpuSet, sched_getcpu, sched_setaffinity};
use serde::{Deserialize, Serialize};

/// Limits of one look at the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookLimits {
    /// Bytes of memory that it may write to.
    pub memory: u64,
    /// Seconds of processor time.
    pub processor_seconds: u64,
    /// Bytes of one file that it may write.
    pub file: u64,
    /// How nice it is to others: 0 to 19.
    pub nice: i32,
    /// Wall clock time, after which it is killed.
    pub wall: Duration,
}

impl Default for LookLimits {
    /// 256 MiB, 10 min of a processor, 512 MiB in one file, nice 10, half an hour.
    fn default() -> LookLimits {
        LookLimits {
            memory: 256 << 20,
            processor_seconds: 600,
            file: 512 << 20,
            nice: 10,
            wall: Duration::from_secs(1800),
        }
    }
}

impl LookLimits {
    /// Sets them for this process, and has it die with the daemon.
    pub(crate) fn apply(&self) -> io::Result<()> {
        set_parent_process_death_signal(Some(Signal::KILL))?;
        nice(self.nice)?;
        let mut processors = CpuSet::new();
        processors.set(sched_getcpu());
        sched_setaffinity(None, &processors)?;
        for (resource, limit) in [
            (Resource::Data, self.memory),
            (Resource::Cpu, self.processor_seconds),
            (Resource::Fsize, self.file),
            (Resource::Core, 0),
        ] {
            let limit = rustix::process::getrlimit(resource).maximum.map_or(limit, |maximum| maximum.min(limit));
            setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })?;
        }
        Ok(())
    }
}
