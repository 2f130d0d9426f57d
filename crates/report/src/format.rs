//! The registry of formats: `-o FORMAT[=PATH]`.
//!
//! To add a format, write one file that defines a [`Registration`] and name it in one line of [`formats!`] below.

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use assay_model::assessment::Assessment;

use crate::{Options, ReportError};

/// Writes a whole assessment.
type WriteReport = fn(&Assessment, &Options, &mut dyn Write) -> io::Result<()>;

/// What a format's file says about it.
#[derive(Debug)]
pub(crate) struct Registration {
    /// The word of `-o`.
    pub(crate) name: &'static str,
    /// The media type (RFC 6838) with its parameters.
    pub(crate) media_type: &'static str,
    /// The extension of a file of this format, without the dot.
    pub(crate) extension: &'static str,
    /// Writes it.
    pub(crate) write: WriteReport,
}

macro_rules! formats {
    ($($(#[doc = $doc:literal])* $(#[cfg($needs:meta)])? $variant:ident => $registration:path,)+) => {
        /// A format that a report can be written in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Format {
            $($(#[doc = $doc])* $(#[cfg($needs)])? $variant,)+
        }

        impl Format {
            /// Every format, in the order in which help lists them.
            pub const ALL: &'static [Format] = &[$($(#[cfg($needs)])? Format::$variant),+];

            fn registration(self) -> &'static Registration {
                match self {
                    $($(#[cfg($needs)])? Format::$variant => &$registration,)+
                }
            }
        }
    };
}

formats! {
    /// Findings worst first, for a terminal; the default there.
    Table => crate::terminal::TABLE,
    /// Every finding in full, for a terminal.
    Text => crate::terminal::TEXT,
    /// One object `{run, findings, exclusions, coverage, assay}`.
    Json => crate::json::JSON,
    /// One object a line: the run, each finding, each exclusion, the coverage.
    Jsonl => crate::jsonl::JSONL,
    /// The 28 columns of Inspector's export.
    Csv => crate::csv::CSV,
    /// One self-contained page.
    Html => crate::html::HTML,
    /// OpenVEX: each affected package as a statement.
    OpenVex => crate::openvex::OPENVEX,
    /// The report of the run, to print and to send around.
    #[cfg(feature = "pdf")]
    Pdf => crate::run_report::PDF,
}

impl Format {
    /// The word of the command line, for example `jsonl`.
    pub fn name(self) -> &'static str {
        self.registration().name
    }

    /// The media type, for example `text/csv; charset=utf-8; header=present`.
    pub fn media_type(self) -> &'static str {
        self.registration().media_type
    }

    /// The usual extension of a file in this format, without the dot.
    pub fn extension(self) -> &'static str {
        self.registration().extension
    }

    /// Writes an assessment in this format. The writer is written to in small pieces: hand in a buffered one.
    ///
    /// # Errors
    ///
    /// [`ReportError::Write`] when the writer fails.
    pub fn write(self, assessment: &Assessment, options: &Options, writer: &mut dyn Write) -> Result<(), ReportError> {
        (self.registration().write)(assessment, options, writer)
            .map_err(|cause| ReportError::Write { format: self.name(), cause })
    }

    /// An assessment in this format, in memory.
    ///
    /// # Errors
    ///
    /// As [`Format::write`], which memory itself never causes.
    pub fn render(self, assessment: &Assessment, options: &Options) -> Result<Vec<u8>, ReportError> {
        let mut bytes = Vec::new();
        self.write(assessment, options, &mut bytes)?;
        Ok(bytes)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The text names no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no format: use {}", format_names())]
pub struct ParseFormatError {
    /// What was given.
    pub text: String,
}

impl FromStr for Format {
    type Err = ParseFormatError;

    fn from_str(text: &str) -> Result<Format, ParseFormatError> {
        Format::ALL
            .iter()
            .copied()
            .find(|format| format.name() == text)
            .ok_or_else(|| ParseFormatError { text: text.to_owned() })
    }
}

/// The names as a list in a sentence: `table, text, … or html`.
fn format_names() -> String {
    let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
    match names.split_last() {
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_parse_back() {
        for format in Format::ALL {
            assert_eq!(format.name().parse(), Ok(*format));
            assert!(!format.media_type().is_empty() && !format.extension().contains('.'));
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let error = "xlsx".parse::<Format>().unwrap_err().to_string();
        assert!(error.starts_with(r#""xlsx" is no format: use table, text, json, jsonl, csv, html"#), "{error}");
        for format in Format::ALL {
            assert!(error.contains(format.name()), "{error}");
        }
    }
}
