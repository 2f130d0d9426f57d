//! The members of a target, by its ARN.

use assay_model::Timestamp;
use assay_model::arn::TargetArn;

use super::error::StoreError;
use super::members::Member;
use super::open::Store;

impl Store {
    /// The hosts that a run of this target would assess now; none where there is no such target.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn members_of(&self, target: &TargetArn, now: Timestamp) -> Result<Vec<Member>, StoreError> {
        let Some(body) = self.target(target).await? else { return Ok(Vec::new()) };
        let realm = target.realm();
        let Some(group) = body.resource_group_arn else { return self.members(&realm, None, now).await };
        match self.resource_group(&group).await? {
            Some(group) => self.members(&realm, Some(&group), now).await,
            None => Ok(Vec::new()),
        }
    }
}
