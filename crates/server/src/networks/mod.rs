//! Networks: their configuration, from folders of what the AWS command line prints, for who judges reachability.

mod folder;

pub use folder::NetworkFolder;
