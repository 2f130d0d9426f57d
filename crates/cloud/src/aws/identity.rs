//! Whose the credentials are.

use serde_json::Value;

use super::error::{AskError, CloudError};
use super::session::Session;
use crate::calls::Service;

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The account, 12 digits.
    pub account: String,
    /// The ARN of the user or role.
    pub arn: String,
}

impl Session {
    /// Whose the credentials are; absent where the service does not say. This call needs no permission.
    ///
    /// # Errors
    ///
    /// When there are no credentials, or they are not accepted.
    pub async fn identity(&self, region: &str) -> Result<Option<Identity>, CloudError> {
        let mut answer = match self.ask(region, Service::Sts, "GetCallerIdentity", &[]).await {
            Ok(answer) => answer,
            Err(AskError::Fatal(error)) => return Err(error),
            Err(error) => {
                tracing::debug!(error = error.in_full(), "whose the credentials are is not known");
                return Ok(None);
            }
        };
        let mut text = |name: &str| match answer.remove(name) {
            Some(Value::String(text)) => text,
            _ => String::new(),
        };
        let identity = Identity { account: text("Account"), arn: text("Arn") };
        let is_account = identity.account.len() == 12 && identity.account.bytes().all(|byte| byte.is_ascii_digit());
        Ok(is_account.then_some(identity))
    }
}
