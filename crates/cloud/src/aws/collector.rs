//! The collector: makes calls one after the other, and writes what they answer. What one of them cannot have is noted, and the
//! others go on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::error::{AskError, CloudError};
use super::identity::Identity;
use super::list_file::{self, ListFile};
use super::note::Note;
use super::session::Session;
use super::staging::Staging;
use crate::calls::{Call, Paging};

/// Calls for single objects that are made at the same time; more only meets the service's limits.
const AT_ONCE: usize = 4;

/// The most objects that one call is made for.
const MAX_OBJECTS: usize = 100_000;

/// The longest id that becomes a part of a file's name.
const MAX_ID: usize = 180;

/// The most pages of one list.
const MAX_PAGES: usize = 100_000;

/// What was had of a region. It is in place once [`Staging::keep`] was called.
#[derive(Debug)]
pub struct Collected {
    /// The folder with the answers.
    pub staging: Staging,
    /// How many files it has.
    pub files: usize,
    /// Calls that had no answer, or not a whole one.
    pub notes: Vec<Note>,
}

/// Makes calls in a region. The answers are to be in `place`, which is to be the folder of the region.
///
/// # Errors
///
/// When nothing can be had: no credentials, no such region, a full disk.
pub async fn collect(
    session: &Arc<Session>,
    region: &str,
    identity: Option<&Identity>,
    calls: &[Call],
    place: &Utf8Path,
) -> Result<Collected, CloudError> {
    let began = Timestamp::now();
    let staging = Staging::create(place)?;
    let mut collector = Collector {
        session: Arc::clone(session),
        region: region.to_owned(),
        folder: staging.folder().to_owned(),
        ids: BTreeMap::new(),
        unreachable: BTreeSet::new(),
        files: 0,
        notes: Vec::new(),
    };
    for call in calls {
        collector.call(call).await?;
    }
    let Collector { files, notes, .. } = collector;
    let told = json!({
        "tool": concat!("assay ", env!("CARGO_PKG_VERSION")),
        "account": identity.map(|identity| &identity.account),
        "caller": identity.map(|identity| &identity.arn),
        "region": region,
        "began_at": began.to_string(),
        "ended_at": Timestamp::now().to_string(),
        "files": files,
        "not_had": notes,
    });
    list_file::write(&staging.folder().join("_collection.json"), &told)?;
    Ok(Collected { staging, files, notes })
}

struct Collector {
    session: Arc<Session>,
    region: String,
    folder: Utf8PathBuf,
    /// Objects that a call listed, by its service and name.
    ids: BTreeMap<(&'static str, &'static str), Vec<String>>,
    /// Services that no connection could be made to: asked once, not once a call.
    unreachable: BTreeSet<&'static str>,
    files: usize,
    notes: Vec<Note>,
}

impl Collector {
    async fn call(&mut self, call: &Call) -> Result<(), CloudError> {
        let Some(each) = call.each else {
            let one = One { session: Arc::clone(&self.session), region: self.region.clone(), call: *call, id: None };
            let listed = if self.unreachable.contains(service(call)) {
                Listed::noted(Note::saying(call, None, "the service is out of reach".to_owned()))
            } else {
                one.list(&self.folder).await?
            };
            return self.take(call, listed);
        };
        let mut ids = self.ids.get(&(call.service.command(), each.of)).cloned().unwrap_or_default();
        if ids.len() > MAX_OBJECTS {
            let reason = format!("it is made for the first {MAX_OBJECTS} objects of {}", ids.len());
            self.notes.push(Note::saying(call, None, reason));
            ids.truncate(MAX_OBJECTS);
        }
        for some in ids.chunks(AT_ONCE) {
            let mut tasks = JoinSet::new();
            for id in some {
                let one = One {
                    session: Arc::clone(&self.session),
                    region: self.region.clone(),
                    call: *call,
                    id: Some(id.clone()),
                };
                let folder = self.folder.clone();
                tasks.spawn(async move { one.list(&folder).await });
            }
            while let Some(listed) = tasks.join_next().await {
                self.take(call, listed.map_err(CloudError::Lost)??)?;
            }
        }
        self.notes.sort_by(|one, other| (&one.call, &one.id).cmp(&(&other.call, &other.id)));
        Ok(())
    }

    fn take(&mut self, call: &Call, listed: Listed) -> Result<(), CloudError> {
        self.files += usize::from(listed.has_file);
        self.notes.extend(listed.note);
        if listed.is_unreachable {
            self.unreachable.insert(service(call));
        }
        self.ids.entry((call.service.command(), call.name)).or_default().extend(listed.ids);
        Ok(())
    }
}

fn service(call: &Call) -> &'static str {
    call.service.endpoint_prefix()
}

/// One call, for one object where it is made for such.
struct One {
    session: Arc<Session>,
    region: String,
    call: Call,
    id: Option<String>,
}

/// What came of it.
#[derive(Default)]
struct Listed {
    /// What identifies the objects that it lists, where other calls are made for them.
    ids: Vec<String>,
    has_file: bool,
    is_unreachable: bool,
    note: Option<Note>,
}

impl Listed {
    fn noted(note: Note) -> Listed {
        Listed { note: Some(note), ..Listed::default() }
    }
}

