//! Status: whether the daemon runs and is heard, from its lock and its state.
//!
//! Asks the daemon nothing, so it also answers when the daemon hangs.

use std::fmt;

use assay_model::Timestamp;

use crate::enrolment::Enrolment;
use crate::error::AgentError;
use crate::folder::Folder;
use crate::state::{Activity, State};

/// How the agent of this host is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// There is no enrolment.
    NotEnrolled,
    /// The server has revoked the agent.
    Revoked(Box<State>),
    /// Enrolled, and no daemon runs.
    Stopped(Option<Box<State>>),
    /// The daemon runs, and the server has not answered lately.
    Unheard(Option<Box<State>>),
    /// The daemon runs and the server answers.
    Running(Box<State>),
}

impl Status {
    /// Whether the daemon runs and is heard.
    pub fn is_good(&self) -> bool {
        matches!(self, Status::Running(_))
    }

    fn state(&self) -> Option<&State> {
        match self {
            Status::NotEnrolled => None,
            Status::Stopped(state) | Status::Unheard(state) => state.as_deref(),
            Status::Revoked(state) | Status::Running(state) => Some(state),
        }
    }
}

/// How the agent of a folder is at a time.
///
/// # Errors
///
/// When the folder may not be read, or holds something else.
pub fn status(folder: &Folder, now: Timestamp) -> Result<Status, AgentError> {
    let state = State::load(folder)?.map(Box::new);
    let is_running = folder.is_locked()?;
    if Enrolment::load(folder)?.is_none_or(|enrolment| enrolment.certificate.is_none()) {
        return Ok(match state {
            Some(state) if state.revoked => Status::Revoked(state),
            _ => Status::NotEnrolled,
        });
    }
    Ok(match state {
        state if !is_running => Status::Stopped(state),
        Some(state) if now <= state.heard_until && state.last_contact.is_some() => Status::Running(state),
        state => Status::Unheard(state),
    })
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Status::NotEnrolled => "not enrolled",
            Status::Revoked(_) => "revoked by the server",
            Status::Stopped(_) => "not running",
            Status::Unheard(_) => "running, but the server does not answer",
            Status::Running(_) => "running",
        };
        writeln!(f, "status:       {word}")?;
        let Some(state) = self.state() else { return Ok(()) };
        writeln!(f, "agent:        {}", state.agent)?;
        writeln!(f, "server:       {}", state.server)?;
        if matches!(self, Status::Unheard(_) | Status::Running(_)) {
            writeln!(f, "process:      {}", state.process)?;
            writeln!(f, "since:        {}", seconds(state.started_at))?;
        }
        match state.last_contact {
            Some(time) => writeln!(f, "last contact: {}", seconds(time))?,
            None => writeln!(f, "last contact: never")?,
        }
        if !matches!(self, Status::Revoked(_)) {
            writeln!(f, "certificate:  until {}", seconds(state.certificate_ends))?;
        }
        if let Some(problem) = &state.problem {
            writeln!(f, "problem:      {problem}")?;
        }
        if let Some(run) = &state.run {
            writeln!(f, "run:          {run}")?;
        }
        if let (Some(activity), Some(_)) = (state.activity, &state.run) {
            let word = match activity {
                Activity::Collecting => "collecting",
                Activity::Watching => "watching processes and sockets",
                Activity::Sending => "sending evidence",
                Activity::Failing => "telling the server that it could not collect",
            };
            writeln!(f, "activity:     {word}")?;
        }
        Ok(())
    }
}

/// A time to the second.
fn seconds(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use super::*;
    use crate::issued::IssuedCertificate;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn state() -> State {
        State {
            agent: "i-1".parse().unwrap(),
            server: "https://assay.example.org:8441".parse().unwrap(),
            process: 7,
            started_at: time("2026-01-01T00:00:00Z"),
            certificate_ends: time("2026-01-02T00:00:00Z"),
            last_contact: Some(time("2026-01-01T10:00:00.5Z")),
            heard_until: time("2026-01-01T10:03:00Z"),
            problem: None,
            run: None,
            activity: None,
            revoked: false,
        }
    }

    fn enrolment() -> Enrolment {
        let mut enrolment = Enrolment::new(state().server, state().agent, "secret-token".into()).unwrap();
        enrolment.certificate = Some(IssuedCertificate {
            chain: String::new(),
            renew_at: time("2026-01-01T12:00:00Z"),
            not_after: time("2026-01-02T00:00:00Z"),
        });
        enrolment
    }

    #[test]
    fn a_status_is_good_only_when_the_daemon_runs_and_is_heard() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::of_data(Utf8Path::from_path(temporary.path()).unwrap());
        let check = |now: &str, word: &str, is_good: bool| {
            let status = status(&folder, time(now)).unwrap();
            assert!(status.to_string().starts_with(&format!("status:       {word}\n")), "{status}");
            assert_eq!(status.is_good(), is_good, "{status}");
            status.to_string()
        };
        let (early, late) = ("2026-01-01T10:02:00Z", "2026-01-01T10:03:01Z");
        check(early, "not enrolled", false);
        folder.create().unwrap();
        State { revoked: true, ..state() }.save(&folder).unwrap();
        check(early, "revoked by the server", false);
        state().save(&folder).unwrap();
        check(early, "not enrolled", false);
        Enrolment { certificate: None, ..enrolment() }.save(&folder).unwrap();
        check(early, "not enrolled", false);
        enrolment().save(&folder).unwrap();
        check(early, "not running", false);
        let _lock = folder.lock().unwrap();
        let text = check(early, "running", true);
        assert!(text.contains("last contact: 2026-01-01T10:00:00Z\n") && !text.contains("secret-token"), "{text}");
        check(late, "running, but the server does not answer", false);
        State { last_contact: None, ..state() }.save(&folder).unwrap();
        check(early, "running, but the server does not answer", false);
        State::discard(&folder).unwrap();
        check(early, "running, but the server does not answer", false);
    }

    #[test]
    fn secrets_are_not_shown() {
        let enrolment = enrolment();
        let text = format!("{enrolment:?}");
        assert!(!text.contains("secret-token") && !text.contains("PRIVATE KEY"), "{text}");
    }
}
