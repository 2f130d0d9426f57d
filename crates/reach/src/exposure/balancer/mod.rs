//! Load balancers: what they listen on, what they lead to, and whether their targets admit them (L1–L12).

mod goal;
mod leg;
mod model;

pub(crate) use goal::{Goal, Listen};
pub(crate) use leg::{leg, preserved};
pub(crate) use model::{Balancer, Node, all};
