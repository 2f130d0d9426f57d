//! Which volume is the root, what is mounted below it, and what is told to be missing.

use std::fs;
use std::path::Path;

use assay_host::Host;
use assay_host::disk::{DiskImage, DiskOptions};

use super::answers::assert_same;
use super::images::{Images, open, patch, run};
use super::tree::Tree;

const MEBIBYTE: u64 = 1 << 20;

/// A file system with one file that says which it is.
fn marked(images: &Images, name: &str, options: &[&str]) -> std::path::PathBuf {
    let tree = Tree::small();
    fs::remove_dir_all(tree.at("/etc")).unwrap();
    tree.file("/mark", name);
    images.ext(name, "ext4", &tree, 4, options)
}

fn mark(host: &dyn Host, path: &str) -> String {
    String::from_utf8(host.read(path, 100).unwrap_or_else(|error| error.to_string().into_bytes())).unwrap()
}

fn problems(host: &dyn Host) -> Vec<String> {
    host.problems().iter().map(|problem| format!("{}: {}", problem.subject, problem.detail)).collect()
}

fn error(image: &Path) -> String {
    open(image).unwrap_err().to_string().replace(&format!("{}", image.display()), "IMAGE")
}

#[test]
fn fstab_says_where_partitions_belong() {
    let images = Images::new();
    let tree = Tree::small();
    for mount_point in ["/var", "/boot", "/home", "/srv", "/opt", "/etc/apart"] {
        fs::create_dir_all(tree.at(mount_point)).unwrap();
    }
    tree.file("/home/hidden", "hidden by what is mounted there");
    tree.link("/srv-link", "srv");
    let fstab = "# comment\n\
        UUID=11111111-2222-3333-4444-555555555555 / ext4 defaults 0 1\n\
        LABEL=the\\040log /var/log ext4 defaults 0 2\n\
        UUID=\"AAAAAAAA-2222-3333-4444-555555555555\" /var ext4 defaults 0 2\n\
        PARTUUID=0f0f0f0f-0000-0000-0000-00000000ABCD /boot ext4 defaults 0 2\n\
        PARTLABEL=the-home /home ext4 defaults 0 2\n\
        /dev/vda6 /srv-link ext4 defaults 0 2\n\
        /dev/mapper/vg-opt /opt xfs defaults 0 0\n\
        /dev/sdb1 /data ext4 defaults 0 2\n\
        LABEL=gone /gone ext4 nofail 0 2\n\
        LABEL=usb /usb ext4 noauto 0 2\n\
        server:/export /net nfs defaults 0 0\n\
        /srv/a /srv/b none bind 0 0\n\
        tmpfs /tmp tmpfs defaults 0 0\n\
        LABEL=nowhere / ext4 defaults 0 1\n";
    tree.file("/etc/fstab", fstab);
    let root = images.ext("root", "ext4", &tree, 4, &["-U", "11111111-2222-3333-4444-555555555555"]);
    let var = {
        let tree = Tree::small();
        fs::remove_dir_all(tree.at("/etc")).unwrap();
        tree.file("/mark", "var");
        fs::create_dir(tree.at("/log")).unwrap();
        images.ext("var", "ext4", &tree, 4, &["-U", "aaaaaaaa-2222-3333-4444-555555555555"])
    };
    let log = marked(&images, "log", &["-L", "the log"]);
    let [boot, home, srv] = ["boot", "home", "srv"].map(|name| marked(&images, name, &[]));
    let script = "label: gpt\n\
        start=1M,size=5M,type=linux\n\
        start=6M,size=5M,type=linux\n\
        start=11M,size=5M,type=linux\n\
        start=16M,size=5M,type=linux,uuid=0F0F0F0F-0000-0000-0000-00000000ABCD\n\
        start=21M,size=5M,type=linux,name=the-home\n\
        start=26M,size=5M,type=linux\n\
        start=31M,size=1M,type=linux\n\
        start=32M,size=1M,type=swap\n\
        start=33M,size=1M,type=linux\n\
        start=34M,size=1M,type=21686148-6449-6E6F-744E-656564454649\n";
    let parts = [(1, &root), (6, &var), (11, &log), (16, &boot), (21, &home), (26, &srv)];
    let image = images.disk("disk", 40, script, &parts.map(|(place, part)| (place, part.as_path())));
    patch(&image, 31 * MEBIBYTE, b"LUKS\xba\xbe");
    patch(&image, 33 * MEBIBYTE + 65600, b"_BHRfS_M");
    patch(&image, 34 * MEBIBYTE, b"boot code");
    let host = open(&image).unwrap();
    for (path, expected) in [
        ("/etc/os-release", "ID=small\n"),
        ("/var/mark", "var"),
        ("/var/log/mark", "log"),
        ("/var/log/../mark", "var"),
        ("/var/../etc/os-release", "ID=small\n"),
        ("/boot/mark", "boot"),
        ("/home/mark", "home"),
        ("/home/hidden", "/home/hidden does not exist"),
        ("/srv/mark", "srv"),
        ("/srv-link/mark", "srv"),
    ] {
        assert_eq!(mark(&host, path), expected, "{path}");
    }
    let devices = ["/", "/var", "/var/log", "/etc"].map(|path| host.metadata(path).unwrap().device);
    assert!(devices[0] == devices[3] && devices[0] != devices[1] && devices[1] != devices[2], "{devices:?}");
    assert_eq!(
        problems(&host),
        [
            "/data: /dev/sdb1 (ext4) cannot be told to be on this disk",
            "/gone: LABEL=gone (ext4) is on no volume of this disk that can be read",
            "/net: server:/export (nfs) is on another machine",
            "/opt: /dev/mapper/vg-opt (xfs) is on no volume of this disk that can be read",
            "/srv/b: /srv/a (none) is no device; such mounts are not followed",
            "partition 7: LUKS (encrypted) is not read, so what it holds is missing",
            "partition 9: btrfs is not read, so what it holds is missing",
        ]
    );
    let image = DiskImage::open(&image, &DiskOptions::default()).unwrap();
    let contents: Vec<String> = image.volumes().unwrap().into_iter().map(|volume| volume.content).collect();
    let expected = ["ext4", "ext4", "ext4", "ext4", "ext4", "ext4", "LUKS (encrypted)", "empty", "btrfs"];
    assert_eq!(contents, [expected.as_slice(), &["unknown content"]].concat());
}

