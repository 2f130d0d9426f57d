//! A mirror or official site behind HTTP: conditional, bounded, patient, and never led from HTTPS to HTTP.
//!
//! Decoding is left to the reader of the file: an answer with `Content-Encoding: gzip` is stored as it came, under a
//! name that ends in `.gz`. So the announced length can be checked, what is stored stays small (the Debian tracker's
//! file is 75 MB plain), and a decompression bomb meets the limits of the parser.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use camino::Utf8Path;
use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{Certificate, Client, Response, StatusCode, Url, redirect};

use crate::download::{Download, Failure, Reply, Sink, Validators};
use crate::error::{FeedError, FetchError, in_full};
use crate::mirror::{Mirror, public_form};
use crate::progress::Progress;
use crate::source::{Packing, Source};

/// How patient the downloads are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For the next bytes.
    pub idle: Duration,
    /// For one file, all attempts together.
    pub total: Duration,
    /// How often a file is tried again after a failure of the connection or of the server.
    pub retries: u32,
    /// The pause before the first further attempt; each later pause is twice as long.
    pub first_pause: Duration,
}

impl Default for Patience {
    /// 15 s to connect, 30 s idle, 30 min in all, 3 further attempts after 1, 2 and 4 s.
    fn default() -> Patience {
        Patience {
            connect: Duration::from_secs(15),
            idle: Duration::from_secs(30),
            total: Duration::from_secs(30 * 60),
            retries: 3,
            first_pause: Duration::from_secs(1),
        }
    }
}

/// The most redirects that are followed for one file.
const MAX_REDIRECTS: usize = 5;

/// The longest pause that a server may ask for with `Retry-After`.
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// Fetches files over HTTP and HTTPS.
#[derive(Debug)]
pub(crate) struct Web {
    client: Client,
    patience: Patience,
    /// Hosts to which no connection could be made: asked once, not once per file.
    unreachable: Mutex<BTreeSet<String>>,
}

/// One file to fetch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Errand<'a> {
    pub(crate) source: Source,
    pub(crate) url: &'a Url,
    pub(crate) name: &'a str,
    pub(crate) validators: &'a Validators,
    pub(crate) to: &'a Utf8Path,
}

