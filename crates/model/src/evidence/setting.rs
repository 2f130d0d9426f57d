//! Setting: one configured value, with the place that sets it.

use serde::{Deserialize, Serialize};

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingSource {
    /// A line of a file.
    File,
    /// Compiled into the program: no file sets it.
    Default,
    /// The running kernel.
    Kernel,
}

/// One configured value, with the place that sets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// The value, as written (quotes removed).
    pub value: String,
    /// What kind of place.
    pub source: SettingSource,
    /// The file on the host, for [`SettingSource::File`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// 1-based line in that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

impl Setting {
    /// A value that a line of a file sets.
    pub fn from_file(value: impl Into<String>, file: impl Into<String>, line: u32) -> Setting {
        Setting { value: value.into(), source: SettingSource::File, file: Some(file.into()), line: Some(line) }
    }

    /// A value that is compiled in.
    pub fn compiled_in(value: impl Into<String>) -> Setting {
        Setting { value: value.into(), source: SettingSource::Default, file: None, line: None }
    }
}
