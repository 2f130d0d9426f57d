//! Package list: what a package manager prints of what is installed, one package a line.
//!
//! Three package managers in the forms that people keep: `dpkg-query -W` (alone, or with the columns name, version,
//! architecture, source and source version), `dpkg -l`, `rpm -qa` (alone, or with the columns name, EVR, architecture, source
//! rpm and module label), `apk list -I` and `apk info -v`. Surprising: of these only the columns and `apk list` name
//! source packages, without which Debian's and Alpine's advisories find half of what they are about.

mod line;
mod read;

pub use line::{Line, Manager, parse_line};
pub use read::read_package_list;
