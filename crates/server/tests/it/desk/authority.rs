//! One authority for all processes of a service.

use assay_model::Timestamp;
use assay_server::agents::CERTIFICATE_LIFETIME;
use assay_server::desk::open_authority;
use assay_server::store::Store;
use camino::Utf8Path;

use crate::home::{homes, new_database};

#[tokio::test]
async fn processes_that_share_a_store_share_the_authority() {
    for home in homes().await {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let mut fingerprints = Vec::new();
        for folder in [&folders[0], &folders[1], &folders[0]] {
            let data = Utf8Path::from_path(folder.path()).unwrap();
            let authority = open_authority(&home.store, data, CERTIFICATE_LIFETIME, Timestamp::now()).await.unwrap();
            fingerprints.push(authority.fingerprint());
        }
        assert_eq!(fingerprints[0], fingerprints[2], "{}", home.database);
        assert_eq!(fingerprints[0] == fingerprints[1], home.store.is_shared(), "{}", home.database);
    }
}

#[tokio::test]
async fn a_damaged_setting_is_named() {
    let store = Store::connect(&new_database().await).await.unwrap();
    store.setting_or("agents-authority", "something else").await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let data = Utf8Path::from_path(folder.path()).unwrap();
    let error = open_authority(&store, data, CERTIFICATE_LIFETIME, Timestamp::now()).await.unwrap_err();
    assert_eq!(error.to_string(), "the store's setting agents-authority is no certificate authority");
}
