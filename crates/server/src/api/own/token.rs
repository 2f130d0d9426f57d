//! Tokens of pages of own operations: as those of Inspector's, bound to account, region, operation and query.

use std::fmt;

use assay_model::arn::Realm;
use assay_wire::ApiError;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::body::invalid;
use super::operation::OwnOperation;

const TAG_BYTES: usize = 16;

/// The key that tokens are made and checked with.
pub struct OwnTokenKey(hmac::Key);

/// What a token is bound to: whose list it is, of what, asked how. The query is the request without its page.
#[derive(Debug)]
pub(crate) struct TokenScope<'a, Q> {
    pub(crate) realm: &'a Realm,
    pub(crate) operation: OwnOperation,
    pub(crate) query: &'a Q,
}

// A derived `Copy` would ask it of the query, too.
impl<Q> Clone for TokenScope<'_, Q> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q> Copy for TokenScope<'_, Q> {}

impl OwnTokenKey {
    /// A key out of 32 random bytes.
    pub fn new(secret: &[u8; 32]) -> OwnTokenKey {
        OwnTokenKey(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// The token for the page after a position; absent where nothing follows.
    pub(crate) fn seal<Q: Serialize, P: Serialize>(
        &self,
        scope: TokenScope<'_, Q>,
        position: Option<&P>,
    ) -> Result<Option<String>, ApiError> {
        let Some(position) = position else { return Ok(None) };
        let mut bytes = serde_json::to_vec(position).map_err(|_| ApiError::internal("a position has no JSON form"))?;
        let tag = self.tag(scope, &bytes);
        bytes.extend(tag.as_ref().iter().take(TAG_BYTES));
        Ok(Some(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The position in a token; absent on the first page.
    pub(crate) fn open<Q: Serialize, P: DeserializeOwned>(
        &self,
        scope: TokenScope<'_, Q>,
        token: Option<&str>,
    ) -> Result<Option<P>, ApiError> {
        let Some(token) = token else { return Ok(None) };
        let position = self.position(scope, token);
        position.map(Some).ok_or_else(|| invalid("nextToken does not belong to this operation and query"))
    }

    fn position<Q: Serialize, P: DeserializeOwned>(&self, scope: TokenScope<'_, Q>, token: &str) -> Option<P> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (position, given) = bytes.split_at_checked(bytes.len().checked_sub(TAG_BYTES)?)?;
        let tag = self.tag(scope, position);
        aws_lc_rs::constant_time::verify_slices_are_equal(tag.as_ref().get(..TAG_BYTES)?, given).ok()?;
        serde_json::from_slice(position).ok()
    }

    fn tag<Q: Serialize>(&self, scope: TokenScope<'_, Q>, position: &[u8]) -> hmac::Tag {
        let TokenScope { realm, operation, query } = scope;
        let query = serde_json::to_vec(query).unwrap_or_default();
        let mut context = hmac::Context::with_key(&self.0);
        for part in [
            realm.partition.as_bytes(),
            realm.region.as_bytes(),
            realm.account.as_bytes(),
            operation.as_str().as_bytes(),
            &query,
            position,
        ] {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        context.sign()
    }
}

impl fmt::Debug for OwnTokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnTokenKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_belongs_to_its_query() {
        let key = OwnTokenKey::new(&[7; 32]);
        let realm = Realm::local();
        let other = Realm { account: "111122223333".to_owned(), ..Realm::local() };
        let scope = TokenScope { realm: &realm, operation: OwnOperation::ListLiveFindings, query: &"a" };
        let token = key.seal(scope, Some(&(5, "x"))).unwrap().unwrap();
        let open = |key: &OwnTokenKey, scope: TokenScope<'_, &str>, token: &str| {
            key.open::<_, (i64, String)>(scope, Some(token)).ok().flatten()
        };
        assert_eq!(open(&key, scope, &token), Some((5, "x".to_owned())));
        assert_eq!(open(&key, TokenScope { query: &"b", ..scope }, &token), None);
        assert_eq!(open(&key, TokenScope { realm: &other, ..scope }, &token), None);
        assert_eq!(open(&key, TokenScope { operation: OwnOperation::DescribeLiveFindings, ..scope }, &token), None);
        assert_eq!(open(&OwnTokenKey::new(&[8; 32]), scope, &token), None);
        for forged in ["", "x", "é", token.get(1..).unwrap(), &format!("{token}A")] {
            assert_eq!(open(&key, scope, forged), None, "{forged}");
        }
        assert_eq!(key.open::<_, i64>(scope, None), Ok(None));
        assert_eq!(key.seal::<_, i64>(scope, None), Ok(None));
    }
}
