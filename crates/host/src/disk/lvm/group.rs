//! A volume group, as its metadata describes it: physical volumes, and logical volumes made of segments of them.
//!
//! Surprising: what people call linear is written as `striped` with one stripe; and a snapshot is a volume like any other,
//! of which only a hidden volume `snapshot0` says that it is one.

use std::collections::BTreeMap;

use super::super::bytes::product;
use super::super::error::{ReadError, damaged, not_supported};
use super::label::plain_id;
use super::text::{Section, Value, parse};

/// Bytes of a sector, in which the metadata counts.
const SECTOR: u64 = 512;

/// Characters of a name (lvm(8), "VALID NAMES").
const MAX_NAME: usize = 127;

/// A volume group.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) name: String,
    /// Its id, without hyphens.
    pub(super) id: String,
    /// Counts the changes.
    pub(super) sequence: u64,
    /// Physical volumes by the names that segments call them.
    pub(super) physical: BTreeMap<String, Physical>,
    /// The logical volumes that are seen outside, in the order of the metadata.
    pub(super) logical: Vec<Logical>,
}

/// A physical volume of a group.
#[derive(Debug)]
pub(super) struct Physical {
    /// Its id, without hyphens.
    pub(super) id: String,
    /// Where its first extent begins, in bytes.
    start: u64,
}

/// A logical volume.
#[derive(Debug)]
pub(super) struct Logical {
    pub(super) name: String,
    /// Where its bytes are; or why that cannot be said.
    pub(super) segments: Result<Vec<Segment>, ReadError>,
}

/// Bytes of a logical volume that stand together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Segment {
    /// The name of the physical volume.
    pub(super) physical: String,
    /// Where on it, in bytes.
    pub(super) place: u64,
    /// Bytes.
    pub(super) size: u64,
}

/// Reads the metadata of a group.
pub(super) fn read(text: &[u8]) -> Result<Group, ReadError> {
    let whole = parse(text)?;
    let [(name, section)] = whole.sections.as_slice() else {
        return Err(damaged!("the metadata describes {} volume groups instead of one", whole.sections.len()));
    };
    let extent = product(section.number("extent_size")?, SECTOR)?;
    if extent == 0 {
        return Err(damaged!("its extents have no size"));
    }
    let mut physical = BTreeMap::new();
    for (name, described) in parts(section, "physical_volumes") {
        let start = product(described.number("pe_start")?, SECTOR)?;
        physical.insert(name.clone(), Physical { id: plain_id(described.text("id")?), start });
    }
    let volumes = parts(section, "logical_volumes");
    let snapshots = snapshots(volumes);
    let mut logical = Vec::new();
    for (name, described) in volumes.iter().filter(|(_, described)| is_seen(described)) {
        let name = legal(name)?;
        let segments = match snapshots.get(name.as_str()) {
            Some(why) => Err(not_supported!("{why}")),
            None => segments(described, extent, &physical),
        };
        logical.push(Logical { name, segments });
    }
    let (name, id) = (legal(name)?, plain_id(section.text("id")?));
    Ok(Group { name, id, sequence: section.number("seqno")?, physical, logical })
}

fn parts<'a>(section: &'a Section, name: &str) -> &'a [(String, Section)] {
    section.section(name).map_or(&[], |section| section.sections.as_slice())
}

/// A name that LVM2 would take: it is shown, and names a device.
fn legal(name: &str) -> Result<String, ReadError> {
    let is_legal = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+_.-".contains(&byte));
    if !is_legal || name.len() > MAX_NAME {
        return Err(damaged!("a name in the metadata cannot be one"));
    }
    Ok(name.to_owned())
}

/// Whether the volume is one of its own. What others consist of is not, nor is a pool, which only its volumes show.
fn is_seen(volume: &Section) -> bool {
    let is_visible = volume.list("status").contains(&Value::Text("VISIBLE".to_owned()));
    let first = volume.section("segment1").and_then(|segment| segment.text("type").ok());
    is_visible && !first.is_some_and(|kind| kind.contains("-pool"))
}

