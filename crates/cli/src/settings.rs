//! Settings: flag, then environment (clap reads both), then configuration file, then default.

use std::time::Duration;

use assay_feeds::{Mirror, Source};
use assay_server::blobs::BlobPlace;
use assay_server::service::Limits;
use camino::{Utf8Path, Utf8PathBuf};

use crate::arguments::GlobalArguments;
use crate::clock::{self, Clock};
use crate::config;
use crate::exit::UsageError;

/// What holds for every command of this process.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder of the store and, by default, of the feeds.
    pub data: Utf8PathBuf,
    /// Address of a PostgreSQL database that is the store instead of a file in the folder.
    pub database: Option<String>,
    /// Where evidence is kept; unless told, in the data folder, or in the PostgreSQL database where there is one.
    pub evidence_store: Option<BlobPlace>,
    /// Folder of the feeds.
    pub feeds: Utf8PathBuf,
    /// Folder of further rules.
    pub knowledge: Option<Utf8PathBuf>,
    /// Where feeds are fetched from.
    pub mirror: Mirror,
    /// Age after which a feed is stale.
    pub max_feed_age: Option<Duration>,
    /// Fetch nothing.
    pub offline: bool,
    /// Where `assay serve` delivers the messages of topics.
    pub sinks: Vec<String>,
    /// Limits of `assay serve`.
    pub limits: Limits,
    /// The time.
    pub clock: Clock,
}

impl Settings {
    /// Resolves the settings.
    ///
    /// # Errors
    ///
    /// When a value or the configuration is wrong, or no data folder can be named.
    pub fn resolve(global: &GlobalArguments) -> anyhow::Result<Settings> {
        let config = config::load(global.config.as_deref())?;
        let data = match global.data.clone().or(config.data) {
            Some(data) => data,
            None => default_data()?,
        };
        let mirror = match global.mirror.as_deref().or(config.mirror.as_deref()) {
            Some(text) => text.parse::<Mirror>().map_err(|error| UsageError(format!("--mirror: {error}")))?,
            None => Mirror::Official,
        };
        let feeds = global.feeds.clone().or(config.feeds);
        let (feeds, mirror) = match feeds {
            Some(folder) if is_mirror(&folder) => (data.join("feeds"), Mirror::Directory(folder)),
            Some(folder) => (folder, mirror),
            None => (data.join("feeds"), mirror),
        };
        let max_feed_age = match global.max_feed_age.as_deref().or(config.max_feed_age.as_deref()) {
            Some(text) => Some(clock::parse_age(text)?),
            None => None,
        };
        let place =
            |text: String| text.parse::<BlobPlace>().map_err(|error| UsageError(format!("evidence_store: {error}")));
        let evidence_store = match global.evidence_store.clone() {
            Some(place) => Some(place),
            None => config.evidence_store.map(place).transpose()?,
        };
        let mut limits = Limits::default();
        for (name, number) in &config.limits {
            limits.set(name, *number).map_err(|error| UsageError(format!("limits: {error}")))?;
        }
        Ok(Settings {
            feeds,
            limits,
            data,
            database: global.database.clone().or(config.database),
            evidence_store,
            knowledge: global.knowledge.clone().or(config.knowledge),
            mirror,
            max_feed_age,
            offline: config.offline.unwrap_or_default(),
            sinks: config.sinks.unwrap_or_default(),
            clock: Clock::new(global.now.as_deref())?,
        })
    }
}

/// Whether a folder given as the feeds holds them as they are published, so that it is a mirror to import from.
fn is_mirror(folder: &Utf8Path) -> bool {
    !folder.join("status.json").exists() && folder.join(Source::DebianTracker.name()).is_dir()
}

fn default_data() -> Result<Utf8PathBuf, UsageError> {
    if rustix::process::geteuid().is_root() {
        return Ok(Utf8PathBuf::from("/var/lib/assay"));
    }
    let folder = |name: &str| std::env::var(name).ok().filter(|value| value.starts_with('/')).map(Utf8PathBuf::from);
    folder("XDG_DATA_HOME")
        .or_else(|| folder("HOME").map(|home| home.join(".local/share")))
        .map(|base| base.join("assay"))
        .ok_or_else(|| UsageError("neither XDG_DATA_HOME nor HOME is set: name a folder with --data".to_owned()))
}
