//! A case's evidence and databases.

use std::collections::BTreeMap;

use assay_advisory::database::DatabaseBuilder;
use assay_advisory::{AffectedRange, Database, Entry, FeedOrigin, Level, RangeEnd, Scope, Statement};
use assay_model::ecosystem::Ecosystem;
use assay_model::evidence::kernel::{Kernel, NextKernel, RunningKernel};
use assay_model::evidence::library::{Libraries, Library, LibraryKind};
use assay_model::evidence::operating_system::OperatingSystem;
use assay_model::evidence::package::{
    Package, PackageOrigin, PackageRole, PackageState, Packages, Provenance, Repository,
};
use assay_model::evidence::process::{MappedFile, Process, Processes};
use assay_model::evidence::{Collected, Evidence, HostIdentity, SourceKind};
use assay_model::finding::{Confidence, FixState};

use super::case::{Case, Words};

/// A word of a serde enumeration.
fn word<T: serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_value(serde_json::Value::from(text)).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

pub(crate) fn evidence(case: &Case) -> Evidence {
    let host = HostIdentity { agent_id: "i-0".to_owned(), hostname: "case".to_owned(), ipv4_addresses: Vec::new() };
    let mut evidence = Evidence::empty(SourceKind::LiveHost, host, "corpus", super::verdict::now());
    let os = Words::of(&case.os);
    if let [id, rest @ ..] = os.plain.as_slice() {
        evidence.os = Collected::complete(OperatingSystem {
            id: (*id).to_owned(),
            version_id: rest.first().map(|version| (*version).to_owned()),
            version_codename: rest.get(1).map(|codename| (*codename).to_owned()),
            ..OperatingSystem::default()
        });
    }
    let repository = |id: &String| Repository { id: id.clone(), location: String::new() };
    let mut packages: Vec<Package> = case.packages.iter().map(|line| package(line)).collect();
    packages.sort_by(|left, right| (&left.name, &left.version).cmp(&(&right.name, &right.version)));
    evidence.packages = Collected::complete(Packages {
        format: "corpus".to_owned(),
        packages,
        repositories: case.repositories.iter().map(repository).collect(),
    });
    let mut libraries: Vec<Library> = case.libraries.iter().map(|line| library(line)).collect();
    libraries.sort();
    evidence.libraries = Collected::complete(Libraries { libraries });
    if !case.kernel.is_empty() {
        let mut kernel = kernel(&case.kernel);
        if let (Some(running), Some(packages)) = (&mut kernel.running, &evidence.packages.facts) {
            let owner =
                packages.packages.iter().find(|package| package.name.ends_with(&format!("-{}", running.release)));
            running.package = owner.map(|package| package.name.clone());
        }
        evidence.kernel = Collected::complete(kernel);
    }
    if !case.processes.is_empty() {
        evidence.processes = Collected::complete(processes(&case.processes));
    }
    evidence
}

fn package(line: &str) -> Package {
    let words = Words::of(line);
    words.allow(&["src", "srcver", "arch", "role", "origin", "state", "module", "vendor", "previous"]);
    let [name, version] = words.plain.as_slice() else { panic!("{line:?}") };
    let origin = match words.get("origin") {
        None => PackageOrigin::Distribution,
        Some("local") => PackageOrigin::Local,
        Some("unknown") => PackageOrigin::Unknown,
        Some(origin) => PackageOrigin::ThirdParty { origin: origin.to_owned() },
    };
    let plain = Package::installed(*name, *version, words.get("arch").unwrap_or("x86_64"));
    Package {
        source_name: words.owned("src").unwrap_or_else(|| plain.source_name.clone()),
        source_version: words.owned("srcver").unwrap_or_else(|| plain.source_version.clone()),
        state: words.get("state").map_or(PackageState::Installed, word),
        role: words.get("role").map_or(PackageRole::Ordinary, word),
        origin,
        previous_version: words.owned("previous"),
        provenance: Provenance { module: words.owned("module"), vendor: words.owned("vendor"), signing_key: None },
        ..plain
    }
}

fn library(line: &str) -> Library {
    let words = Words::of(line);
    words.allow(&["owner", "kind"]);
    let [ecosystem, name, version, location] = words.plain.as_slice() else { panic!("{line:?}") };
    Library {
        ecosystem: word(ecosystem),
        name: (*name).to_owned(),
        version: (*version).to_owned(),
        location: (*location).to_owned(),
        kind: words.get("kind").map_or(LibraryKind::Installed, word),
        owner: words.owned("owner"),
        development: false,
    }
}

