//! Tokens of pages (reference §2): opaque, bound to account, region, operation and query, and made by nobody but us.
//!
//! A token is `base64url(version ‖ position ‖ tag)`. The tag is an HMAC over all that the token is bound to, so a token of
//! another query is as wrong as a forged one, and nothing has to be kept: tokens outlive a restart as long as the key does. The
//! position is the place after which the next page begins, in the server's own order; a token can be decoded to see it, so it
//! names only what the caller has just been shown.

use std::fmt;

use assay_model::arn::Realm;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::ApiError;
use crate::generated::{InvalidInputErrorCode, Request};

/// Most bytes of a position: a token then has 300 characters, which is all the model allows.
pub const MAX_POSITION_BYTES: usize = 208;

const VERSION: u8 = 1;
const TAG_BYTES: usize = 16;

/// The key that tokens are made and checked with.
pub struct TokenKey(hmac::Key);

impl TokenKey {
    /// A key out of 32 random bytes, which the server keeps so that tokens outlive it.
    pub fn new(secret: &[u8; 32]) -> TokenKey {
        TokenKey(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// The token for the page after a position.
    ///
    /// # Errors
    /// `InternalException` when the position is longer than [`MAX_POSITION_BYTES`], which is the server's own defect.
    pub fn seal(&self, realm: &Realm, request: &Request, position: &[u8]) -> Result<String, ApiError> {
        if position.len() > MAX_POSITION_BYTES {
            return Err(ApiError::internal("the place in the list cannot be put into a token"));
        }
        let tag = self.tag(realm, request, position);
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(position);
        bytes.extend(tag.as_ref().iter().take(TAG_BYTES));
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The position in the request's token; absent on the first page.
    ///
    /// # Errors
    /// `INVALID_PAGINATION_TOKEN` when the token is not one that [`TokenKey::seal`] made with this key for the same realm,
    /// operation and query. `maxResults` may differ from page to page.
    pub fn open(&self, realm: &Realm, request: &Request) -> Result<Option<Vec<u8>>, ApiError> {
        let Some(token) = request.next_token() else { return Ok(None) };
        let position = self.position(realm, request, token).ok_or_else(|| {
            let message = "nextToken does not belong to this operation and query";
            ApiError::invalid_input(InvalidInputErrorCode::InvalidPaginationToken, message)
        })?;
        Ok(Some(position))
    }

    fn position(&self, realm: &Realm, request: &Request, token: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (version, rest) = bytes.split_first()?;
        let (position, given) = rest.split_at_checked(rest.len().checked_sub(TAG_BYTES)?)?;
        if *version != VERSION || position.len() > MAX_POSITION_BYTES {
            return None;
        }
        let tag = self.tag(realm, request, position);
        let tag = tag.as_ref().get(..TAG_BYTES)?;
        aws_lc_rs::constant_time::verify_slices_are_equal(tag, given).ok()?;
        Some(position.to_vec())
    }

    /// What binds a position to a query. Each part has its length before it, so that no two lists of parts look alike.
    fn tag(&self, realm: &Realm, request: &Request, position: &[u8]) -> hmac::Tag {
        let mut query = request.clone();
        query.clear_page();
        let query_json = serde_json::to_vec(&query).unwrap_or_default();
        let mut context = hmac::Context::with_key(&self.0);
        for part in [
            b"page token".as_slice(),
            &[VERSION],
            realm.partition.as_bytes(),
            realm.region.as_bytes(),
            realm.account.as_bytes(),
            query.operation().as_str().as_bytes(),
            &query_json,
            position,
        ] {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        context.sign()
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::{FindingFilter, ListExclusionsRequest, ListFindingsRequest, Severity};

    fn findings(severity: Severity, token: Option<&str>, max_results: Option<i32>) -> Request {
        let filter = FindingFilter { severities: Some(vec![severity]), ..FindingFilter::default() };
        Request::from(ListFindingsRequest {
            filter: Some(filter),
            next_token: token.map(str::to_owned),
            max_results,
            ..ListFindingsRequest::default()
        })
    }

    #[test]
    fn a_token_leads_to_its_position_with_any_page_size() {
        let key = TokenKey::new(&[7; 32]);
        let realm = Realm::local();
        for position in [b"".as_slice(), b"1795478400012 0-Gk29sLwB", &[0xff; MAX_POSITION_BYTES]] {
            let token = key.seal(&realm, &findings(Severity::High, None, Some(10)), position).unwrap();
            assert!(token.len() <= 300, "{} characters", token.len());
            // The server was restarted.
            let key = TokenKey::new(&[7; 32]);
            let next = findings(Severity::High, Some(&token), Some(500));
            assert_eq!(key.open(&realm, &next), Ok(Some(position.to_vec())));
            // The next page's token is made from a request that has one.
            assert_eq!(key.seal(&realm, &next, position), Ok(token));
        }
        assert_eq!(key.open(&realm, &findings(Severity::High, None, None)), Ok(None));
        assert!(key.seal(&realm, &findings(Severity::High, None, None), &[0; MAX_POSITION_BYTES + 1]).is_err());
    }

    #[test]
    fn any_other_token_is_refused() {
        let key = TokenKey::new(&[7; 32]);
        let realm = Realm::local();
        let token = key.seal(&realm, &findings(Severity::High, None, None), b"position").unwrap();
        let other_account = Realm { account: "111122223333".to_owned(), ..Realm::local() };
        let other_region = Realm { region: "eu-west-1".to_owned(), ..Realm::local() };
        let exclusions = Request::from(ListExclusionsRequest {
            next_token: Some(token.clone()),
            ..ListExclusionsRequest::default()
        });
        let same = findings(Severity::High, Some(&token), None);
        let refused = |key: &TokenKey, realm: &Realm, request: &Request| {
            let error = key.open(realm, request).unwrap_err();
            let ApiError::InvalidInput(exception) = error else { panic!("{error}") };
            assert_eq!(exception.error_code, InvalidInputErrorCode::InvalidPaginationToken);
        };
        refused(&key, &other_account, &same);
        refused(&key, &other_region, &same);
        refused(&TokenKey::new(&[8; 32]), &realm, &same);
        refused(&key, &realm, &findings(Severity::Low, Some(&token), None));
        refused(&key, &realm, &exclusions);
        for forged in [
            "",
            "1",
            "AQ",
            "not base64!",
            "é",
            token.trim_start_matches('A'),
            &format!("{token}A"),
            &format!("{token}="),
        ] {
            refused(&key, &realm, &findings(Severity::High, Some(forged), None));
        }
        for index in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(bytes).unwrap();
            refused(&key, &realm, &findings(Severity::High, Some(&forged), None));
        }
        assert!(!format!("{key:?}").contains('7'));
    }
}
