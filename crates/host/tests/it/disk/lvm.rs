//! Logical volumes: the same answers as the directory they were made of, and what is told where they cannot be read.

use std::fs;
use std::path::Path;

use assay_host::Host as _;
use assay_host::disk::{DiskImage, DiskOptions};

use super::answers::{assert_same, assert_same_on_odd_paths};
use super::images::{Images, open, patch};
use super::physical_volume::{AREA, AREA_SIZE, Physical, fill, group, linear, other};
use super::tree::Tree;

const MEBIBYTE: u64 = 1 << 20;

fn problems(image: &Path) -> Vec<String> {
    let host = open(image).unwrap();
    host.problems().iter().map(|problem| format!("{}: {}", problem.subject, problem.detail)).collect()
}

fn error(image: &Path) -> String {
    open(image).unwrap_err().to_string().replace(&format!("{}", image.display()), "IMAGE")
}

/// The odd tree in 64 extents, of which the later ones come first.
fn odd(images: &Images, tree: &Tree, physical: Physical) -> std::path::PathBuf {
    let root = images.ext("root", "ext4", tree, 64, &[]);
    let text = group(&[physical], &linear("root", &[(physical.number, 40, 30), (physical.number, 2, 34)]));
    let image = physical.write(images, "physical", &text);
    fill(images, &image, 40, &root, 0..30);
    fill(images, &image, 2, &root, 30..64);
    image
}

