//! UUID and label of a volume, as udev finds them and fstab uses them.

use super::bytes::{field, part, text, uuid};
use super::error::ReadError;
use super::probe::Content;
use super::source::Source;

/// UUID and label of a file system; empty where it has none, or none that is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) uuid: String,
    pub(crate) label: String,
}

/// Where they stand: the UUID, then the label and its length.
struct Places {
    uuid: u64,
    label: u64,
    label_length: usize,
}

/// What the volume calls itself.
pub(crate) fn identify(volume: &dyn Source, content: Content) -> Identity {
    let places = match content {
        Content::Ext => Places { uuid: 1024 + 0x68, label: 1024 + 0x78, label_length: 16 },
        Content::Xfs => Places { uuid: 32, label: 108, label_length: 12 },
        Content::Known("btrfs") => Places { uuid: 0x10020, label: 0x1012b, label_length: 256 },
        Content::Known("vfat") => return identify_fat(volume).unwrap_or_default(),
        _ => return Identity::default(),
    };
    identify_at(volume, &places).unwrap_or_default()
}

fn identify_at(volume: &dyn Source, places: &Places) -> Result<Identity, ReadError> {
    let id = volume.bytes_at(places.uuid, 16)?;
    let label = volume.bytes_at(places.label, places.label_length)?;
    Ok(Identity { uuid: uuid(field(&id, 0)?), label: text(&label) })
}

/// FAT has a serial number of four bytes, written as two groups, and a label padded with blanks.
fn identify_fat(volume: &dyn Source) -> Result<Identity, ReadError> {
    let sector = volume.bytes_at(0, 512)?;
    let at = if part(&sector, 82, 5)? == b"FAT32" { 67 } else { 39 };
    let [a, b, c, d] = field(&sector, at)?;
    let label = text(part(&sector, at + 4, 11)?).trim_end().to_owned();
    let label = if label == "NO NAME" { String::new() } else { label };
    Ok(Identity { uuid: format!("{d:02X}{c:02X}-{b:02X}{a:02X}"), label })
}
