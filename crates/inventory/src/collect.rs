//! All collectors, in the order that their needs of each other ask for.
//!
//! Three threads: reading package lists is bound by the processor, the walk for libraries takes the longest, the rest is
//! bound by system calls. The order of the threads changes nothing in the evidence, since each section is written by one collector only.

use std::collections::BTreeMap;
use std::thread::{self, ScopedJoinHandle};

use assay_host::Host;
use assay_model::Timestamp;
use assay_model::evidence::account::Accounts;
use assay_model::evidence::request::CollectionRequest;
use assay_model::evidence::{Collected, Evidence, SCHEMA, Section};

use crate::ownership::OwnedFiles;
use crate::{
    accounts, authentication, identity, kernel, libraries, mounts, operating_system, packages, paths, processes,
    processor, sockets, sshd, sysctl,
};

/// What to collect, and what the evidence says about its making.
#[derive(Clone, Debug)]
pub struct CollectOptions<'a> {
    /// Sections, parameters and paths.
    pub request: CollectionRequest,
    /// The time to put into the evidence.
    pub now: Timestamp,
    /// The program that collects, with its version.
    pub collector: &'a str,
    /// The effective user id that it runs as.
    pub uid: u32,
    /// What identifies a host without a machine id, for example its path.
    pub identity_fallback: &'a str,
}

/// Collects the sections asked for; the others stay without facts and without problems.
pub fn collect(host: &dyn Host, options: CollectOptions<'_>) -> Evidence {
    let CollectOptions { request, now, collector, uid, identity_fallback } = options;
    let wanted = |section: Section| request.sections.contains(&section);
    let os = operating_system::collect(host);
    let distribution = os.facts.as_ref().map_or("", |os| os.id.as_str());
    let databases = packages::Databases::find(host, os.facts.as_ref());
    let needs_packages = wanted(Section::Packages) || wanted(Section::Sshd);
    let (packages, libraries, kernel, sshd, accounts, processes, sockets) = thread::scope(|scope| {
        let walking = scope.spawn(|| {
            let mut libraries = when(wanted(Section::Libraries), || libraries::collect(host));
            packages::assign(host, databases.own, &mut [&mut libraries]);
            libraries
        });
        let running = scope.spawn(|| {
            let needs_accounts = wanted(Section::Accounts) || wanted(Section::Processes);
            let accounts = when(needs_accounts, || accounts::collect(host));
            let mut processes = when(wanted(Section::Processes), || processes::collect(host, &user_names(&accounts)));
            let mut sockets = wanted(Section::Sockets).then(|| sockets::collect(host));
            let mut kernel = when(wanted(Section::Kernel), || kernel::collect(host));
            // One pass for all of them, because a package database may be large.
            let mut owned: Vec<&mut dyn OwnedFiles> = vec![&mut kernel, &mut processes];
            owned.extend(sockets.as_mut().map(|sockets| sockets as &mut dyn OwnedFiles));
            packages::assign(host, databases.own, &mut owned);
            (accounts, kernel, processes, sockets.map_or_else(Collected::default, |sockets| sockets.collected))
        });
        let packages = when(needs_packages, || packages::collect(host, distribution, &databases));
        let sshd = when(wanted(Section::Sshd), || sshd::collect(host, packages.facts.as_ref()));
        let (accounts, kernel, processes, sockets) = finished(running);
        (packages, finished(walking), kernel, sshd, accounts, processes, sockets)
    });
    Evidence {
        schema: SCHEMA,
        collector: collector.to_owned(),
        collected_at: now,
        source: host.source(),
        source_problems: host.problems(),
        host: identity::collect(host, identity_fallback),
        collected_as_uid: uid,
        os: keep(wanted(Section::Os), os),
        packages: keep(wanted(Section::Packages), packages),
        libraries,
        kernel,
        processor: when(wanted(Section::Processor), || processor::collect(host)),
        accounts: keep(wanted(Section::Accounts), accounts),
        sshd,
        authentication: when(wanted(Section::Authentication), || authentication::collect(host)),
        sysctl: when(wanted(Section::Sysctl), || sysctl::collect(host, &request.sysctl)),
        mounts: when(wanted(Section::Mounts), || mounts::collect(host)),
        processes,
        sockets,
        paths: when(wanted(Section::Paths), || paths::collect(host, &request.paths)),
        request,
    }
}

/// A panic in a collector is a defect; it goes on as one instead of being taken for missing facts.
fn finished<T>(collector: ScopedJoinHandle<'_, T>) -> T {
    collector.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn when<T>(is_wanted: bool, collect: impl FnOnce() -> Collected<T>) -> Collected<T> {
    if is_wanted { collect() } else { Collected::default() }
}

/// Leaves out what was only read because another section needed it.
fn keep<T>(is_wanted: bool, collected: Collected<T>) -> Collected<T> {
    if is_wanted { collected } else { Collected::default() }
}

fn user_names(accounts: &Collected<Accounts>) -> BTreeMap<u32, String> {
    let users = accounts.facts.iter().flat_map(|accounts| &accounts.users);
    // The first account of a uid names it, as getpwuid(3) does.
    users.rev().map(|user| (user.uid, user.name.clone())).collect()
}
