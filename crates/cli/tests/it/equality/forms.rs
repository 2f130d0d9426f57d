//! A root directory as container image and as disk image, in every form that is read, made by the usual tools.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::logical_volume::physical_volume;

/// One way in which the host comes.
pub(super) struct Form {
    pub(super) name: &'static str,
    /// The option that takes it, and the word for it in the evidence.
    pub(super) option: &'static str,
    pub(super) word: &'static str,
    pub(super) path: PathBuf,
}

/// Runs a tool, which must do its work; returns what it printed.
#[track_caller]
pub(super) fn tool(program: &str, arguments: &[&str], input: &str) -> String {
    let path = format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap());
    let mut command = Command::new(program);
    command.args(arguments).env("PATH", path).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{program}, which ./test installs: {error}"));
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

pub(super) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// All forms of the root, made in `work`.
pub(super) fn every_form(root: &Path, work: &Path) -> Vec<Form> {
    let layers = layers(root, work);
    let image = |name, path| Form { name, option: "--image", word: "container-image", path };
    let disk = |name, path| Form { name, option: "--disk", word: "disk-image", path };
    let [ext4, xfs, logical] = [Root::Ext4, Root::Xfs, Root::LogicalVolume].map(|kind| disk_image(root, work, kind));
    let qcow2 = work.join("disk.qcow2");
    tool("qemu-img", &["convert", "-f", "raw", "-O", "qcow2", "-c", text(&ext4), text(&qcow2)], "");
    let layout = oci_layout(&layers, work);
    let archive = work.join("oci.tar");
    tool("tar", &["-C", text(&layout), "-cf", text(&archive), "."], "");
    vec![
        image("docker save", docker_archive(&layers, work)),
        image("OCI layout", layout),
        image("OCI archive", archive),
        disk("raw disk, ext4", ext4),
        disk("raw disk, xfs", xfs),
        disk("raw disk, logical volume", logical),
        disk("qcow2", qcow2),
    ]
}

