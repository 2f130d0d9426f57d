//! `assay doctor`: whether Assay can do its work here.

use assay_feeds::{FeedStore, Need};
use assay_host::RootedHost;

use crate::exit::Exit;
use crate::output;
use crate::settings::Settings;
use crate::terminal::Terminal;

use super::{feeds, rules, store};

/// One check: what was looked at, and what is wrong with it.
struct Check {
    subject: String,
    outcome: Result<String, String>,
}

/// Checks permissions, store, rules and feeds.
pub fn run(settings: &Settings, _: &Terminal) -> anyhow::Result<Exit> {
    let mut checks = vec![privileges(), host(), knowledge(settings), data(settings)];
    checks.extend(feed_checks(settings));
    let mut text = String::new();
    for check in &checks {
        let (word, detail) = match &check.outcome {
            Ok(detail) => ("ok", detail),
            Err(detail) => ("NOT OK", detail),
        };
        text.push_str(&assay_report::visible(&format!("{word:<7} {:<22} {detail}", check.subject)));
        text.push('\n');
    }
    output::print(text)?;
    Ok(if checks.iter().all(|check| check.outcome.is_ok()) { Exit::Done } else { Exit::Failed })
}

fn privileges() -> Check {
    let uid = rustix::process::geteuid();
    let outcome = if uid.is_root() {
        Ok("running as root: everything can be read".to_owned())
    } else {
        Ok(format!("running as uid {}: what only root may read becomes an exclusion", uid.as_raw()))
    };
    Check { subject: "privileges".to_owned(), outcome }
}

fn host() -> Check {
    let outcome = RootedHost::live().map(|_| "this machine can be read".to_owned()).map_err(|error| error.to_string());
    Check { subject: "host".to_owned(), outcome }
}

fn knowledge(settings: &Settings) -> Check {
    let outcome = rules::knowledge(settings)
        .map(|base| format!("{} rules", base.packages().iter().map(|package| package.rules.len()).sum::<usize>()))
        .map_err(|error| format!("{error:#}"));
    Check { subject: "rules".to_owned(), outcome }
}

fn data(settings: &Settings) -> Check {
    let outcome = store::open(settings)
        .map(|store| {
            store.close();
            format!("{} can be read and written", settings.data)
        })
        .map_err(|error| format!("{error:#}"));
    Check { subject: "store".to_owned(), outcome }
}

fn feed_checks(settings: &Settings) -> Vec<Check> {
    let store = FeedStore::open(&settings.feeds);
    let statuses = match store.status() {
        Ok(statuses) => statuses,
        Err(error) => {
            return vec![Check { subject: "feeds".to_owned(), outcome: Err(format!("{error}. {}", error.remedy())) }];
        }
    };
    let now = settings.clock.now();
    let check = |status: &assay_feeds::FeedStatus| {
        let age = status.age(now);
        let word = status.state.word();
        let outcome = match (status.need(), age) {
            (_, Some(age)) if settings.max_feed_age.is_none_or(|limit| age <= limit) => {
                Ok(format!("{word}, {} old", feeds::in_words(age)))
            }
            (Need::Optional, None) => Ok("not there; it is optional".to_owned()),
            (_, Some(age)) => Err(format!("{} old; run `assay feeds sync`", feeds::in_words(age))),
            (Need::Required, None) => Err("not there; run `assay feeds sync`".to_owned()),
        };
        Check { subject: format!("feed {}", status.source), outcome }
    };
    statuses.iter().map(check).collect()
}
