//! HTML.
use crate::Options;
use crate::format::Registration;
use assay_model::assessment::Assessment;
use std::io::{self, Write};
pub(crate) const HTML: Registration =
    Registration { name: "html", media_type: "text/html; charset=utf-8", extension: "html", write: write_page };
fn write_page(_: &Assessment, _: &Options, _: &mut dyn Write) -> io::Result<()> {
    Ok(())
}
