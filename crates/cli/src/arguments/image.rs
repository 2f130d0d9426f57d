//! Arguments of `--image`, for every command that takes a source.

use assay_host::Platform;
use clap::Args;
use clap::builder::NonEmptyStringValueParser;

const HEADING: &str = "Options of --image";

/// The other sources: where one is there, clap takes `requires` for met.
const OTHERS: [&str; 5] = ["root", "disk", "sbom", "ssh", "evidence"];

/// Which image is meant, where there are several.
#[derive(Debug, Args)]
pub struct ImageArguments {
    /// The image to look at, where there are several: a name with its tag, or a digest or its first 12 digits
    #[arg(long, help_heading = HEADING, value_name = "NAME", requires = "image", conflicts_with_all = OTHERS)]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub image_name: Option<String>,
    /// The platform to look at, for example linux/arm64 or linux/arm/v7 [default: the only one, or this machine's]
    #[arg(long, help_heading = HEADING, value_name = "OS/ARCHITECTURE", requires = "image", conflicts_with_all = OTHERS)]
    pub platform: Option<Platform>,
}
