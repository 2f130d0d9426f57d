//! Bundles: from one store to another, with OpenSSL and tar as oracles, and every way to tamper with one.

use std::fs;
use std::io::{Read, Write};
use std::process::Command;

use assay_feeds::{
    BundleContents, BundleError, BundleImport, KeyOrigin, PublicKey, Shrunk, SigningKey, Silent, Source, SyncOptions,
    SyncOutcome, SyncReport, verify_bundle,
};
use camino::Utf8PathBuf;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::world::{Folder, World, block_on, folder_mirror, from_folder, now, outcome, small_feeds, tree};

/// Long after the feeds came.
const LATER: &str = "2026-12-20T12:00:00Z";

/// A store with small feeds, a bundle of it, and the key.
struct Made {
    folder: Folder,
    world: World,
    bundle: Utf8PathBuf,
    key: SigningKey,
    contents: BundleContents,
}

impl Made {
    fn new(count: usize) -> Made {
        Made::of(World::with_small_feeds(count))
    }

    fn of(world: World) -> Made {
        let folder = Folder::new();
        let (key, origin) = SigningKey::open_or_create(&folder.path.join("key")).unwrap();
        assert!(matches!(origin, KeyOrigin::Made { .. }));
        let bundle = folder.path.join("feeds.bundle");
        let contents = world.store.create_bundle(&bundle, &Source::ALL, &key, now()).unwrap();
        Made { folder, world, bundle, key, contents }
    }

    fn public(&self) -> PublicKey {
        PublicKey::read(&self.folder.path.join("key.pub")).unwrap()
    }

    /// The archive without its packing.
    fn archive(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        GzDecoder::new(fs::File::open(&self.bundle).unwrap()).read_to_end(&mut bytes).unwrap();
        bytes
    }

    fn replace_archive(&self, bytes: &[u8]) {
        let mut out = GzEncoder::new(Vec::new(), Compression::fast());
        out.write_all(bytes).unwrap();
        fs::write(&self.bundle, out.finish().unwrap()).unwrap();
    }

    fn import(&self, world: &World, options: &BundleImport) -> Result<SyncReport, BundleError> {
        let later = LATER.parse().unwrap();
        block_on(world.store.import_bundle(&self.bundle, &self.public(), options, &Silent, later))
    }
}

#[test]
fn a_bundle_gives_another_machine_the_same_databases() {
    let made = Made::new(50);
    assert_eq!(verify_bundle(&made.bundle, &made.public()).unwrap(), made.contents);
    assert_eq!(made.contents.files.len(), 5);
    let other = World::new();
    let report = made.import(&other, &BundleImport::default()).unwrap();
    for source in [Source::DebianTracker, Source::CisaKev, Source::Epss, Source::CveRecords] {
        assert_eq!(outcome(&report, source), &SyncOutcome::Updated);
    }
    assert_eq!(report.sources.len(), 4, "no other source is asked for: {report:#?}");
    let compiled = |world: &World| tree(&world.store.folder().join("compiled")).into_keys().count();
    assert_eq!(compiled(&other), compiled(&made.world));
    assert_eq!(other.records(), 50);
    assert!(!other.store.folder().join("bundle").exists());

    // They are as old as where they came from.
    for source in report.sources.iter().map(|report| report.source) {
        let (here, there) = (other.store.status_of(source).unwrap(), made.world.store.status_of(source).unwrap());
        assert_eq!((here.checked_at, here.digest()), (there.checked_at, there.digest()), "{source}");
    }
    let again = made.import(&other, &BundleImport::default()).unwrap();
    assert_eq!(outcome(&again, Source::DebianTracker), &SyncOutcome::Unchanged);
}