/// Volumes that hold what differs from another one, and volumes that such a one is being merged into.
fn snapshots(volumes: &[(String, Section)]) -> BTreeMap<&str, &'static str> {
    let mut found = BTreeMap::new();
    for (_, volume) in volumes {
        let Some(segment) = volume.section("segment1") else { continue };
        if segment.text("type").ok() != Some("snapshot") {
            continue;
        }
        for (name, why) in [("cow_store", "LVM snapshot"), ("merging_store", "LVM snapshot that is being merged")] {
            found.extend(segment.text(name).ok().map(|volume| (volume, why)));
        }
        if let (Ok(origin), Ok(_)) = (segment.text("origin"), segment.text("merging_store")) {
            found.insert(origin, "LVM volume that a snapshot is being merged into");
        }
    }
    found
}

fn segments(volume: &Section, extent: u64, physical: &BTreeMap<String, Physical>) -> Result<Vec<Segment>, ReadError> {
    // Of two with one name the first counts.
    let by_name: BTreeMap<&str, &Section> =
        volume.sections.iter().rev().map(|(name, section)| (name.as_str(), section)).collect();
    let mut segments = Vec::new();
    let mut next = 0_u64;
    // A count is only a claim; the first segment that is missing ends it.
    for number in 1..=volume.number("segment_count")? {
        let Some(described) = by_name.get(format!("segment{number}").as_str()) else {
            return Err(damaged!("its segment {number} is not described"));
        };
        let count = described.number("extent_count")?;
        if described.number("start_extent")? != next || count == 0 {
            return Err(damaged!("its segment {number} does not begin where the one before ends"));
        }
        next = next.checked_add(count).ok_or_else(|| damaged!("its size is beyond 2^64"))?;
        let (name, first) = stripe(described)?;
        let Some(found) = physical.get(name) else {
            return Err(not_supported!("LVM volume whose data is being moved"));
        };
        let place = found.start.checked_add(product(first, extent)?);
        let place = place.ok_or_else(|| damaged!("its segment {number} lies beyond 2^64"))?;
        segments.push(Segment { physical: name.to_owned(), place, size: product(count, extent)? });
    }
    // The sum of the sizes is a size, too.
    product(next, extent)?;
    Ok(segments)
}

/// The physical volume and the first extent of a segment that lies on one only.
fn stripe(segment: &Section) -> Result<(&str, u64), ReadError> {
    let kind = segment.text("type")?;
    if kind != "striped" {
        return Err(not_supported!("{}", described(kind)));
    }
    match segment.list("stripes") {
        [Value::Text(name), Value::Number(first)] if segment.number("stripe_count")? == 1 => Ok((name, *first)),
        [_, _, _, _, ..] => Err(not_supported!("LVM volume striped over several physical volumes")),
        _ => Err(damaged!("one of its segments does not say where it lies")),
    }
}

