//! Tests of the store through its public interface, against real SQLite files.

mod child;
mod concurrency;
mod damage;
mod filters;
mod full_disk;
mod kill;
mod opening;
mod round_trip;
mod sample;
mod selectors;