#[test]
fn a_logical_volume_answers_as_the_directory_it_was_made_of() {
    let images = Images::new();
    let tree = Tree::odd();
    for physical in [
        Physical::new(0, 80),
        Physical { label: 0, ..Physical::new(0, 80) },
        // The metadata begins 100 bytes before the end of its area.
        Physical { label: 3, text_at: Some(AREA_SIZE - 100), ..Physical::new(0, 80) },
    ] {
        let image = odd(&images, &tree, physical);
        let host = open(&image).unwrap();
        assert_same(&tree, &host, "the whole disk is a physical volume");
        assert_same_on_odd_paths(&tree, &host);
        assert_eq!(host.problems(), []);
    }
    let image = odd(&images, &tree, Physical::new(0, 80));
    let script =
        "label: gpt\nstart=1M,size=4M,type=uefi\nstart=6M,size=80M,type=E6D6D379-F507-44C2-A23C-238F2A3DF928\n";
    let disk = images.disk("disk", 90, script, &[(6, &image)]);
    assert_same(&tree, &open(&disk).unwrap(), "a partition is a physical volume");
    let packed = images.convert("packed", &disk, &["-O", "qcow2", "-c"]);
    assert_same(&tree, &open(&packed).unwrap(), "qcow2");
    let opened = DiskImage::open(&disk, &DiskOptions::default()).unwrap();
    let volumes = opened.volumes().unwrap();
    let told = volumes.iter().map(|volume| format!("{}: {}, {}", volume.name, volume.content, volume.size >> 20));
    let expected =
        ["partition 1: empty, 4", "partition 2: LVM physical volume, 80", "logical volume vg-one/root: ext4, 64"];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[test]
fn fstab_names_logical_volumes_of_several_physical_ones() {
    let images = Images::new();
    let tree = Tree::small();
    for mount_point in ["/home", "/var", "/srv", "/opt"] {
        fs::create_dir_all(tree.at(mount_point)).unwrap();
    }
    let fstab = "/dev/mapper/vg--one-root / ext4 defaults 0 1\n/dev/vg-one/home /home ext4 defaults 0 2\n\
                 /dev/mapper/vg--one-var--log /var ext4 defaults 0 2\nLABEL=srv /srv ext4 defaults 0 2\n\
                 /dev/vg-one/thin /opt ext4 defaults 0 2\n";
    tree.file("/etc/fstab", fstab);
    let root = images.ext("root", "ext4", &tree, 4, &[]);
    let [home, var, srv] = ["home", "var", "srv"].map(|name| {
        let tree = Tree::small();
        tree.file("/mark", name);
        fs::remove_dir_all(tree.at("/etc")).unwrap();
        images.ext(name, "ext4", &tree, 4, &["-L", name])
    });
    let physical = [Physical::new(0, 13), Physical { text_at: None, ..Physical::new(1, 9) }];
    let thin = "segment_count = 1\nsegment1 {\nstart_extent = 0\nextent_count = 4\ntype = \"thin\"\n\
                thin_pool = \"pool\"\ntransaction_id = 0\ndevice_id = 1\n}\n";
    let logical = [
        linear("root", &[(0, 0, 4)]),
        linear("home", &[(1, 0, 2), (0, 4, 2)]),
        linear("var-log", &[(1, 2, 4)]),
        linear("srv", &[(0, 6, 4)]),
        other("thin", thin),
        "pool_tdata {\nstatus = [\"READ\", \"WRITE\"]\nsegment_count = 1\n}\n".to_owned(),
    ];
    let text = group(&physical, &logical.concat());
    let [first, second] = [physical[0].write(&images, "first", &text), physical[1].write(&images, "second", &text)];
    for (image, place, from, extents) in [
        (&first, 0, &root, 0..4),
        (&second, 0, &home, 0..2),
        (&first, 4, &home, 2..4),
        (&second, 2, &var, 0..4),
        (&first, 6, &srv, 0..4),
    ] {
        fill(&images, image, place, from, extents);
    }
    let script = "label: gpt\nstart=1M,size=13M,type=lvm\nstart=14M,size=9M,type=lvm\n";
    let disk = images.disk("disk", 25, script, &[(1, &first), (14, &second)]);
    let host = open(&disk).unwrap();
    for name in ["home", "var", "srv"] {
        assert_eq!(host.read(&format!("/{name}/mark"), 100).unwrap(), name.as_bytes());
    }
    let told = [
        "/opt: /dev/vg-one/thin (ext4) is on no volume of this disk that can be read",
        "logical volume vg-one/thin: LVM thin volume is not read, so what it holds is missing",
    ];
    assert_eq!(problems(&disk), told);
    // The second physical volume is on another disk now.
    let missing = |volume: &str| {
        format!("logical volume vg-one/{volume}: pv1 of its group is on another disk, so what it holds is missing")
    };
    let alone = problems(&first);
    assert!(alone.contains(&missing("home")) && alone.contains(&missing("var-log")), "{alone:?}");
    let reason = "its LVM metadata is on another disk, so what it holds is missing";
    let expected = format!(
        "IMAGE has no root file system that can be read: the whole disk: LVM physical volume; the whole disk: {reason}"
    );
    assert_eq!(error(&second), expected);
}

#[test]
fn damage_is_told_and_got_round_where_there_is_a_copy() {
    let images = Images::new();
    let tree = Tree::small();
    let root = images.ext("root", "ext4", &tree, 4, &[]);
    let physical = Physical::new(0, 8);
    let text = group(&[physical], &linear("root", &[(0, 0, 4)]));
    let sound = || {
        let image = physical.write(&images, "physical", &text);
        fill(&images, &image, 0, &root, 0..4);
        image
    };
    let no_root = "IMAGE has no root file system that can be read: the whole disk: LVM physical volume; the whole disk: \
                   LVM cannot be read on it, so what it holds is missing: ";
    for (place, expected) in [
        (512 + 32, "the checksum or the place of the label in sector 1 is wrong"),
        (AREA + 30, "the header of the metadata area at 4096 is not sound"),
        (AREA + 600, "the checksum of the metadata at 512 is wrong"),
    ] {
        let image = sound();
        patch(&image, place, &[0xff]);
        assert_eq!(error(&image), format!("{no_root}{expected}"));
    }
    for (text, expected) in [
        ("", "the metadata describes 0 volume groups instead of one"),
        ("vg { extent_size = 8", "the metadata has a section or a list without an end at byte 20"),
        (
            "vg { extent_size = 99999999999999999999 }",
            "there is no number extent_size in the metadata where there must be one",
        ),
    ] {
        let image = physical.write(&images, "odd", text);
        assert_eq!(error(&image), format!("{no_root}{expected}"));
    }
    // A second area, of which the first is a copy.
    let copied = Physical { copy: Some(7 << 20), ..physical };
    let image = copied.write(&images, "copied", &text);
    fill(&images, &image, 0, &root, 0..4);
    assert_eq!(problems(&image), [""; 0]);
    patch(&image, AREA + 600, &[0xff]);
    let used =
        "the whole disk: the other copy of its LVM metadata was used: the checksum of the metadata at 512 is wrong";
    assert_eq!(problems(&image), [used]);
    assert_same(&tree, &open(&image).unwrap(), "the copy is read");
    // A volume that ends beyond the physical volume is read as far as it goes.
    let image = physical.write(&images, "long", &group(&[physical], &linear("root", &[(0, 0, 4), (0, 0, 100)])));
    fill(&images, &image, 0, &root, 0..4);
    let cut = "logical volume vg-one/root: it ends beyond the end of its physical volume, which seems to be cut short";
    assert_eq!(problems(&image), [cut]);
    assert_same(&tree, &open(&image).unwrap(), "what is there is read");
    // More volumes than are read, and each of them in the way of the others.
    let many: String = (0..300).map(|number| linear(&format!("root{number}"), &[(0, 0, 4)])).collect();
    let image = physical.write(&images, "many", &group(&[physical], &many));
    fill(&images, &image, 0, &root, 0..4);
    let told = problems(&image);
    let left_out =
        "logical volume vg-one/root256: it and what follows is left out: 256 logical volumes of a disk are read";
    assert!(told.len() == 256 && told.iter().any(|problem| problem == left_out), "{told:?}");
    // Two copies of one physical volume on a disk.
    let image = sound();
    let script = "label: gpt\nstart=1M,size=8M,type=lvm\nstart=9M,size=8M,type=lvm\n";
    let disk = images.disk("disk", 20, script, &[(1, &image), (9, &image)]);
    let twice = "partition 2: LVM cannot be read on it, so what it holds is missing: another physical volume of this disk \
                 has the same id";
    assert_eq!(problems(&disk), [twice]);
}

#[test]
fn the_root_is_chosen_among_logical_volumes_as_among_partitions() {
    let images = Images::new();
    let [first, second] = ["first", "second"].map(|name| {
        let tree = Tree::small();
        tree.file("/etc/os-release", name);
        images.ext(name, "ext4", &tree, 4, &[])
    });
    let physical = Physical::new(0, 10);
    let logical = linear("swap", &[(0, 8, 1)]) + &linear("one", &[(0, 4, 4)]) + &linear("two", &[(0, 0, 4)]);
    let image = physical.write(&images, "physical", &group(&[physical], &logical));
    fill(&images, &image, 0, &second, 0..4);
    fill(&images, &image, 4, &first, 0..4);
    patch(&image, 9 * MEBIBYTE + 4086, b"SWAPSPACE2");
    assert_eq!(open(&image).unwrap().read("/etc/os-release", 100).unwrap(), b"first");
    let other = "logical volume vg-one/two: it holds another operating system than logical volume vg-one/one, which was \
                 not assessed";
    assert_eq!(problems(&image), [other]);
}