#[test]
fn a_root_without_its_usr_is_still_the_root() {
    let images = Images::new();
    let tree = Tree::small();
    tree.file("/usr/lib/os-release", "ID=parted\n");
    fs::remove_file(tree.at("/etc/os-release")).unwrap();
    tree.link("/etc/os-release", "../usr/lib/os-release");
    tree.file("/etc/fstab", "LABEL=usr /usr ext4 ro 0 2\nUUID=AB12-CD34 /boot/efi vfat umask=0077 0 1\n");
    let usr = images.at("usr");
    {
        let below = Tree::small();
        fs::remove_dir_all(below.at("/etc")).unwrap();
        below.file("/lib/os-release", "ID=parted\n");
        images.ext("usr", "ext4", &below, 4, &["-L", "usr"]);
    }
    fs::remove_dir_all(tree.at("/usr")).unwrap();
    fs::create_dir(tree.at("/usr")).unwrap();
    let root = images.ext("root", "ext4", &tree, 4, &[]);
    let script = "label: gpt\nstart=1M,size=5M,type=uefi\nstart=6M,size=5M,type=linux\nstart=11M,size=5M,type=linux\n";
    let image = images.disk("disk", 20, script, &[(6, usr.as_path()), (11, root.as_path())]);
    patch(&image, MEBIBYTE + 82, b"FAT32   ");
    patch(&image, MEBIBYTE + 67, &[0x34, 0xcd, 0x12, 0xab]);
    let host = open(&image).unwrap();
    assert_eq!(mark(&host, "/etc/os-release"), "ID=parted\n");
    assert_eq!(problems(&host), ["partition 1: vfat is not read, so /boot/efi is missing"]);
}

#[test]
fn of_two_systems_the_typed_root_is_taken_and_the_other_told() {
    let images = Images::new();
    let [first, second] = ["first", "second"].map(|name| {
        let tree = Tree::small();
        tree.file("/etc/os-release", name);
        fs::create_dir(tree.at("/home")).unwrap();
        images.ext(name, "ext4", &tree, 4, &[])
    });
    let home = marked(&images, "home", &[]);
    for (type_of_second, expected, other) in [
        ("linux", "first", "partition 2: it holds another operating system than partition 1, which was not assessed"),
        (
            "4f68bce3-e8cd-4db1-96e7-fbcaf984b709",
            "second",
            "partition 1: it holds another operating system than partition 2, which was not assessed",
        ),
    ] {
        let script = format!(
            "label: gpt\nstart=1M,size=5M,type=linux\nstart=6M,size=5M,type={type_of_second}\nstart=11M,size=5M,type=home\n"
        );
        let parts = [(1, first.as_path()), (6, second.as_path()), (11, home.as_path())];
        let host = open(&images.disk("disk", 20, &script, &parts)).unwrap();
        assert_eq!(mark(&host, "/etc/os-release"), expected);
        assert_eq!(problems(&host), [other]);
        // Home is found by its type alone where the root has a type of the same specification.
        let is_mounted = host.metadata("/home/mark").is_ok();
        assert_eq!(is_mounted, expected == "second");
    }
}

