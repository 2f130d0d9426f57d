//! Version orders against their references' own lists, against lists of others, and against the references themselves.

mod dpkg;
mod lists;
mod pieces;
mod properties;
mod references;
mod rows;