/// Two layers that together are the root: an older one, of which files are replaced and a directory is whited out.
fn layers(root: &Path, work: &Path) -> [PathBuf; 2] {
    let (older, marks) = (work.join("older"), work.join("marks"));
    for (path, content) in [
        (older.join("etc/hostname"), "another\n"),
        (older.join("srv/gone/Cargo.lock"), "[[package]]\nname = \"gone\"\nversion = \"1.0.0\"\n"),
        (marks.join("srv/.wh.gone"), ""),
    ] {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let layers = [work.join("older.tar"), work.join("root.tar")];
    tool("tar", &["-C", text(&older), "-cf", text(&layers[0]), "."], "");
    tool("tar", &["-C", text(root), "--numeric-owner", "--sparse", "-cf", text(&layers[1]), "."], "");
    tool("tar", &["-C", text(&marks), "-rf", text(&layers[1]), "srv/.wh.gone"], "");
    layers
}

fn sha256(path: &Path) -> String {
    tool("sha256sum", &[text(path)], "").split_whitespace().next().unwrap().to_owned()
}

fn config(layers: &[PathBuf; 2]) -> String {
    let [older, root] = layers.each_ref().map(|layer| sha256(layer));
    format!(
        r#"{{"architecture":"amd64","os":"linux","config":{{}},"rootfs":{{"type":"layers","diff_ids":["sha256:{older}","sha256:{root}"]}}}}"#
    )
}

/// An archive as `docker save` writes it.
fn docker_archive(layers: &[PathBuf; 2], work: &Path) -> PathBuf {
    fs::write(work.join("config.json"), config(layers)).unwrap();
    let manifest = r#"[{"Config":"config.json","RepoTags":["host:1"],"Layers":["older.tar","root.tar"]}]"#;
    fs::write(work.join("manifest.json"), manifest).unwrap();
    let archive = work.join("docker.tar");
    tool(
        "tar",
        &["-C", text(work), "-cf", text(&archive), "manifest.json", "config.json", "older.tar", "root.tar"],
        "",
    );
    archive
}

/// A directory of an OCI image, its layers compressed.
fn oci_layout(layers: &[PathBuf; 2], work: &Path) -> PathBuf {
    let layout = work.join("layout");
    let blobs = layout.join("blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    let store = |file: &Path| {
        let (digest, size) = (sha256(file), fs::metadata(file).unwrap().len());
        fs::copy(file, blobs.join(&digest)).unwrap();
        format!(r#""digest":"sha256:{digest}","size":{size}"#)
    };
    let write = |name: &str, content: &str| {
        let path = work.join(name);
        fs::write(&path, content).unwrap();
        store(&path)
    };
    let packed = layers.each_ref().map(|layer| {
        tool("gzip", &["-1", "-k", text(layer)], "");
        store(&layer.with_extension("tar.gz"))
    });
    let of = "application/vnd.oci.image";
    let stored = packed.map(|layer| format!(r#"{{"mediaType":"{of}.layer.v1.tar+gzip",{layer}}}"#)).join(",");
    let config = write("oci-config.json", &config(layers));
    let manifest = write(
        "oci-manifest.json",
        &format!(
            r#"{{"schemaVersion":2,"mediaType":"{of}.manifest.v1+json","config":{{"mediaType":"{of}.config.v1+json",{config}}},"layers":[{stored}]}}"#
        ),
    );
    let index = format!(r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"{of}.manifest.v1+json",{manifest}}}]}}"#);
    fs::write(layout.join("index.json"), index).unwrap();
    fs::write(layout.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    layout
}

/// What the first partition holds: a file system with the root, or one in a logical volume of LVM.
#[derive(Clone, Copy)]
enum Root {
    Ext4,
    Xfs,
    LogicalVolume,
}

const MEBIBYTE: u64 = 1 << 20;

/// A raw disk with a GPT: the root in the first partition, `/home` in the second.
fn disk_image(root: &Path, work: &Path, kind: Root) -> PathBuf {
    let (name, size, partition) = match kind {
        Root::Ext4 => ("ext4", 96, "linux"),
        // The smallest that mkfs.xfs makes.
        Root::Xfs => ("xfs", 300, "linux"),
        Root::LogicalVolume => ("lvm", 97, "lvm"),
    };
    // What is mounted there lies on a volume of its own; the mount point stays.
    let without_home = work.join(format!("{name}-root"));
    tool("cp", &["-a", "--reflink=auto", text(root), text(&without_home)], "");
    for entry in fs::read_dir(without_home.join("home")).unwrap() {
        fs::remove_dir_all(entry.unwrap().path()).unwrap();
    }
    let part = match kind {
        Root::Ext4 => ext4(&without_home, &work.join("part"), size, "root"),
        Root::Xfs => xfs(&without_home, &work.join("part"), size),
        Root::LogicalVolume => {
            let content = ext4(&without_home, &work.join("content"), size - 1, "root");
            let part = physical_volume(&content, &work.join("part"));
            fs::remove_file(content).unwrap();
            part
        }
    };
    let home = ext4(&root.join("home"), &work.join("home"), 16, "home");
    let disk = work.join(format!("{name}.raw"));
    File::create(&disk).unwrap().set_len((size + 20) * MEBIBYTE).unwrap();
    let script =
        format!("label: gpt\nstart=1M,size={size}M,type={partition}\nstart={}M,size=16M,type=linux\n", size + 1);
    tool("sfdisk", &["--quiet", "--no-reread", "--no-tell-kernel", text(&disk)], &script);
    for (from, place) in [(part, 1), (home, size + 1)] {
        let (input, output) = (format!("if={}", from.display()), format!("of={}", disk.display()));
        tool("dd", &[&input, &output, "bs=1M", &format!("seek={place}"), "conv=notrunc,sparse", "status=none"], "");
        fs::remove_file(from).unwrap();
    }
    fs::remove_dir_all(without_home).unwrap();
    disk
}

fn ext4(root: &Path, image: &Path, mebibytes: u64, label: &str) -> PathBuf {
    let size = format!("{mebibytes}M");
    tool("mkfs.ext4", &["-q", "-F", "-L", label, "-d", text(root), text(image), &size], "");
    image.to_owned()
}

fn xfs(root: &Path, image: &Path, mebibytes: u64) -> PathBuf {
    File::create(image).unwrap().set_len(mebibytes * MEBIBYTE).unwrap();
    let mut prototype = Prototype { text: b"-\n0 0\n".to_vec(), sticky: Vec::new() };
    prototype.describe(root, b"", "");
    let file = image.with_extension("prototype");
    fs::write(&file, prototype.text).unwrap();
    tool("mkfs.xfs", &["-q", "-f", "-L", "root", "-p", text(&file), text(image)], "");
    for (path, mode) in prototype.sticky {
        let (path, mode) = (format!("path {path}"), format!("write -d core.mode 0{mode:o}"));
        tool("xfs_db", &["-x", "-c", &path, "-c", &mode, text(image)], "");
    }
    image.to_owned()
}

/// The language of mkfs.xfs (xfs_protofile). It knows no hard links, no blanks in names, and no sticky bit.
struct Prototype {
    text: Vec<u8>,
    /// Directories that are sticky, with their modes.
    sticky: Vec<(String, u32)>,
}

impl Prototype {
    /// Adds what is at `from`, which is called `name` and is `path` in the file system.
    fn describe(&mut self, from: &Path, name: &[u8], path: &str) {
        let metadata = fs::symlink_metadata(from).unwrap();
        let mode = metadata.mode();
        let set = |bit: u32, letter: char| if mode & bit == 0 { '-' } else { letter };
        let file_type = metadata.file_type();
        let (letter, rest) = match () {
            () if file_type.is_dir() => ('d', Vec::new()),
            () if file_type.is_symlink() => ('l', fs::read_link(from).unwrap().as_os_str().as_bytes().to_vec()),
            () if file_type.is_fifo() => ('p', Vec::new()),
            () => ('-', from.as_os_str().as_bytes().to_vec()),
        };
        let (user, group) = (set(0o4000, 'u'), set(0o2000, 'g'));
        let line = format!(" {letter}{user}{group}{:03o} {} {} ", mode & 0o777, metadata.uid(), metadata.gid());
        self.text.extend([name, line.as_bytes(), &rest, b"\n"].concat());
        if !file_type.is_dir() {
            return;
        }
        if mode & 0o1000 != 0 {
            self.sticky.push((path.to_owned(), mode));
        }
        let mut entries: Vec<PathBuf> = fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for entry in entries {
            let name = entry.file_name().unwrap();
            self.describe(&entry, name.as_bytes(), &format!("{path}/{}", name.to_string_lossy()));
        }
        self.text.extend(b"$\n");
    }
}