#[test]
fn the_backup_table_is_used_when_the_primary_is_damaged() {
    let images = Images::new();
    let tree = Tree::small();
    let root = images.ext("root", "ext4", &tree, 4, &[]);
    let script = "label: gpt\nstart=1M,size=5M,type=linux\n";
    for (what, place, length) in [("header", 512, 92), ("entries", 1024, 128)] {
        let image = images.disk("disk", 8, script, &[(1, &root)]);
        patch(&image, place, &vec![0x5a; length]);
        let host = open(&image).unwrap();
        assert_same(&tree, &host, what);
        assert_eq!(
            problems(&host),
            ["partition table: the primary GPT is damaged; its backup in sector 16383 was used"]
        );
        patch(&image, 8 * MEBIBYTE - 512, &[0x5a; 92]);
        assert_eq!(
            error(&image),
            "IMAGE is damaged: its MBR says that there is a GPT, but neither the primary nor the backup table is sound"
        );
    }
}

#[test]
fn what_holds_no_readable_root_says_what_it_holds() {
    let images = Images::new();
    for (name, place, magic, content) in [
        ("luks", 0, b"LUKS\xba\xbe".as_slice(), "LUKS (encrypted)"),
        ("btrfs", 65600, b"_BHRfS_M", "btrfs"),
        ("unknown", 5000, b"x", "unknown content"),
        ("empty", 0, b"", "empty"),
    ] {
        let image = images.empty(name, MEBIBYTE);
        patch(&image, place, magic);
        let expected = format!("IMAGE has no root file system that can be read: the whole disk: {content}");
        assert_eq!(error(&image), expected);
    }
    let data = marked(&images, "data", &[]);
    assert_eq!(error(&data), "IMAGE has no root file system that can be read: the whole disk: ext4");
    let empty = images.disk("table", 4, "label: gpt\n", &[]);
    assert_eq!(error(&empty), "IMAGE has no root file system that can be read: its partition table is empty");
}

#[test]
fn containers_that_are_not_read_say_what_to_do() {
    let images = Images::new();
    let root = images.ext("root", "ext4", &Tree::small(), 4, &[]);
    let flattened = "flatten it with `qemu-img convert -O qcow2`";
    let made = images.convert("base.qcow2", &root, &["-O", "qcow2"]);
    let overlay = images.at("overlay.qcow2");
    let arguments = ["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b"];
    run("qemu-img", &[&arguments, [made.to_str().unwrap(), overlay.to_str().unwrap()].as_slice()].concat(), "");
    let text = error(&overlay);
    assert!(text.contains("base.qcow2") && text.ends_with(flattened), "{text}");
    patch(&overlay, 4096, b"x");
    for (name, options, expected) in [
        ("vmdk", ["-O", "vmdk"].as_slice(), "VMDK images are not read"),
        ("vdi", &["-O", "vdi"], "VDI images are not read"),
        ("vhdx", &["-O", "vhdx"], "VHDX images are not read"),
        ("vpc", &["-O", "vpc"], "VHD images are not read"),
        ("qed", &["-O", "qed"], "QED images are not read"),
        ("extended", &["-O", "qcow2", "-o", "extended_l2=on"], "extended (subclusters)"),
    ] {
        let text = error(&images.convert(name, &root, options));
        assert!(text.contains(expected) && text.contains("qemu-img convert"), "{text}");
    }
    let (external, data) = (images.at("external"), images.at("external-data"));
    let option = format!("data_file={}", data.display());
    run("qemu-img", &["create", "-q", "-f", "qcow2", "-o", &option, external.to_str().unwrap(), "4M"], "");
    assert!(error(&external).contains("external file"), "{}", error(&external));
    let encrypted = images.at("encrypted");
    let secret = ["--object", "secret,id=s,data=hidden", "-f", "qcow2", "-o"];
    let option = "encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10";
    run("qemu-img", &[&["create", "-q"], secret.as_slice(), &[option, encrypted.to_str().unwrap(), "4M"]].concat(), "");
    assert!(error(&encrypted).contains("it is encrypted"), "{}", error(&encrypted));
    run("gzip", &["-1", "-k", root.to_str().unwrap()], "");
    assert_eq!(error(&images.at("root.gz")), "IMAGE: it is compressed; unpack it with `gunzip`");
}
