//! Sync: get, check, build, and put into use in one step.
//!
//! Feeds that make one database are put into use together, and the ones without which there are no verdicts come first:
//! who stops a sync while the NVD's 25 files come has the Debian database already.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use assay_advisory::{Limits, Platform};
use assay_model::Timestamp;
use camino::{Utf8Path, Utf8PathBuf};

use crate::build::{Build, Compiled, Settled, Workshop};
use crate::commit::{Ledger, clean};
use crate::disk;
use crate::error::FeedError;
use crate::gather::{Gatherer, whole_pieces};
use crate::judge::Shrunk;
use crate::lock::Lock;
use crate::manifest::Manifest;
use crate::mirror::Mirror;
use crate::options::SyncOptions;
use crate::piece::{Candidate, Piece};
use crate::progress::{Progress, Step};
use crate::report::SyncReport;
use crate::source::Source;
use crate::store::FeedStore;
use crate::web::Web;

const INCOMING: &str = "incoming";

/// Sources whose files make one set of databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Product {
    Advisories(Platform),
    Enrichment,
}

impl Product {
    /// Every product, those without which there are no verdicts first.
    fn all() -> Vec<Product> {
        let mut products: Vec<Product> = Vec::new();
        for source in Source::ALL {
            let product = source.platform().map_or(Product::Enrichment, Product::Advisories);
            if !products.contains(&product) {
                products.push(product);
            }
        }
        products
    }

    fn sources(self) -> Vec<Source> {
        match self {
            Product::Advisories(platform) => Source::of_platform(platform).collect(),
            Product::Enrichment => Source::ALL.into_iter().filter(|source| source.platform().is_none()).collect(),
        }
    }
}

impl FeedStore {
    /// Brings the feeds up to date. Whatever happens, what is in use stays in use until something better is complete.
    ///
    /// Needs a tokio runtime with time and, for HTTP, I/O enabled. Compiling happens on its blocking threads.
    ///
    /// # Errors
    ///
    /// When the sync as a whole cannot go on: another one is at work, the disk is full or not writable, the mirror's
    /// folder is not there. A source that cannot be got or trusted is no error but an outcome in the report.
    pub async fn sync(
        &self,
        options: &SyncOptions,
        progress: &dyn Progress,
        now: Timestamp,
    ) -> Result<SyncReport, FeedError> {
        self.sync_holding(None, options, progress, now).await
    }

    /// As [`FeedStore::sync`], for one who has the lock already.
    pub(crate) async fn sync_locked(
        &self,
        lock: Lock,
        options: &SyncOptions,
        progress: &dyn Progress,
        now: Timestamp,
    ) -> Result<SyncReport, FeedError> {
        self.sync_holding(Some(lock), options, progress, now).await
    }

    async fn sync_holding(
        &self,
        lock: Option<Lock>,
        options: &SyncOptions,
        progress: &dyn Progress,
        now: Timestamp,
    ) -> Result<SyncReport, FeedError> {
        let (mirror, web) = match &options.mirror {
            // Resolved, so that a file is known to come from the same place however the folder was spelt.
            Mirror::Directory(folder) => match folder.canonicalize_utf8() {
                Ok(folder) if folder.is_dir() => (Mirror::Directory(folder), None),
                _ => return Err(FeedError::NoSuchMirror { folder: folder.clone() }),
            },
            mirror => {
                let web = Web::new(mirror, options.patience, options.certificates.as_deref())?;
                (mirror.clone(), Some(web))
            }
        };
        let mut sync = Sync::start(self.folder(), lock, options, progress, now)?;
        let incoming = sync.incoming.path.clone();
        let gatherer = Gatherer { incoming, mirror: &mirror, web, progress, now };
        for product in Product::all() {
            let mut candidates = Vec::new();
            for source in product.sources() {
                let in_use = sync.pieces_in_use(source).await?;
                if options.sources.contains(&source) {
                    candidates.push(gatherer.gather(source, in_use).await?);
                } else {
                    candidates.push(Candidate::untouched(source, in_use));
                }
            }
            if product.sources().iter().any(|source| options.sources.contains(source)) {
                sync.put_into_use(product, candidates, Some(&options.sources)).await?;
            }
        }
        sync.finish()
    }

