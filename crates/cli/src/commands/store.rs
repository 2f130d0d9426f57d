//! The store, from synchronous commands: one current-thread runtime per command.

use std::future::Future;

use anyhow::Context as _;
use assay_model::assessment::{Assessment, HostSummary};
use assay_model::evidence::Evidence;
use assay_server::blobs::Blobs;
use assay_server::store::{RunSummary, Store};

use crate::settings::Settings;

/// An open store and the runtime that drives it.
#[derive(Debug)]
pub struct OpenStore {
    runtime: tokio::runtime::Runtime,
    store: Store,
}

/// A runtime for one command.
///
/// # Errors
///
/// When the operating system gives no thread or descriptor for it.
pub fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().context("failed to start the runtime")
}

/// Opens the store, making it where there is none.
///
/// # Errors
///
/// When the folder cannot be made or written, or the file is damaged or of a newer version.
pub fn open(settings: &Settings) -> anyhow::Result<OpenStore> {
    let runtime = runtime()?;
    let store = runtime.block_on(open_async(settings))?;
    Ok(OpenStore { runtime, store })
}

/// Opens the store on a runtime that is there.
///
/// # Errors
///
/// As [`open`], or when the database cannot be reached, or this build does not know the place of evidence.
pub async fn open_async(settings: &Settings) -> anyhow::Result<Store> {
    let store = match &settings.database {
        Some(url) => Store::connect(url).await?,
        None => Store::open(&settings.data).await?,
    };
    Ok(match &settings.evidence_store {
        Some(place) => store.with_blobs(Blobs::open(place)?),
        None => store,
    })
}

impl OpenStore {
    /// Asks the store something.
    pub fn ask<'a, F: Future>(&'a self, question: impl FnOnce(&'a Store) -> F) -> F::Output {
        self.runtime.block_on(question(&self.store))
    }

    /// The run that a selector names, with all that belongs to it.
    ///
    /// # Errors
    ///
    /// When there is none or more than one, or the store cannot be read.
    pub fn assessment(&self, selector: &str) -> anyhow::Result<Assessment> {
        let summary = self.run(selector)?;
        self.ask(|store| store.assessment(&summary.run.arn))?.context("the run was deleted in the meantime")
    }

    /// The run that a selector names.
    ///
    /// # Errors
    ///
    /// As [`OpenStore::assessment`].
    pub fn run(&self, selector: &str) -> anyhow::Result<RunSummary> {
        Ok(self.ask(|store| store.find_run(selector))?)
    }

    /// The evidence of a run.
    ///
    /// # Errors
    ///
    /// When it is not there or is no evidence, or the store cannot be read.
    pub fn evidence(&self, host: &HostSummary) -> anyhow::Result<Evidence> {
        let bytes = self.ask(|store| store.evidence(&host.evidence_digest))?;
        serde_json::from_slice(&bytes).context("the evidence of the run cannot be read")
    }

    /// Closes the store: what is in its log is moved into its file.
    pub fn close(self) {
        self.runtime.block_on(self.store.close());
    }
}
