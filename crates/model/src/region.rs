//! The regions of Inspector Classic, and the ARNs of the rules packages in each (reference §3.1).
//!
//! Scripts carry these ARNs literally, so each region answers to its own. Where the service never published a package, or
//! where nobody wrote its ARN down, the id of `us-east-1` stands in: Assay has all five packages in every region.

use crate::arn::{Realm, RulesPackageArn};
use crate::rules_package::RulesPackageKind;

/// A region, the account that published its rules packages, and their ids.
#[derive(Debug)]
pub struct Region {
    /// `aws` or `aws-us-gov`.
    pub partition: &'static str,
    /// For example `eu-west-1`.
    pub name: &'static str,
    /// The account in the ARNs of its rules packages; users allow it in their topics' policies.
    pub account: &'static str,
    /// What follows `0-` in the ids, in the order of [`RulesPackageKind::ALL`]; empty where none is known.
    packages: [&'static str; 5],
}

/// The 14 regions; the first is the one whose ids stand in where a region has none.
pub const REGIONS: [Region; 14] = [
    row("aws", "us-east-1", "316112463485", ["gEjTy7T7", "rExsr2X8", "PmNV0Tcd", "R01qwB5Q", "gBONHN9h"]),
    row("aws", "us-east-2", "646659390643", ["JnA8Zp85", "m8r61nnh", "cE4kTR30", "AxKmMHPX", "UCYZFKPV"]),
    row("aws", "us-west-1", "166987590008", ["TKgzoVOa", "xUY8iRqX", "TxmXimXF", "byoQRFYm", "yeYxlt0x"]),
    row("aws", "us-west-2", "758058086616", ["9hgA516p", "H5hpSawc", "rD1z6dpl", "JJOtZiqQ", "vg5GGHSD"]),
    row("aws", "ap-south-1", "162588757376", ["LqnJE9dO", "PSUlX14m", "YxKfjFu1", "fs0IZZBj", "EhMQZy6C"]),
    row("aws", "ap-northeast-2", "526946625049", ["PoGHMznc", "T9srhg1z", "s3OmLzhL", "2WRpmi4n", "PoYq7lI7"]),
    row("aws", "ap-southeast-2", "454640832652", ["D5TGAxiR", "Vkd2Vxjq", "FLcuV4Gz", "asL6HRgN", "P8Tel2Xj"]),
    row("aws", "ap-northeast-1", "406045910587", ["gHP9oWNT", "7WNjqgGu", "YI95DVd7", "bBUQnxMq", "knGBhqEu"]),
    row("aws", "eu-central-1", "537503971621", ["wNqHa8M9", "nZrAVuv8", "6yunpJ91", "ZujVHEPB", "0GMUM6fg"]),
    row("aws", "eu-west-1", "357557129151", ["ubA5XvBh", "sJBhCr0F", "SPzU33xe", "SnojL3Z6", "lLmwe1zd"]),
    row("aws", "eu-west-2", "146838936955", ["kZGCqcE1", "IeCjwf1W", "AizSYyNq", "XApUiSaP", ""]),
    row("aws", "eu-north-1", "453420244670", ["IgdgIewd", "Yn8jlX7f", "52Sn74uu", "HfBQSbSf", ""]),
    row("aws-us-gov", "us-gov-east-1", "206278770380", ["3IFKFuOb", "pTLCdIww", "", "vlgEGcVD", "850TmCFX"]),
    row("aws-us-gov", "us-gov-west-1", "850862329162", ["4oQgcI4G", "Ac4CFOuc", "", "rOTGqe5G", "JMyjuzoW"]),
];

const fn row(
    partition: &'static str,
    name: &'static str,
    account: &'static str,
    packages: [&'static str; 5],
) -> Region {
    Region { partition, name, account, packages }
}

impl Region {
    /// The region of that name; absent when the service was never there.
    pub fn find(name: &str) -> Option<&'static Region> {
        REGIONS.iter().find(|region| region.name == name)
    }

    /// What follows `0-` in the id of a package.
    fn package_id(&self, kind: RulesPackageKind) -> &'static str {
        let id_of = |region: &Region| {
            let packages = RulesPackageKind::ALL.iter().zip(region.packages);
            packages.filter(|(other, id)| **other == kind && !id.is_empty()).map(|(_, id)| id).next()
        };
        id_of(self).or_else(|| id_of(default_region())).unwrap_or_default()
    }
}

