//! Opening: what is made, with which modes, and what is refused.

use std::os::unix::fs::PermissionsExt;

use assay_server::store::{FILE_NAME, Store, StoreError};
use camino::{Utf8Path, Utf8PathBuf};
use sqlx::{AnyConnection, Connection, Executor};

use crate::sample::{EVIDENCE, assessment};

fn mode(path: &Utf8Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[tokio::test]
async fn the_directory_and_every_file_are_private() {
    let parent = tempfile::tempdir().unwrap();
    // Characters that mean something in the URL by which the database is opened.
    let folder = Utf8Path::from_path(parent.path()).unwrap().join("deep/100% sure? #1 é");
    let store = Store::open(&folder).await.unwrap();
    store.save(&assessment("web", 1, 100), EVIDENCE).await.unwrap();
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(store.path(), folder.join(FILE_NAME));
    for name in [FILE_NAME, "assay.db-wal", "assay.db-shm"] {
        assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
    }
    store.close().await;
    assert!(!folder.join("assay.db-wal").exists());
    let store = Store::open(&folder).await.unwrap();
    assert!(store.latest_run(None).await.unwrap().is_some());
}

#[tokio::test]
async fn the_mode_of_an_existing_directory_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(folder.path()).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o750)).unwrap();
    Store::open(path).await.unwrap();
    assert_eq!(mode(path), 0o750);
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(folder.path()).unwrap();
    Store::open(path).await.unwrap().close().await;
    let mut connection = AnyConnection::connect(&format!("sqlite://{}", path.join(FILE_NAME))).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'from the future', 1, x'00', 0)";
    connection.execute(newer).await.unwrap();
    connection.close().await.unwrap();

    let error = Store::open(path).await.unwrap_err();
    let StoreError::NewerSchema { found, known, .. } = &error else { panic!("{error}") };
    assert_eq!(*found, 9999);
    assert!(*known < 9999, "{known}");
    assert!(error.to_string().contains(path.as_str()), "{error}");
    assert!(error.to_string().contains("use a newer Assay"), "{error}");
}

#[tokio::test]
async fn what_is_in_the_way_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(folder.path()).unwrap();
    let file = path.join("file");
    std::fs::write(&file, "no directory").unwrap();
    std::fs::create_dir_all(path.join("taken").join(FILE_NAME)).unwrap();
    let no_utf8_needed: [(Utf8PathBuf, &str); 3] = [
        (file.clone(), "failed to create"),
        (file.join("below"), "failed to create the data directory"),
        (path.join("taken"), "failed to open the store"),
    ];
    for (data_directory, message) in no_utf8_needed {
        let error = Store::open(&data_directory).await.unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
        assert!(error.contains(data_directory.as_str()), "{error}");
    }
}
