//! A network: what a snapshot says, resolved for analysis. Ids in comments are those of the semantic checklist (`network.md` §5).

mod acl;
mod bpa;
mod groups;
mod notes;
mod place;
mod protocol;
mod routes;
mod transit;
mod vpc;
mod whole;

pub use acl::Direction;
pub use notes::{Assumption, View};
pub use protocol::{NoProtocol, Protocol};
pub use whole::Network;

pub(crate) use acl::{in_order, line as acl_line};
pub(crate) use groups::{Peers, RuleSource};
pub(crate) use place::{Place, PlaceId};
pub(crate) use protocol::{Fit, fit};
pub(crate) use transit::{Delivery, is_there};
pub(crate) use vpc::{PeeringView, VpcView};