fn kernel(line: &str) -> Kernel {
    let words = Words::of(line);
    words.allow(&["running", "code", "next", "patch"]);
    let code =
        words.get("code").map_or_else(|| "#1 SMP".to_owned(), |code| format!("#1 SMP Debian {code} (2025-01-01)"));
    Kernel {
        running: words.owned("running").map(|release| RunningKernel {
            release,
            version: code,
            machine: "x86_64".to_owned(),
            package: None,
        }),
        next_boot: words.owned("next").map(|release| NextKernel { release, determined_by: "corpus".to_owned() }),
        live_patches: words.owned("patch").into_iter().collect(),
        ..Kernel::default()
    }
}

fn processes(lines: &[String]) -> Processes {
    let mut all = Processes::default();
    for (index, line) in lines.iter().enumerate() {
        let words = Words::of(line);
        words.allow(&["pid", "unit", "package"]);
        all.mapped_files.push(MappedFile {
            path: format!("/usr/lib/old-{index}.so"),
            replaced: true,
            package: words.owned("package"),
        });
        all.processes.push(Process {
            pid: words.get("pid").unwrap().parse().unwrap(),
            parent_pid: 1,
            name: words.plain[0].to_owned(),
            executable: None,
            executable_replaced: false,
            uid: 0,
            user: None,
            unit: words.owned("unit"),
            mapped: Some(vec![u32::try_from(index).unwrap()]),
        });
    }
    all
}

/// The databases by scope; entries without `scope=` are of the host's own.
pub(crate) fn databases(case: &Case, own: Option<&Scope>) -> BTreeMap<Scope, Database> {
    let mut builders: BTreeMap<Scope, DatabaseBuilder> = BTreeMap::new();
    for line in &case.entries {
        let words = Words::of(line);
        let scope = match (words.get("scope"), own) {
            (Some(scope), _) => scope.parse().unwrap(),
            (None, Some(own)) => own.clone(),
            (None, None) => panic!("{line:?} needs scope= on a host without one"),
        };
        let builder = builders.entry(scope.clone()).or_insert_with(|| DatabaseBuilder::new(scope));
        let origin = FeedOrigin {
            feed: "corpus".to_owned(),
            source: "corpus".to_owned(),
            fetched_at: super::verdict::now(),
            digest: "00".to_owned(),
        };
        let origin = builder.add_origin(origin).unwrap();
        builder.add(origin, &entry(line, &words)).unwrap();
    }
    let compile = |builder: DatabaseBuilder| {
        let database = Database::from_bytes(builder.compile().unwrap()).unwrap();
        database.verify().unwrap();
        database
    };
    builders.into_iter().map(|(scope, builder)| (scope, compile(builder))).collect()
}

fn entry(line: &str, words: &Words<'_>) -> Entry {
    words.allow(&[
        "scope",
        "fixed",
        "last",
        "introduced",
        "version",
        "module",
        "channel",
        "arch",
        "confidence",
        "reason",
        "alias",
    ]);
    let [id, package, level, what] = words.plain.as_slice() else { panic!("{line:?}") };
    let level = match *level {
        "source" => Level::Source,
        "binary" => Level::Binary,
        other => panic!("{other:?}"),
    };
    let range = |end: RangeEnd| AffectedRange { introduced: words.owned("introduced"), end };
    let affected = |ranges: Vec<AffectedRange>, versions: Vec<String>, unfixed: FixState| Statement::Affected {
        ranges,
        versions,
        unfixed,
    };
    let statement = match *what {
        "fixed" => {
            affected(vec![range(RangeEnd::Fixed(words.owned("fixed").unwrap()))], Vec::new(), FixState::NoFixYet)
        }
        "last" => {
            affected(vec![range(RangeEnd::LastAffected(words.owned("last").unwrap()))], Vec::new(), FixState::NoFixYet)
        }
        "version" => affected(Vec::new(), vec![words.owned("version").unwrap()], FixState::NoFixYet),
        "not-affected" => Statement::NotAffected { reason: words.owned("reason") },
        "investigating" => Statement::UnderInvestigation,
        "range-unknown" => Statement::range_unknown(),
        state => affected(vec![range(RangeEnd::Open)], Vec::new(), word(state)),
    };
    Entry {
        module: words.owned("module"),
        channel: words.owned("channel"),
        architectures: words.owned("arch").into_iter().collect(),
        confidence: words.get("confidence").map_or(Confidence::Certain, word),
        aliases: words.owned("alias").into_iter().collect(),
        severity: "medium".to_owned(),
        ..Entry::new(*id, *package, level, statement)
    }
}

/// The ecosystem of a scope of libraries.
pub(crate) fn ecosystem_of(scope: &Scope) -> Option<Ecosystem> {
    match scope.platform() {
        assay_advisory::Platform::Library(ecosystem) => Some(ecosystem),
        _ => None,
    }
}
