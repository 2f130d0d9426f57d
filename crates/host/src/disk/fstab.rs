//! fstab(5): which volume belongs where.

/// How a line names what it mounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Device {
    Uuid(String),
    Label(String),
    PartitionUuid(String),
    PartitionLabel(String),
    /// A partition by its number on the first disk.
    Number(u32),
    /// A logical volume: group and name.
    Logical(String, String),
    /// Anything else, as it stands there.
    Other(String),
}

/// A line that mounts something below the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) device: Device,
    /// The device as it stands there.
    pub(crate) spelled: String,
    pub(crate) mount_point: String,
    pub(crate) file_system: String,
}

/// Lines that are read at most.
const MAX_LINES: usize = 10_000;

/// File systems that have no device.
const WITHOUT_DEVICE: &[&str] = &[
    "tmpfs",
    "proc",
    "sysfs",
    "devpts",
    "devtmpfs",
    "cgroup",
    "cgroup2",
    "hugetlbfs",
    "mqueue",
    "debugfs",
    "tracefs",
    "securityfs",
    "configfs",
    "efivarfs",
    "binfmt_misc",
    "ramfs",
    "swap",
    "ignore",
    "autofs",
    "bpf",
    "pstore",
    "fusectl",
    "nfsd",
    "rpc_pipefs",
    "selinuxfs",
];

/// The lines that mount a device at boot, shallow mount points first, in the order of the file otherwise.
pub(crate) fn parse(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = text.lines().take(MAX_LINES).filter_map(line).collect();
    lines.sort_by_key(|line| line.mount_point.split('/').filter(|name| !name.is_empty()).count());
    lines
}

fn line(text: &str) -> Option<Line> {
    let mut fields = text.split_ascii_whitespace().map(unescape);
    let (spelled, mount_point, file_system) = (fields.next()?, fields.next()?, fields.next()?);
    let options = fields.next().unwrap_or_default();
    let is_comment = spelled.starts_with('#');
    let is_mounted_at_boot = !options.split(',').any(|option| option == "noauto");
    let has_device = !WITHOUT_DEVICE.contains(&file_system.as_str());
    let is_kept = !is_comment && mount_point.starts_with('/') && is_mounted_at_boot && has_device;
    is_kept.then(|| Line { device: device(&spelled), spelled, mount_point, file_system })
}

/// The octal escapes of white space and backslash.
fn unescape(field: &str) -> String {
    let pairs = [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")];
    pairs.iter().fold(field.to_owned(), |text, (escape, character)| text.replace(escape, character))
}

fn device(spelled: &str) -> Device {
    let tagged = spelled.split_once('=').map(|(tag, value)| (tag, value.trim_matches('"')));
    match tagged {
        Some(("UUID", value)) => return Device::Uuid(value.to_owned()),
        Some(("LABEL", value)) => return Device::Label(value.to_owned()),
        Some(("PARTUUID", value)) => return Device::PartitionUuid(value.to_owned()),
        Some(("PARTLABEL", value)) => return Device::PartitionLabel(value.to_owned()),
        _ => {}
    }
    let Some(path) = spelled.strip_prefix("/dev/") else { return Device::Other(spelled.to_owned()) };
    for (folder, make) in [
        ("disk/by-uuid/", Device::Uuid as fn(String) -> Device),
        ("disk/by-label/", Device::Label),
        ("disk/by-partuuid/", Device::PartitionUuid),
        ("disk/by-partlabel/", Device::PartitionLabel),
    ] {
        if let Some(name) = path.strip_prefix(folder) {
            return make(unescape_udev(name));
        }
    }
    if let Some((group, name)) = path.strip_prefix("mapper/").and_then(split_mapped) {
        return Device::Logical(group, name);
    }
    if let Some(number) = number_on_first_disk(path) {
        return Device::Number(number);
    }
    match path.split_once('/') {
        Some((group, name)) if !name.contains('/') && !matches!(group, "disk" | "mapper" | "md") => {
            Device::Logical(group.to_owned(), name.to_owned())
        }
        _ => Device::Other(spelled.to_owned()),
    }
}

/// udev writes what may not stand in a file name as `\x` and two digits.
fn unescape_udev(name: &str) -> String {
    let mut parts = name.split("\\x");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        match u8::from_str_radix(digits, 16) {
            Ok(byte) if byte.is_ascii() => {
                text.push(char::from(byte));
                text.push_str(rest);
            }
            _ => {
                text.push_str("\\x");
                text.push_str(part);
            }
        }
    }
    text
}

/// The device mapper joins group and volume by a hyphen and doubles those that they have.
fn split_mapped(name: &str) -> Option<(String, String)> {
    let marked = name.replace("--", "\0");
    let (group, volume) = marked.split_once('-')?;
    Some((group.replace('\0', "-"), volume.replace('\0', "-")))
}

/// The number of a partition of the disk that a machine with one disk calls its first.
fn number_on_first_disk(path: &str) -> Option<u32> {
    let first = ["sda", "vda", "xvda", "hda", "nvme0n1p", "mmcblk0p"];
    let digits = first.iter().find_map(|disk| path.strip_prefix(disk))?;
    digits.parse().ok().filter(|number| *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_named_in_many_ways() {
        for (spelled, expected) in [
            ("UUID=ab-CD", Device::Uuid("ab-CD".into())),
            ("UUID=\"ab\"", Device::Uuid("ab".into())),
            ("LABEL=cloudimg-rootfs", Device::Label("cloudimg-rootfs".into())),
            ("PARTUUID=1-2", Device::PartitionUuid("1-2".into())),
            ("PARTLABEL=root", Device::PartitionLabel("root".into())),
            ("/dev/disk/by-uuid/ab", Device::Uuid("ab".into())),
            ("/dev/disk/by-label/my\\x20var", Device::Label("my var".into())),
            ("/dev/disk/by-label/odd\\xzz", Device::Label("odd\\xzz".into())),
            ("/dev/disk/by-id/ata-1", Device::Other("/dev/disk/by-id/ata-1".into())),
            ("/dev/sda3", Device::Number(3)),
            ("/dev/nvme0n1p1", Device::Number(1)),
            ("/dev/sdb1", Device::Other("/dev/sdb1".into())),
            ("/dev/sda", Device::Other("/dev/sda".into())),
            ("/dev/mapper/vg--one-var--log", Device::Logical("vg-one".into(), "var-log".into())),
            ("/dev/vg/home", Device::Logical("vg".into(), "home".into())),
            ("/dev/mapper/luks", Device::Other("/dev/mapper/luks".into())),
            ("/dev/md/0", Device::Other("/dev/md/0".into())),
            ("server:/export", Device::Other("server:/export".into())),
        ] {
            assert_eq!(device(spelled), expected, "{spelled}");
        }
    }

    #[test]
    fn lines_without_a_device_are_left_out_and_parents_come_first() {
        let text = "# comment line here x\n\
            LABEL=log /var/log ext4 defaults 0 2\n\
            LABEL=root / ext4 errors=remount-ro 0 1\n\
            LABEL=var /var/ ext4\n\
            LABEL=usb /media/usb ext4 noauto,user 0 0\n\
            tmpfs /tmp tmpfs size=1g 0 0\n\
            LABEL=swap none swap sw 0 0\n\
            LABEL=sp\\040ace /a\\040b xfs ro\n\
            half /line\n";
        let points: Vec<String> = parse(text).into_iter().map(|line| line.mount_point).collect();
        assert_eq!(points, ["/", "/var/", "/a b", "/var/log"]);
    }
}
