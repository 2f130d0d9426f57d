//! Images that lie: an error or a problem, in bounded time and memory.

use std::fs::{self, File};
use std::path::Path;

use assay_host::disk::{DiskError, DiskHost, DiskImage, DiskOptions};
use assay_host::{FileKind, Host, WalkLimits, walk_directories};
use assay_model::evidence::ProblemKind;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::images::{Images, open, patch, run, write_at};
use super::tree::{Tree, noise};

const LIMITS: WalkLimits = WalkLimits { depth: 16, entries: 20_000 };

/// Looks at all that a host has; says how much of it could be read.
fn look(host: &DiskHost) -> (usize, usize) {
    let Ok(walked) = walk_directories(host, "/", LIMITS) else { return (0, 1) };
    let (mut good, mut bad) = (walked.directories.len(), walked.problems.len());
    for directory in &walked.directories {
        for entry in host.read_directory(&directory.path).unwrap_or_default() {
            let path = format!("{}/{}", directory.path.trim_end_matches('/'), entry.name);
            let is_fine = match entry.kind {
                FileKind::File => host.read(&path, 1 << 22).is_ok(),
                FileKind::Link => host.read_link(&path).is_ok(),
                _ => host.link_metadata(&path).is_ok(),
            };
            if is_fine { good += 1 } else { bad += 1 }
        }
    }
    (good, bad)
}

fn from_memory(image: Vec<u8>) -> Result<DiskHost, DiskError> {
    DiskHost::from_image(DiskImage::from_memory(image, &DiskOptions { cache_bytes: 1 << 20 })?)
}

fn small_ext4(images: &Images) -> Vec<u8> {
    let tree = Tree::small();
    tree.bytes("/usr/file", &noise(20_000));
    tree.link("/link", &"x".repeat(100));
    for number in 0..100 {
        tree.file(&format!("/directory/file-{number}"), "x");
    }
    let image = images.ext("small", "ext4", &tree, 1, &["-b", "1024", "-N", "160", "-O", "^has_journal,^resize_inode"]);
    fs::read(image).unwrap()
}

#[test]
fn fields_of_a_qcow2_header_that_make_no_sense_are_errors() {
    let images = Images::new();
    let root = images.ext("root", "ext4", &Tree::small(), 4, &[]);
    let image = fs::read(images.convert("qcow2", &root, &["-O", "qcow2"])).unwrap();
    for (what, place, bytes, expected) in [
        ("version 1", 4, [0, 0, 0, 1].as_slice(), "version 1 of qcow2"),
        ("no cluster bits", 20, &[0; 4], "clusters of 2^0 bytes"),
        ("63 cluster bits", 20, &[0, 0, 0, 63], "clusters of 2^63 bytes"),
        ("8 cluster bits", 20, &[0, 0, 0, 8], "clusters of 2^8 bytes"),
        ("huge first-level table", 36, &[0xff; 4], "4294967295 entries is over"),
        ("no first-level table", 36, &[0; 4], "0 entries is too small"),
        ("huge disk", 24, &[0x7f; 8], "too small for"),
        ("largest disk", 24, &[0xff; 8], "too small for"),
        ("table beyond the end", 40, &[0x7f, 0xff, 0, 0, 0, 0, 0, 0], "lies outside of the file"),
        ("table that is not aligned", 40, &[0, 0, 0, 0, 0, 0, 0, 9], "lies outside of the file"),
        ("unknown feature", 72, &[0, 0, 0, 0, 0, 0, 0, 0x80], "unknown incompatible features (0x80)"),
        ("unknown compression", 72, &[0, 0, 0, 0, 0, 0, 0, 8], ""),
    ] {
        let mut patched = image.clone();
        patched[place..place + bytes.len()].copy_from_slice(bytes);
        if what == "unknown compression" {
            patched[104] = 9;
        }
        let error = from_memory(patched).unwrap_err().to_string();
        let expected = if expected.is_empty() { "unknown way (9)" } else { expected };
        assert!(error.contains(expected), "{what}: {error}");
    }
    let mut patched = image.clone();
    patched[79] |= 2;
    let problems = from_memory(patched).unwrap().problems();
    assert!(problems[0].detail.contains("marked it as corrupt"), "{problems:?}");
}

