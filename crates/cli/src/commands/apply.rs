//! `assay apply` and `assay export`: what a file declares, straight in the store, as `assay admin` does.

use std::fmt::Write as _;
use std::io::Read as _;

use anyhow::{Context as _, bail};
use assay_model::Timestamp;
use assay_model::arn::Realm;
use assay_server::declaration::{self, Change, Declaration, MAX_BYTES, Replacing};

use crate::arguments::{ApplyArguments, RealmArguments};
use crate::exit::Exit;
use crate::output;
use crate::settings::Settings;

use super::admin_agents::check_region;
use super::store::{self, OpenStore};

/// Makes what files declare, or says what that would change.
pub fn apply(arguments: &ApplyArguments, settings: &Settings) -> anyhow::Result<Exit> {
    let now = settings.clock.now();
    let wanted = read_all(&arguments.files, now)?;
    let realm = realm_of(&arguments.realm)?;
    let store = store::open(settings)?;
    check_account(&store, &realm)?;
    let replacing = if arguments.replace { Replacing::Allowed } else { Replacing::Refused };
    let mut current = store.ask(|store| declaration::current(store, &realm))?;
    let changes = declaration::plan(&current.declaration, &wanted, replacing);
    if arguments.diff {
        output::print(listed(&changes))?;
        store.close();
        return Ok(if changes.is_empty() { Exit::Done } else { Exit::GateFailed });
    }
    if changes.iter().any(Change::is_refused) {
        let refused = changes.into_iter().filter(Change::is_refused).collect::<Vec<_>>();
        bail!("nothing was changed:\n{}", listed(&refused).trim_end());
    }
    for change in &changes {
        let limits = &settings.limits;
        store.ask(|store| declaration::apply(store, limits, &realm, &mut current, change, now))?;
        output::print(format!("{change}\n"))?;
    }
    if changes.is_empty() {
        output::print("all is as declared: nothing was changed\n")?;
    }
    store.close();
    Ok(Exit::Done)
}

/// Prints what is there.
pub fn export(arguments: &RealmArguments, settings: &Settings) -> anyhow::Result<Exit> {
    let realm = realm_of(arguments)?;
    let store = store::open(settings)?;
    check_account(&store, &realm)?;
    let current = store.ask(|store| declaration::current(store, &realm))?;
    store.close();
    output::print(declaration::write(&current.declaration))?;
    Ok(Exit::Done)
}

/// The documents of all files as one; each name stands in one of them only.
fn read_all(files: &[String], now: Timestamp) -> anyhow::Result<Declaration> {
    let mut all = Declaration::default();
    for file in files {
        let one = declaration::read(file, &bytes_of(file)?, now)?;
        for target in one.targets {
            if all.targets.iter().any(|known| known.name == target.name) {
                bail!("{file}: the assessment target {:?} stands in another file, too", target.name);
            }
            all.targets.push(target);
        }
        for schedule in one.schedules {
            if all.schedules.iter().any(|known| known.name == schedule.name) {
                bail!("{file}: the schedule {:?} stands in another file, too", schedule.name);
            }
            all.schedules.push(schedule);
        }
    }
    Ok(all)
}

/// The bytes of a file, one more than the limit at most.
fn bytes_of(file: &str) -> anyhow::Result<Vec<u8>> {
    let limit = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    if file == "-" {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes).context("failed to read standard input")?;
    } else {
        let opened = std::fs::File::open(file).with_context(|| format!("failed to open {file}"))?;
        opened.take(limit).read_to_end(&mut bytes).with_context(|| format!("failed to read {file}"))?;
    }
    Ok(bytes)
}

fn realm_of(RealmArguments { account, region }: &RealmArguments) -> anyhow::Result<Realm> {
    check_region(region)?;
    let partition = if region.starts_with("us-gov-") { "aws-us-gov" } else { "aws" };
    Ok(Realm { partition: partition.to_owned(), region: region.clone(), account: account.clone() })
}

fn check_account(store: &OpenStore, realm: &Realm) -> anyhow::Result<()> {
    let account = &realm.account;
    if !store.ask(|store| store.accounts())?.iter().any(|known| known.id == *account) {
        bail!("there is no account {account}; `assay admin accounts create {account}` makes it");
    }
    Ok(())
}

fn listed(changes: &[Change]) -> String {
    let mut text = String::new();
    for change in changes {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{change}");
    }
    text
}