/// What a volume with segments of this type is.
fn described(kind: &str) -> &'static str {
    let kind = kind.split('+').next().unwrap_or(kind);
    match kind {
        "thin" => "LVM thin volume",
        "cache" | "writecache" => "LVM volume with a cache",
        "mirror" => "LVM mirror",
        "vdo" => "LVM volume of VDO",
        "integrity" => "LVM volume with integrity data",
        "error" | "zero" => "LVM volume without data",
        _ if kind.starts_with("raid") => "LVM RAID volume",
        _ => "LVM volume of an unknown kind",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A group of two physical volumes with these logical volumes.
    fn group(logical: &str) -> Result<Group, ReadError> {
        read(
            format!(
                "vg {{ id = \"a-b\" seqno = 3 extent_size = 8 physical_volumes {{ pv0 {{ id = \"c-d\" pe_start = 2 }} \
                 pv1 {{ id = \"e\" pe_start = 8 }} }} logical_volumes {{ {logical} }} }}"
            )
            .as_bytes(),
        )
    }

    fn volume(name: &str, segments: &[&str]) -> String {
        let described = (1..).zip(segments).map(|(number, segment)| format!("segment{number} {{ {segment} }} "));
        let described: String = described.collect();
        format!("{name} {{ status = [\"VISIBLE\"] segment_count = {} {described} }} ", segments.len())
    }

    fn linear(start: u64, count: u64, physical: &str, first: u64) -> String {
        format!(
            "start_extent = {start} extent_count = {count} type = \"striped\" stripe_count = 1 \
             stripes = [\"{physical}\", {first}]"
        )
    }

    /// Each volume of the group with its segments, or with why it has none.
    #[track_caller]
    fn check(logical: &str, expected: &[&str]) {
        let group = group(logical).unwrap();
        let of = |segment: &Segment| format!(" {}@{}+{}", segment.physical, segment.place, segment.size);
        let told = group.logical.iter().map(|volume| match &volume.segments {
            Ok(segments) => format!("{}:{}", volume.name, segments.iter().map(of).collect::<String>()),
            Err(error) => format!("{}: {error}", volume.name),
        });
        assert_eq!(told.collect::<Vec<_>>(), expected, "{logical}");
    }

    #[test]
    fn segments_of_one_stripe_have_their_places() {
        let segments = [linear(0, 2, "pv0", 5), linear(2, 1, "pv1", 0)];
        let text = volume("root", &[&segments[0], &segments[1]]) + &volume("home", &[&linear(0, 1, "pv0", 0)]);
        check(&text, &["root: pv0@21504+8192 pv1@4096+4096", "home: pv0@1024+4096"]);
        let group = group(&text).unwrap();
        assert_eq!((group.name.as_str(), group.id.as_str(), group.sequence), ("vg", "ab", 3));
        assert_eq!(group.physical["pv0"].id, "cd");
    }

    #[test]
    fn what_is_not_linear_is_called_by_its_name() {
        for (segment, expected) in [
            ("type = \"thin\"", "LVM thin volume"),
            ("type = \"raid1\"", "LVM RAID volume"),
            ("type = \"raid5_ls+LOCKED\"", "LVM RAID volume"),
            ("type = \"mirror\"", "LVM mirror"),
            ("type = \"cache\"", "LVM volume with a cache"),
            ("type = \"vdo\"", "LVM volume of VDO"),
            ("type = \"error\"", "LVM volume without data"),
            ("type = \"new\"", "LVM volume of an unknown kind"),
            (
                "type = \"striped\" stripe_count = 2 stripes = [\"pv0\", 0, \"pv1\", 0]",
                "LVM volume striped over several physical volumes",
            ),
            ("type = \"striped\" stripe_count = 1 stripes = [\"pvmove0\", 0]", "LVM volume whose data is being moved"),
            ("type = \"striped\" stripe_count = 1", "one of its segments does not say where it lies"),
            ("type = 1", "there is no text type in the metadata where there must be one"),
        ] {
            let text = volume("a", &[&format!("start_extent = 0 extent_count = 1 {segment}")]);
            check(&text, &[&format!("a: {expected}")]);
        }
        check(&volume("pool", &["type = \"thin-pool\""]), &[]);
        check("hidden { status = [\"READ\"] segment_count = 0 }", &[]);
    }

    #[test]
    fn snapshots_are_told_from_their_origins() {
        let volumes = volume("root", &[&linear(0, 1, "pv0", 0)]) + &volume("snap", &[&linear(0, 1, "pv0", 1)]);
        let snapshot = |store: &str| {
            format!("snapshot0 {{ segment1 {{ type = \"snapshot\" origin = \"root\" {store} = \"snap\" }} }}")
        };
        check(&(volumes.clone() + &snapshot("cow_store")), &["root: pv0@1024+4096", "snap: LVM snapshot"]);
        check(
            &(volumes + &snapshot("merging_store")),
            &["root: LVM volume that a snapshot is being merged into", "snap: LVM snapshot that is being merged"],
        );
    }

    #[test]
    fn contradictions_are_damage() {
        let gap = [linear(0, 1, "pv0", 0), linear(2, 1, "pv0", 1)];
        let wrong = "a: its segment 2 does not begin where the one before ends";
        check(&volume("a", &[&gap[0], &gap[1]]), &[wrong]);
        check(&volume("a", &[&linear(0, 0, "pv0", 0)]), &[&wrong.replace('2', "1")]);
        check("a { status = [\"VISIBLE\"] segment_count = 99999999999 }", &["a: its segment 1 is not described"]);
        check(&volume("a", &[&linear(0, u64::MAX, "pv0", 0)]), &["a: a place lies beyond 2^64"]);
        check(&volume("a", &[&linear(0, 1, "pv1", u64::MAX / 4096)]), &["a: its segment 1 lies beyond 2^64"]);
        for (text, expected) in [
            ("", "the metadata describes 0 volume groups instead of one"),
            ("a {} b {}", "the metadata describes 2 volume groups instead of one"),
            ("a { extent_size = 0 }", "its extents have no size"),
            ("a {}", "there is no number extent_size in the metadata where there must be one"),
            ("a/b { extent_size = 1 id = \"\" seqno = 1 }", "a name in the metadata cannot be one"),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap_err().to_string(), expected);
        }
    }
}
