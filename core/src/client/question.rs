//! What a call asks: everything of its request but version and deadline.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::endpoint::Endpoint;
use crate::http::{Headers, Method, Request, Route};
use crate::instant::Instant;
use crate::metadata::api_version::ApiVersion;
use crate::metadata::category::Category;

/// Everything but RFC 3986's unreserved characters: no parameter can end early or begin another.
const PARAMETER: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How the answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// The service's default.
    Json,
    /// JSON if it can be had, else text: for paths that may end in a leaf.
    JsonOrText,
    /// Leaves as they are, and listings of everything else.
    Text,
}

/// What a call asks.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) category: Category,
    pub(super) method: Method,
    /// After the category, encoded; empty or with a leading slash.
    pub(super) path: String,
    pub(super) format: Format,
    /// Not yet encoded. Each name stands once, as each is written at one place.
    pub(super) parameters: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
    /// The nonce that the answer is to hold.
    pub(super) nonce: Option<String>,
    /// Whether the answer stays the same while the machine runs.
    pub(super) is_fixed: bool,
}

/// The limits of one request.
pub(super) struct Limits {
    pub(super) connect_timeout: Duration,
    pub(super) deadline: Instant,
    pub(super) max_body: usize,
}

impl Question {
    pub(super) fn new(category: Category, path: &str) -> Self {
        Self {
            category,
            method: Method::Get,
            path: path.to_owned(),
            format: Format::Json,
            parameters: Vec::new(),
            body: Vec::new(),
            nonce: None,
            is_fixed: false,
        }
    }

    /// The request for that version; `None` for what has no version.
    pub(super) fn request(&self, endpoint: &Endpoint, version: Option<ApiVersion>, limits: &Limits) -> Request {
        let version = version.map(|version| ("api-version", version.to_string()));
        let format = (self.format == Format::Text).then(|| ("format", "text".to_owned()));
        let mut url = endpoint.url(self.category, &self.path);
        let parameters = version.iter().chain(&format).chain(&self.parameters);
        for ((name, value), separator) in parameters.zip(core::iter::once('?').chain(core::iter::repeat('&'))) {
            url.push(separator);
            url.push_str(name);
            url.push('=');
            url.extend(utf8_percent_encode(value, PARAMETER));
        }
        let mut headers = Headers::from_iter([("Metadata", "true"), ("User-Agent", USER_AGENT)]);
        if self.method == Method::Post {
            headers.append("Content-Type", "application/json");
        }
        Request {
            method: self.method,
            url,
            headers,
            body: self.body.clone(),
            route: Route::Direct,
            connect_timeout: limits.connect_timeout,
            deadline: limits.deadline,
            max_body: limits.max_body,
        }
    }
}

const USER_AGENT: &str = concat!("azure-imds/", env!("CARGO_PKG_VERSION"));
