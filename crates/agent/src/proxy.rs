//! Proxy settings: an HTTP proxy that is asked for a tunnel with CONNECT (RFC 9110 §9.3.6).
//!
//! The values are those of `HTTPS_PROXY` and `NO_PROXY`; whoever calls reads the environment. Surprising: the AWS agent's
//! environment file has the proxy as `host:port` without `http://`, so that form is taken too.

use std::fmt;

use reqwest::{NoProxy, Proxy, Url};

use crate::error::AgentError;

/// The proxy on the way to the server, if there is one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ProxySettings {
    /// `http://HOST:PORT`, or `HOST:PORT`; may hold a user name and a password.
    pub proxy: Option<String>,
    /// Hosts, domains and networks that are reached directly, separated by commas.
    pub except: Option<String>,
}

impl fmt::Debug for ProxySettings {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proxy = self.proxy.as_deref().map(public_form);
        f.debug_struct("ProxySettings").field("proxy", &proxy).field("except", &self.except).finish()
    }
}

impl ProxySettings {
    /// What the HTTP client is told; nothing where the server is reached directly.
    pub(crate) fn to_proxy(&self) -> Result<Option<Proxy>, AgentError> {
        let Some(text) = self.proxy.as_deref().map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
        // The client below takes the asterisk for names only, not for addresses.
        if self.except.iter().flat_map(|list| list.split(',')).any(|entry| entry.trim() == "*") {
            return Ok(None);
        }
        let wrong = || AgentError::Proxy { address: public_form(text) };
        let text = with_scheme(text);
        let url = Url::parse(&text).map_err(|_| wrong())?;
        if url.scheme() != "http" || !url.has_host() {
            return Err(wrong());
        }
        let proxy = Proxy::https(url).map_err(|_| wrong())?;
        Ok(Some(proxy.no_proxy(self.except.as_deref().and_then(NoProxy::from_string))))
    }
}

fn with_scheme(text: &str) -> String {
    if text.contains("://") { text.to_owned() } else { format!("http://{text}") }
}

/// The address without user name and password.
fn public_form(text: &str) -> String {
    let text = with_scheme(text);
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_may_come_without_its_scheme() {
        let check = |proxy: &str, expected: Option<bool>| {
            let settings = ProxySettings { proxy: Some(proxy.into()), except: Some("localhost,10.0.0.0/8".into()) };
            assert_eq!(settings.to_proxy().ok().map(|proxy| proxy.is_some()), expected, "{proxy}");
        };
        for proxy in ["proxy.example.org:3128", "http://proxy.example.org:3128/", "http://me:secret@[::1]:3128", "a:1"]
        {
            check(proxy, Some(true));
        }
        check("", Some(false));
        check(" ", Some(false));
        for proxy in ["https://proxy.example.org", "socks5://proxy.example.org", "http://", "://", "a b"] {
            check(proxy, None);
        }
        assert!(ProxySettings::default().to_proxy().unwrap().is_none());
    }

    #[test]
    fn a_password_is_not_shown() {
        for proxy in ["me:secret@proxy:1", "http://me:secret@proxy:1", "gopher://me:secret@proxy:1"] {
            let settings = ProxySettings { proxy: Some(proxy.into()), except: None };
            assert!(!format!("{settings:?}").contains("secret"), "{settings:?}");
            if let Err(error) = settings.to_proxy() {
                assert!(!error.to_string().contains("secret"), "{error}");
            }
        }
    }
}
