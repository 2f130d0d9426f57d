//! PDF: the report as a document to hand on: cover, contents with page numbers, sections, a footer on every page.
//!
//! Laid out in one pass into pages of texts, bars and links ([`layout`]); the numbers of pages that a text refers to are
//! filled in when all are known. Then krilla writes the pages ([`write`]), tagged for screen readers (PDF 1.7 §14.8).
//! Letters are not shaped: what the fonts do not have, right-to-left scripts among it, is written out as `\u{5d0}`, so a
//! text cannot reorder or overprint what is beside it.

mod blocks;
mod cover;
mod layout;
mod registration;
mod structure;
mod table;
mod typeface;
mod wrap;
mod write;

pub(crate) use registration::PDF;
pub use write::pdf;
