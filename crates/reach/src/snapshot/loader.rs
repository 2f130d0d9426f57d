//! The loader: files in, a snapshot out.

use std::collections::{BTreeMap, HashSet};
use std::io::{self, Read};

use assay_model::evidence::ProblemKind;
use serde::de::DeserializeOwned;

use super::file_name::{FileName, of_file, percent_decoded};
use super::instance::Reservation;
use super::interface::InterfaceRecord;
use super::kind::{FORMS, Form, Kind};
use super::limits::Limits;
use super::names::{Name, Names};
use super::presence::Presence;
use super::problems::Problems;
use super::reading::{self, Reading};
use super::record::Record;
use super::scope::{Scope, ScopeId};
use super::split::{Part, SplitError, split};
use super::table::{Repeated, Table};
use super::whole::Snapshot;

/// Where a file is, and what it is by its name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    pub(crate) path: String,
    pub(crate) account: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) is_in_accounts: bool,
    /// The form of the call whose folder it is in.
    pub(crate) call: Option<usize>,
    form: usize,
    subject: Option<String>,
}

impl Place {
    pub(crate) fn inside(&self, name: &str) -> Place {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}/{name}", self.path) };
        Place { path, ..self.clone() }
    }

    pub(crate) fn known(self, form: usize, subject: Option<String>) -> Place {
        Place { form, subject: subject.map(|subject| percent_decoded(&subject)), ..self }
    }

    pub(crate) fn form(&self) -> usize {
        self.form
    }
}

/// What is known of the files of one kind, or of one object's details.
#[derive(Debug, Default)]
struct Pages {
    count: usize,
    /// Those that say that there is a further one.
    unfinished: usize,
    broken: bool,
}

/// Details of objects that may not be known yet: of which object, in which scope.
pub(crate) type Details<T> = Vec<(ScopeId, String, T)>;

/// The details of all kinds, until their objects are known.
#[derive(Debug, Default)]
pub(crate) struct AllDetails {
    pub(crate) rules: Vec<super::security_group::RuleRecord>,
    pub(crate) entries: Details<Option<super::prefix_list::EntryRecord>>,
    pub(crate) routes: Details<Option<super::transit::TransitRoute>>,
    pub(crate) associations: Details<Option<super::transit::TransitLink>>,
    pub(crate) propagations: Details<Option<super::transit::TransitLink>>,
    pub(crate) principals: Details<Option<super::endpoint::AllowedPrincipal>>,
    pub(crate) listeners: Details<Option<super::balancer::Listener>>,
    pub(crate) listener_rules: Details<Option<super::balancer::ListenerRule>>,
    pub(crate) balancer_attributes: Details<Option<super::balancer::BalancerAttribute>>,
    pub(crate) group_attributes: Details<Option<super::balancer::BalancerAttribute>>,
    pub(crate) health: Details<Option<super::balancer::TargetHealth>>,
    pub(crate) classic: Details<Option<super::classic_balancer::ClassicAttributes>>,
}

/// Reads files one after the other; [`Loader::finish`] joins what they say.
#[derive(Debug)]
pub struct Loader {
    limits: Limits,
    reading: Reading,
    problems: Problems,
    snapshot: Snapshot,
    details: AllDetails,
    pages: BTreeMap<(ScopeId, Kind, String), Pages>,
    /// Interfaces that only an instance told of.
    from_instances: HashSet<Name>,
    objects: usize,
}

impl Loader {
    /// A loader without files.
    pub fn new(limits: Limits) -> Loader {
        Loader {
            limits,
            reading: Reading { names: Names::new(limits.name_bytes), ..Reading::default() },
            problems: Problems::new(limits.problems),
            snapshot: Snapshot::default(),
            details: AllDetails::default(),
            pages: BTreeMap::new(),
            from_instances: HashSet::new(),
            objects: 0,
        }
    }