    /// Puts a folder of feeds into use, without any network: a sync from this folder.
    ///
    /// # Errors
    ///
    /// As [`FeedStore::sync`].
    pub async fn import(
        &self,
        folder: &Utf8Path,
        shrunk: Shrunk,
        progress: &dyn Progress,
        now: Timestamp,
    ) -> Result<SyncReport, FeedError> {
        let mirror = Mirror::Directory(folder.to_owned());
        self.sync(&SyncOptions { mirror, shrunk, ..SyncOptions::default() }, progress, now).await
    }

    /// Compiles again what is stored, where the compiled files are damaged or of another version of Assay. No network.
    ///
    /// # Errors
    ///
    /// As [`FeedStore::sync`].
    pub async fn rebuild(&self, progress: &dyn Progress, now: Timestamp) -> Result<SyncReport, FeedError> {
        let mut sync = Sync::start(self.folder(), None, &SyncOptions::default(), progress, now)?;
        for product in Product::all() {
            let mut candidates = Vec::new();
            for source in product.sources() {
                candidates.push(Candidate::untouched(source, sync.pieces_in_use(source).await?));
            }
            sync.put_into_use(product, candidates, None).await?;
        }
        sync.finish()
    }
}

/// A sync at work.
struct Sync<'a> {
    folder: &'a Utf8Path,
    incoming: Incoming,
    manifest: Manifest,
    platforms: Vec<Platform>,
    shrunk: Shrunk,
    as_of: BTreeMap<Source, Timestamp>,
    progress: &'a dyn Progress,
    now: Timestamp,
    report: SyncReport,
    // Released last.
    _lock: Lock,
}

