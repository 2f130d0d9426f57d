//! Instances: the inventory of EC2, as `describe-instances` told it last.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

use assay_model::arn::Realm;
use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::open::{Store, encode};
use super::rows::realm_text;
use super::statement::{Statement, Value, insert_rows};

/// The key of the tag by which an auto scaling group marks its instances.
pub(super) const AUTO_SCALING_TAG: &str = "aws:autoscaling:groupName";

/// The state of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstanceState {
    /// It starts.
    Pending,
    /// It runs: the only state in which a target selects it.
    Running,
    /// It is on its way to its end.
    ShuttingDown,
    /// It is gone, and still listed for a while.
    Terminated,
    /// It is on its way to a stop.
    Stopping,
    /// It does not run and may be started again.
    Stopped,
    /// Not told, or a word that is not known.
    Unknown,
}

/// An interface of an instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceInterface {
    /// `eni-…`
    pub id: String,
    /// Its subnet.
    pub subnet: Option<String>,
    /// Its VPC.
    pub vpc: Option<String>,
    /// Its private addresses, the primary one first.
    pub private_addresses: Vec<Ipv4Addr>,
    /// The public address of the primary one.
    pub public_address: Option<Ipv4Addr>,
    /// Its addresses of version 6.
    pub ipv6_addresses: Vec<Ipv6Addr>,
    /// Its security groups: id, and name where it is known.
    pub security_groups: Vec<(String, Option<String>)>,
}

/// An instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    /// `i-…`
    pub id: String,
    /// Its state.
    pub state: InstanceState,
    /// `ami-…`
    pub image: Option<String>,
    /// Its VPC.
    pub vpc: Option<String>,
    /// The subnet of its primary interface.
    pub subnet: Option<String>,
    /// The private address of its primary interface.
    pub private_address: Option<Ipv4Addr>,
    /// The public address of its primary interface.
    pub public_address: Option<Ipv4Addr>,
    /// The name of its private address.
    pub private_dns: Option<String>,
    /// The name of its public address.
    pub public_dns: Option<String>,
    /// Its interfaces.
    pub interfaces: Vec<InstanceInterface>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

impl Instance {
    /// The tag `Name`.
    pub fn name(&self) -> Option<&str> {
        self.tags.get("Name").map(String::as_str)
    }
}

/// Whether a list of instances is all there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inventory {
    /// What is not in it is gone.
    Whole,
    /// Part of it could not be read: what is not in it may still be there.
    Partial,
}

impl Store {
    /// Takes the inventory of a realm, in one transaction.
    ///
    /// # Errors
    ///
    /// When the database fails; then the old inventory stays.
    pub async fn replace_instances(
        &self,
        realm: &Realm,
        instances: &[Instance],
        inventory: Inventory,
    ) -> Result<(), StoreError> {
        let failed = self.failed_to("store the inventory of instances");
        let realm_text = realm_text(realm);
        // An id that is listed twice would be one row twice.
        let by_id: BTreeMap<&str, &Instance> = instances.iter().map(|it| (it.id.as_str(), it)).collect();
        let rows: Vec<Vec<Value>> = by_id
            .iter()
            .map(|(id, instance)| {
                let body = encode("an instance", instance)?;
                Ok(vec![realm_text.as_str().into(), (*id).into(), realm.account.as_str().into(), body.into()])
            })
            .collect::<Result<_, StoreError>>()?;
        let mut transaction = self.begin("store the inventory of instances").await?;
        match inventory {
            Inventory::Whole => {
                let mut delete = Statement::new("DELETE FROM instance");
                delete.condition("realm = ").bind(realm_text.as_str());
                delete.execute(&mut transaction).await.map_err(&failed)?;
            }
            Inventory::Partial => {
                for id in by_id.keys() {
                    let mut delete = Statement::new("DELETE FROM instance");
                    delete.condition("realm = ").bind(realm_text.as_str());
                    delete.condition("instance_id = ").bind(*id);
                    delete.execute(&mut transaction).await.map_err(&failed)?;
                }
            }
        }
        insert_rows(&mut transaction, INSERT_INSTANCE, rows.into_iter()).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)
    }
}

const INSERT_INSTANCE: &str = "INSERT INTO instance (realm, instance_id, account, body) VALUES ";
