//! What a sync is told: from where, which feeds, how patiently.

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
    /// What to do with a feed that has shrunk.
    pub shrunk: Shrunk,
    /// How patient the downloads are.
    pub patience: Patience,
    /// A PEM file of certificate authorities to trust beside the system's, for a mirror of one's own.
    pub certificates: Option<Utf8PathBuf>,
}

impl Default for SyncOptions {
    fn default() -> SyncOptions {
        SyncOptions {
            mirror: Mirror::default(),
            sources: Source::ALL.to_vec(),
            shrunk: Shrunk::default(),
            patience: Patience::default(),
            certificates: None,
        }
    }
}
