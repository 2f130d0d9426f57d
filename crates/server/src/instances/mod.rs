//! Instances without an agent: the inventory of EC2, read from a folder of what `aws ec2 describe-instances` prints.

mod keep;
mod read;
mod stamp;

pub use keep::{InstanceFolder, InstanceKeeper, KeepError, Taken};
pub use read::{InstancesRead, Whose, read};
pub(crate) use stamp::stamp;
