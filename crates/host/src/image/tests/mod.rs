//! Images of every form and of bad intent.

mod equality;
mod hostile;
mod layers;
mod selection;
mod support;
