//! Stamp: whether the files of a folder are as they were, by their names, lengths and times.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash as _, Hasher as _};
use std::path::Path;

/// How deep folders are looked into; nothing deeper is read either.
const MAX_DEPTH: usize = 8;

/// The stamp of a folder. What cannot be looked at is part of it as such.
pub(crate) fn stamp(folder: &Path) -> u64 {
    let mut entries = Vec::new();
    walk(folder, 0, &mut entries);
    entries.sort_unstable();
    let mut hasher = DefaultHasher::new();
    entries.hash(&mut hasher);
    hasher.finish()
}

fn walk(folder: &Path, depth: usize, entries: &mut Vec<u64>) {
    let mut hasher = DefaultHasher::new();
    folder.hash(&mut hasher);
    let Ok(listing) = fs::read_dir(folder) else {
        "unreadable".hash(&mut hasher);
        return entries.push(hasher.finish());
    };
    for entry in listing.filter_map(Result::ok) {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth < MAX_DEPTH => walk(&path, depth + 1, entries),
            _ => {
                let mut hasher = DefaultHasher::new();
                path.hash(&mut hasher);
                if let Ok(metadata) = entry.metadata() {
                    (metadata.len(), metadata.modified().ok()).hash(&mut hasher);
                }
                entries.push(hasher.finish());
            }
        }
    }
    entries.push(hasher.finish());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_changes_the_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let mut seen = vec![stamp(path)];
        let changes: [&dyn Fn(); 5] = [
            &|| fs::create_dir(path.join("us-east-1")).unwrap(),
            &|| fs::write(path.join("us-east-1/describe-instances.json"), "{}").unwrap(),
            &|| fs::write(path.join("us-east-1/describe-instances.json"), "{ }").unwrap(),
            &|| fs::rename(path.join("us-east-1/describe-instances.json"), path.join("a.json")).unwrap(),
            &|| fs::remove_dir_all(path.join("us-east-1")).unwrap(),
        ];
        for change in changes {
            change();
            let stamp_now = stamp(path);
            assert_eq!(stamp_now, stamp(path));
            assert!(!seen.contains(&stamp_now));
            seen.push(stamp_now);
        }
    }
}
