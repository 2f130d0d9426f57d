//! Several handles on one file: each behaves as another process would.

use assay_server::store::{Page, RunFilter, Store};
use camino::{Utf8Path, Utf8PathBuf};

use crate::sample::{EVIDENCE, assessment};

#[test]
fn writers_wait_for_each_other_and_readers_for_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).unwrap();
    // The file does not exist yet: the four also race for making it and its schema.
    let writers: Vec<_> = ["a", "b", "c", "d"]
        .into_iter()
        .map(|host| {
            let path = path.clone();
            std::thread::spawn(move || write_and_read(&path, host))
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    block_on(async {
        let store = Store::open(&path).await.unwrap();
        let runs = store.runs(&RunFilter::default(), &Page::all()).await.unwrap().items;
        assert_eq!(runs.len(), 4 * 5);
    });
}

#[tokio::test]
async fn a_reader_sees_what_another_handle_saved() {
    let folder = tempfile::tempdir().unwrap();
    let path = Utf8Path::from_path(folder.path()).unwrap();
    let (writer, reader) = (Store::open(path).await.unwrap(), Store::open(path).await.unwrap());
    let saved = assessment("web", 1, 10);
    writer.save(&saved, EVIDENCE).await.unwrap();
    assert_eq!(reader.assessment(&saved.run.arn).await.unwrap().as_ref(), Some(&saved));
    reader.delete_run(&saved.run.arn).await.unwrap();
    assert_eq!(writer.assessment(&saved.run.arn).await.unwrap(), None);
}

fn write_and_read(path: &Utf8Path, host: &str) {
    block_on(async {
        let store = Store::open(path).await.unwrap();
        for number in 0..5 {
            let saved = assessment(host, number, 70);
            store.save(&saved, EVIDENCE).await.unwrap();
            assert_eq!(store.assessment(&saved.run.arn).await.unwrap().unwrap(), saved);
        }
    });
}

fn block_on(future: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future);
}