#[test]
fn tables_of_a_qcow2_image_that_lead_astray_are_errors() {
    let images = Images::new();
    let root = images.ext("root", "ext4", &Tree::small(), 4, &[]);
    let image = fs::read(images.convert("qcow2", &root, &["-O", "qcow2", "-c"])).unwrap();
    let l1 = u64::from_be_bytes(image[40..48].try_into().unwrap()) as usize;
    let l2 = (u64::from_be_bytes(image[l1..l1 + 8].try_into().unwrap()) & 0x00ff_ffff_ffff_fe00) as usize;
    for (what, place, entry) in [
        ("a second-level table beyond the end", l1, 0x7fff_ffff_0000_u64),
        ("a second-level table that is the header", l1, 0),
        ("a second-level table that is the first-level table", l1, l1 as u64),
        ("a second-level table that is not aligned", l1, l2 as u64 + 512),
        ("a cluster beyond the end", l2, 0x7fff_ffff_0000),
        ("a cluster that is not aligned", l2, 0x200),
        ("a cluster that is the table", l2, l2 as u64),
        ("a compressed cluster beyond the end", l2, 1 << 62 | 0x3f_ffff_ffff_ffff),
        ("a compressed cluster that is none", l2, 1 << 62 | l2 as u64),
    ] {
        let mut patched = image.clone();
        patched[place..place + 8].copy_from_slice(&entry.to_be_bytes());
        let error = from_memory(patched).unwrap_err().to_string();
        assert!(!error.is_empty(), "{what}");
    }
}

#[test]
fn images_that_are_cut_short_are_errors_or_problems() {
    let images = Images::new();
    let tree = Tree::small();
    tree.bytes("/usr/file", &noise(700_000));
    let root = images.ext("root", "ext4", &tree, 4, &[]);
    let raw = images.disk("gpt", 6, "label: gpt\nstart=1M,size=4M,type=linux\n", &[(1, &root)]);
    for (what, image) in [
        ("raw", raw.clone()),
        ("qcow2", images.convert("qcow2", &raw, &["-O", "qcow2"])),
        ("compressed", images.convert("compressed", &raw, &["-O", "qcow2", "-c"])),
    ] {
        let whole = fs::read(image).unwrap();
        let all = look(&from_memory(whole.clone()).unwrap());
        assert!(all.0 > 5 && all.1 == 0, "{what}: {all:?}");
        let lengths = (0..40).map(|at| at * 13).chain((0..60).map(|part| whole.len() * part / 60));
        for length in lengths {
            if let Ok(host) = from_memory(whole[..length].to_vec()) {
                let (good, bad) = look(&host);
                let is_told = bad > 0 || !host.problems().is_empty();
                // What is cut off at the end of a disk may be the backup of the table, or nothing.
                assert!(is_told || good == all.0, "{what} of {length} bytes: {good} read, nothing told");
            }
        }
    }
}

