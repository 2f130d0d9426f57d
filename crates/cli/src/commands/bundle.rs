//! `assay feeds bundle`.

use assay_feeds::{
    BundleContents, BundleError, BundleImport, FeedStore, KeyOrigin, PublicKey, SigningKey, Source, verify_bundle,
};

use crate::arguments::{BundleCommand, CreateBundleArguments, ImportBundleArguments};
use crate::exit::Exit;
use crate::output;
use crate::progress::SyncProgress;
use crate::settings::Settings;
use crate::terminal::Terminal;

use super::{feeds, store};

/// Makes, checks or imports a bundle.
pub fn run(command: &BundleCommand, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    match command {
        BundleCommand::Create(arguments) => create(arguments, settings),
        BundleCommand::Verify(arguments) => {
            let key = PublicKey::read(&arguments.public_key).map_err(explained)?;
            let contents = verify_bundle(&arguments.bundle, &key).map_err(explained)?;
            output::print(format!("{}signed with {}\n", listing(&contents), key.fingerprint()))?;
            Ok(Exit::Done)
        }
        BundleCommand::Import(arguments) => import(arguments, settings, terminal),
    }
}

fn create(arguments: &CreateBundleArguments, settings: &Settings) -> anyhow::Result<Exit> {
    let sources = match arguments.sources.as_slice() {
        [] => Source::ALL.to_vec(),
        names => feeds::named(names)?,
    };
    let (key, origin) = SigningKey::open_or_create(&arguments.key).map_err(explained)?;
    let feeds = FeedStore::open(&settings.feeds);
    let contents = feeds.create_bundle(&arguments.bundle, &sources, &key, settings.clock.now()).map_err(explained)?;
    let mut text = listing(&contents);
    if let KeyOrigin::Made { public } = origin {
        text.push_str(&format!(
            "made the key {}: keep it secret, and give {public} to those who import\n",
            arguments.key
        ));
    }
    text.push_str(&format!("signed with {}\n", key.public_key().fingerprint()));
    output::print(visible_lines(&text))?;
    Ok(Exit::Done)
}

fn import(arguments: &ImportBundleArguments, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let key = PublicKey::read(&arguments.public_key).map_err(explained)?;
    let options = BundleImport {
        force: arguments.force,
        shrunk: feeds::shrunk(arguments.accept_shrunk),
        platforms: feeds::platforms(settings),
    };
    let store = FeedStore::open(&settings.feeds);
    let progress = SyncProgress::new(terminal);
    let now = settings.clock.now();
    let imported = store::runtime()?.block_on(store.import_bundle(&arguments.bundle, &key, &options, &progress, now));
    progress.clear();
    feeds::report(&imported.map_err(explained)?)
}

/// Each source with its number of files, size, and the time it is of.
fn listing(contents: &BundleContents) -> String {
    let mut text = String::new();
    for source in contents.sources() {
        let files: Vec<u64> =
            contents.files.iter().filter(|file| file.source == source).map(|file| file.bytes).collect();
        let of = contents.checked_at.get(&source).map(|time| format!(", of {time}")).unwrap_or_default();
        text.push_str(&format!(
            "{:<18} {:>3} {:<5} {:>12} bytes{of}\n",
            source.name(),
            files.len(),
            if files.len() == 1 { "file" } else { "files" },
            files.iter().sum::<u64>()
        ));
    }
    text.push_str(&format!("made {} by Assay {}\n", contents.created_at, contents.created_by));
    visible_lines(&text)
}

/// Text of which each line can be shown in a terminal.
fn visible_lines(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", assay_report::visible(line))).collect()
}

fn explained(error: BundleError) -> anyhow::Error {
    let remedy = error.remedy().trim_end_matches('.').to_owned();
    anyhow::Error::new(error).context(remedy)
}
