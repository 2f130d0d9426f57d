//! Arguments of `assay rules`.

use assay_model::rules_package::RulesPackageKind;
use clap::{Args, Subcommand};

/// Rules of the knowledge base.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// List rules
    List(RulesSelection),
    /// Show one rule in full
    Show {
        /// Rule id
        rule: String,
    },
    /// Run the test cases that rules carry
    Test(RulesSelection),
    /// Check rules for mistakes
    Lint(RulesSelection),
}

/// Which rules.
#[derive(Debug, Args)]
pub struct RulesSelection {
    /// Only this rules package
    #[arg(long, value_name = "PACKAGE")]
    pub rules: Option<RulesPackageKind>,
    /// Only this rule
    #[arg(value_name = "RULE")]
    pub rule: Option<String>,
}