#[test]
fn tables_that_lie_are_bounded() {
    let images = Images::new();
    let root = images.ext("root", "ext4", &Tree::small(), 4, &[]);
    // A chain of logical partitions that returns to its beginning.
    let script =
        "label: dos\nstart=1M,size=5M,type=83\nstart=7M,size=20M,type=5\nstart=8M,size=2M\nstart=12M,size=2M\n";
    let image = images.disk("mbr", 30, script, &[(1, &root)]);
    let second = File::open(&image).unwrap();
    let mut sector = [0; 512];
    std::os::unix::fs::FileExt::read_exact_at(&second, &mut sector, 7 << 20).unwrap();
    let next = u32::from_le_bytes(sector[470..474].try_into().unwrap());
    // Its second entry, of type extended, now leads to the first table.
    patch(&image, (7 << 20) + (u64::from(next) << 9) + 462, &[0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
    let problems = open(&image).unwrap().problems();
    assert_eq!(problems[0].detail, "the chain of logical partitions returns to sector 14336", "{problems:?}");
    // A header of 2^32 - 1 entries with the right checksum, in both places.
    let image = images.disk("gpt", 8, "label: gpt\nstart=1M,size=5M,type=linux\n", &[(1, &root)]);
    let mut bytes = fs::read(&image).unwrap();
    for place in [512, (8 << 20) - 512] {
        let header = &mut bytes[place..place + 92];
        header[80..84].fill(0xff);
        header[16..20].fill(0);
        let checksum = crc32fast::hash(header);
        header[16..20].copy_from_slice(&checksum.to_le_bytes());
    }
    let error = from_memory(bytes).unwrap_err().to_string();
    assert!(error.contains("neither the primary nor the backup table is sound"), "{error}");
    // Partitions that lie outside of the disk or on each other.
    let image = images.disk("mbr", 30, "label: dos\nstart=1M,size=5M,type=83\nstart=8M,size=2M\n", &[(1, &root)]);
    patch(&image, 446 + 16 + 8, &[0xff; 8]);
    let problems = open(&image).unwrap().problems();
    assert!(problems[0].detail.contains("ends beyond the end"), "{problems:?}");
}

#[test]
fn superblocks_that_make_no_sense_are_errors_or_problems() {
    let images = Images::new();
    let image = small_ext4(&images);
    let all = look(&from_memory(image.clone()).unwrap());
    assert!(all.0 > 100 && all.1 == 0, "{all:?}");
    for place in 0..0x200 {
        for value in [0, 1, 0x7f, 0xff] {
            let mut patched = image.clone();
            patched[1024 + place] = value;
            patched[1024 + place + 1] = value;
            if let Ok(host) = from_memory(patched) {
                look(&host);
            }
        }
    }
    // As many blocks and groups as the format allows, with the checksum off: nothing is reserved for them.
    let mut patched = image;
    patched[1024 + 0x64..1024 + 0x68].fill(0);
    patched[1024 + 4..1024 + 8].fill(0xff);
    patched[1024 + 0x150..1024 + 0x154].copy_from_slice(&[0xff, 0xff, 0, 0]);
    let problems = from_memory(patched).unwrap().problems();
    assert!(problems[0].detail.contains("it says that it has"), "{problems:?}");
}

#[test]
fn damage_anywhere_is_survived() {
    let images = Images::new();
    let image = small_ext4(&images);
    let used: Vec<usize> = (0..image.len()).filter(|at| image[*at] != 0 && *at < 200_000).collect();
    let random = noise(8 * 1500);
    for draw in random.chunks_exact(8) {
        let mut patched = image.clone();
        for (index, value) in
            draw.chunks_exact(4).map(|part| (u32::from_le_bytes([part[0], part[1], part[2], 0]), part[3]))
        {
            patched[used[index as usize % used.len()]] = value;
        }
        if let Ok(host) = from_memory(patched) {
            look(&host);
        }
    }
}

#[test]
fn directories_in_circles_end_at_the_limit() {
    let images = Images::new();
    let tree = Tree::small();
    fs::create_dir_all(tree.at("/circle/inner")).unwrap();
    let image = images.ext("root", "ext4", &tree, 4, &[]);
    run("debugfs", &["-w", "-R", "ln /circle /circle/inner/again", image.to_str().unwrap()], "");
    // debugfs writes no type for a link that it makes; the inode then says it.
    let host = open(&image).unwrap();
    let walked = walk_directories(&host, "/circle", LIMITS).unwrap();
    assert_eq!(walked.directories.len(), 17);
    assert_eq!(walked.problems.len(), 1, "{:?}", walked.problems);
    assert!(host.metadata(&format!("/circle{}", "/inner/again".repeat(300))).is_ok());
}

#[test]
fn sparse_files_cost_nothing_until_read() {
    let images = Images::new();
    let tree = Tree::small();
    tree.sparse("/var/huge", 5 << 30, &[((5 << 30) - 3, b"end")]);
    let image = images.ext("root", "ext4", &tree, 8, &[]);
    let host = open(&image).unwrap();
    assert_eq!(host.metadata("/var/huge").unwrap().size, 5 << 30);
    assert_eq!(host.read("/var/huge", 1 << 30).unwrap_err().kind(), ProblemKind::TooLarge);
    let raw = images.empty("raw", 5 << 30);
    write_at(&raw, 0, &image);
    assert_eq!(open(&raw).unwrap().read("/etc/os-release", 100).unwrap(), b"ID=small\n");
}

#[test]
fn encrypted_directories_say_so() {
    let images = Images::new();
    let tree = Tree::small();
    tree.file("/secret/file", "hidden");
    let image = images.ext("root", "ext4", &tree, 4, &["-O", "encrypt"]);
    for path in ["/secret", "/secret/file"] {
        run("debugfs", &["-w", "-R", &format!("set_inode_field {path} flags 0x80800"), image.to_str().unwrap()], "");
    }
    let host = open(&image).unwrap();
    let error = host.read_directory("/secret").unwrap_err();
    assert_eq!(error.kind(), ProblemKind::NotSupported);
    assert_eq!(error.to_string(), "/secret cannot be read: the names in it are encrypted");
}

#[test]
fn what_is_no_file_is_not_waited_for() {
    let images = Images::new();
    let pipe = images.at("pipe");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    for path in [pipe.as_path(), images.at("").as_path(), Path::new("/dev/null")] {
        let error = open(path).unwrap_err();
        assert!(matches!(error, DiskError::WrongType { .. }), "{error}");
    }
    assert!(matches!(open(&images.at("none")).unwrap_err(), DiskError::Open { .. }));
}
