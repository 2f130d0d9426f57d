//! What a sync is told: from where, which feeds, how patiently.

use std::collections::BTreeMap;

use assay_advisory::Platform;
use assay_model::Timestamp;
use camino::Utf8PathBuf;

use crate::judge::Shrunk;
use crate::mirror::Mirror;
use crate::source::Source;
use crate::web::Patience;

/// Options of a sync; the default is every feed from its publisher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncOptions {
    /// From where.
    pub mirror: Mirror,
    /// Which feeds; the others stay as they are.
    pub sources: Vec<Source>,
    /// The platforms that are to be judged: without their feeds the sync is not complete. A feed of another platform that
    /// the mirror does not have is passed over in silence.
    pub platforms: Vec<Platform>,
    /// What to do with a feed that has shrunk.
    pub shrunk: Shrunk,
    /// How patient the downloads are.
    pub patience: Patience,
    /// When what the mirror has of a source was last known to be its publisher's latest; now, where it is absent.
    pub as_of: BTreeMap<Source, Timestamp>,
    /// A PEM file of certificate authorities to trust beside the system's, for a mirror of one's own.
    pub certificates: Option<Utf8PathBuf>,
}

impl SyncOptions {
    /// The sources that hosts of these platforms need, and those that are good for every host.
    pub fn sources_of(platforms: &[Platform]) -> Vec<Source> {
        let is_needed = |source: &Source| source.platform().is_none_or(|platform| platforms.contains(&platform));
        Source::ALL.into_iter().filter(is_needed).collect()
    }
}

impl Default for SyncOptions {
    fn default() -> SyncOptions {
        SyncOptions {
            mirror: Mirror::default(),
            sources: Source::ALL.to_vec(),
            platforms: Vec::new(),
            shrunk: Shrunk::default(),
            patience: Patience::default(),
            as_of: BTreeMap::new(),
            certificates: None,
        }
    }
}
