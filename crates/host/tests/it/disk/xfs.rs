//! XFS, made by `mkfs.xfs` with the content of a tree.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::os::unix::fs::{FileExt as _, FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use assay_host::Host;

use super::answers::{Times, assert_same_but, assert_same_on_odd_paths};
use super::images::{Images, open, patch, run, write_at};
use super::tree::{Tree, noise};

/// The smallest that mkfs.xfs makes.
const SIZE: u64 = 300 << 20;

/// A file system with the content of a tree; names may have no white space in its input.
fn xfs(images: &Images, name: &str, tree: &Tree, options: &[&str]) -> PathBuf {
    let image = images.empty(name, SIZE);
    let mut prototype = "-\n0 0\n".to_owned();
    describe(tree.path(), "", &mut prototype);
    let file = images.at("prototype");
    fs::write(&file, prototype).unwrap();
    let arguments = ["-q", "-f", "-p", file.to_str().unwrap()];
    run("mkfs.xfs", &[&arguments, options, &[image.to_str().unwrap()]].concat(), "");
    image
}

/// Writes a directory in the language of mkfs.xfs (xfs_protofile).
fn describe(directory: &Path, name: &str, text: &mut String) {
    let metadata = fs::symlink_metadata(directory).unwrap();
    let mode = metadata.mode();
    let set = |bit: u32, letter: char| if mode & bit == 0 { '-' } else { letter };
    let file_type = metadata.file_type();
    let letter = match () {
        () if file_type.is_dir() => 'd',
        () if file_type.is_symlink() => 'l',
        () if file_type.is_fifo() => 'p',
        () => '-',
    };
    let (user, group) = (set(0o4000, 'u'), set(0o2000, 'g'));
    let permissions = mode & 0o777;
    write!(text, "{name} {letter}{user}{group}{permissions:03o} {} {}", metadata.uid(), metadata.gid()).unwrap();
    if file_type.is_symlink() {
        writeln!(text, " {}", fs::read_link(directory).unwrap().display()).unwrap();
    } else if file_type.is_file() {
        writeln!(text, " {}", directory.display()).unwrap();
    } else {
        writeln!(text).unwrap();
    }
    if file_type.is_dir() {
        let mut entries: Vec<PathBuf> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for entry in entries {
            describe(&entry, &entry.file_name().unwrap().to_string_lossy(), text);
        }
        text.push_str("$\n");
    }
}

/// The odd tree without what the language cannot say: blanks, bytes that are no UTF-8, hard links.
fn tree() -> Tree {
    let tree = Tree::odd();
    fs::remove_file(tree.at("/etc/blank and \u{fc}ml\u{e4}ut")).unwrap();
    fs::remove_file(tree.at("/usr/bin/sudo")).unwrap();
    for entry in fs::read_dir(tree.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.to_str().is_none() {
            fs::remove_file(path).unwrap();
        }
    }
    // A link that does not fit into its inode: mkfs.xfs writes it without the header that version 5 wants.
    fs::remove_file(tree.at("/links/of-1023")).unwrap();
    for number in 0..3 {
        tree.file(&format!("/few/{number}"), "");
    }
    for number in 0..40 {
        tree.file(&format!("/some-more/with-a-name-that-takes-space-{number}"), "");
    }
    tree
}

#[test]
fn xfs_answers_as_the_directory_it_was_made_of() {
    let tree = tree();
    let images = Images::new();
    let mut formats = BTreeSet::new();
    for (what, options) in [
        ("xfs", [].as_slice()),
        ("xfs version 4", &["-m", "crc=0"]),
        ("xfs version 4 without file types", &["-m", "crc=0", "-n", "ftype=0"]),
        ("xfs of 1 KiB blocks", &["-b", "size=1024"]),
        ("xfs of 1 KiB blocks, version 4", &["-m", "crc=0", "-b", "size=1024", "-i", "size=256"]),
        ("xfs of large directory blocks", &["-n", "size=16384"]),
        ("xfs of large inodes", &["-i", "size=2048"]),
        ("xfs without bigtime", &["-m", "bigtime=0"]),
    ] {
        let image = xfs(&images, "image", &tree, options);
        let host = open(&image).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_same_but(&tree, &host, what, Times::Lost);
        assert_same_on_odd_paths(&tree, &host);
        assert_eq!(host.problems(), [], "{what}");
        let inode = format!("inode {}", host.metadata("/var/lib/dpkg/info").unwrap().inode);
        let told = run("xfs_db", &["-r", "-c", &inode, "-c", "print core.format", image.to_str().unwrap()], "");
        formats.insert(told.trim().to_owned());
    }
    let expected = ["core.format = 2 (extents)", "core.format = 3 (btree)"].map(str::to_owned);
    assert_eq!(formats, BTreeSet::from(expected), "both ways of keeping extents were tried");
}

#[test]
fn times_are_those_that_xfs_db_tells() {
    let images = Images::new();
    let tree = Tree::small();
    for options in [["-m", "bigtime=1"], ["-m", "bigtime=0"]] {
        let image = xfs(&images, "image", &tree, &options);
        let path = image.to_str().unwrap();
        let host = open(&image).unwrap();
        let found = host.metadata("/etc/os-release").unwrap();
        let inode = format!("inode {}", found.inode);
        let told = run("xfs_db", &["-r", "-c", &inode, "-c", "print core.mtime.sec core.size core.nlinkv2", path], "");
        let time = told.lines().find_map(|line| line.strip_prefix("core.mtime.sec = ")).unwrap().to_owned();
        let arguments = ["-u", "+%a %b %e %H:%M:%S %Y", "-d", &format!("@{}", found.modified)];
        assert_eq!(time, run("date", &arguments, "").trim(), "{told}");
    }
}

