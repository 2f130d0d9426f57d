//! Runs: their life, on both databases, with workers that die at any point.

mod conflicts;
mod judge;
mod kill;
mod life;
mod lists;
mod networks;
mod previews;
pub(crate) mod scene;
mod schedules;
mod start;
