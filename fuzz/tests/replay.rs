//! Replays every corpus through its target. An input that once broke a parser is kept there under a name that says how.

use std::path::Path;

use assay_fuzz::TARGETS;

#[test]
fn every_corpus_passes() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for (name, target) in TARGETS {
        let mut count = 0;
        for entry in std::fs::read_dir(corpora.join(name)).unwrap_or_else(|error| panic!("corpus/{name}: {error}")) {
            let path = entry.unwrap().path();
            let data = std::fs::read(&path).unwrap();
            println!("{}", path.display());
            target(&data);
            // Cut off anywhere, as a full disk or a broken connection leaves it.
            for end in [data.len() / 3, data.len() / 2, data.len().saturating_sub(1)] {
                target(&data[..end]);
            }
            count += 1;
        }
        assert!(count > 0, "corpus/{name} is empty");
    }
}
