//! The disk inside a qcow2 image: each cluster is unallocated, zero, compressed, or at a place of the file.

use std::io::Read as _;
use std::sync::Arc;

use flate2::{Decompress, FlushDecompress, Status};

use super::super::bytes::field;
use super::super::cache::Cache;
use super::super::error::{ReadError, damaged};
use super::super::source::{CachedSource, Source, require_inside};
use super::header::{Compression, Header};

/// Bits 9 to 55 of an entry of either level: a place in the file.
const OFFSET: u64 = 0x00ff_ffff_ffff_fe00;
const COMPRESSED: u64 = 1 << 62;
const ZERO: u64 = 1;

/// Unpacked clusters that are kept: at least two of the largest size.
const UNPACKED_CACHE: usize = 16 << 20;

/// A qcow2 image as the disk it holds.
#[derive(Debug)]
pub(crate) struct Qcow2 {
    file: CachedSource,
    header: Header,
    unpacked: Cache<u64, [u8]>,
}

/// Where a cluster is.
enum Cluster {
    Zero,
    At(u64),
    Compressed { offset: u64, length: usize },
}

impl Qcow2 {
    pub(crate) fn open(file: Arc<dyn Source>, cache_bytes: usize) -> Result<Qcow2, ReadError> {
        let header = Header::read(&*file)?;
        Ok(Qcow2 { file: CachedSource::new(file, cache_bytes), header, unpacked: Cache::new(UNPACKED_CACHE) })
    }

    /// Whether QEMU has marked the image as corrupt.
    pub(crate) fn is_marked_corrupt(&self) -> bool {
        self.header.is_marked_corrupt
    }

    fn cluster_size(&self) -> usize {
        1 << self.header.cluster_bits
    }

    /// An entry of a table of either level.
    fn entry(&self, table: u64, index: u64) -> Result<u64, ReadError> {
        let place = index.checked_mul(8).and_then(|offset| table.checked_add(offset));
        let place = place.ok_or_else(|| damaged!("a table lies beyond 2^64"))?;
        let mut entry = [0; 8];
        self.file.read_at(place, &mut entry)?;
        Ok(u64::from_be_bytes(field(&entry, 0)?))
    }

    fn cluster(&self, number: u64) -> Result<Cluster, ReadError> {
        let bits = self.header.cluster_bits;
        let l2_table = self.entry(self.header.l1_offset, number >> (bits - 3))? & OFFSET;
        if l2_table == 0 {
            return Ok(Cluster::Zero);
        }
        self.require_aligned(l2_table, "second-level table")?;
        let entry = self.entry(l2_table, number & ((1 << (bits - 3)) - 1))?;
        if entry & COMPRESSED != 0 {
            let offset_bits = 62 - (bits - 8);
            let offset = entry & ((1 << offset_bits) - 1);
            let sectors = (entry & (COMPRESSED - 1)) >> offset_bits;
            let length = (sectors + 1) * 512 - offset % 512;
            return Ok(Cluster::Compressed { offset, length: usize::try_from(length).unwrap_or(0) });
        }
        if entry & ZERO != 0 {
            return match self.header.version {
                3 => Ok(Cluster::Zero),
                _ => Err(damaged!("cluster {number} is a zero cluster, which version 2 does not have")),
            };
        }
        match entry & OFFSET {
            0 => Ok(Cluster::Zero),
            offset => {
                self.require_aligned(offset, "cluster")?;
                Ok(Cluster::At(offset))
            }
        }
    }

    fn require_aligned(&self, offset: u64, what: &str) -> Result<(), ReadError> {
        if !offset.is_multiple_of(1 << self.header.cluster_bits) {
            return Err(damaged!("a {what} at {offset} is not aligned"));
        }
        Ok(())
    }

    /// Part of a cluster at a place of the file. The last cluster of a file may be cut short; it then ends in zeros.
    fn read_plain(&self, cluster: u64, within: usize, buffer: &mut [u8]) -> Result<(), ReadError> {
        if cluster >= self.file.size() {
            return Err(damaged!("a cluster at {cluster} lies beyond the end of the file at {}", self.file.size()));
        }
        let offset = cluster + within as u64;
        let left = usize::try_from(self.file.size().saturating_sub(offset)).unwrap_or(usize::MAX);
        let (present, beyond) = buffer.split_at_mut(left.min(buffer.len()));
        beyond.fill(0);
        self.file.read_at(offset.min(self.file.size()), present)
    }

    fn unpack(&self, offset: u64, length: usize) -> Result<Arc<[u8]>, ReadError> {
        if let Some(cluster) = self.unpacked.get(offset) {
            return Ok(cluster);
        }
        // The length counts whole sectors; the last of them may be cut off by the end of the file.
        let left = usize::try_from(self.file.size().saturating_sub(offset)).unwrap_or(usize::MAX);
        let packed = self.file.bytes_at(offset.min(self.file.size()), length.min(left))?;
        let mut cluster = vec![0; self.cluster_size()];
        let is_whole = match self.header.compression {
            Compression::Deflate => inflate(&packed, &mut cluster),
            Compression::Zstd => unpack_zstd(&packed, &mut cluster),
        };
        if !is_whole {
            return Err(damaged!("the compressed cluster at {offset} cannot be unpacked"));
        }
        let cluster: Arc<[u8]> = cluster.into();
        self.unpacked.insert(offset, Arc::clone(&cluster), self.cluster_size());
        Ok(cluster)
    }
}

impl Source for Qcow2 {
    fn size(&self) -> u64 {
        self.header.size
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> Result<(), ReadError> {
        require_inside(offset, buffer.len(), self.size())?;
        let cluster_size = self.cluster_size();
        let mut offset = offset;
        let mut rest = buffer;
        while !rest.is_empty() {
            let within = usize::try_from(offset % cluster_size as u64).unwrap_or(0);
            let (now, later) = rest.split_at_mut((cluster_size - within).min(rest.len()));
            match self.cluster(offset >> self.header.cluster_bits)? {
                Cluster::Zero => now.fill(0),
                Cluster::At(cluster) => self.read_plain(cluster, within, now)?,
                Cluster::Compressed { offset, length } => {
                    let cluster = self.unpack(offset, length)?;
                    let part = cluster.get(within..within + now.len());
                    now.copy_from_slice(part.ok_or_else(|| damaged!("a cluster at {offset} is short"))?);
                }
            }
            offset += now.len() as u64;
            rest = later;
        }
        Ok(())
    }
}

/// Raw deflate into exactly the cluster.
fn inflate(packed: &[u8], cluster: &mut [u8]) -> bool {
    let mut inflater = Decompress::new(false);
    let status = inflater.decompress(packed, cluster, FlushDecompress::Finish);
    // The buffer is full before the end of the stream is seen when that takes another byte of output space.
    matches!(status, Ok(Status::StreamEnd | Status::Ok | Status::BufError))
        && inflater.total_out() == cluster.len() as u64
}

/// A zstd frame into exactly the cluster.
fn unpack_zstd(packed: &[u8], cluster: &mut [u8]) -> bool {
    match ruzstd::decoding::StreamingDecoder::new(packed) {
        Ok(mut decoder) => decoder.read_exact(cluster).is_ok(),
        Err(_) => false,
    }
}
