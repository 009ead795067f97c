//! HTTP requests and responses as plain values, for a host to carry.

use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use crate::instant::Instant;

#[cfg(feature = "http")]
mod types;

/// The method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
}

impl Method {
    /// The method as it is written on the wire.
    ///
    /// ```
    /// use azure_imds::Method;
    ///
    /// assert_eq!(Method::Post.as_str(), "POST");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// The way a request must take. No way ever follows a redirect: a 3xx answer is handed in like any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Route {
    /// To the metadata address itself: never through a proxy, never with `X-Forwarded-For`.
    Direct,
    /// To a public web server: the host's usual proxy settings are right.
    Internet,
}

impl Route {
    /// The short name: `direct` or `internet`.
    ///
    /// ```
    /// use azure_imds::Route;
    ///
    /// assert_eq!(Route::Direct.name(), "direct");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Internet => "internet",
        }
    }
}

/// Header fields in order; names are compared without case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// No fields.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Adds a field after those there are.
    ///
    /// ```
    /// use azure_imds::Headers;
    ///
    /// let mut headers = Headers::new();
    /// headers.append("Metadata", "true");
    /// assert_eq!(headers.first("metadata"), Some("true"));
    /// ```
    pub fn append(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }

    /// The value of the first field of that name.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&str> {
        self.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// All fields, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        Self(fields.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// A request for the host to carry, together with the limits that the host must enforce.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Absolute URL, encoded as it is to be sent.
    pub url: String,
    /// Fields to send. The host adds what HTTP needs (`Host`, `Content-Length`) and nothing that names a proxy.
    pub headers: Headers,
    /// Body to send, empty for none.
    pub body: Vec<u8>,
    /// The way to take.
    pub route: Route,
    /// Give up connecting after so long, with [`TransportError::ConnectTimeout`](crate::TransportError).
    pub connect_timeout: Duration,
    /// Give up altogether at this moment, with [`TransportError::ReadTimeout`](crate::TransportError).
    pub deadline: Instant,
    /// Read at most so many bytes of the body and one more; if that one comes, report
    /// [`TransportError::TooLong`](crate::TransportError).
    pub max_body: usize,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Header fields.
    pub headers: Headers,
    /// The whole body, after transfer decoding.
    pub body: Vec<u8>,
}

impl Response {
    /// A response of these parts.
    ///
    /// ```
    /// use azure_imds::{Headers, Response};
    ///
    /// let response = Response::new(404, Headers::new(), b"Not found".to_vec());
    /// assert_eq!(response.status, 404);
    /// ```
    #[must_use]
    pub const fn new(status: u16, headers: Headers, body: Vec<u8>) -> Self {
        Self { status, headers, body }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_crosses_a_boundary_has_a_name() {
        assert_eq!([Route::Direct.name(), Route::Internet.name()], ["direct", "internet"]);
        assert_eq!([Method::Get.as_str(), Method::Post.as_str()], ["GET", "POST"]);
    }
}
