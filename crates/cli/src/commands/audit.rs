//! `assay admin audit`: the record of calls, shown and verified.

use std::fmt::Write as _;

use anyhow::bail;
use assay_server::store::AuditVerdict;

use crate::arguments::AuditCommand;
use crate::exit::Exit;
use crate::output;
use crate::settings::Settings;

use super::store;

/// Shows and verifies.
pub fn run(command: &AuditCommand, settings: &Settings) -> anyhow::Result<Exit> {
    let store = store::open(settings)?;
    match command {
        AuditCommand::List { limit } => {
            let mut text = String::new();
            for record in store.ask(|store| store.audit_records(*limit))? {
                writeln!(text, "{}", record.entry.body)?;
            }
            output::print(text)?;
        }
        AuditCommand::Verify => match store.ask(|store| store.verify_audit())? {
            AuditVerdict::Whole { records, digest } => {
                output::print(format!("{records} records, the last is {digest}\n"))?
            }
            AuditVerdict::Broken { sequence, reason } => bail!("record {sequence} is not as it was written: {reason}"),
        },
    }
    store.close();
    Ok(Exit::Done)
}