impl One {
    async fn list(&self, folder: &Utf8Path) -> Result<Listed, CloudError> {
        let id = self.id.as_deref();
        if id.is_some_and(|id| id.is_empty() || id.len() > MAX_ID || id.chars().any(char::is_control)) {
            let reason = "what identifies the object is empty, too long or no text".to_owned();
            return Ok(Listed::noted(Note::saying(&self.call, None, reason)));
        }
        let path = folder.join(self.call.file(id));
        match self.call.paging {
            Paging::Whole => self.whole(&path).await,
            Paging::Pages { input, output } => self.pages(&path, input, output).await,
        }
    }

    async fn whole(&self, path: &Utf8Path) -> Result<Listed, CloudError> {
        let answer = match self.ask(&[]).await {
            Ok(answer) => answer,
            Err(error) => return self.noted(Listed::default(), error),
        };
        let answer = Value::Object(answer);
        list_file::write(path, &answer)?;
        let mut listed = Listed { has_file: true, ..Listed::default() };
        for object in answer.get(self.call.result).and_then(Value::as_array).into_iter().flatten() {
            self.remember(&mut listed, object);
        }
        Ok(listed)
    }

    async fn pages(&self, path: &Utf8Path, input: &str, output: &str) -> Result<Listed, CloudError> {
        let mut listed = Listed::default();
        let mut file: Option<ListFile> = None;
        let mut token: Option<String> = None;
        let mut seen = BTreeSet::new();
        let mut rest = Vec::new();
        loop {
            let page = token.as_deref().map(|token| (input, token));
            let answer = if token.as_ref().is_some_and(|token| !seen.insert(token.clone())) || seen.len() > MAX_PAGES {
                Err(AskError::Endless)
            } else {
                self.ask(page.as_slice()).await
            };
            let mut answer = match answer {
                Ok(answer) => answer,
                Err(error) => {
                    // What is there is kept; that more follows is what says that it is not all.
                    rest.extend(token.map(|token| (output, Value::from(token))));
                    listed = self.noted(listed, error)?;
                    break;
                }
            };
            let file = match &mut file {
                Some(file) => file,
                none => none.insert(ListFile::create(path, self.call.result)?),
            };
            listed.has_file = true;
            if let Some(Value::Array(objects)) = answer.remove(self.call.result) {
                for object in &objects {
                    file.push(object)?;
                    self.remember(&mut listed, object);
                }
            }
            token = match answer.remove(output) {
                Some(Value::String(next)) if !next.is_empty() => Some(next),
                _ => None,
            };
            if token.is_none() {
                // The one other thing that a page says of the list: there is more, but not here.
                rest.extend(
                    answer
                        .remove(MORE_ROUTES)
                        .filter(|more| *more == Value::Bool(true))
                        .map(|more| (MORE_ROUTES, more)),
                );
                break;
            }
        }
        if let Some(file) = file {
            file.finish(&rest)?;
        }
        Ok(listed)
    }

    async fn ask(&self, page: &[(&str, &str)]) -> Result<serde_json::Map<String, Value>, AskError> {
        let object = self.call.each.zip(self.id.as_deref()).map(|(each, id)| (each.parameter, id));
        let mut parameters = self.call.parameters.to_vec();
        parameters.extend(object);
        parameters.extend(page);
        self.session.ask(&self.region, self.call.service, &self.call.action(), &parameters).await
    }

    /// Notes why there is no answer, unless it is a reason to give up.
    fn noted(&self, listed: Listed, error: AskError) -> Result<Listed, CloudError> {
        let note = Some(Note::new(&self.call, self.id.as_deref(), &error));
        match error {
            AskError::Fatal(error) => Err(error),
            AskError::Connection { .. } => Ok(Listed { note, is_unreachable: true, ..listed }),
            _ => Ok(Listed { note, ..listed }),
        }
    }

    fn remember(&self, listed: &mut Listed, object: &Value) {
        if let Some(id) = id_for_others(&self.call).and_then(|id| object.get(id)).and_then(Value::as_str) {
            listed.ids.push(id.to_owned());
        }
    }
}

/// Of transit gateway routes.
const MORE_ROUTES: &str = "AdditionalRoutesAvailable";

/// The member that identifies what a call lists, where other calls are made for it.
fn id_for_others(call: &Call) -> Option<&'static str> {
    let is_child = |other: &&Call| other.service == call.service && other.each.is_some_and(|each| each.of == call.name);
    crate::calls::CALLS.iter().find(is_child).and_then(|other| other.each).map(|each| each.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::{CALLS, Service};

    #[test]
    fn lists_that_other_calls_need_know_what_identifies_their_objects() {
        for call in CALLS {
            let expected = match (call.service, call.name) {
                (Service::Ec2, "describe-managed-prefix-lists") => Some("PrefixListId"),
                (Service::Ec2, "describe-transit-gateway-route-tables") => Some("TransitGatewayRouteTableId"),
                (Service::Ec2, "describe-vpc-endpoint-service-configurations") => Some("ServiceId"),
                (Service::Elbv2, "describe-load-balancers") => Some("LoadBalancerArn"),
                (Service::Elbv2, "describe-listeners") => Some("ListenerArn"),
                (Service::Elbv2, "describe-target-groups") => Some("TargetGroupArn"),
                (Service::Elb, "describe-load-balancers") => Some("LoadBalancerName"),
                (Service::DirectConnect, "describe-direct-connect-gateways") => Some("directConnectGatewayId"),
                _ => None,
            };
            assert_eq!(id_for_others(call), expected, "{}", call.name);
        }
    }
}
