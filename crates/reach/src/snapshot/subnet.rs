//! VPCs and their subnets.

use serde::Deserialize;

use super::cidr::Cidr;
use super::names::Name;
use super::reading::filled;
use super::record::record;
use super::scope::ScopeId;
use super::tag::Tag;
use super::word::{Word, words};

words! {
    /// Whether a block of addresses belongs to its VPC or subnet.
    BlockState, "state of a block of addresses":
    Associating = "associating", Associated = "associated", Disassociating = "disassociating",
    Disassociated = "disassociated", Failing = "failing", Failed = "failed",
}

/// A block of addresses of a VPC or subnet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "BlockRecord")]
pub struct Block {
    /// The addresses.
    pub cidr: Cidr,
    /// Whether it is in use; absent when not told.
    pub state: Option<Word<BlockState>>,
}

impl Block {
    /// Whether its addresses are in use: what is not told, or not understood, is taken for in use.
    pub fn is_associated(&self) -> bool {
        !matches!(self.state, Some(Word::Known(state)) if state != BlockState::Associated)
    }
}

/// A virtual private cloud.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Vpc {
    /// `vpc-…`
    #[serde(rename = "VpcId")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// Its primary block, which the list of blocks repeats.
    #[serde(rename = "CidrBlock")]
    pub primary: Option<Cidr>,
    /// All blocks of version 4.
    #[serde(default, rename = "CidrBlockAssociationSet")]
    pub ipv4: Box<[Block]>,
    /// All blocks of version 6.
    #[serde(default, rename = "Ipv6CidrBlockAssociationSet")]
    pub ipv6: Box<[Block]>,
    /// The account that owns it.
    #[serde(default, rename = "OwnerId", deserialize_with = "filled")]
    pub owner: Option<Name>,
    /// Whether it is the region's default VPC.
    #[serde(default)]
    pub is_default: bool,
    /// Its tags.
    #[serde(default)]
    pub tags: Box<[Tag]>,
}

impl Vpc {
    /// Every block in use, each once (R2, P2).
    pub fn cidrs(&self) -> impl Iterator<Item = Cidr> {
        let listed = self.ipv4.iter().chain(&self.ipv6);
        let primary = self.primary.filter(|primary| self.ipv4.iter().all(|block| block.cidr != *primary));
        primary.into_iter().chain(listed.filter(|block| block.is_associated()).map(|block| block.cidr))
    }
}

/// A subnet.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Subnet {
    /// `subnet-…`
    #[serde(rename = "SubnetId")]
    pub id: Name,
    /// Its account and region.
    #[serde(skip)]
    pub scope: ScopeId,
    /// Its VPC.
    #[serde(rename = "VpcId")]
    pub vpc: Name,
    /// Its block of version 4; a subnet may have version 6 only.
    #[serde(rename = "CidrBlock")]
    pub ipv4: Option<Cidr>,
    /// Its blocks of version 6.
    #[serde(default, rename = "Ipv6CidrBlockAssociationSet")]
    pub ipv6: Box<[Block]>,
    /// Its availability zone.
    #[serde(default, rename = "AvailabilityZone", deserialize_with = "filled")]
    pub zone: Option<Name>,
    /// The account that owns it; others may use it (X4).
    #[serde(default, rename = "OwnerId", deserialize_with = "filled")]
    pub owner: Option<Name>,
    /// Its tags.
    #[serde(default)]
    pub tags: Box<[Tag]>,
}

record!(Vpc, Subnet);

impl From<BlockRecord> for Block {
    fn from(record: BlockRecord) -> Block {
        Block { cidr: record.cidr, state: record.state.map(|state| state.state) }
    }
}

#[derive(Clone, Debug, Deserialize)]
struct BlockRecord {
    #[serde(rename = "CidrBlock", alias = "Ipv6CidrBlock")]
    cidr: Cidr,
    #[serde(rename = "CidrBlockState", alias = "Ipv6CidrBlockState")]
    state: Option<StateRecord>,
}

#[derive(Clone, Debug, Deserialize)]
struct StateRecord {
    #[serde(rename = "State")]
    state: Word<BlockState>,
}