impl<'a> Sync<'a> {
    fn start(
        folder: &'a Utf8Path,
        lock: Option<Lock>,
        options: &SyncOptions,
        progress: &'a dyn Progress,
        now: Timestamp,
    ) -> Result<Sync<'a>, FeedError> {
        disk::make_folder(folder)?;
        let lock = lock.map_or_else(|| Lock::take(folder), Ok)?;
        let mut report = SyncReport::default();
        let manifest = match Manifest::read(folder) {
            Ok(manifest) => manifest,
            // A sync is what repairs damage, so it must not stop at it.
            Err(error @ FeedError::Corrupt { .. }) => {
                report.repairs.push(format!("{}: all feeds are fetched anew", crate::error::in_full(&error)));
                Manifest::default()
            }
            Err(error) => return Err(error),
        };
        let incoming = Incoming::fresh(folder)?;
        let SyncOptions { platforms, shrunk, as_of, .. } = options.clone();
        Ok(Sync { folder, incoming, manifest, platforms, shrunk, as_of, progress, now, report, _lock: lock })
    }

    /// The files of a source that are in use and whole. Telling that takes a look at every byte of them.
    async fn pieces_in_use(&self, source: Source) -> Result<Vec<Piece>, FeedError> {
        let (folder, record) = (self.folder.to_owned(), self.manifest.sources.get(&source).cloned());
        let looking = tokio::task::spawn_blocking(move || whole_pieces(&folder, record.as_ref()));
        looking.await.map_err(|cause| FeedError::Interrupted { cause })
    }

    /// Builds from candidates and puts the result into use. `asked` are the sources to report on.
    async fn put_into_use(
        &mut self,
        product: Product,
        candidates: Vec<Candidate>,
        asked: Option<&[Source]>,
    ) -> Result<(), FeedError> {
        for candidate in candidates.iter().filter(|candidate| candidate.is_changed()) {
            self.progress.step(Step::Check(candidate.source));
        }
        self.progress.step(Step::Compile);
        let (candidates, build) = self.build(product, candidates).await?;
        let Build { settled, databases, enrichment } = build;
        self.place(&settled, databases.iter().flat_map(BTreeMap::values).chain(&enrichment))?;
        let mut ledger = Ledger {
            folder: self.folder,
            manifest: &mut self.manifest,
            now: self.now,
            as_of: &self.as_of,
            platforms: &self.platforms,
        };
        for (candidate, settled) in candidates.iter().zip(settled) {
            let is_asked = asked.is_none_or(|asked| asked.contains(&candidate.source));
            let report = ledger.enter(candidate, settled)?;
            if is_asked {
                self.report.sources.push(report);
            }
        }
        if let (Some(databases), Product::Advisories(platform)) = (databases, product) {
            let old = std::mem::take(&mut self.manifest.databases);
            let (of_platform, others): (BTreeMap<_, _>, BTreeMap<_, _>) =
                old.into_iter().partition(|(scope, _)| scope.platform() == platform);
            let dropped = of_platform.into_keys().filter(|scope| !databases.contains_key(scope));
            self.report.dropped_scopes.extend(dropped);
            self.manifest.databases = others;
            self.manifest.databases.extend(databases.into_iter().map(|(scope, compiled)| (scope, compiled.file)));
        }
        if let Some(compiled) = enrichment {
            self.manifest.enrichment = Some(compiled.file);
        }
        self.manifest.written_by = env!("CARGO_PKG_VERSION").to_owned();
        self.progress.step(Step::Commit);
        self.manifest.write(self.folder)
    }

    async fn build(&self, product: Product, candidates: Vec<Candidate>) -> Result<(Vec<Candidate>, Build), FeedError> {
        let workshop = Workshop {
            folder: self.folder.to_owned(),
            incoming: self.incoming.path.clone(),
            shrunk: self.shrunk,
            limits: Limits::default(),
        };
        let manifest = self.manifest.clone();
        let work = move || {
            let build = match product {
                Product::Advisories(platform) => workshop.build_advisories(platform, &candidates, &manifest)?,
                Product::Enrichment => workshop.build_enrichment(&candidates, &manifest)?,
            };
            Ok((candidates, build))
        };
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|cause| Err(FeedError::Interrupted { cause }))
    }

    /// Moves new files to their places, where nothing refers to them yet.
    fn place<'b>(&self, settled: &[Settled], compiled: impl Iterator<Item = &'b Compiled>) -> Result<(), FeedError> {
        let raw = settled.iter().flat_map(|settled| &settled.pieces).map(|piece| (&piece.at, &piece.file.path));
        let compiled = compiled.map(|compiled| (&compiled.at, &compiled.file.path));
        for (from, to) in raw.chain(compiled) {
            let to = self.folder.join(to);
            if *from == to {
                continue;
            }
            self.progress.step(Step::Place);
            if let Some(parent) = to.parent() {
                disk::make_folder(parent)?;
            }
            disk::rename(from, &to)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<SyncReport, FeedError> {
        self.progress.step(Step::Clean);
        clean(self.folder, &self.manifest)?;
        self.report.scopes = self.manifest.databases.keys().cloned().collect();
        Ok(self.report)
    }
}

/// A folder for the incoming files of one sync; the one that holds it is emptied at both ends.
#[derive(Debug)]
struct Incoming {
    path: Utf8PathBuf,
}

/// Tells the syncs of one process apart.
static SYNCS: AtomicU64 = AtomicU64::new(0);

impl Incoming {
    fn fresh(folder: &Utf8Path) -> Result<Incoming, FeedError> {
        let parent = folder.join(INCOMING);
        disk::remove_folder(&parent)?;
        disk::make_folder(&parent)?;
        // Who drops the future of a sync cannot stop the thread that compiles for it: what it still writes must not land
        // among the files of the next sync.
        let path = parent.join(format!("{}-{}", std::process::id(), SYNCS.fetch_add(1, Ordering::Relaxed)));
        disk::make_folder(&path)?;
        Ok(Incoming { path })
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // What stays is removed by the next sync.
        let _ = disk::remove_folder(self.path.parent().unwrap_or(&self.path));
    }
}
