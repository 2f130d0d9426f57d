//! What is judged: a package of the operating system, or a library.

use assay_model::evidence::library::Library;
use assay_model::evidence::package::Package;

/// A package or a library of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Installed<'a> {
    /// A package of the operating system.
    Package(&'a Package),
    /// A library of a programming language.
    Library(&'a Library),
}

impl<'a> Installed<'a> {
    /// Its name.
    pub fn name(self) -> &'a str {
        match self {
            Installed::Package(package) => &package.name,
            Installed::Library(library) => &library.name,
        }
    }

    /// Its version.
    pub fn version(self) -> &'a str {
        match self {
            Installed::Package(package) => &package.version,
            Installed::Library(library) => &library.version,
        }
    }

    /// Its architecture; empty for a library.
    pub fn architecture(self) -> &'a str {
        match self {
            Installed::Package(package) => &package.architecture,
            Installed::Library(_) => "",
        }
    }

    /// Its source package; its own name for a library.
    pub fn source_name(self) -> &'a str {
        match self {
            Installed::Package(package) => &package.source_name,
            Installed::Library(library) => &library.name,
        }
    }

    /// The version of its source package; its own for a library.
    pub fn source_version(self) -> &'a str {
        match self {
            Installed::Package(package) => &package.source_version,
            Installed::Library(library) => &library.version,
        }
    }

    /// The package, where it is one.
    pub fn package(self) -> Option<&'a Package> {
        match self {
            Installed::Package(package) => Some(package),
            Installed::Library(_) => None,
        }
    }

    /// The library, where it is one.
    pub fn library(self) -> Option<&'a Library> {
        match self {
            Installed::Library(library) => Some(library),
            Installed::Package(_) => None,
        }
    }
}