#[test]
fn openssl_and_tar_read_it_too() {
    let made = Made::new(5);
    let run = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).current_dir(&made.folder.path).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{program}: {text}{}", String::from_utf8_lossy(&output.stderr));
        text
    };
    let listed = run("tar", &["-xvzf", "feeds.bundle"]);
    let mut expected = vec!["assay-feeds.json", "assay-feeds.sig"];
    expected.extend(made.contents.files.iter().map(|file| file.path.as_str()));
    assert_eq!(listed.lines().collect::<Vec<&str>>(), expected);
    for file in &made.contents.files {
        let sum = run("sha256sum", &[&file.path]);
        assert!(sum.starts_with(&file.digest), "{sum}");
    }
    let verify = ["pkeyutl", "-verify", "-pubin", "-inkey", "key.pub", "-rawin"];
    let files = ["-in", "assay-feeds.json", "-sigfile", "assay-feeds.sig"];
    run("openssl", &[verify.as_slice(), &files].concat());

    run("openssl", &["genpkey", "-algorithm", "ed25519", "-out", "theirs"]);
    run("openssl", &["pkey", "-in", "theirs", "-pubout", "-out", "theirs.pub"]);
    run("chmod", &["600", "theirs"]);
    let (theirs, origin) = SigningKey::open_or_create(&made.folder.path.join("theirs")).unwrap();
    assert_eq!(origin, KeyOrigin::Read);
    assert_eq!(PublicKey::read(&made.folder.path.join("theirs.pub")).unwrap(), theirs.public_key());
}

/// A bundle that was changed is refused, by verify and by import, and what is in use is as it was.
fn check_refused(change: impl FnOnce(&Made), expected: &str) {
    let made = Made::new(20);
    change(&made);
    let other = World::with_small_feeds(10);
    let before = tree(other.store.folder());
    let verified = verify_bundle(&made.bundle, &made.public()).unwrap_err().to_string();
    assert!(verified.ends_with(expected), "{verified}");
    let imported = made.import(&other, &BundleImport { force: true, ..BundleImport::default() });
    assert_eq!(imported.unwrap_err().to_string(), verified);
    assert_eq!(tree(other.store.folder()), before, "{expected}");
}

fn position(bytes: &[u8], wanted: &str) -> usize {
    bytes.windows(wanted.len()).position(|window| window == wanted.as_bytes()).unwrap()
}

#[test]
fn whatever_is_changed_is_refused() {
    let change = |wanted: &'static str, to: u8| {
        move |made: &Made| {
            let mut bytes = made.archive();
            let at = position(&bytes, wanted);
            bytes[at] = to;
            made.replace_archive(&bytes);
        }
    };
    let signature = "is not signed with this key, or was altered";
    check_refused(change("\"created_at\"", b' '), signature);
    check_refused(change("CISA Catalog", b'X'), "known_exploited_vulnerabilities.json is not what was signed");
    check_refused(change("assay-feeds.sig", b'b'), "assay-feeds.sig is not where it should be");
    check_refused(change("epss/epss_scores-current.csv\0", b'/'), "epss_scores-current.csv is not where it should be");
    check_refused(
        |made| {
            fs::remove_file(made.folder.path.join("key.pub")).unwrap();
            let (_, origin) = SigningKey::open_or_create(&made.folder.path.join("other")).unwrap();
            let KeyOrigin::Made { public } = origin else { panic!() };
            fs::rename(public, made.folder.path.join("key.pub")).unwrap();
        },
        signature,
    );
    check_refused(
        |made| {
            let mut bytes = made.archive();
            let len = bytes.len();
            bytes.truncate(len - 1024);
            let another = bytes[..1536].to_vec();
            bytes.extend_from_slice(&another);
            bytes.extend_from_slice(&[0; 1024]);
            made.replace_archive(&bytes);
        },
        "the last file has more in it than is listed",
    );
    check_refused(
        |made| fs::OpenOptions::new().append(true).open(&made.bundle).unwrap().write_all(b"more").unwrap(),
        "the archive is followed by more",
    );
    check_refused(
        |made| {
            let bytes = made.archive();
            made.replace_archive(&bytes[..bytes.len() - 2000]);
        },
        "is cut off",
    );
    check_refused(|made| fs::write(&made.bundle, "this is no gzip").unwrap(), "assay-feeds.json is damaged");
    check_refused(|made| fs::write(&made.bundle, "").unwrap(), "assay-feeds.json is cut off");
    check_refused(|made| made.replace_archive(&vec![0; 50_000_000]), "assay-feeds.json is not where it should be");
    let no_file = "is no bundle of feeds: it is no regular file";
    check_refused(
        |made| {
            fs::remove_file(&made.bundle).unwrap();
            assert!(Command::new("mkfifo").arg(&made.bundle).status().unwrap().success());
        },
        no_file,
    );
}

