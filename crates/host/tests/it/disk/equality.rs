//! A tree, as a directory and as images of every kind: the same answers.

use std::fs;
use std::io::Read as _;

use assay_host::Host;
use assay_model::evidence::SourceKind;

use super::answers::{assert_same, assert_same_on_odd_paths};
use super::images::{Images, open, run};
use super::tree::{Tree, noise};

/// File systems, and how they are made.
const FILE_SYSTEMS: &[(&str, &str, u64, &[&str])] = &[
    ("ext4", "ext4", 64, &[]),
    ("ext4 of 1 KiB blocks", "ext4", 64, &["-b", "1024"]),
    ("ext4 of small inodes", "ext4", 64, &["-I", "128"]),
    ("ext4 of old features", "ext4", 64, &["-O", "^64bit,^metadata_csum,^flex_bg,^extents,^dir_index"]),
    ("ext4 without file types", "ext4", 64, &["-O", "^filetype,^metadata_csum"]),
    ("ext4 with inline data", "ext4", 64, &["-O", "inline_data", "-I", "512"]),
    ("ext4 with groups described apart", "ext4", 64, &["-O", "meta_bg,^resize_inode", "-b", "1024", "-g", "1024"]),
    (
        "ext4 with few superblocks",
        "ext4",
        64,
        &["-O", "sparse_super2,meta_bg,^resize_inode", "-b", "1024", "-g", "512"],
    ),
    ("ext4 with clusters", "ext4", 64, &["-O", "bigalloc", "-C", "16384"]),
    ("ext3", "ext3", 64, &[]),
    ("ext2", "ext2", 64, &["-b", "1024"]),
];

#[test]
fn file_systems_answer_as_the_directory_they_were_made_of() {
    let tree = Tree::odd();
    let images = Images::new();
    for (what, kind, mebibytes, options) in FILE_SYSTEMS {
        let image = images.ext("image", kind, &tree, *mebibytes, options);
        let host = open(&image).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_same(&tree, &host, what);
        assert_same_on_odd_paths(&tree, &host);
        assert_eq!(host.problems(), [], "{what}");
        assert_eq!(host.source(), SourceKind::DiskImage);
    }
}

#[test]
fn containers_and_tables_change_nothing() {
    let tree = Tree::odd();
    let images = Images::new();
    let root = images.ext("root", "ext4", &tree, 64, &["-L", "the-root"]);
    let gpt = "label: gpt\nsize=1M,type=21686148-6449-6E6F-744E-656564454649\nsize=80M,type=linux,name=root\n";
    let mbr = "label: dos\nstart=1M,size=4M,type=82\nstart=6M,size=100M,type=5\nstart=8M,size=80M,type=83\n";
    let images_of = [
        ("GPT", images.disk("gpt", 100, gpt, &[(2, &root)])),
        ("MBR with a logical partition", images.disk("mbr", 110, mbr, &[(8, &root)])),
    ];
    for (what, image) in &images_of {
        assert_same(&tree, &open(image).unwrap(), what);
    }
    let raw = &images_of[0].1;
    for (what, options) in [
        ("qcow2", ["-O", "qcow2", "-o", "compat=1.1"].as_slice()),
        ("qcow2 version 2", &["-O", "qcow2", "-o", "compat=0.10"]),
        ("qcow2 of 4 KiB clusters", &["-O", "qcow2", "-o", "cluster_size=4096"]),
        ("qcow2 of 512 byte clusters", &["-O", "qcow2", "-o", "cluster_size=512"]),
        ("qcow2 of 2 MiB clusters", &["-O", "qcow2", "-o", "cluster_size=2M"]),
        ("qcow2 compressed by deflate", &["-O", "qcow2", "-c"]),
        ("qcow2 compressed by deflate in small clusters", &["-O", "qcow2", "-c", "-o", "cluster_size=4096"]),
        ("qcow2 compressed by zstd", &["-O", "qcow2", "-c", "-o", "compression_type=zstd"]),
        ("qcow2 allocated beforehand", &["-O", "qcow2", "-S", "0", "-o", "preallocation=metadata"]),
    ] {
        let image = images.convert("qcow2", raw, options);
        let host = open(&image).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_same(&tree, &host, what);
        assert_eq!(host.problems(), [], "{what}");
    }
}