impl Web {
    /// Sets up the client; `certificates` is a PEM file of authorities to trust beside the system's.
    pub(crate) fn new(mirror: &Mirror, patience: Patience, certificates: Option<&Utf8Path>) -> Result<Web, FeedError> {
        let mut builder = Client::builder()
            .user_agent(concat!("assay/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(patience.connect)
            .redirect(redirect::Policy::custom(follow))
            .referer(false);
        if let Some(path) = certificates {
            builder = builder.tls_certs_merge(read_certificates(path)?);
        }
        if let Mirror::Base(url) = mirror {
            if is_loopback(url) {
                builder = builder.no_proxy();
            }
            // A machine without certificate authorities can still use a mirror behind plain HTTP; a redirect to HTTPS
            // then fails, as it must.
            if url.scheme() == "http" && certificates.is_none() {
                builder = builder.tls_certs_only([]);
            }
        }
        let client = builder.build().map_err(|cause| FeedError::Client { cause })?;
        Ok(Web { client, patience, unreachable: Mutex::default() })
    }

    /// Fetches one file, trying again where that makes sense.
    pub(crate) async fn fetch(&self, errand: Errand<'_>, progress: &dyn Progress) -> Result<Reply, Failure> {
        let host = errand.url.host_str().unwrap_or_default().to_owned();
        if self.unreachable_hosts().contains(&host) {
            return Err(FetchError::Unreachable { host }.into());
        }
        let attempts = self.attempts(errand, progress);
        let result = match tokio::time::timeout(self.patience.total, attempts).await {
            Ok(result) => result,
            Err(_) => Err(FetchError::TooSlow { after: self.patience.total }.into()),
        };
        if let Err(Failure::File(FetchError::Connection { cause })) = &result
            && cause.is_connect()
        {
            self.unreachable_hosts().insert(host);
        }
        result
    }

    async fn attempts(&self, errand: Errand<'_>, progress: &dyn Progress) -> Result<Reply, Failure> {
        let mut pause = self.patience.first_pause;
        // Where one host is out of reach, the network probably is: a second host is given one attempt.
        let retries = if self.unreachable_hosts().is_empty() { self.patience.retries } else { 0 };
        for _ in 0..retries {
            match self.attempt(errand, progress).await {
                Ok(reply) => return Ok(reply),
                Err(attempt) if attempt.is_final() => return Err(attempt.failure),
                Err(attempt) => {
                    tokio::time::sleep(attempt.retry_after.unwrap_or(pause).min(MAX_PAUSE)).await;
                    pause = pause.saturating_mul(2);
                }
            }
        }
        self.attempt(errand, progress).await.map_err(|attempt| attempt.failure)
    }

    async fn attempt(&self, errand: Errand<'_>, progress: &dyn Progress) -> Result<Reply, FailedAttempt> {
        let response = self.ask(errand).await?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_MODIFIED if !errand.validators.is_empty() => return Ok(Reply::NotModified),
            StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(Reply::NotThere),
            status => {
                let retry_after = seconds(response.headers());
                let failure = FetchError::Status { status: status.as_u16() }.into();
                return Err(FailedAttempt { failure, retry_after });
            }
        }
        self.receive(response, errand, progress).await
    }

    async fn ask(&self, errand: Errand<'_>) -> Result<Response, FailedAttempt> {
        // A packed file must come as it is: a server that packs it once more is not asked to.
        let accepted = match Packing::of_name(errand.name) {
            Packing::Plain => "gzip",
            Packing::Xz | Packing::Gzip | Packing::Bzip2 => "identity",
        };
        let mut request = self.client.get(errand.url.clone()).header(header::ACCEPT_ENCODING, accepted);
        if let Some(etag) = &errand.validators.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(date) = &errand.validators.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, date);
        }
        let idle = self.patience.idle.max(self.patience.connect);
        match tokio::time::timeout(idle, request.send()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(cause)) => Err(FetchError::Connection { cause: cause.without_url() }.into()),
            Err(_) => Err(FetchError::Idle { after: idle }.into()),
        }
    }

    async fn receive(
        &self,
        mut response: Response,
        errand: Errand<'_>,
        progress: &dyn Progress,
    ) -> Result<Reply, FailedAttempt> {
        let limit = errand.source.max_file_bytes();
        let announced = response.content_length();
        if announced.is_some_and(|announced| announced > limit) {
            return Err(FetchError::TooLarge { limit }.into());
        }
        let name = stored_name(errand.name, response.headers())?;
        progress.started(errand.source, errand.name, announced);
        let mut sink = Sink::create(errand.to, limit).map_err(Failure::from)?;
        loop {
            let chunk = match tokio::time::timeout(self.patience.idle, response.chunk()).await {
                Ok(Ok(Some(chunk))) => chunk,
                Ok(Ok(None)) => break,
                Ok(Err(cause)) => return Err(FetchError::Connection { cause: cause.without_url() }.into()),
                Err(_) => return Err(FetchError::Idle { after: self.patience.idle }.into()),
            };
            sink.write(&chunk)?;
            progress.advanced(chunk.len() as u64);
        }
        let bytes = sink.bytes();
        if let Some(announced) = announced
            && announced != bytes
        {
            return Err(FetchError::Truncated { announced, received: bytes }.into());
        }
        let finishing = tokio::task::spawn_blocking(move || sink.finish());
        let finished = finishing.await.unwrap_or_else(|cause| Err(FeedError::Interrupted { cause }));
        let digest = finished.map_err(Failure::from)?;
        let validators = Validators {
            etag: text(response.headers(), &header::ETAG),
            last_modified: text(response.headers(), &header::LAST_MODIFIED),
        };
        let published_at = validators
            .last_modified
            .as_deref()
            .and_then(|date| jiff::fmt::rfc2822::parse(date).ok())
            .map(|date| date.timestamp());
        let origin = public_form(errand.url);
        let path = errand.to.to_owned();
        Ok(Reply::Came(Download { path, name, origin, digest, bytes, validators, published_at }))
    }

    fn unreachable_hosts(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.unreachable.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// An attempt that failed, and when the server wants to be asked again.
#[derive(Debug)]
struct FailedAttempt {
    failure: Failure,
    retry_after: Option<Duration>,
}

impl FailedAttempt {
    /// Whether another attempt would fail in the same way.
    fn is_final(&self) -> bool {
        match &self.failure {
            Failure::Sync(_) => true,
            Failure::File(FetchError::Status { status }) => !matches!(status, 408 | 429 | 500..=599),
            // A certificate that is not trusted is not trusted a second later either.
            Failure::File(FetchError::Connection { cause }) => {
                cause.is_redirect() || cause.is_builder() || in_full(cause).contains("invalid peer certificate")
            }
            Failure::File(FetchError::Idle { .. } | FetchError::Truncated { .. }) => false,
            Failure::File(_) => true,
        }
    }
}

impl<F: Into<Failure>> From<F> for FailedAttempt {
    fn from(failure: F) -> FailedAttempt {
        FailedAttempt { failure: failure.into(), retry_after: None }
    }
}

/// Why a redirect is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum RedirectRefused {
    #[error("it redirects from HTTPS to an address without it")]
    Downgrade,
    #[error("it redirects more than {MAX_REDIRECTS} times")]
    TooMany,
}