impl RulesPackageKind {
    /// The ARN of the package in a region. In a region where the service never was, the account and id of `us-east-1`.
    pub fn arn_in(self, region: &str) -> RulesPackageArn {
        let known = Region::find(region).unwrap_or(default_region());
        let partition = known.partition;
        let (account, id) = (known.account, known.package_id(self));
        format!("arn:{partition}:inspector:{region}:{account}:rulespackage/0-{id}")
            .parse()
            .unwrap_or_else(|_| self.arn())
    }

    /// The ARN in `us-east-1`, the region of assessments made without a server.
    pub fn arn(self) -> RulesPackageArn {
        let region = default_region();
        let realm = Realm {
            partition: region.partition.to_owned(),
            region: region.name.to_owned(),
            account: region.account.to_owned(),
        };
        let id = format!("0-{}", region.package_id(self)).parse();
        RulesPackageArn::new(&realm, &id.expect("the table holds well-formed ids, which a test checks"))
    }
}

impl RulesPackageArn {
    /// The package that the ARN names; absent when there is none of that id in the ARN's region.
    ///
    /// The account is not looked at: the ids are accepted under the user's own account, too.
    pub fn resolve(&self) -> Option<RulesPackageKind> {
        let region = Region::find(self.region()).unwrap_or(default_region());
        let id = self.id().strip_prefix("0-")?;
        RulesPackageKind::ALL.into_iter().find(|kind| region.package_id(*kind) == id)
    }
}

fn default_region() -> &'static Region {
    let [first, ..] = &REGIONS;
    first
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_package_has_an_arn_in_every_region_and_is_found_by_it() {
        let mut names = BTreeSet::new();
        let mut ids = BTreeSet::new();
        for region in &REGIONS {
            assert!(names.insert(region.name), "{} is there twice", region.name);
            for (kind, id) in RulesPackageKind::ALL.into_iter().zip(region.packages) {
                assert!(id.is_empty() || ids.insert(id), "{id} is there twice");
                let arn = kind.arn_in(region.name);
                assert_eq!((arn.region(), arn.account()), (region.name, region.account));
                assert_eq!(arn.resolve(), Some(kind), "{arn}");
            }
        }
        assert_eq!(ids.len(), 14 * 5 - 4);
    }

    #[test]
    fn arns_that_scripts_carry() {
        for (arn, package) in [
            ("arn:aws:inspector:eu-west-1:357557129151:rulespackage/0-SPzU33xe", Some(RulesPackageKind::Network)),
            ("arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q", Some(RulesPackageKind::BestPractices)),
            (
                "arn:aws-us-gov:inspector:us-gov-east-1:206278770380:rulespackage/0-3IFKFuOb",
                Some(RulesPackageKind::Cve),
            ),
            // Under the user's own account.
            ("arn:aws:inspector:us-east-1:111122223333:rulespackage/0-rExsr2X8", Some(RulesPackageKind::Cis)),
            // Nobody knows the id of this one, so it is that of us-east-1.
            ("arn:aws:inspector:eu-north-1:453420244670:rulespackage/0-gBONHN9h", Some(RulesPackageKind::Runtime)),
            // A region of the user's own.
            ("arn:aws:inspector:my-lab:316112463485:rulespackage/0-gEjTy7T7", Some(RulesPackageKind::Cve)),
            // The id of another region.
            ("arn:aws:inspector:eu-west-1:357557129151:rulespackage/0-gEjTy7T7", None),
            ("arn:aws:inspector:us-east-1:316112463485:rulespackage/0-00000000", None),
        ] {
            assert_eq!(arn.parse::<RulesPackageArn>().unwrap().resolve(), package, "{arn}");
        }
        assert_eq!(
            RulesPackageKind::Cve.arn_in("my-lab").as_str(),
            "arn:aws:inspector:my-lab:316112463485:rulespackage/0-gEjTy7T7"
        );
        // What is no region name cannot be in an ARN; a caller that lets one through gets a usable ARN all the same.
        assert_eq!(RulesPackageKind::Cve.arn_in("a:b"), RulesPackageKind::Cve.arn());
    }
}
