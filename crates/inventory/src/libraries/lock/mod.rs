//! Lock files and manifests: what an installation would bring.
//!
//! One file per format, from bytes to [`super::found::Parsed`]; nothing here opens a file. Surprising: only exact
//! versions are taken. A range says what would do, not what is there.

mod bun_lock;
mod cargo_lock;
mod composer;
mod deps_json;
mod format;
mod gemfile_lock;
mod go_mod;
mod go_version;
mod gradle_lock;
mod maven_pom;
mod npm_version;
mod nuget_lock;
mod package_lock;
mod packages_config;
mod pdm_lock;
mod pipfile_lock;
mod pnpm_lock;
mod poetry_lock;
mod pylock;
mod requirements;
mod syntax;
mod uv_lock;
mod xml;
mod yaml;
mod yarn_lock;

pub use format::{LockFormat, parser_of};
