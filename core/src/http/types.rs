//! Conversions from and to the types of the `http` crate, behind the feature `http`.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Headers, Request, Response};

/// The method, URL, header fields and body. The limits are the host's to keep: copy them out of the request before.
///
/// # Errors
///
/// Those of the `http` crate, for a value that can't be sent; no request of this crate has one.
impl TryFrom<Request> for ::http::Request<Vec<u8>> {
    type Error = ::http::Error;

    fn try_from(request: Request) -> Result<Self, ::http::Error> {
        let mut builder = ::http::Request::builder().method(request.method.as_str()).uri(&request.url);
        for (name, value) in request.headers.iter() {
            builder = builder.header(name, value);
        }
        builder.body(request.body)
    }
}

/// Status, header fields and body.
///
/// # Errors
///
/// Those of the `http` crate, for a status or a header field that can't be sent.
impl TryFrom<Response> for ::http::Response<Vec<u8>> {
    type Error = ::http::Error;

    fn try_from(response: Response) -> Result<Self, ::http::Error> {
        let mut builder = ::http::Response::builder().status(response.status);
        for (name, value) in response.headers.iter() {
            builder = builder.header(name, value);
        }
        builder.body(response.body)
    }
}

/// Status, header fields and body. Bytes of a field that are not UTF-8 are replaced.
impl<B: Into<Vec<u8>>> From<::http::Response<B>> for Response {
    fn from(response: ::http::Response<B>) -> Self {
        let (parts, body) = response.into_parts();
        Self { status: parts.status.as_u16(), headers: Headers::from(&parts.headers), body: body.into() }
    }
}

impl From<&::http::HeaderMap> for Headers {
    fn from(fields: &::http::HeaderMap) -> Self {
        let text = |value: &::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        fields.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
    }
}