#[test]
fn long_links_are_read_from_their_blocks() {
    let images = Images::new();
    let tree = Tree::small();
    let target = format!("/{}", "x".repeat(1000));
    tree.link("/link", &target);
    for (version, options) in [(4, ["-m", "crc=0"]), (5, ["-m", "crc=1"])] {
        let image = xfs(&images, "image", &tree, &options);
        let path = image.to_str().unwrap();
        let inode = format!("inode {}", open(&image).unwrap().link_metadata("/link").unwrap().inode);
        let map = run("xfs_db", &["-r", "-c", &inode, "-c", "bmap", path], "");
        let block = map.split_whitespace().nth(4).unwrap();
        let place = run("xfs_db", &["-r", "-c", &format!("convert fsblock {block} byte"), path], "");
        let place: u64 = place.split(['(', ')']).nth(1).unwrap().parse().unwrap();
        if version == 5 {
            // mkfs.xfs writes the text without the header that this version wants.
            let mut header = [0; 56];
            header[..4].copy_from_slice(b"XSLM");
            patch(&image, place, &[&header, target.as_bytes()].concat());
        }
        assert_eq!(open(&image).unwrap().read_link("/link").unwrap(), target, "version {version}");
    }
}

#[test]
fn a_log_that_holds_something_is_told() {
    let images = Images::new();
    let image = xfs(&images, "image", &Tree::small(), &[]);
    let path = image.to_str().unwrap();
    let start = run("xfs_db", &["-r", "-c", "sb 0", "-c", "print logstart", path], "");
    let convert = format!("convert fsblock {} byte", start.trim().trim_start_matches("logstart = "));
    let place = run("xfs_db", &["-r", "-c", &convert, path], "");
    let place: u64 = place.split(['(', ')']).nth(1).unwrap().parse().unwrap();
    assert_eq!(open(&image).unwrap().problems(), []);
    // The one record that mkfs.xfs makes says "unmount"; now it is some other operation.
    patch(&image, place + 512 + 9, &[0]);
    let problems = open(&image).unwrap().problems();
    assert!(problems[0].detail.contains("it was not unmounted and its log is not replayed"), "{problems:?}");
    assert_eq!(open(&image).unwrap().read("/etc/os-release", 100).unwrap(), b"ID=small\n");
}

#[test]
fn a_partition_with_xfs_is_found_and_mounted() {
    let images = Images::new();
    let tree = Tree::small();
    tree.file("/etc/fstab", "UUID=12345678-1234-1234-1234-123456789abc /var xfs defaults 0 0\n");
    fs::create_dir(tree.at("/var")).unwrap();
    let data = Tree::small();
    fs::remove_dir_all(data.at("/etc")).unwrap();
    data.bytes("/large", &noise(3 << 20));
    let root = images.ext("root", "ext4", &tree, 4, &[]);
    let var = xfs(&images, "var", &data, &["-m", "uuid=12345678-1234-1234-1234-123456789abc"]);
    let script = "label: gpt\nstart=1M,size=5M,type=linux\nstart=8M,size=300M,type=linux\n";
    let image = images.disk("disk", 310, script, &[(1, &root), (8, &var)]);
    let qcow2 = images.convert("qcow2", &image, &["-O", "qcow2", "-c"]);
    for image in [image, qcow2] {
        let host = open(&image).unwrap();
        assert!(host.read("/var/large", 1 << 30).unwrap() == noise(3 << 20));
        assert_eq!(host.problems(), []);
    }
}

/// The first bytes of an image, up to where it is empty.
fn head(image: &Path, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    File::open(image).unwrap().read_exact_at(&mut bytes, 0).unwrap();
    bytes
}

#[test]
fn xfs_that_lies_is_an_error_or_a_problem() {
    let images = Images::new();
    let tree = Tree::small();
    for number in 0..200 {
        tree.file(&format!("/directory/file-with-a-long-name-{number}"), "x");
    }
    tree.link("/link", &"x".repeat(900));
    let image = xfs(&images, "image", &tree, &[]);
    let sound = head(&image, 1 << 20);
    let copy = images.at("copy");
    let look = |host: &dyn Host| {
        let _ = host.read_link("/link");
        for entry in host.read_directory("/directory").unwrap_or_default() {
            let _ = host.read(&format!("/directory/{}", entry.name), 100);
        }
    };
    File::create(&copy).unwrap().set_len(SIZE).unwrap();
    write_at(&copy, 0, &image);
    for place in 0..256 {
        for value in [0, 1, 0xff] {
            patch(&copy, place, &[value, value]);
            if let Ok(host) = open(&copy) {
                look(&host);
            }
            patch(&copy, place, &sound[place as usize..place as usize + 2]);
        }
    }
    let used: Vec<usize> = (0..sound.len()).filter(|at| sound[*at] != 0).collect();
    for draw in noise(4 * 600).chunks_exact(4) {
        let at = used[u32::from_le_bytes([draw[0], draw[1], draw[2], 0]) as usize % used.len()];
        patch(&copy, at as u64, &[draw[3]]);
        if let Ok(host) = open(&copy) {
            look(&host);
        }
        patch(&copy, at as u64, &sound[at..=at]);
    }
    look(&open(&copy).unwrap());
    for (length, expected) in [(SIZE / 2, "but there are"), (1 << 20, "but there are"), (4000, "")] {
        File::options().write(true).open(&copy).unwrap().set_len(length).unwrap();
        match open(&copy) {
            Ok(host) => assert!(host.problems()[0].detail.contains(expected), "{:?}", host.problems()),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}
