//! Reading: from a snapshot of networks to the instances of each account and region.

use std::collections::BTreeMap;

use assay_model::arn::{Realm, TargetArn};
use assay_model::evidence::{Problem, ProblemKind};
use assay_model::region::Region;
use assay_reach::snapshot::{self, Kind, Limits, Name, Presence, ScopeId, Snapshot, Word};
use camino::Utf8Path;

use crate::store::{Instance, InstanceInterface, InstanceState, Inventory};

/// Much less than a snapshot for reachability may have: this is read again whenever a file changes.
const LIMITS: Limits = Limits {
    files: 20_000,
    folder_depth: 8,
    file_bytes: 2 << 30,
    object_bytes: 16 << 20,
    objects: 4_000_000,
    depth: 64,
    name_bytes: 512 << 20,
    problems: 100,
};

/// Whose the instances are, where that is not what the files say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whose {
    /// 12 digits.
    pub account: Option<String>,
    /// For example `eu-west-1`.
    pub region: Option<String>,
}

/// What a folder tells.
#[derive(Debug)]
pub struct InstancesRead {
    /// The instances of each account and region of which a file tells, and whether it is all of them.
    pub realms: Vec<(Realm, Vec<Instance>, Inventory)>,
    /// What could not be used, of instances and of what else is in the folder.
    pub problems: Vec<Problem>,
}

/// Reads a folder. Account and region are those of the folders that a file lies in, else what each instance says: the owner of
/// its reservation and its availability zone.
pub fn read(folder: &Utf8Path, whose: &Whose) -> InstancesRead {
    let snapshot = Snapshot::read(folder.as_std_path(), LIMITS);
    let mut realms = BTreeMap::new();
    let mut problems = snapshot.problems.clone();
    let scopes = (0..snapshot.scopes.len()).filter_map(|index| u16::try_from(index).ok()).map(ScopeId);
    // A list of none is told, too.
    for scope in scopes.filter(|scope| snapshot.presence(*scope, Kind::Instances) != Presence::Missing) {
        let place = place(&snapshot, scope, whose);
        let Some(realm) = place.account.zip(place.region).and_then(|(account, region)| realm(account, region)) else {
            continue;
        };
        add(&mut realms, realm, inventory(&snapshot, scope), None);
    }
    for instance in snapshot.instances.iter() {
        let place = place(&snapshot, instance.scope, whose);
        let text = |name: Name| snapshot.text(name).to_owned();
        let account = place.account.or_else(|| instance.owner.map(text));
        let region = place.region.or_else(|| instance.zone.and_then(|zone| region_of_zone(snapshot.text(zone))));
        match account.zip(region).and_then(|(account, region)| realm(account, region)) {
            Some(realm) => {
                let inventory = inventory(&snapshot, instance.scope);
                add(&mut realms, realm, inventory, Some(convert(&snapshot, instance)));
            }
            None => {
                let detail = "neither a folder nor the instance says its account (12 digits) and region";
                problems.push(Problem::new(text(instance.id), ProblemKind::NotSupported, detail));
            }
        }
    }
    InstancesRead { realms: realms.into_values().collect(), problems }
}

type Realms = BTreeMap<(String, String), (Realm, Vec<Instance>, Inventory)>;

fn add(realms: &mut Realms, realm: Realm, inventory: Inventory, instance: Option<Instance>) {
    let key = (realm.account.clone(), realm.region.clone());
    let (_, instances, known) = realms.entry(key).or_insert_with(|| (realm, Vec::new(), Inventory::Whole));
    instances.extend(instance);
    if inventory == Inventory::Partial {
        *known = Inventory::Partial;
    }
}

fn inventory(snapshot: &Snapshot, scope: ScopeId) -> Inventory {
    match snapshot.presence(scope, Kind::Instances) {
        Presence::Whole => Inventory::Whole,
        Presence::Partial | Presence::Missing => Inventory::Partial,
    }
}

