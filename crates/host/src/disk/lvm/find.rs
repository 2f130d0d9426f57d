//! The logical volumes of all physical volumes of a disk.
//!
//! Surprising: every physical volume of a group usually has the whole group's metadata, and after a failure an older
//! state of it, so the one with the highest sequence number counts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use assay_model::evidence::{Problem, ProblemKind};

use super::super::error::{ReadError, damaged};
use super::super::source::Source;
use super::area::{self, Metadata};
use super::group::{self, Group, Logical};
use super::label::{self, Area};
use super::linear::Linear;

/// Logical volumes of a disk that are looked at, whether they can be read or not.
const MAX_VOLUMES: usize = 256;

/// A logical volume.
#[derive(Debug)]
pub(crate) struct LogicalVolume {
    /// `logical volume GROUP/NAME`.
    pub(crate) name: String,
    pub(crate) source: Arc<dyn Source>,
}

/// What is found on the physical volumes, each with the name that problems call it; and what could not be read.
pub(crate) fn find(physical: &[(String, Arc<dyn Source>)]) -> (Vec<LogicalVolume>, Vec<Problem>) {
    let mut finder = Finder::default();
    for (name, source) in physical {
        if let Err(error) = finder.add_physical(name, source) {
            let detail = format!("LVM cannot be read on it, so what it holds is missing: {error}");
            finder.problems.push(Problem::new(name.clone(), error.kind(), detail));
        }
    }
    finder.tell_undescribed();
    let groups = std::mem::take(&mut finder.groups);
    let mut logical = groups.values().flat_map(|group| group.logical.iter().map(move |logical| (group, logical)));
    for (group, logical) in logical.by_ref().take(MAX_VOLUMES) {
        finder.add_logical(group, logical);
    }
    if let Some((group, logical)) = logical.next() {
        let detail = format!("it and what follows is left out: {MAX_VOLUMES} logical volumes of a disk are read");
        finder.problems.push(Problem::new(name_of(group, logical), ProblemKind::TooLarge, detail));
    }
    (finder.volumes, finder.problems)
}

/// What a logical volume is called, in problems and where fstab is compared.
fn name_of(group: &Group, logical: &Logical) -> String {
    format!("logical volume {}/{}", group.name, logical.name)
}

#[derive(Default)]
struct Finder {
    /// Physical volumes by their ids.
    physical: BTreeMap<String, Arc<dyn Source>>,
    /// Names and ids of physical volumes that do not say which group they belong to.
    undescribed: Vec<(String, String)>,
    /// Groups by their ids.
    groups: BTreeMap<String, Group>,
    volumes: Vec<LogicalVolume>,
    problems: Vec<Problem>,
}

impl Finder {
    fn add_physical(&mut self, name: &str, source: &Arc<dyn Source>) -> Result<(), ReadError> {
        let label = label::read(&**source)?;
        if self.physical.contains_key(&label.id) {
            return Err(damaged!("another physical volume of this disk has the same id"));
        }
        match self.metadata(name, &**source, &label.areas)? {
            Metadata::None => {}
            Metadata::Elsewhere => self.undescribed.push((name.to_owned(), label.id.clone())),
            Metadata::Text(text) => {
                let group = group::read(&text)?;
                if self.groups.get(&group.id).is_none_or(|known| known.sequence < group.sequence) {
                    self.groups.insert(group.id.clone(), group);
                }
            }
        }
        self.physical.insert(label.id, Arc::clone(source));
        Ok(())
    }

    /// What the first sound area says.
    fn metadata(&mut self, name: &str, source: &dyn Source, areas: &[Area]) -> Result<Metadata, ReadError> {
        let mut unsound = None;
        for area in areas {
            match area::read(source, *area) {
                Ok(metadata) => {
                    if let Some(error) = unsound {
                        let detail = format!("the other copy of its LVM metadata was used: {error}");
                        self.problems.push(Problem::new(name, ProblemKind::Malformed, detail));
                    }
                    return Ok(metadata);
                }
                Err(error) => unsound = unsound.or(Some(error)),
            }
        }
        unsound.map_or(Ok(Metadata::Elsewhere), Err)
    }

    /// Tells of physical volumes without metadata that no group of this disk knows.
    fn tell_undescribed(&mut self) {
        let described = self.groups.values().flat_map(|group| group.physical.values()).map(|physical| &physical.id);
        let described: BTreeSet<&String> = described.collect();
        for (name, _) in self.undescribed.iter().filter(|(_, id)| !described.contains(id)) {
            let detail = "its LVM metadata is on another disk, so what it holds is missing";
            self.problems.push(Problem::new(name.clone(), ProblemKind::NotSupported, detail));
        }
    }

    fn add_logical(&mut self, group: &Group, logical: &Logical) {
        let name = name_of(group, logical);
        let (kind, detail) = match self.linear(group, logical) {
            Ok(linear) => {
                if !linear.is_whole() {
                    let detail = "it ends beyond the end of its physical volume, which seems to be cut short";
                    self.problems.push(Problem::new(name.clone(), ProblemKind::Malformed, detail));
                }
                self.volumes.push(LogicalVolume { name, source: Arc::new(linear) });
                return;
            }
            Err(told) => told,
        };
        self.problems.push(Problem::new(name, kind, detail));
    }

    /// The volume; or the kind of problem that it is, and what is told of it.
    fn linear(&self, group: &Group, logical: &Logical) -> Result<Linear, (ProblemKind, String)> {
        let damaged =
            |error: &ReadError| (error.kind(), format!("it cannot be read, so what it holds is missing: {error}"));
        let segments = logical.segments.as_ref().map_err(|error| match error {
            ReadError::NotSupported(what) => (error.kind(), format!("{what} is not read, so what it holds is missing")),
            error => damaged(error),
        })?;
        let mut linear = Linear::default();
        for segment in segments {
            let known = group.physical.get(&segment.physical).and_then(|physical| self.physical.get(&physical.id));
            let Some(source) = known else {
                let detail =
                    format!("{} of its group is on another disk, so what it holds is missing", segment.physical);
                return Err((ProblemKind::NotSupported, detail));
            };
            linear.add(source, segment.place, segment.size).map_err(|error| damaged(&error))?;
        }
        Ok(linear)
    }
}
