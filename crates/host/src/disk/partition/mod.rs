//! Partition tables: GPT (UEFI 2.10 §5) and MBR with extended partitions.

mod gpt;
mod mbr;
mod table;

pub(crate) use table::{Partition, PartitionType, read_table};
