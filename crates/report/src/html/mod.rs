//! HTML: one self-contained page that works from disk, without network, and without scripts.
//!
//! The page is written in three parts, a finding at a time, so that 5,000 findings need no more memory than one. Its
//! Content-Security-Policy allows exactly the one style sheet and the one script that it carries, by their hashes: text
//! that got past the escaping could still not run.

mod finding;
mod head;
mod page;
mod policy;
mod tail;
mod text;

pub(crate) use page::HTML;
pub(crate) use policy::content_security_policy;
pub(crate) use text::band_number;