/// What is told of a whole file.
fn place(snapshot: &Snapshot, scope: ScopeId, whose: &Whose) -> Whose {
    let told = snapshot.scope(scope);
    let text = |name: Option<Name>| name.map(|name| snapshot.text(name).to_owned());
    Whose {
        account: whose.account.clone().or_else(|| text(told.account)),
        region: whose.region.clone().or_else(|| text(told.region)),
    }
}

/// A realm; none where it could not stand in an ARN.
fn realm(account: String, region: String) -> Option<Realm> {
    let partition = Region::find(&region).map_or("aws", |region| region.partition).to_owned();
    let probe = format!("arn:{partition}:inspector:{region}:{account}:target/0-00000000");
    probe.parse::<TargetArn>().ok()?;
    Some(Realm { partition, region, account })
}

/// The region of `eu-west-1a`, and of a local zone such as `us-west-2-lax-1a`: up to the first number.
fn region_of_zone(zone: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in zone.split('-') {
        let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
        if digits.is_empty() {
            parts.push(part.to_owned());
        } else {
            parts.push(digits);
            return Some(parts.join("-"));
        }
    }
    None
}

fn convert(snapshot: &Snapshot, instance: &snapshot::Instance) -> Instance {
    let text = |name: Name| snapshot.text(name).to_owned();
    let interfaces = instance.interfaces.iter().filter_map(|id| snapshot.interfaces.get(*id));
    Instance {
        id: text(instance.id),
        state: state(instance.state),
        image: instance.image.map(text),
        vpc: instance.vpc.map(text),
        subnet: instance.subnet.map(text),
        private_address: instance.private_address,
        public_address: instance.public_address,
        private_dns: instance.private_dns.map(text),
        public_dns: instance.public_dns.map(text),
        interfaces: interfaces.map(|interface| convert_interface(snapshot, interface)).collect(),
        tags: instance.tags.iter().map(|tag| (text(tag.key), text(tag.value))).collect(),
    }
}

fn convert_interface(snapshot: &Snapshot, interface: &snapshot::Interface) -> InstanceInterface {
    let text = |name: Name| snapshot.text(name).to_owned();
    let addresses = snapshot.interfaces.addresses(interface);
    let group = |id: &Name| {
        let name = snapshot.security_groups.get(*id).and_then(|group| group.name);
        (text(*id), name.map(text))
    };
    InstanceInterface {
        id: text(interface.id),
        subnet: interface.subnet.map(text),
        vpc: interface.vpc.map(text),
        private_addresses: addresses.iter().map(|address| address.private).collect(),
        public_address: addresses.first().and_then(|address| address.public),
        ipv6_addresses: snapshot.interfaces.ipv6(interface).to_vec(),
        security_groups: snapshot.interfaces.groups(interface).iter().map(group).collect(),
    }
}

fn state(state: Option<Word<snapshot::InstanceState>>) -> InstanceState {
    use snapshot::InstanceState as Told;
    match state {
        Some(Word::Known(Told::Pending)) => InstanceState::Pending,
        Some(Word::Known(Told::Running)) => InstanceState::Running,
        Some(Word::Known(Told::ShuttingDown)) => InstanceState::ShuttingDown,
        Some(Word::Known(Told::Terminated)) => InstanceState::Terminated,
        Some(Word::Known(Told::Stopping)) => InstanceState::Stopping,
        Some(Word::Known(Told::Stopped)) => InstanceState::Stopped,
        Some(Word::Unknown(_)) | None => InstanceState::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_tells_its_region() {
        let cases = [
            ("eu-west-1a", Some("eu-west-1")),
            ("us-west-2-lax-1a", Some("us-west-2")),
            ("us-gov-east-1b", Some("us-gov-east-1")),
            ("", None),
            ("mars", None),
        ];
        for (zone, region) in cases {
            assert_eq!(region_of_zone(zone).as_deref(), region, "{zone}");
        }
    }
}
