//! What has to be collected for the rules packages that are asked for.

use assay_model::evidence::Section;
use assay_model::evidence::request::CollectionRequest;
use assay_model::rules_package::RulesPackageKind;
use assay_rules::KnowledgeBase;

/// What the CVE package looks at: sockets only raise the risk of what listens, processes tell of old code that runs.
const VULNERABILITY_SECTIONS: [Section; 6] =
    [Section::Os, Section::Packages, Section::Libraries, Section::Kernel, Section::Processes, Section::Sockets];

/// What has to be collected for these rules packages.
pub fn request_for(packages: &[RulesPackageKind], rules: &KnowledgeBase) -> CollectionRequest {
    let mut request = CollectionRequest::default();
    request.sections.insert(Section::Os);
    for kind in packages {
        if *kind == RulesPackageKind::Cve {
            request.sections.extend(VULNERABILITY_SECTIONS);
        }
        if *kind == RulesPackageKind::Network {
            request.sections.insert(Section::Sockets);
        }
        if let Some(package) = rules.package(*kind) {
            request.merge(&package.request());
        }
    }
    request
}
