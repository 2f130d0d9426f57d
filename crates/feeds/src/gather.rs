//! Gathering: asking a mirror for the files of one source, and settling what each answer means.
//!
//! A file that cannot be got is a problem of this file alone: the one in use stays. A file is asked for conditionally
//! only if the one in use is whole, so that damage on disk heals with the next sync.

use assay_model::Timestamp;
use camino::{Utf8Path, Utf8PathBuf};

use crate::disk;
use crate::download::{Download, Failure, Reply, Validators};
use crate::error::{FeedError, FetchError};
use crate::folder;
use crate::manifest::SourceRecord;
use crate::mirror::{self, Location, Mirror, Request};
use crate::piece::{Candidate, Piece, Presence};
use crate::progress::{Fetched, Progress, Step};
use crate::source::Source;
use crate::web::{Errand, Web};

/// Asks a mirror for files and lays them into the folder for incoming ones.
pub(crate) struct Gatherer<'a> {
    pub(crate) incoming: Utf8PathBuf,
    pub(crate) mirror: &'a Mirror,
    /// Absent where the mirror is a folder.
    pub(crate) web: Option<Web>,
    pub(crate) progress: &'a dyn Progress,
    pub(crate) now: Timestamp,
}

/// What asking for one file came to.
enum Answer {
    Came(Download),
    NotModified { origin: String },
    NotThere,
    Failed(FetchError),
}

