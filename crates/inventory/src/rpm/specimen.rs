//! Databases made of literals, for tests: small ones that real programs would accept.

use super::bytes::Order;
use super::defects::Defects;
use super::header::Tag;
use super::records::{Records, Unreadable};

/// A value of a header.
pub(super) enum Value<'a> {
    Text(&'a str),
    Texts(&'a [&'a str]),
    Numbers(&'a [u32]),
    Bytes(&'a [u8]),
}

/// A header with these tags.
pub(super) fn header(tags: &[(Tag, Value<'_>)]) -> Vec<u8> {
    let (mut entries, mut store) = (Vec::new(), Vec::new());
    for (tag, value) in tags {
        if matches!(value, Value::Numbers(_)) {
            store.resize(store.len().next_multiple_of(4), 0);
        }
        let offset = store.len();
        let (kind, count) = match value {
            Value::Text(text) => {
                store.extend([text.as_bytes(), b"\0"].concat());
                (6, 1)
            }
            Value::Texts(texts) => {
                texts.iter().for_each(|text| store.extend([text.as_bytes(), b"\0"].concat()));
                (8, texts.len())
            }
            Value::Numbers(numbers) => {
                store.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
                (4, numbers.len())
            }
            Value::Bytes(bytes) => {
                store.extend(*bytes);
                (7, bytes.len())
            }
        };
        entries.push([*tag as u32, kind, u32::try_from(offset).unwrap(), u32::try_from(count).unwrap()]);
    }
    assemble(&entries, &store)
}

/// A header of one entry, however wrong.
pub(super) fn header_with(tag: u32, kind: u32, offset: u32, count: u32, store: &[u8]) -> Vec<u8> {
    assemble(&[[tag, kind, offset, count]], store)
}

fn assemble(entries: &[[u32; 4]], store: &[u8]) -> Vec<u8> {
    let lengths = [u32::try_from(entries.len()).unwrap(), u32::try_from(store.len()).unwrap()];
    let words = lengths.iter().chain(entries.iter().flatten());
    words.flat_map(|word| word.to_be_bytes()).chain(store.iter().copied()).collect()
}

/// The header of a package with no more than what each has.
pub(super) fn package(name: &str, version: &str, release: &str) -> Vec<u8> {
    header(&[
        (Tag::Name, Value::Text(name)),
        (Tag::Version, Value::Text(version)),
        (Tag::Release, Value::Text(release)),
        (Tag::Architecture, Value::Text("x86_64")),
    ])
}

/// An NDB with one page of slots.
pub(super) fn ndb(blobs: &[&[u8]]) -> Vec<u8> {
    let word = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
    let mut file = [b"RpmP".to_vec(), vec![0; 8], word(1).to_vec(), word(blobs.len() + 1).to_vec()].concat();
    file.resize(32, 0);
    let mut content: Vec<u8> = Vec::new();
    for (position, blob) in blobs.iter().enumerate() {
        let package = word(position + 1);
        let mut extent = [b"BlbS", &package, &[0; 4], &word(blob.len()), *blob].concat();
        extent.resize((extent.len() + 12).next_multiple_of(16) - 12, 0);
        let (low, high) = extent.iter().fold((1, 0), |(low, high), byte| {
            let low = (low + u32::from(*byte)) % 65_521;
            (low, (high + low) % 65_521)
        });
        extent.extend([(high << 16 | low).to_le_bytes(), word(blob.len()), *b"BlbE"].concat());
        file.extend([*b"Slot", package, word((4096 + content.len()) / 16), word(extent.len() / 16)].concat());
        content.extend(extent);
    }
    while file.len() < 4096 {
        file.extend(b"Slot\0\0\0\0\0\0\0\0\0\0\0\0");
    }
    [file, content].concat()
}

pub(super) const BDB_PAGE: usize = 512;

/// A Berkeley DB hash of one hash page, and overflow pages for blobs that are longer than a quarter of a page.
pub(super) fn bdb(blobs: &[&[u8]], order: Order) -> Vec<u8> {
    let word = |number: usize| {
        let number = u32::try_from(number).unwrap();
        if order == Order::Big { number.to_be_bytes() } else { number.to_le_bytes() }
    };
    let short = |number: usize| {
        let number = u16::try_from(number).unwrap();
        if order == Order::Big { number.to_be_bytes() } else { number.to_le_bytes() }
    };
    let page = |number: usize, next: usize, entries: usize, length: usize, kind: u8| {
        [&[0; 8], &word(number)[..], &word(0), &word(next), &short(entries), &short(length), &[0, kind]].concat()
    };
    // The number of the next package comes first, under the key 0.
    let mut items: Vec<Vec<u8>> = vec![[&[1], &word(0)[..]].concat(), [&[1], &word(blobs.len() + 1)[..]].concat()];
    let mut overflow: Vec<Vec<u8>> = Vec::new();
    for (position, blob) in blobs.iter().enumerate() {
        items.push([&[1], &word(position + 1)[..]].concat());
        if blob.len() <= BDB_PAGE / 4 {
            items.push([&[1], *blob].concat());
            continue;
        }
        items.push([&[3, 0, 0, 0], &word(overflow.len() + 2)[..], &word(blob.len())].concat());
        let parts = blob.chunks(BDB_PAGE - 26);
        let last = parts.len() - 1;
        for (position, part) in parts.enumerate() {
            let number = overflow.len() + 2;
            let next = if position == last { 0 } else { number + 1 };
            overflow.push([page(number, next, 1, part.len(), 7).as_slice(), part].concat());
        }
    }
    let last_page = 1 + overflow.len();
    let mut meta = [&[0; 8], &word(0)[..], &word(0x0006_1561), &word(9), &word(BDB_PAGE), &[0, 8, 0, 0]].concat();
    meta.extend([word(0), word(last_page)].concat());
    let mut end = BDB_PAGE;
    let offsets: Vec<usize> = items
        .iter()
        .map(|item| {
            end -= item.len();
            end
        })
        .collect();
    let mut hash = page(1, 0, items.len(), end, 13);
    offsets.iter().for_each(|offset| hash.extend(short(*offset)));
    hash.resize(end, 0);
    items.iter().rev().for_each(|item| hash.extend(item));
    let mut file = Vec::new();
    for mut page in [meta, hash].into_iter().chain(overflow) {
        page.resize(BDB_PAGE, 0);
        file.extend(page);
    }
    file
}

pub(super) const SQLITE_PAGE: usize = 512;

/// A SQLite database: the schema, the table's root, a leaf for each slice of blobs, then overflow pages.
pub(super) fn sqlite(leaves: &[&[&[u8]]]) -> Vec<u8> {
    let short = |number: usize| u16::try_from(number).unwrap().to_be_bytes();
    let word = |number: usize| u32::try_from(number).unwrap().to_be_bytes();
    let sql = b"CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT,blob BLOB NOT NULL)";
    let row = [&[7, 23, 29, 29, 1, 0x81, 0x33], &b"tablePackagesPackages\x02"[..], sql].concat();
    let mut overflow: Vec<Vec<u8>> = Vec::new();
    let cell = |number: u8, row: &[u8], overflow: &mut Vec<Vec<u8>>| {
        let length = [u8::try_from(row.len() >> 7).unwrap() | 0x80, u8::try_from(row.len() & 0x7f).unwrap()];
        let (usable, mut local) = (SQLITE_PAGE, row.len());
        if local > usable - 35 {
            let least = (usable - 12) * 32 / 255 - 23;
            local = least + (row.len() - least) % (usable - 4);
            local = if local > usable - 35 { least } else { local };
        }
        let (here, rest) = row.split_at(local);
        let mut cell = [&length, &[number][..], here].concat();
        let parts = rest.chunks(usable - 4);
        let first = 3 + leaves.len() + overflow.len();
        if parts.len() > 0 {
            cell.extend(word(first));
        }
        for (position, part) in parts.clone().enumerate() {
            let next = if position + 1 == parts.len() { 0 } else { first + position + 1 };
            overflow.push([&word(next), part].concat());
        }
        cell
    };
    let tree_page = |start: usize, kind: u8, rightmost: Option<usize>, cells: &[Vec<u8>]| {
        let mut end = SQLITE_PAGE;
        let offsets = cells.iter().map(|cell| {
            end -= cell.len();
            short(end)
        });
        let offsets = offsets.collect::<Vec<_>>().concat();
        let mut page = [&[kind, 0, 0], &short(cells.len())[..], &short(end), &[0]].concat();
        page.extend(rightmost.map(word).into_iter().flatten());
        page.extend(offsets);
        page.resize(end - start, 0);
        cells.iter().rev().for_each(|cell| page.extend(cell));
        page
    };
    let mut number = 0;
    let mut pages = Vec::new();
    for leaf in leaves {
        let cells: Vec<Vec<u8>> = leaf
            .iter()
            .map(|blob| {
                number += 1;
                let kind = 12 + 2 * blob.len();
                let kind = [kind >> 14 | 0x80, kind >> 7 & 0x7f | 0x80, kind & 0x7f];
                let kind = kind.map(|byte| u8::try_from(byte).unwrap());
                cell(number, &[&[5, 0], &kind[..], blob].concat(), &mut overflow)
            })
            .collect();
        pages.push(tree_page(0, 0x0d, None, &cells));
    }
    let mut last_row = 0;
    let children: Vec<Vec<u8>> = leaves[..leaves.len() - 1]
        .iter()
        .zip(3..)
        .map(|(leaf, page)| {
            last_row += u8::try_from(leaf.len()).unwrap();
            [&word(page)[..], &[last_row]].concat()
        })
        .collect();
    let root = tree_page(0, 0x05, Some(2 + leaves.len()), &children);
    let schema = tree_page(100, 0x0d, None, &[cell(1, &row, &mut Vec::new())]);
    let count = word(2 + pages.len() + overflow.len());
    let mut first = [&b"SQLite format 3\0"[..], &short(SQLITE_PAGE), &[2, 2, 0, 64, 32, 32], &word(1), &count].concat();
    first.resize(92, 0);
    first.extend([word(1), word(3_046_000)].concat());
    first.extend(schema);
    let mut file = Vec::new();
    for mut page in [first, root].into_iter().chain(pages).chain(overflow) {
        page.resize(SQLITE_PAGE, 0);
        file.extend(page);
    }
    file
}

/// A write-ahead log of frames: page number, pages after the commit (0 for no commit), content.
pub(super) fn wal(frames: &[(u32, u32, &[u8])]) -> Vec<u8> {
    fn sum(sums: (u32, u32), bytes: &[u8]) -> (u32, u32) {
        bytes.chunks_exact(8).fold(sums, |(first, second), pair| {
            let word = |at: usize| u32::from_le_bytes(pair[at..at + 4].try_into().unwrap());
            let first = first.wrapping_add(word(0)).wrapping_add(second);
            (first, second.wrapping_add(word(4)).wrapping_add(first))
        })
    }
    let page_size = u32::try_from(frames[0].2.len()).unwrap();
    let salts = [0x1234_5678_u32, 0x9abc_def0];
    let words = [0x377f_0682, 3_007_000, page_size, 0, salts[0], salts[1]];
    let mut file: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
    let mut sums = sum((0, 0), &file);
    file.extend([sums.0.to_be_bytes(), sums.1.to_be_bytes()].concat());
    for (number, commit, page) in frames {
        let place = [number.to_be_bytes(), commit.to_be_bytes()].concat();
        sums = sum(sum(sums, &place), page);
        let salts = salts.map(u32::to_be_bytes).concat();
        file.extend([&place, &salts, &sums.0.to_be_bytes()[..], &sums.1.to_be_bytes(), page].concat());
    }
    file
}

/// Reads a database of `size` bytes; its blobs and the details of its defects, or why it cannot be read, are these.
#[track_caller]
pub(super) fn check(
    read: impl FnOnce(&mut Records<'_>) -> Result<(), Unreadable>,
    size: usize,
    expected: Result<(&[&[u8]], &[&str]), &str>,
) {
    let mut blobs: Vec<Vec<u8>> = Vec::new();
    let mut defects = Defects::new("/database");
    let mut visit = |_: u32, blob: &[u8], _: &mut Defects| blobs.push(blob.to_vec());
    let result = read(&mut Records::new(size, &mut defects, &mut visit));
    let details: Vec<String> = defects.into_problems().into_iter().map(|problem| problem.detail).collect();
    match (result, expected) {
        (Ok(()), Ok((expected_blobs, expected_defects))) => {
            assert_eq!(details, expected_defects);
            assert_eq!(blobs, expected_blobs);
        }
        (Err(error), Err(expected)) => assert_eq!(error.detail, expected),
        (result, expected) => panic!("{result:?} with {details:?}, not {expected:?}"),
    }
}
