//! Responses as bytes. An operation without a result answers 200 with an empty body, which every SDK accepts (reference §2).

use crate::generated::Response;

/// The content type of requests, responses and errors.
pub const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

impl Response {
    /// The body. Absent members are left out, never `null`.
    pub fn encode(&self) -> Vec<u8> {
        if self.operation().output().is_none() {
            return Vec::new();
        }
        // Maps have texts for keys and numbers are finite: there is nothing in a response that JSON cannot hold.
        serde_json::to_vec(self).unwrap_or_default()
    }
}