impl Gatherer<'_> {
    /// Asks for all files of a source.
    pub(crate) async fn gather(&self, source: Source, in_use: Vec<Piece>) -> Result<Candidate, FeedError> {
        self.progress.step(Step::Fetch(source));
        let this_year = self.now.to_zoned_datetime(jiff::tz::TimeZone::UTC).year();
        let mut candidate = Candidate { pieces: Vec::new(), ..Candidate::untouched(source, in_use) };
        let mut absent_years = Vec::new();
        let mut found_years = Vec::new();
        for request in mirror::requests(self.mirror, source, this_year)? {
            // The years come newest first; a mirror without the two newest ones has none, and in January the newest
            // does not exist yet.
            let is_hopeless = absent_years == [this_year, this_year - 1] && found_years.is_empty();
            if request.year.is_some() && is_hopeless {
                continue;
            }
            let old = candidate.in_use.iter().find(|piece| piece.file.name == request.name).cloned();
            let answer = self.ask(source, &request, old.as_ref()).await?;
            let fetched = self.settle(&mut candidate, &request, old, answer);
            self.progress.finished(source, &request.name, fetched);
            match (request.year, fetched) {
                (Some(year), Fetched::NotThere) => absent_years.push(year),
                (Some(year), Fetched::New | Fetched::Unchanged) => found_years.push(year),
                _ => {}
            }
        }
        // A mirror may begin with any year, but has no gap after it.
        let gaps =
            absent_years.into_iter().filter(|year| *year != this_year && found_years.iter().any(|found| found < year));
        candidate.problems.extend(gaps.map(|year| format!("the file of {year} is not on this mirror")));
        if candidate.presence == Presence::Unknown && candidate.problems.is_empty() {
            candidate.presence = Presence::NotThere;
        }
        if candidate.presence != Presence::There {
            candidate.pieces = candidate.in_use.clone();
        }
        candidate.pieces.sort_by(|left, right| left.file.name.cmp(&right.file.name));
        Ok(candidate)
    }

    /// Tries the packings of a file in order. Some servers forbid what they do not have: they are asked for the next one.
    async fn ask(&self, source: Source, request: &Request, old: Option<&Piece>) -> Result<Answer, FeedError> {
        let mut failed = None;
        for (location, name) in &request.candidates {
            let same_place = old.filter(|piece| piece.file.origin == location.shown());
            let validators = same_place.map(|piece| piece.file.validators()).unwrap_or_default();
            match self.fetch(source, location, name, &validators).await {
                Ok(Reply::Came(download)) => return Ok(Answer::Came(download)),
                Ok(Reply::NotModified) => return Ok(Answer::NotModified { origin: location.shown() }),
                Ok(Reply::NotThere) => {}
                Err(Failure::File(error @ FetchError::Status { status: 400..=499 })) => failed = failed.or(Some(error)),
                Err(Failure::File(error)) => return Ok(Answer::Failed(error)),
                Err(Failure::Sync(error)) => return Err(error),
            }
        }
        Ok(failed.map_or(Answer::NotThere, Answer::Failed))
    }

    async fn fetch(
        &self,
        source: Source,
        location: &Location,
        name: &str,
        validators: &Validators,
    ) -> Result<Reply, Failure> {
        let to = self.incoming.join(format!("{source}-{name}"));
        match (location, &self.web) {
            (Location::Path(from), _) => {
                let (from, name) = (from.clone(), name.to_owned());
                let copying =
                    tokio::task::spawn_blocking(move || folder::copy(&from, &name, &to, source.max_file_bytes()));
                copying.await.unwrap_or_else(|cause| Err(FeedError::Interrupted { cause }.into()))
            }
            (Location::Web(url), Some(web)) => {
                web.fetch(Errand { source, url, name, validators, to: &to }, self.progress).await
            }
            (Location::Web(url), None) => Err(FeedError::Address { address: mirror::public_form(url) }.into()),
        }
    }

    /// Adds what is to be in use for one file.
    fn settle(&self, candidate: &mut Candidate, request: &Request, old: Option<Piece>, answer: Answer) -> Fetched {
        match (answer, old) {
            (Answer::Came(download), Some(old)) if download.digest == old.file.digest => {
                candidate.presence = Presence::There;
                candidate.fetched_bytes += download.bytes;
                candidate.pieces.push(refreshed(old, download));
                Fetched::Unchanged
            }
            (Answer::Came(download), _) => {
                candidate.presence = Presence::There;
                candidate.fetched_bytes += download.bytes;
                candidate.pieces.push(Piece::new(candidate.source, &request.name, download, self.now));
                Fetched::New
            }
            (Answer::NotModified { origin }, Some(mut old)) => {
                candidate.presence = Presence::There;
                old.file.origin = origin;
                candidate.pieces.push(old);
                Fetched::Unchanged
            }
            (Answer::NotModified { .. }, None) => Fetched::NotThere,
            (Answer::NotThere, old) => {
                // One that came from this very place has been taken away there; one from another mirror is replaced
                // by what this mirror has.
                let from_here = |piece: &Piece| {
                    request.candidates.iter().any(|(location, _)| location.shown() == piece.file.origin)
                };
                if let Some(old) = old.filter(from_here) {
                    candidate.problems.push(format!("{} is no longer on this mirror", request.name));
                    candidate.pieces.push(old);
                }
                Fetched::NotThere
            }
            (Answer::Failed(error), old) => {
                candidate.problems.push(format!("{}: {}", request.name, error.in_full()));
                candidate.pieces.extend(old);
                Fetched::Failed
            }
        }
    }
}

/// A piece in use whose content came once more: what the server now says of it counts.
fn refreshed(mut old: Piece, download: Download) -> Piece {
    old.file.origin = download.origin;
    old.file.etag = download.validators.etag;
    old.file.last_modified = download.validators.last_modified;
    old.file.published_at = download.published_at;
    old
}

/// The files of a source that are in use and whole.
pub(crate) fn whole_pieces(folder: &Utf8Path, record: Option<&SourceRecord>) -> Vec<Piece> {
    let files = record.map(|record| record.files.as_slice()).unwrap_or_default();
    let mut pieces: Vec<Piece> = files
        .iter()
        .filter(|file| disk::is_intact(&folder.join(&file.path), &file.digest, file.bytes))
        .map(|file| Piece::in_use(folder, file))
        .collect();
    pieces.sort_by(|left, right| left.file.name.cmp(&right.file.name));
    pieces
}
