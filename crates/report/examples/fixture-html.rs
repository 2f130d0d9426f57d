//! Writes the HTML report of a fixture to a file, for the browser tests and for looking at it.
//!
//! `fixture-html FILE [ordinary|hostile|undecided|COUNT]`; a count makes an assessment with so many findings.

use std::fs::File;
use std::io::{BufWriter, Error, Write as _};

use assay_report::{Format, Options};

#[path = "../tests/it/fixture/mod.rs"]
mod fixture;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or_else(|| Error::other("usage: fixture-html FILE [KIND]"))?;
    let assessment = match arguments.next().as_deref() {
        None | Some("ordinary") => fixture::assessment(),
        Some("hostile") => fixture::hostile(),
        Some("undecided") => fixture::undecided(),
        Some(count) => fixture::large(count.parse()?),
    };
    let extension = path.rsplit('.').next().unwrap_or_default();
    let format = Format::ALL.iter().copied().find(|format| format.extension() == extension).unwrap_or(Format::Html);
    let mut file = BufWriter::new(File::create(&path)?);
    format.write(&assessment, &Options::default(), &mut file)?;
    file.flush()?;
    Ok(())
}
