//! Evidence beside the database, in a folder, on both databases.

mod keep;
mod run;
mod sweep;

use assay_server::blobs::{BlobName, Blobs};
use assay_server::store::Store;
use camino::{Utf8Path, Utf8PathBuf};

use crate::home::{Home, homes};

/// A store that keeps its evidence in a folder.
struct Kept {
    store: Store,
    database: &'static str,
    evidence: Utf8PathBuf,
    folder: tempfile::TempDir,
}

async fn kept() -> Vec<Kept> {
    let keep = |Home { store, database, folder }| {
        println!("{database}");
        let evidence = Utf8Path::from_path(folder.path()).unwrap().join("deep/evidence");
        let store = store.with_blobs(Some(Blobs::in_folder(evidence.clone())));
        Kept { store, database, evidence, folder }
    };
    homes().await.into_iter().map(keep).collect()
}

/// The file of a digest.
fn file(evidence: &Utf8Path, digest: &str) -> Utf8PathBuf {
    evidence.join(&digest[..2]).join(&digest[2..])
}

fn name(digest: &str) -> BlobName {
    BlobName::new(digest).unwrap()
}
