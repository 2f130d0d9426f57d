//! Arguments of `assay network collect`.

use camino::Utf8PathBuf;

/// Arguments of `assay network collect`.
#[derive(Debug, clap::Args)]
pub struct NetworkCollectArguments {
    /// The regions; may be repeated, and separated by commas [default: what the environment or the profile names]
    #[arg(long = "region", value_name = "REGION", value_delimiter = ',')]
    pub regions: Vec<String>,
    /// A profile of the AWS configuration
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Where all services of AWS are, instead of their usual endpoints
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,
    /// Make the calls, and write what they answer to this folder, which the other commands read with --vpc [needs a build
    /// with the feature `aws`]; without it the calls are printed, as a script
    #[arg(long, value_name = "DIR")]
    pub to: Option<Utf8PathBuf>,
}
