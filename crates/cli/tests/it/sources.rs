//! What is no source: it is named and refused.

use std::fs;

use tempfile::TempDir;

use crate::support::run;

#[test]
fn what_is_no_image_is_refused_and_only_one_source_is_taken() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("notes");
    fs::write(&file, "not an image\n").unwrap();
    for option in ["--image", "--disk"] {
        for path in [&file, &folder.path().join("missing")] {
            let output = run(&["collect", option, path.to_str().unwrap()]);
            assert_eq!(output.status.code(), Some(1), "{option} {}", path.display());
            assert!(
                String::from_utf8_lossy(&output.stderr).contains(path.to_str().unwrap()),
                "{option} {}",
                path.display()
            );
        }
    }
    let both = run(&["collect", "--root", "/", "--image", file.to_str().unwrap()]);
    assert_eq!(both.status.code(), Some(64));
}
