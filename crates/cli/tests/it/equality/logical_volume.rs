//! A physical volume of LVM2 with one linear logical volume, written byte by byte: neither its tools nor the device mapper
//! are needed. What the metadata must be is tested with the reader in `assay-host`; here it only carries a file system.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

/// Bytes of an extent; label and metadata take the room of one.
const EXTENT: u64 = 1 << 20;

/// The metadata area behind the label, and where the text begins in it.
const AREA: u64 = 4096;
const AREA_SIZE: u64 = EXTENT - AREA;
const TEXT_AT: u64 = 512;

const ID: &str = "Phys1c-0000-0000-0000-0000-0000-000000";

/// Puts a file system of whole mebibytes into the logical volume `root`, its second half first.
pub(super) fn physical_volume(content: &Path, image: &Path) -> PathBuf {
    let content = fs::read(content).unwrap();
    let extents = content.len() as u64 / EXTENT;
    assert_eq!(extents * EXTENT, content.len() as u64, "whole extents");
    let (first, second) = (extents / 2, extents - extents / 2);
    let file = File::create(image).unwrap();
    file.set_len((extents + 1) * EXTENT).unwrap();
    let size = (extents + 1) * EXTENT;
    file.write_all_at(&label(size), 512).unwrap();
    let text = format!("{}\0", metadata(extents, first, second));
    file.write_all_at(&area_header(text.as_bytes()), AREA).unwrap();
    file.write_all_at(text.as_bytes(), AREA + TEXT_AT).unwrap();
    let (before, after) = content.split_at((first * EXTENT) as usize);
    for (part, extent) in [(before, second), (after, 0)] {
        for (number, block) in part.chunks(1 << 16).enumerate().filter(|(_, block)| block.iter().any(|byte| *byte != 0))
        {
            file.write_all_at(block, (extent + 1) * EXTENT + ((number as u64) << 16)).unwrap();
        }
    }
    image.to_owned()
}

/// The label in the second sector: identity and size, where the extents begin, where the metadata is.
fn label(size: u64) -> Vec<u8> {
    let mut label = b"LABELONE".to_vec();
    label.extend(1_u64.to_le_bytes());
    label.extend([0; 4]);
    label.extend(32_u32.to_le_bytes());
    label.extend(b"LVM2 001");
    label.extend(ID.replace('-', "").bytes());
    for number in [size, EXTENT, 0, 0, 0, AREA, AREA_SIZE, 0, 0] {
        label.extend(u64::to_le_bytes(number));
    }
    label.resize(512, 0);
    let sum = checksum(&label[20..]);
    label[16..20].copy_from_slice(&sum.to_le_bytes());
    label
}

fn area_header(text: &[u8]) -> Vec<u8> {
    let mut header = b"\x20LVM2\x20x[5A%r0N*>".to_vec();
    header.extend(1_u32.to_le_bytes());
    for number in [AREA, AREA_SIZE, TEXT_AT, text.len() as u64] {
        header.extend(number.to_le_bytes());
    }
    header.extend(checksum(text).to_le_bytes());
    header.resize(508, 0);
    [&checksum(&header).to_le_bytes()[..], &header].concat()
}

/// `calc_crc` of LVM2, bit by bit.
fn checksum(data: &[u8]) -> u32 {
    let step = |sum: u32, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
    data.iter().fold(0xf597_a6cf, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), step))
}

fn metadata(extents: u64, first: u64, second: u64) -> String {
    let segment = |number: u64, start: u64, count: u64, extent: u64| {
        format!(
            "segment{number} {{\nstart_extent = {start}\nextent_count = {count}\ntype = \"striped\"\nstripe_count = 1\n\
             stripes = [\n\"pv0\", {extent}\n]\n}}\n"
        )
    };
    let segments = [segment(1, 0, first, second), segment(2, first, second, 0)].concat();
    format!(
        "vg {{\nid = \"Gr0up0-0000-0000-0000-0000-0000-000000\"\nseqno = 1\nformat = \"lvm2\"\n\
         status = [\"RESIZEABLE\", \"READ\", \"WRITE\"]\nflags = []\nextent_size = 2048\n\
         physical_volumes {{\npv0 {{\nid = \"{ID}\"\ndevice = \"/dev/sda1\"\nstatus = [\"ALLOCATABLE\"]\nflags = []\n\
         dev_size = {}\npe_start = 2048\npe_count = {extents}\n}}\n}}\n\
         logical_volumes {{\nroot {{\nid = \"L0gica-0000-0000-0000-0000-0000-000000\"\n\
         status = [\"READ\", \"WRITE\", \"VISIBLE\"]\nflags = []\nsegment_count = 2\n{segments}}}\n}}\n}}\n\
         contents = \"Text Format Volume Group\"\nversion = 1\ndescription = \"\"\n",
        (extents + 1) * 2048
    )
}