fn follow(attempt: redirect::Attempt<'_>) -> redirect::Action {
    match check_redirect(attempt.previous(), attempt.url()) {
        Ok(()) => attempt.follow(),
        Err(refused) => attempt.error(refused),
    }
}

fn check_redirect(previous: &[Url], next: &Url) -> Result<(), RedirectRefused> {
    if previous.iter().any(|url| url.scheme() == "https") && next.scheme() != "https" {
        return Err(RedirectRefused::Downgrade);
    }
    if previous.len() > MAX_REDIRECTS {
        return Err(RedirectRefused::TooMany);
    }
    Ok(())
}

/// The name under which an answer is stored: its packing included.
fn stored_name(name: &str, headers: &HeaderMap) -> Result<String, FetchError> {
    let encoding = text(headers, &header::CONTENT_ENCODING).unwrap_or_default().to_ascii_lowercase();
    match (encoding.as_str(), Packing::of_name(name)) {
        ("" | "identity", _) => Ok(name.to_owned()),
        ("gzip" | "x-gzip", Packing::Plain) => Ok(format!("{name}{}", Packing::Gzip.suffix())),
        // Servers that are set up carelessly call the file's own packing a content encoding.
        ("gzip" | "x-gzip", Packing::Gzip) => Ok(name.to_owned()),
        _ => Err(FetchError::Encoding { encoding }),
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// `Retry-After` in its form in seconds (RFC 9110 §10.2.3); a date is ignored, for there is no clock here.
fn seconds(headers: &HeaderMap) -> Option<Duration> {
    text(headers, &header::RETRY_AFTER)?.trim().parse().ok().map(Duration::from_secs)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn read_certificates(path: &Utf8Path) -> Result<Vec<Certificate>, FeedError> {
    let pem = std::fs::read(path).map_err(|cause| FeedError::reading(path, cause))?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) => Err(FeedError::Certificates { path: path.to_owned(), cause: None }),
        Err(cause) => Err(FeedError::Certificates { path: path.to_owned(), cause: Some(cause) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_redirects(chain: &[&str], expected: Result<(), RedirectRefused>) {
        let urls: Vec<Url> = chain.iter().map(|url| url.parse().unwrap()).collect();
        let (next, previous) = urls.split_last().unwrap();
        assert_eq!(check_redirect(previous, next), expected, "{chain:?}");
    }

    #[test]
    fn redirects_never_leave_https() {
        check_redirects(&["http://a/", "http://b/"], Ok(()));
        check_redirects(&["http://a/", "https://b/"], Ok(()));
        check_redirects(&["https://a/", "https://b/"], Ok(()));
        check_redirects(&["https://a/", "http://a/"], Err(RedirectRefused::Downgrade));
        check_redirects(&["http://a/", "https://b/", "http://c/"], Err(RedirectRefused::Downgrade));
        check_redirects(&["https://a/", "ftp://a/"], Err(RedirectRefused::Downgrade));
        check_redirects(&["http://a/"; MAX_REDIRECTS + 1], Ok(()));
        check_redirects(&["http://a/"; MAX_REDIRECTS + 2], Err(RedirectRefused::TooMany));
    }

    #[test]
    fn packing_is_told_by_name_and_encoding() {
        let check = |name: &str, encoding: &str, expected: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_ENCODING, encoding.parse().unwrap());
            assert_eq!(stored_name(name, &headers).ok().as_deref(), expected, "{name} {encoding}");
        };
        check("json", "", Some("json"));
        check("json", "gzip", Some("json.gz"));
        check("json", "br", None);
        check("scores.csv.gz", "x-gzip", Some("scores.csv.gz"));
        check("json.xz", "gzip", None);
    }

    #[test]
    fn loopback_needs_no_proxy() {
        for (address, expected) in
            [("http://127.0.0.1:80/", true), ("http://[::1]/", true), ("http://localhost/", true), ("http://a/", false)]
        {
            assert_eq!(is_loopback(&address.parse().unwrap()), expected, "{address}");
        }
    }
}
