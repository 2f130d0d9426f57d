//! Which report: of what run, in what format, of which kind; and the path that names it.

use assay_model::arn::RunArn;
use assay_report::run_report::ReportKind;

use crate::store::ReportName;

/// What all paths of reports begin with.
const ROOT: &str = "/reports/";

/// The format of a report (Inspector `ReportFileFormat`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReportFormat {
    /// A page without scripts.
    Html,
    /// A document to hand on.
    Pdf,
}

impl ReportFormat {
    const ALL: [ReportFormat; 2] = [ReportFormat::Html, ReportFormat::Pdf];

    /// Inspector's word: `HTML`, `PDF`.
    pub fn as_str(self) -> &'static str {
        match self {
            ReportFormat::Html => "HTML",
            ReportFormat::Pdf => "PDF",
        }
    }

    /// What file names end with.
    pub fn extension(self) -> &'static str {
        match self {
            ReportFormat::Html => "html",
            ReportFormat::Pdf => "pdf",
        }
    }

    /// The type for HTTP.
    pub fn content_type(self) -> &'static str {
        match self {
            ReportFormat::Html => "text/html; charset=utf-8",
            ReportFormat::Pdf => "application/pdf",
        }
    }
}

/// One report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhichReport {
    /// The run.
    pub run: RunArn,
    /// The format.
    pub format: ReportFormat,
    /// The kind.
    pub kind: ReportKind,
}

impl WhichReport {
    /// As the store names it.
    pub(crate) fn name(&self) -> ReportName {
        ReportName { run: self.run.clone(), format: self.format.as_str(), kind: self.kind.as_str() }
    }

    /// The path of its address: `/reports/` and the ARN of the run, `/FULL.pdf`.
    pub(crate) fn path(&self) -> String {
        format!("{ROOT}{}/{}.{}", self.run, self.kind, self.format.extension())
    }

    /// The report that a path names.
    pub(crate) fn of_path(path: &str) -> Option<WhichReport> {
        let (run, file) = path.strip_prefix(ROOT)?.rsplit_once('/')?;
        let (kind, extension) = file.split_once('.')?;
        let format = ReportFormat::ALL.into_iter().find(|format| format.extension() == extension)?;
        Some(WhichReport { run: run.parse().ok()?, format, kind: kind.parse().ok()? })
    }

    /// What a job about it is called.
    pub(crate) fn subject(&self) -> String {
        self.path()
    }

    /// What a job is about.
    pub(crate) fn of_subject(subject: &str) -> Option<WhichReport> {
        WhichReport::of_path(subject)
    }

    /// A name for the file that is downloaded.
    pub(crate) fn file_name(&self) -> String {
        format!("assay-{}-{}.{}", self.run.id(), self.kind.as_str().to_lowercase(), self.format.extension())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "arn:aws:inspector:us-east-1:111122223333:target/0-Ab3dEf9h/template/0-Zz81kQp2/run/0-M4nT7xQ1";

    #[test]
    fn paths_name_reports() {
        for format in ReportFormat::ALL {
            for kind in ReportKind::ALL {
                let report = WhichReport { run: RUN.parse().unwrap(), format, kind };
                assert_eq!(WhichReport::of_path(&report.path()), Some(report));
            }
        }
        for path in [
            String::new(),
            format!("/reports/{RUN}"),
            format!("/reports/{RUN}/FULL.doc"),
            format!("/reports/{RUN}/full.pdf"),
            format!("/reports/{RUN}/FULL.pdf/"),
            format!("/reports/{RUN}x/FULL.pdf"),
            format!("/report/{RUN}/FULL.pdf"),
        ] {
            assert_eq!(WhichReport::of_path(&path), None, "{path}");
        }
    }
}
