//! `assay agent`: the agent of this host.

use std::collections::BTreeMap;
use std::io::Read as _;

use anyhow::{Context as _, bail};
use assay_agent::{
    AgentError, Daemon, DaemonOptions, EnrolOptions, Folder, Launcher, LookLimits, MetadataService, Notifier, Patience,
    Pin, ProxySettings, enroll, status, take_part,
};
use assay_model::Timestamp;
use camino::Utf8Path;

use crate::arguments::{AgentCommand, AgentRunArguments, EnrollArguments, WayArguments};
use crate::exit::{Exit, UsageError};
use crate::output;
use crate::settings::Settings;
use crate::terminal::Terminal;

use super::serve::{start_log, wait_for_signal};

/// Longest token and largest certificate file that are read, in bytes.
const SMALL_FILE: u64 = 1 << 20;

/// Enrols, runs, tells, or takes part.
pub fn run(command: &AgentCommand, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let folder = Folder::of_data(&settings.data);
    match command {
        AgentCommand::Enroll(arguments) => enroll_host(arguments, &folder, settings, terminal),
        AgentCommand::Run(arguments) => run_daemon(arguments, folder, settings, terminal),
        AgentCommand::Status => {
            let status = status(&folder, settings.clock.now())?;
            output::print(status.to_string())?;
            Ok(if status.is_good() { Exit::Done } else { Exit::Failed })
        }
        AgentCommand::Part => {
            take_part(std::io::stdin().lock(), settings.clock.now())?;
            Ok(Exit::Done)
        }
    }
}

fn enroll_host(
    arguments: &EnrollArguments,
    folder: &Folder,
    settings: &Settings,
    terminal: &Terminal,
) -> anyhow::Result<Exit> {
    let options = EnrolOptions {
        server: arguments.server.parse().map_err(usage)?,
        token: token(arguments)?,
        pin: pin(arguments)?,
        tags: tags(&arguments.tags)?,
        metadata: metadata(&arguments.way),
        proxy: proxy(&arguments.way),
    };
    let enrolled = runtime()?.block_on(enroll(folder, options, settings.clock.now()))?;
    output::print(format!(
        "agent:        {}\nserver:       {}\nauthority:    sha256:{}\ncertificate:  until {:.0}\n",
        enrolled.agent,
        arguments.server,
        enrolled.authority.join(" sha256:"),
        enrolled.certificate_ends
    ))?;
    if arguments.trust_on_first_use {
        terminal.warn("the server was believed as it answered: compare the fingerprint with the server's");
    }
    terminal.hint("`assay agent run` keeps contact; systemd has the unit assay-agent.service for it");
    Ok(Exit::Done)
}

fn run_daemon(
    arguments: &AgentRunArguments,
    folder: Folder,
    settings: &Settings,
    terminal: &Terminal,
) -> anyhow::Result<Exit> {
    start_log(terminal)?;
    let watchdog = std::env::var("WATCHDOG_USEC").ok();
    let options = DaemonOptions {
        folder,
        proxy: proxy(&arguments.way),
        metadata: metadata(&arguments.way),
        patience: Patience::default(),
        launcher: Launcher {
            // This program itself, also after an update has replaced its file.
            program: "/proc/self/exe".into(),
            arguments: ["--data", settings.data.as_str(), "agent", "part"].map(Into::into).to_vec(),
            limits: LookLimits::default(),
        },
        notifier: Notifier::new(std::env::var_os("NOTIFY_SOCKET"), watchdog.as_deref()),
        clock: Timestamp::now,
    };
    runtime()?.block_on(async {
        let daemon = Daemon::open(options).await?;
        let shutdown = async {
            if let Err(error) = wait_for_signal().await {
                tracing::error!(%error, "signals cannot be waited for");
                std::future::pending::<()>().await;
            }
        };
        daemon.run(shutdown).await?;
        Ok(Exit::Done)
    })
}

/// One thread: the agent waits most of the time, and each further thread costs memory.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.context("failed to start the runtime")
}

fn token(arguments: &EnrollArguments) -> anyhow::Result<String> {
    let text = match (&arguments.token, &arguments.token_file) {
        (Some(token), _) => token.clone(),
        (None, Some(file)) => String::from_utf8(read(file)?).with_context(|| format!("{file} is no text"))?,
        (None, None) => return Err(UsageError("--token or --token-file is needed".to_owned()).into()),
    };
    Ok(text.trim().to_owned())
}

fn pin(arguments: &EnrollArguments) -> anyhow::Result<Option<Pin>> {
    Ok(match (&arguments.ca_fingerprint, &arguments.ca) {
        (Some(text), _) => Some(Pin::fingerprint(text).map_err(usage)?),
        (None, Some(file)) => Some(Pin::authority(&read(file)?).with_context(|| format!("failed to use {file}"))?),
        (None, None) => arguments.trust_on_first_use.then_some(Pin::FirstUse),
    })
}

fn tags(texts: &[String]) -> anyhow::Result<BTreeMap<String, String>> {
    let mut tags = BTreeMap::new();
    for text in texts {
        match text.split_once('=') {
            Some((key, value)) if !key.is_empty() => tags.insert(key.to_owned(), value.to_owned()),
            _ => return Err(UsageError(format!("--tag {text:?} is not KEY=VALUE")).into()),
        };
    }
    Ok(tags)
}

/// The arguments, else the variables in the small letters that many programs read.
fn proxy(way: &WayArguments) -> ProxySettings {
    let variable = |name: &str| std::env::var(name).ok();
    ProxySettings {
        proxy: way.proxy.clone().or_else(|| variable("https_proxy")),
        except: way.no_proxy.clone().or_else(|| variable("no_proxy")),
    }
}

fn metadata(way: &WayArguments) -> MetadataService {
    if way.no_metadata { MetadataService::Off } else { MetadataService::Standard }
}

fn read(file: &Utf8Path) -> anyhow::Result<Vec<u8>> {
    let failed = || format!("failed to read {file}");
    let mut bytes = Vec::new();
    if file == "-" {
        std::io::stdin().lock().take(SMALL_FILE + 1).read_to_end(&mut bytes).with_context(failed)?;
    } else {
        let opened = std::fs::File::open(file).with_context(failed)?;
        opened.take(SMALL_FILE + 1).read_to_end(&mut bytes).with_context(failed)?;
    }
    if bytes.len() as u64 > SMALL_FILE {
        bail!("{file} is over the limit of {} KiB", SMALL_FILE >> 10);
    }
    Ok(bytes)
}

fn usage(error: AgentError) -> UsageError {
    UsageError(error.to_string())
}
