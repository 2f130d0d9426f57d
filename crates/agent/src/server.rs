//! Server address: `https://HOST:PORT`, nothing else.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::AgentError;

/// Where the server's listener for agents is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServerAddress(String);

impl ServerAddress {
    /// Without a `/` at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ServerAddress {
    type Err = AgentError;

    fn from_str(text: &str) -> Result<ServerAddress, AgentError> {
        let wrong = || AgentError::Address { address: text.to_owned() };
        let url = reqwest::Url::parse(text).map_err(|_| wrong())?;
        let is_plain = url.scheme() == "https"
            && url.host_str().is_some_and(|host| !host.is_empty())
            && url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        if !is_plain {
            return Err(wrong());
        }
        Ok(ServerAddress(url.as_str().trim_end_matches('/').to_owned()))
    }
}

impl TryFrom<String> for ServerAddress {
    type Error = AgentError;

    fn try_from(text: String) -> Result<ServerAddress, AgentError> {
        text.parse()
    }
}

impl From<ServerAddress> for String {
    fn from(address: ServerAddress) -> String {
        address.0
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_host_and_port() {
        for (text, expected) in [
            ("https://assay.example.org:8441", "https://assay.example.org:8441"),
            ("https://assay.example.org/", "https://assay.example.org"),
            ("HTTPS://[2001:db8::1]:8441", "https://[2001:db8::1]:8441"),
        ] {
            assert_eq!(text.parse::<ServerAddress>().unwrap().as_str(), expected);
        }
        for text in [
            "",
            "assay.example.org",
            "assay.example.org:8441",
            "http://assay.example.org",
            "https://",
            "https://user@assay.example.org",
            "https://:pw@assay.example.org",
            "https://assay.example.org/path",
            "https://assay.example.org/?a",
            "https://assay.example.org/#a",
        ] {
            assert!(text.parse::<ServerAddress>().is_err(), "{text}");
        }
    }
}
