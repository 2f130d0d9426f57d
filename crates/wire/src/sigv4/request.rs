//! A request as it came over the line, before anything of it is believed.

use std::fmt;

/// A request as it came over the line. All of it was limited by the HTTP server.
#[derive(Clone, Copy)]
pub struct SignedRequest<'a> {
    /// For example `POST`.
    pub method: &'a str,
    /// The path, as sent, still encoded.
    pub path: &'a str,
    /// What follows the `?`, as sent, still encoded; empty when there is none.
    pub query: &'a str,
    /// Names in any case, values as sent. `host` has to be among them: HTTP/2 sends it as `:authority`.
    pub headers: &'a [(&'a str, &'a [u8])],
    /// The whole body, without its transfer coding.
    pub body: &'a [u8],
}

impl<'a> SignedRequest<'a> {
    /// The values of a header, in their order.
    pub(super) fn header(&self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        let headers = self.headers.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name));
        headers.map(|(_, value)| *value)
    }

    /// Whether there is a header of that name.
    pub(super) fn has_header(&self, name: &'a str) -> bool {
        self.header(name).next().is_some()
    }
}

/// Headers and body may hold secrets, so they are only counted.
impl fmt::Debug for SignedRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &self.headers.len())
            .field("body", &self.body.len())
            .finish_non_exhaustive()
    }
}
