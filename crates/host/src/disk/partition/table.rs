//! A partition table of either kind.

use assay_model::evidence::{Problem, ProblemKind};

use super::super::error::{ReadError, damaged};
use super::super::source::Source;
use super::{gpt, mbr};

/// What a partition is for, as the table says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PartitionType {
    /// A GUID in lower case.
    Gpt(String),
    /// A system id.
    Mbr(u8),
}

/// A partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    /// The number in its device name, from 1; logical ones begin at 5.
    pub(crate) number: u32,
    /// What it is for.
    pub(crate) kind: PartitionType,
    /// `PARTUUID` as udev writes it, in lower case.
    pub(crate) id: String,
    /// `PARTLABEL`; empty where there is none.
    pub(crate) label: String,
    /// First byte.
    pub(crate) start: u64,
    /// Bytes.
    pub(crate) size: u64,
}

/// The partitions of a disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    /// By number.
    pub(crate) partitions: Vec<Partition>,
    /// What was wrong with the table and could be got round.
    pub(crate) problems: Vec<Problem>,
}

/// The partition table, or none where there is none.
///
/// # Errors
///
/// When there is one that cannot be understood.
pub(crate) fn read_table(disk: &dyn Source) -> Result<Option<Table>, ReadError> {
    let table = match gpt::read(disk)? {
        Some(table) => Some(table),
        None => mbr::read(disk)?,
    };
    Ok(table.map(|mut table| {
        table.partitions.sort_by_key(|partition| partition.number);
        for partition in &table.partitions {
            if partition.start.checked_add(partition.size).is_none_or(|end| end > disk.size()) {
                let detail = "it ends beyond the end of the image, which seems to be cut short";
                let subject = format!("partition {}", partition.number);
                table.problems.push(Problem::new(subject, ProblemKind::Malformed, detail));
            }
        }
        table
    }))
}

/// The table that an MBR promises but a GPT does not have.
pub(super) fn lost_gpt() -> ReadError {
    damaged!("its MBR says that there is a GPT, but neither the primary nor the backup table is sound")
}

/// A problem of the table itself.
pub(super) fn problem(detail: impl Into<String>) -> Problem {
    Problem::new("partition table", ProblemKind::Malformed, detail)
}
