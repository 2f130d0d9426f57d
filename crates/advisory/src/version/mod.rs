//! Version orders, one file per ecosystem.