#[test]
fn older_feeds_do_not_replace_newer_ones() {
    let made = Made::new(20);
    let other = World::new();
    let mirror = folder_mirror(&small_feeds(21));
    other.sync_at(&from_folder(&mirror), &Silent, "2026-12-01T12:00:00Z").unwrap();
    let before = tree(other.store.folder());
    match made.import(&other, &BundleImport::default()).unwrap_err() {
        BundleError::Downgrade { sources, .. } => assert_eq!(sources.len(), 4),
        error => panic!("{error}"),
    }
    assert_eq!(tree(other.store.folder()), before);
    let forced = BundleImport { force: true, ..BundleImport::default() };
    made.import(&other, &forced).unwrap();
    assert_eq!(other.records(), 20);
    assert!(!other.store.folder().join("bundle").exists());
}

#[test]
fn a_right_signature_does_not_make_a_feed_right() {
    let made = Made::new(20);
    let other = World::with_small_feeds(100);
    let report = made.import(&other, &BundleImport::default()).unwrap();
    assert!(report.sources.iter().all(|source| matches!(source.outcome, SyncOutcome::Quarantined { .. })));
    assert_eq!(other.records(), 100);
    let accepted = BundleImport { shrunk: Shrunk::Accept, ..BundleImport::default() };
    made.import(&other, &accepted).unwrap();
    assert_eq!(other.records(), 20);
}

#[test]
fn only_what_is_whole_is_bundled() {
    let world = World::new();
    let folder = Folder::new();
    let (key, _) = SigningKey::open_or_create(&folder.path.join("key")).unwrap();
    let bundle = folder.path.join("feeds.bundle");
    let create = |world: &World, sources: &[Source]| world.store.create_bundle(&bundle, sources, &key, now());
    assert!(matches!(create(&world, &Source::ALL), Err(BundleError::Nothing)));
    let world = World::with_small_feeds(10);
    assert_eq!(create(&world, &[Source::Epss, Source::OsvGo]).unwrap().sources(), [Source::Epss]);
    for (name, _) in tree(&world.store.folder().join("raw")) {
        fs::write(world.store.folder().join("raw").join(name), "damage").unwrap();
    }
    assert!(matches!(create(&world, &[Source::Epss]), Err(BundleError::Feed(_))));
    assert!(verify_bundle(&bundle, &key.public_key()).is_ok(), "the earlier one stays");
}

#[test]
fn the_feeds_at_hand_fit_into_one() {
    let world = World::new();
    let sources = vec![Source::DebianTracker, Source::AlpineSecdb, Source::OsvNpm, Source::CisaKev, Source::CveRecords];
    let mirror = assay_feeds::Mirror::Directory(crate::world::shared_feeds());
    world.sync(&SyncOptions { sources: sources.clone(), ..crate::world::options(mirror) }).unwrap();
    let made = Made::of(world);
    let other = World::new();
    let report = made.import(&other, &BundleImport::default()).unwrap();
    for source in sources {
        assert_eq!(outcome(&report, source), &SyncOutcome::Updated, "{report:#?}");
        let digest = |world: &World| world.store.status_of(source).unwrap().digest();
        assert_eq!(digest(&other), digest(&made.world), "{source}");
    }
    let size = fs::metadata(&made.bundle).unwrap().len();
    println!("{} files, {} bytes, in a bundle of {size} bytes", made.contents.files.len(), made.contents.bytes());
    assert_eq!(made.key.public_key().fingerprint().len(), 16);
}
