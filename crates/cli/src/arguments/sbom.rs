//! Arguments of `assay sbom`.

use std::str::FromStr;

use camino::Utf8PathBuf;
use clap::Args;

use super::SourceArguments;

/// A format of a bill of materials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SbomFormat {
    /// CycloneDX 1.6, JSON.
    CycloneDx,
    /// SPDX 2.3, JSON.
    Spdx,
    /// SPDX 3.0, JSON-LD.
    Spdx3,
}

/// One `-o`: a format, and the file to write it to.
#[derive(Clone, Debug)]
pub struct SbomOutput {
    /// Format.
    pub format: SbomFormat,
    /// File; stdout where absent or `-`.
    pub path: Option<Utf8PathBuf>,
}

impl FromStr for SbomOutput {
    type Err = String;

    fn from_str(text: &str) -> Result<SbomOutput, String> {
        let (format, path) = match text.split_once('=') {
            Some((format, path)) => (format, Some(path).filter(|path| *path != "-").map(Utf8PathBuf::from)),
            None => (text, None),
        };
        if path.as_ref().is_some_and(|path| path.as_str().is_empty()) {
            return Err(format!("{text:?} names no file after the ="));
        }
        let format = match format {
            "cyclonedx" => SbomFormat::CycloneDx,
            "spdx" => SbomFormat::Spdx,
            "spdx3" => SbomFormat::Spdx3,
            _ => return Err(format!("{format:?} is no format: use cyclonedx, spdx or spdx3")),
        };
        Ok(SbomOutput { format, path })
    }
}

/// Arguments of `assay sbom`.
#[derive(Debug, Args)]
pub struct SbomArguments {
    /// What to list.
    #[command(flatten)]
    pub source: SourceArguments,
    /// Format, and the file to write it to: cyclonedx, spdx, spdx3; may be repeated [default: cyclonedx]
    #[arg(short, long, value_name = "FORMAT[=FILE]")]
    pub output: Vec<SbomOutput>,
}