    /// Reads one file: its name says which call printed it, for example `describe-vpcs.json`. Interfaces are best read before
    /// instances, which tell of their own interfaces again.
    pub fn read_file(&mut self, name: &str, reader: impl Read) {
        let place = Place { path: name.to_owned(), ..Place::default() };
        match of_file(name.strip_suffix(".json").unwrap_or(name)) {
            FileName::Known { form, subject } => self.read(&place.known(form, subject), reader),
            FileName::Harmless => {}
            FileName::Unknown => {
                self.problem(name, ProblemKind::NotSupported, "what this file tells is not used");
            }
        }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn problem(&mut self, subject: &str, kind: ProblemKind, detail: &str) {
        self.problems.add(subject, kind, detail);
    }

    /// A file or folder cannot be opened or read.
    pub(crate) fn failed(&mut self, place: &Place, error: &io::Error) {
        let kind = match error.kind() {
            io::ErrorKind::PermissionDenied => ProblemKind::NotPermitted,
            io::ErrorKind::NotFound => ProblemKind::NotFound,
            _ => ProblemKind::Failed,
        };
        let subject = if place.path.is_empty() { "snapshot" } else { &place.path };
        self.problems.add(subject, kind, error.to_string());
        if let (false, Some(form)) = (place.path.is_empty(), FORMS.get(place.form)) {
            let scope = self.scope(place);
            self.pages_of(scope, form.kind, place).broken = true;
        }
    }

    pub(crate) fn read(&mut self, place: &Place, reader: impl Read) {
        let Some(form) = FORMS.get(place.form) else { return };
        let scope = self.scope(place);
        let limits = self.limits;
        let mut documents = 0;
        let mut has_list = false;
        let result = split(reader, &limits, |part| {
            match part {
                Part::Document => {
                    documents += 1;
                    self.pages_of(scope, form.kind, place).count += 1;
                }
                Part::List(name) if is_member(form, name) => {
                    has_list = true;
                    if form.kind.is_detail() {
                        self.begin_detail(form, scope, place, name);
                    }
                }
                Part::Element(name, json) if is_member(form, name) => {
                    self.objects += 1;
                    if self.objects > limits.objects {
                        return false;
                    }
                    self.element(form, scope, place, name, json);
                }
                Part::Value(name, json) if is_member(form, name) => {
                    has_list = true;
                    self.element(form, scope, place, name, json);
                }
                Part::Value(name, json) => self.value(form, scope, place, name, json),
                Part::List(name) => {
                    let detail = format!("its member {name:?} is not one of {}", form.call);
                    self.problems.add(&place.path, ProblemKind::NotSupported, detail);
                }
                Part::Element(..) => {}
            }
            true
        });
        for (what, value) in std::mem::take(&mut self.reading.notes) {
            self.problems.add(&place.path, ProblemKind::NotSupported, format!("{value:?} is not known as a {what}"));
        }
        let trouble = match result {
            Err(error) => Some(describe(&error, &limits)),
            Ok(()) if self.objects > limits.objects => {
                Some((ProblemKind::TooLarge, format!("the snapshot has more than {} objects", limits.objects)))
            }
            Ok(()) if !has_list => Some((ProblemKind::Malformed, format!("it has no member {:?}", form.member))),
            Ok(()) => None,
        };
        if let Some((kind, detail)) = trouble {
            self.problems.add(&place.path, kind, detail);
            self.pages_of(scope, form.kind, place).broken = true;
        }
    }

    /// Joins what the files said, and looks for what is missing.
    pub fn finish(mut self) -> Snapshot {
        let details = std::mem::take(&mut self.details);
        details.join(&mut self.snapshot, &self.reading.names, &mut self.problems);
        self.snapshot.names = std::mem::take(&mut self.reading.names);
        self.judge_pages();
        self.judge_interfaces();
        self.snapshot.guess_scopes();
        self.snapshot.check_missing(&mut self.problems);
        self.snapshot.check_references(&mut self.problems);
        self.snapshot.problems = self.problems.into_sorted();
        self.snapshot
    }

    fn judge_pages(&mut self) {
        for ((scope, kind, subject), pages) in &self.pages {
            let is_open = pages.unfinished > 0 && pages.unfinished >= pages.count;
            if is_open {
                let whose = if subject.is_empty() { String::new() } else { format!(" {subject}") };
                let detail =
                    format!("the last page of {}{whose} is missing: a page says that more follow", kind.call());
                self.problems.add(self.snapshot.scope_text(*scope), ProblemKind::NotFound, detail);
            }
            let presence = if is_open || pages.broken { Presence::Partial } else { Presence::Whole };
            let known = self.snapshot.presence.entry((*scope, *kind)).or_insert(presence);
            *known = (*known).min(presence);
        }
    }

    fn judge_interfaces(&mut self) {
        let mut scopes = std::collections::BTreeSet::new();
        for id in &self.from_instances {
            let Some(interface) = self.snapshot.interfaces.get(*id) else { continue };
            let scope = interface.scope;
            if self.snapshot.presence(scope, Kind::NetworkInterfaces) != Presence::Missing {
                let subject = self.snapshot.names.text(*id);
                let detail = "an instance has it, but ec2 describe-network-interfaces does not tell of it";
                self.problems.add(subject, ProblemKind::NotFound, detail);
            }
            scopes.insert(scope);
        }
        for scope in scopes {
            self.snapshot.presence.insert((scope, Kind::NetworkInterfaces), Presence::Partial);
            let detail = "some interfaces are known from their instances only";
            self.problems.add(self.snapshot.scope_text(scope), ProblemKind::NotFound, detail);
        }
    }

    fn scope(&mut self, place: &Place) -> ScopeId {
        let mut intern = |text: &Option<String>| text.as_ref().and_then(|text| self.reading.names.intern(text));
        let scope = Scope { account: intern(&place.account), region: intern(&place.region) };
        let known = self.snapshot.scopes.iter().position(|known| *known == scope);
        let position = known.unwrap_or_else(|| {
            if self.snapshot.scopes.len() < usize::from(u16::MAX) {
                self.snapshot.scopes.push(scope);
            }
            self.snapshot.scopes.len() - 1
        });
        ScopeId(u16::try_from(position).unwrap_or(u16::MAX))
    }

    fn pages_of(&mut self, scope: ScopeId, kind: Kind, place: &Place) -> &mut Pages {
        self.pages.entry((scope, kind, place.subject.clone().unwrap_or_default())).or_default()
    }

    fn value(&mut self, form: &Form, scope: ScopeId, place: &Place, name: &str, json: &[u8]) {
        let is_empty = matches!(json, b"null" | b"\"\"" | b"false");
        match name {
            _ if is_empty => {}
            "NextToken" | "nextToken" | "NextMarker" | "Marker" => {
                self.pages_of(scope, form.kind, place).unfinished += 1;
            }
            "AdditionalRoutesAvailable" => {
                self.problems.add(&place.path, ProblemKind::TooLarge, "the call did not tell of all routes");
                self.pages_of(scope, form.kind, place).broken = true;
            }
            _ => {}
        }
    }

    /// One object, or one detail, or in Batfish's layout the details of one object.
    fn element(&mut self, form: &Form, scope: ScopeId, place: &Place, name: &str, json: &[u8]) {
        let is_wrapped = !form.owner.is_empty() && name == form.entity && name != form.member;
        let result = if is_wrapped {
            self.wrapped(form, scope, json)
        } else {
            let subject = place.subject.clone().unwrap_or_default();
            self.object(form.kind, scope, subject, json)
        };
        if let Err(error) = result {
            let which = match serde_json::from_slice::<serde_json::Value>(json) {
                Ok(value) => value.get(form.id).and_then(|id| id.as_str()).unwrap_or("an object").to_owned(),
                Err(_) => "an object".to_owned(),
            };
            let detail = format!("{which} cannot be read: {error}");
            self.problems.add(&place.path, ProblemKind::Malformed, detail);
            self.pages_of(scope, form.kind, place).broken = true;
        }
    }

    fn wrapped(&mut self, form: &Form, scope: ScopeId, json: &[u8]) -> Result<(), serde_json::Error> {
        let value: serde_json::Value = serde_json::from_slice(json)?;
        let owner = value.get(form.owner).and_then(|owner| owner.as_str()).unwrap_or_default();
        self.details.begin(form.kind, scope, owner);
        for inner in value.get(form.member).and_then(|inner| inner.as_array()).into_iter().flatten() {
            self.object(form.kind, scope, owner.to_owned(), &serde_json::to_vec(inner)?)?;
        }
        Ok(())
    }

    fn begin_detail(&mut self, form: &Form, scope: ScopeId, place: &Place, name: &str) {
        if name == form.member || form.owner.is_empty() {
            self.details.begin(form.kind, scope, place.subject.as_deref().unwrap_or_default());
        }
    }

    fn object(&mut self, kind: Kind, scope: ScopeId, of: String, json: &[u8]) -> Result<(), serde_json::Error> {
        match kind {
            Kind::Vpcs => self.add(scope, json, |snapshot| &mut snapshot.vpcs),
            Kind::Subnets => self.add(scope, json, |snapshot| &mut snapshot.subnets),
            Kind::SecurityGroups => self.add(scope, json, |snapshot| &mut snapshot.security_groups),
            Kind::NetworkInterfaces => self.interface(scope, json),
            Kind::Instances => self.reservation(scope, json),
            Kind::RouteTables => self.add(scope, json, |snapshot| &mut snapshot.route_tables),
            Kind::NetworkAcls => self.add(scope, json, |snapshot| &mut snapshot.network_acls),
            Kind::PrefixLists => self.add(scope, json, |snapshot| &mut snapshot.prefix_lists),
            Kind::Addresses => self.add(scope, json, |snapshot| &mut snapshot.addresses),
            Kind::InternetGateways => self.add(scope, json, |snapshot| &mut snapshot.internet_gateways),
            Kind::EgressOnlyInternetGateways => self.add(scope, json, |snapshot| &mut snapshot.egress_only_gateways),
            Kind::NatGateways => self.add(scope, json, |snapshot| &mut snapshot.nat_gateways),
            Kind::VpnGateways => self.add(scope, json, |snapshot| &mut snapshot.vpn_gateways),
            Kind::CustomerGateways => self.add(scope, json, |snapshot| &mut snapshot.customer_gateways),
            Kind::VpnConnections => self.add(scope, json, |snapshot| &mut snapshot.vpn_connections),
            Kind::PeeringConnections => self.add(scope, json, |snapshot| &mut snapshot.peering_connections),
            Kind::TransitGateways => self.add(scope, json, |snapshot| &mut snapshot.transit_gateways),
            Kind::TransitAttachments | Kind::TransitVpcAttachments | Kind::TransitPeeringAttachments => {
                self.attachment(scope, json)
            }
            Kind::TransitRouteTables => self.add(scope, json, |snapshot| &mut snapshot.transit_route_tables),
            Kind::VpcEndpoints => self.add(scope, json, |snapshot| &mut snapshot.vpc_endpoints),
            Kind::EndpointServices => self.add(scope, json, |snapshot| &mut snapshot.endpoint_services),
            Kind::PublicAccess => {
                let mut options: super::public_access::BlockPublicAccess = self.parse(json)?;
                options.scope = scope;
                self.snapshot.public_access.push(options);
                Ok(())
            }
            Kind::PublicAccessExclusions => self.add(scope, json, |snapshot| &mut snapshot.public_access_exclusions),
            Kind::LoadBalancers => self.add(scope, json, |snapshot| &mut snapshot.load_balancers),
            Kind::TargetGroups => self.add(scope, json, |snapshot| &mut snapshot.target_groups),
            Kind::ClassicBalancers => self.add(scope, json, |snapshot| &mut snapshot.classic_balancers),
            Kind::ConnectGateways => self.add(scope, json, |snapshot| &mut snapshot.connect_gateways),
            Kind::ConnectAssociations => self.add(scope, json, |snapshot| &mut snapshot.connect_associations),
            Kind::VirtualInterfaces => self.add(scope, json, |snapshot| &mut snapshot.virtual_interfaces),
            _ => self.detail(kind, scope, of, json),
        }
    }

    fn detail(&mut self, kind: Kind, scope: ScopeId, of: String, json: &[u8]) -> Result<(), serde_json::Error> {
        match kind {
            Kind::SecurityGroupRules => self.details.rules.push(reading::read(&mut self.reading, json)?),
            Kind::PrefixListEntries => self.details.entries.push((scope, of, self.reading.some(json)?)),
            Kind::TransitRoutes => self.details.routes.push((scope, of, self.reading.some(json)?)),
            Kind::TransitAssociations => self.details.associations.push((scope, of, self.reading.some(json)?)),
            Kind::TransitPropagations => self.details.propagations.push((scope, of, self.reading.some(json)?)),
            Kind::EndpointPermissions => self.details.principals.push((scope, of, self.reading.some(json)?)),
            Kind::Listeners => self.details.listeners.push((scope, of, self.reading.some(json)?)),
            Kind::ListenerRules => self.details.listener_rules.push((scope, of, self.reading.some(json)?)),
            Kind::BalancerAttributes => self.details.balancer_attributes.push((scope, of, self.reading.some(json)?)),
            Kind::TargetGroupAttributes => self.details.group_attributes.push((scope, of, self.reading.some(json)?)),
            Kind::TargetHealth => self.details.health.push((scope, of, self.reading.some(json)?)),
            _ => self.details.classic.push((scope, of, self.reading.some(json)?)),
        }
        Ok(())
    }

    fn parse<T: DeserializeOwned>(&mut self, json: &[u8]) -> Result<T, serde_json::Error> {
        reading::read(&mut self.reading, json)
    }

    fn add<T: Record>(
        &mut self,
        scope: ScopeId,
        json: &[u8],
        table: fn(&mut Snapshot) -> &mut Table<T>,
    ) -> Result<(), serde_json::Error> {
        let mut row: T = self.parse(json)?;
        row.set_scope(scope);
        let result = table(&mut self.snapshot).add(row);
        self.repeated(result);
        Ok(())
    }

    fn repeated(&mut self, result: Result<(), Repeated>) {
        if let Err(Repeated::InScope(id)) = result {
            let subject = self.reading.names.text(id);
            self.problems.add(subject, ProblemKind::Malformed, "it is listed twice; the first is used");
        }
    }

    fn interface(&mut self, scope: ScopeId, json: &[u8]) -> Result<(), serde_json::Error> {
        let record: InterfaceRecord = self.parse(json)?;
        if self.from_instances.remove(&record.id) {
            return Ok(());
        }
        let result = self.snapshot.interfaces.add(record, scope);
        self.repeated(result);
        Ok(())
    }

    fn reservation(&mut self, scope: ScopeId, json: &[u8]) -> Result<(), serde_json::Error> {
        let reservation: Reservation = self.parse(json)?;
        for mut instance in reservation.instances {
            instance.scope = scope;
            instance.owner = reservation.owner;
            for record in std::mem::take(&mut instance.details) {
                let id = record.id;
                if self.snapshot.interfaces.add(record, scope).is_ok() {
                    self.from_instances.insert(id);
                }
                self.snapshot.interfaces.attach(id, instance.id);
            }
            let result = self.snapshot.instances.add(instance);
            self.repeated(result);
        }
        Ok(())
    }

    fn attachment(&mut self, scope: ScopeId, json: &[u8]) -> Result<(), serde_json::Error> {
        let mut row: super::transit::TransitAttachment = self.parse(json)?;
        row.scope = scope;
        if let Some(known) = self.snapshot.transit_attachments.get_mut(row.id) {
            known.complete(row);
        } else {
            let _is_new = self.snapshot.transit_attachments.add(row);
        }
        Ok(())
    }
}

impl Reading {
    fn some<T: DeserializeOwned>(&mut self, json: &[u8]) -> Result<Option<T>, serde_json::Error> {
        reading::read(self, json).map(Some)
    }
}

fn is_member(form: &Form, name: &str) -> bool {
    name.eq_ignore_ascii_case(form.member) || name.eq_ignore_ascii_case(form.entity)
}

fn describe(error: &SplitError, limits: &Limits) -> (ProblemKind, String) {
    match error {
        SplitError::Io(error) => (ProblemKind::Failed, error.to_string()),
        SplitError::Cut => (ProblemKind::Malformed, "it ends within an object; what came before was read".to_owned()),
        SplitError::Syntax { offset, found, expected } => {
            let found = char::from(*found).escape_default();
            (ProblemKind::Malformed, format!("byte {offset} is '{found}' where {expected} should be"))
        }
        SplitError::Utf16 => (ProblemKind::Malformed, "it is in UTF-16; save it as UTF-8".to_owned()),
        SplitError::Over(what) => {
            let limit = match *what {
                "bytes of a file" => limits.file_bytes.to_string(),
                "bytes of an object" => limits.object_bytes.to_string(),
                _ => limits.depth.to_string(),
            };
            (ProblemKind::TooLarge, format!("it is over the limit of {limit} for the {what}"))
        }
    }
}
