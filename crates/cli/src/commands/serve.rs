//! `assay serve`: the service, until it is told to stop.

use std::sync::Arc;

use anyhow::Context as _;
use assay_report::Style;
use assay_server::api::{self, ApiContext, Authentication, AuthenticationOptions};
use assay_server::blobs::sweep_handler;
use assay_server::delivery::{Deliverer, DeliveryOptions, SinkRule, Sinks};
use assay_server::jobs::{Worker, WorkerOptions};
use assay_server::reports;
use assay_server::runs::{self, RunTiming};
use assay_server::scheduler;
use assay_server::service::{EvidenceRetention, Service, record_refusals, retention_handler};
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use crate::arguments::ServeArguments;
use crate::exit::{Exit, UsageError};
use crate::settings::Settings;
use crate::terminal::Terminal;

use super::credentials;
use super::hosts;
use super::judge::KnowledgeJudge;
use super::store;

/// Serves until SIGINT or SIGTERM.
pub fn run(arguments: &ServeArguments, settings: Settings, terminal: Terminal) -> anyhow::Result<Exit> {
    start_log(&terminal)?;
    let tls = tls(arguments, &settings)?;
    if tls.is_none() && !arguments.listen.ip().is_loopback() {
        let message = format!(
            "--listen {}: plain HTTP is for loopback addresses only; see --tls-cert and --tls-self-signed",
            arguments.listen
        );
        return Err(UsageError(message).into());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let sinks = sinks(arguments, &settings)?;
    runtime.context("failed to start the runtime")?.block_on(serve(arguments, tls, sinks, settings, Arc::new(terminal)))
}

/// The log goes to stderr; `ASSAY_LOG` says how much of it (`info` unless told).
pub fn start_log(terminal: &Terminal) -> anyhow::Result<()> {
    let text = std::env::var("ASSAY_LOG").unwrap_or_else(|_| "info".to_owned());
    let filter = EnvFilter::try_new(&text).map_err(|error| UsageError(format!("ASSAY_LOG {text:?}: {error}")))?;
    let has_colours = terminal.shows_progress && terminal.style == Style::Colour;
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(has_colours).with_writer(std::io::stderr).init();
    Ok(())
}

async fn serve(
    arguments: &ServeArguments,
    tls: Option<Arc<ServerConfig>>,
    sinks: Sinks,
    settings: Settings,
    terminal: Arc<Terminal>,
) -> anyhow::Result<Exit> {
    let listen = arguments.listen;
    let listener = TcpListener::bind(listen).await.with_context(|| format!("failed to listen on {listen}"))?;
    let address = listener.local_addr().context("failed to ask where the listener is")?;
    let store = store::open_async(&settings).await?;
    let clock = settings.clock;
    credentials::create_first(&store, &settings, clock.now(), &terminal).await?;
    let data = settings.data.clone();
    let mut limits = settings.limits;
    for (name, number) in &arguments.limits {
        limits.set(name, *number).map_err(|error| UsageError(format!("--limit: {error}")))?;
    }
    let judge = Arc::new(KnowledgeJudge::new(settings, hosts::networks(&arguments.hosts), Arc::clone(&terminal))?);
    let service = Service::new(store, limits, judge, assay_model::Timestamp::now).await?;
    let service = Arc::new(service);
    let context = ApiContext {
        service: Arc::clone(&service),
        authentication: Arc::new(Authentication::new(AuthenticationOptions::default())),
    };
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        match wait_for_signal().await {
            Ok(()) => drop(stop.send(true)),
            Err(error) => tracing::error!(%error, "signals cannot be waited for"),
        }
    });
    let hosts = hosts::start(&arguments.hosts, &service, &data, &stopped, &terminal).await?;
    let mut handlers = runs::handlers(&service, RunTiming::default());
    handlers.push(reports::handler(&service));
    let retention = EvidenceRetention { days: Some(arguments.evidence_days).filter(|days| *days > 0) };
    handlers.push(retention_handler(&service, retention).await?);
    handlers.extend(sweep_handler(&service).await?);
    let (hearing, until) = (Arc::clone(&service), stopped.clone());
    tokio::spawn(async move { hearing.store.hear_others(until).await });
    let scheduler = tokio::spawn(scheduler::start_what_is_due(Arc::clone(&service), stopped.clone()));
    let deliverer = Deliverer::new(Arc::clone(&service), sinks, DeliveryOptions::default());
    let deliverer = tokio::spawn(deliverer.run(stopped.clone()));
    tokio::spawn(record_refusals(Arc::clone(&service), stopped.clone()));
    let worker =
        tokio::spawn(Worker::new(Arc::clone(&service), handlers, WorkerOptions::default()).run(stopped.clone()));
    let scheme = if tls.is_some() { "https" } else { "http" };
    terminal.hint(format_args!("serving the API at {scheme}://{address}"));
    assay_server::serve(listener, tls, api::router(context), stopped).await;
    scheduler.await.context("the scheduler ended by itself")?;
    worker.await.context("the worker ended by itself")?;
    deliverer.await.context("the deliverer ended by itself")?;
    hosts.join_all().await;
    service.flush_records().await;
    Ok(Exit::Done)
}

/// What the command line names, else the configuration.
fn sinks(arguments: &ServeArguments, settings: &Settings) -> anyhow::Result<Sinks> {
    let mut rules = arguments.sinks.clone();
    if rules.is_empty() {
        let configured = settings.sinks.iter().map(|text| text.parse::<SinkRule>());
        rules = configured.collect::<Result<_, _>>().map_err(|error| UsageError(format!("sinks: {error}")))?;
    }
    Ok(Sinks::open(&rules, DeliveryOptions::default().timeout)?)
}

fn tls(arguments: &ServeArguments, settings: &Settings) -> anyhow::Result<Option<Arc<ServerConfig>>> {
    if let (Some(certificate), Some(key)) = (&arguments.tls_cert, &arguments.tls_key) {
        return Ok(Some(assay_server::tls_of_files(certificate, key)?));
    }
    if arguments.tls_self_signed.is_empty() {
        return Ok(None);
    }
    std::fs::create_dir_all(&settings.data).with_context(|| format!("failed to make {}", settings.data))?;
    Ok(Some(assay_server::tls_self_signed(&settings.data, arguments.tls_self_signed.clone())?))
}

/// Waits until the process is told to end.
pub async fn wait_for_signal() -> std::io::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