#[test]
fn readers_give_the_whole_content_in_any_pieces() {
    let tree = Tree::odd();
    let images = Images::new();
    let image = images.ext("root", "ext4", &tree, 64, &[]);
    let host = open(&image).unwrap();
    let mut content = Vec::new();
    let mut reader = host.open("/usr/lib/large").unwrap();
    for length in [1, 4095, 4096, 4097, 65_536].into_iter().cycle() {
        let mut piece = vec![0; length];
        let read = reader.read(&mut piece).unwrap();
        if read == 0 {
            break;
        }
        content.extend_from_slice(&piece[..read]);
    }
    assert!(content == noise(3 << 20));
    assert_eq!(
        host.read("/usr/lib/large", (3 << 20) - 1).unwrap_err().to_string(),
        "/usr/lib/large is 3145728 bytes, over the limit of 3145727"
    );
    let (su, sudo) = (host.metadata("/usr/bin/su").unwrap(), host.metadata("/usr/bin/sudo").unwrap());
    assert_eq!((su.device, su.inode), (sudo.device, sudo.inode), "hard links are one inode");
    assert_ne!(su.inode, host.metadata("/usr/bin/wall").unwrap().inode);
}

#[test]
fn a_journal_is_replayed_as_by_e2fsck() {
    let tree = Tree::small();
    tree.bytes("/usr/file", &noise(100_000));
    let images = Images::new();
    for (what, options) in [
        ("with checksums", ["-b", "4096", "-O", "64bit,metadata_csum"].as_slice()),
        ("without checksums", &["-b", "4096", "-O", "^64bit,^metadata_csum"]),
        ("of 1 KiB blocks", &["-b", "1024"]),
    ] {
        let image = images.ext("root", "ext4", &tree, 64, options);
        // debugfs writes into the journal only: the block of the file's content, once with the journal's own magic number
        // at its beginning, and a block that is revoked afterwards.
        let block = run("debugfs", &["-R", "bmap /usr/file 3", image.to_str().unwrap()], "");
        let other = run("debugfs", &["-R", "bmap /usr/file 5", image.to_str().unwrap()], "");
        let block_size: usize = if options.contains(&"1024") { 1024 } else { 4096 };
        let mut newer = vec![0xaa; block_size];
        newer[..4].copy_from_slice(&[0xc0, 0x3b, 0x39, 0x98]);
        fs::write(images.at("newer"), &newer).unwrap();
        let newer_path = images.at("newer").to_str().unwrap().to_owned();
        let script = format!(
            "jo{}\njw -b {} {newer_path}\njw -b {} {newer_path}\njw -r {}\njc\n",
            if what == "with checksums" { " -c -v 3" } else { "" },
            block.trim(),
            other.trim(),
            other.trim(),
        );
        fs::write(images.at("script"), script).unwrap();
        run("debugfs", &["-w", "-f", images.at("script").to_str().unwrap(), image.to_str().unwrap()], "");
        let before = fs::read(&image).unwrap();
        let host = open(&image).unwrap();
        let found = host.read("/usr/file", 1 << 20).unwrap();
        assert_eq!(host.problems(), [], "{what}");
        // The oracle: e2fsck replays into the image.
        run("sh", &["-c", &format!("e2fsck -fy {} >/dev/null; test $? -le 2", image.display())], "");
        assert!(fs::read(&image).unwrap() != before, "{what}: there was something to replay");
        let expected = open(&image).unwrap().read("/usr/file", 1 << 20).unwrap();
        assert!(found == expected, "{what}");
        let mut content = noise(100_000);
        content[3 * block_size..4 * block_size].copy_from_slice(&newer);
        assert!(found == content, "{what}: {:?}", found.iter().zip(&content).position(|(left, right)| left != right));
    }
}
