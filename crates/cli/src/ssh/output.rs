//! What the host writes: evidence behind a known line, and messages. All of it is hostile and bounded.

use std::io::{self, BufRead, Read};

/// The line before the evidence: what the host's login scripts print comes before it.
pub(super) const MARKER: &str = "assay-evidence-follows";

/// Most bytes before the evidence.
const MAX_NOISE: usize = 64 << 10;

/// Most lines that are passed on.
const MAX_LINES: usize = 200;

/// Most bytes of a line that are passed on.
const MAX_LINE_BYTES: u64 = 2 << 10;

/// Why the output is no evidence.
#[derive(Debug, thiserror::Error)]
pub(super) enum OutputError {
    /// The evidence does not begin.
    #[error("the host sent no evidence{}", told(.start))]
    NoEvidence {
        /// What it sent instead, cut short.
        start: String,
    },
    /// Something else comes, and does not end.
    #[error("the host sent no evidence within {} KiB{}", MAX_NOISE >> 10, told(.start))]
    Noise {
        /// How it begins.
        start: String,
    },
    /// The evidence does not end.
    #[error("the evidence is over the limit of {} MiB", .limit >> 20)]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The pipe fails.
    #[error("failed to read what the host sent")]
    Read(#[source] io::Error),
}

fn told(start: &str) -> String {
    if start.is_empty() { String::new() } else { format!(", but: {start}") }
}

/// Reads to the end; returns what comes after the marker.
///
/// # Errors
///
/// When there is no marker near the beginning, or more than `limit` bytes after it.
pub(super) fn read_evidence(output: &mut impl Read, limit: usize) -> Result<Vec<u8>, OutputError> {
    let marker = format!("{MARKER}\n").into_bytes();
    let mut bytes = Vec::new();
    output.by_ref().take(MAX_NOISE as u64).read_to_end(&mut bytes).map_err(OutputError::Read)?;
    let found = bytes.windows(marker.len()).position(|window| window == marker);
    let Some(position) = found else {
        let start = String::from_utf8_lossy(&bytes).trim().chars().take(200).collect();
        let is_endless = bytes.len() == MAX_NOISE;
        return Err(if is_endless { OutputError::Noise { start } } else { OutputError::NoEvidence { start } });
    };
    bytes.drain(..position + marker.len());
    let rest = (limit + 1).saturating_sub(bytes.len());
    output.take(rest as u64).read_to_end(&mut bytes).map_err(OutputError::Read)?;
    if bytes.len() > limit { Err(OutputError::TooLarge { limit }) } else { Ok(bytes) }
}

/// Passes the lines on, the first ones, each cut short; reads to the end, so that the host can go on.
pub(super) fn read_messages(messages: impl Read, mut pass_on: impl FnMut(String)) {
    let mut messages = io::BufReader::new(messages);
    for count in 0.. {
        let mut line = Vec::new();
        let read = messages.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line);
        if !read.is_ok_and(|bytes| bytes > 0) {
            return;
        }
        if count == MAX_LINES {
            pass_on("further messages are left out".to_owned());
            // What is left out is read for the sake of the host only.
            let _ = io::copy(&mut messages, &mut io::sink());
            return;
        }
        let line = String::from_utf8_lossy(&line);
        if !line.trim().is_empty() {
            pass_on(line.trim_end().to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, limit: usize) -> Result<String, String> {
        let read = read_evidence(&mut text.as_bytes(), limit).map_err(|error| error.to_string());
        read.map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn evidence_is_what_follows_the_marker() {
        assert_eq!(read("assay-evidence-follows\n{}", 10), Ok("{}".to_owned()));
        assert_eq!(read("Welcome!\nassay-evidence-follows\n{}\n", 10), Ok("{}\n".to_owned()));
        assert_eq!(read("", 10), Err("the host sent no evidence".to_owned()));
        assert_eq!(read("no such account\n", 10), Err("the host sent no evidence, but: no such account".to_owned()));
    }

    #[test]
    fn endless_output_ends() {
        let noise = read_evidence(&mut io::repeat(b'y'), 10).unwrap_err().to_string();
        assert!(noise.starts_with("the host sent no evidence within 64 KiB, but: yyy") && noise.len() < 300, "{noise}");
        let mut endless = "assay-evidence-follows\n".as_bytes().chain(io::repeat(b'{'));
        let endless = read_evidence(&mut endless, 3 << 20).unwrap_err().to_string();
        assert_eq!(endless, "the evidence is over the limit of 3 MiB");
    }

    #[test]
    fn messages_are_cut_in_number_and_length() {
        let mut lines = Vec::new();
        read_messages("a\n\nb".as_bytes(), |line| lines.push(line));
        assert_eq!(lines, ["a", "b"]);
        lines.clear();
        read_messages(io::repeat(b'x').take(10 << 20), |line| lines.push(line));
        assert_eq!(lines.len(), MAX_LINES + 1);
        assert_eq!(lines.iter().map(String::len).max(), Some(2 << 10));
    }
}
