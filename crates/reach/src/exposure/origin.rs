//! Origins: where traffic enters.

use crate::snapshot::{Name, Snapshot};

/// Where traffic enters a VPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The internet, through an internet gateway.
    Internet,
    /// The VPC at the far end of a peering connection.
    Peered(Name),
    /// A VPN or Direct Connect, through a virtual private gateway.
    Vpn(Name),
    /// What is attached elsewhere to a transit gateway.
    Transit {
        /// The transit gateway that the target is attached to.
        gateway: Name,
        /// What the traffic comes from: a VPC, a VPN, or the attachment itself.
        from: Name,
    },
    /// An endpoint service: consumers in other VPCs and accounts (K2).
    PrivateLink(Name),
}

impl Origin {
    /// As it is written: `internet`, `peered pcx-…`, `vgw vgw-…`, `tgw tgw-… (vpc-…)`, `privatelink vpce-svc-…`.
    pub fn text(self, snapshot: &Snapshot) -> String {
        match self {
            Origin::Internet => "internet".to_owned(),
            Origin::Peered(id) => format!("peered {}", snapshot.text(id)),
            Origin::Vpn(id) => format!("vgw {}", snapshot.text(id)),
            Origin::Transit { gateway, from } => {
                format!("tgw {} ({})", snapshot.text(gateway), snapshot.text(from))
            }
            Origin::PrivateLink(id) => format!("privatelink {}", snapshot.text(id)),
        }
    }
}

/// What is modelled of the far side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// Nothing: whatever lies beyond an edge may send all that the edge lets in. Inspector Classic means this by reachable.
    Edge,
    /// The far side too, where it is in the snapshot: its routes, groups and ACLs.
    #[default]
    EndToEnd,
}
