//! What could not be worked out: ways into a network that Inspector has an exclusion for, each (reference §2.5).

use super::finding::Route;

/// A way into a network, as exclusions tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExcludedRoute {
    /// The internet, straight.
    Internet,
    /// The internet, through an Application Load Balancer; through a Network Load Balancer, too, which Inspector did not know.
    ApplicationLoadBalancer,
    /// The internet, through a classic load balancer.
    ClassicLoadBalancer,
    /// A VPN.
    Vpn,
    /// AWS Direct Connect.
    DirectConnect,
    /// A peered VPC.
    VpcPeering,
}

impl ExcludedRoute {
    /// Every way.
    pub const ALL: [ExcludedRoute; 6] = [
        ExcludedRoute::Internet,
        ExcludedRoute::ApplicationLoadBalancer,
        ExcludedRoute::ClassicLoadBalancer,
        ExcludedRoute::Vpn,
        ExcludedRoute::DirectConnect,
        ExcludedRoute::VpcPeering,
    ];

    /// The title of its exclusion: Inspector's, to the letter.
    pub fn title(self) -> &'static str {
        match self {
            ExcludedRoute::Internet => "Network Reachability error – internet",
            ExcludedRoute::ApplicationLoadBalancer => {
                "Network Reachability error – internet through an Application Load Balancer"
            }
            ExcludedRoute::ClassicLoadBalancer => {
                "Network Reachability error – internet through an Elastic Load Balancing load balancer"
            }
            ExcludedRoute::Vpn => "Network Reachability error – VPN",
            ExcludedRoute::DirectConnect => "Network Reachability error – AWS Direct Connect",
            ExcludedRoute::VpcPeering => "Network Reachability error – VPC peering",
        }
    }

    /// The route of the findings that may be missing.
    pub fn route(self) -> Route {
        match self {
            ExcludedRoute::Internet | ExcludedRoute::ApplicationLoadBalancer | ExcludedRoute::ClassicLoadBalancer => {
                Route::Internet
            }
            ExcludedRoute::Vpn | ExcludedRoute::DirectConnect => Route::Vgw,
            ExcludedRoute::VpcPeering => Route::PeeredVpc,
        }
    }
}

/// Something that may be reachable: whether it is, the snapshot does not tell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Undecided {
    /// The way.
    pub route: ExcludedRoute,
    /// What may be open and through what, for example `tcp 22-22 from igw-1`.
    pub what: String,
    /// What is not known, as far as it has a name: for example `sg-1: it is not in the snapshot`.
    pub because: Vec<String>,
}

/// A kind of object that a snapshot tells nothing of, or not all: what belongs to a way may be missing as a whole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// The way.
    pub route: ExcludedRoute,
    /// What is missing, for example `no file tells of ec2 describe-vpc-peering-connections`.
    pub detail: String,
}
