//! A version that is parsed and knows its order.

use std::cmp::Ordering;

use super::debian::DebianVersion;
use super::error::ParseVersionError;
use super::order::VersionOrder;
use super::rpm::RpmVersion;

/// A parsed version; borrows from its text.
#[derive(Clone, Debug)]
pub struct Version<'v> {
    text: &'v str,
    parts: Parts<'v>,
}

#[derive(Clone, Debug)]
enum Parts<'v> {
    Dpkg(DebianVersion<'v>),
    Rpm(RpmVersion<'v>),
}

impl<'v> Version<'v> {
    pub(super) fn parse(order: VersionOrder, text: &'v str) -> Result<Version<'v>, ParseVersionError> {
        let parts = match order {
            VersionOrder::Dpkg => Parts::Dpkg(DebianVersion::parse(text)?),
            VersionOrder::Rpm => Parts::Rpm(RpmVersion::parse(text)?),
            _ => return Err(ParseVersionError::malformed(order.as_str(), text)),
        };
        Ok(Version { text, parts })
    }

    /// Compares versions of one order; absent if the two are of different orders.
    pub fn compare(&self, other: &Version<'_>) -> Option<Ordering> {
        match (&self.parts, &other.parts) {
            (Parts::Dpkg(left), Parts::Dpkg(right)) => Some(left.cmp(right)),
            (Parts::Rpm(left), Parts::Rpm(right)) => Some(left.cmp(right)),
            _ => None,
        }
    }

    /// The text it was parsed from, as it was.
    pub fn text(&self) -> &'v str {
        self.text
    }

    /// Its order.
    pub fn order(&self) -> VersionOrder {
        match self.parts {
            Parts::Dpkg(_) => VersionOrder::Dpkg,
            Parts::Rpm(_) => VersionOrder::Rpm,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_two_orders_do_not_compare() {
        let [left, right] = [VersionOrder::Dpkg, VersionOrder::Rpm].map(|order| order.parse(" 1.0 ").unwrap());
        assert_eq!(left.compare(&left), Some(Ordering::Equal));
        assert_eq!(left.compare(&right), None);
        assert_eq!((left.order(), left.text()), (VersionOrder::Dpkg, " 1.0 "));
    }

    #[test]
    fn no_order_reads_without_end() {
        let long = "1".repeat(1025);
        for order in VersionOrder::ALL {
            assert!(order.parse(&long).is_err(), "{order}");
        }
        assert_eq!(
            VersionOrder::Rpm.parse(&long).err(),
            Some(ParseVersionError::TooLong { length: 1025, limit: 1024 })
        );
    }
}
