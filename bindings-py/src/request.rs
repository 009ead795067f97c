//! What goes between an exchange and the host: requests and answers.

use azure_imds::Response;
use pyo3::prelude::*;

use crate::convert::millis;

/// A request for the transport to carry, with the limits to keep.
#[pyclass(frozen, get_all, module = "azure_imds")]
#[derive(Clone)]
pub(crate) struct Request {
    method: &'static str,
    url: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    route: &'static str,
    connect_timeout_ms: u64,
    deadline_ms: u64,
    max_body: usize,
}

impl From<azure_imds::Request> for Request {
    fn from(request: azure_imds::Request) -> Self {
        Self {
            method: request.method.as_str(),
            url: request.url,
            headers: request.headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body: request.body,
            route: request.route.name(),
            connect_timeout_ms: millis(request.connect_timeout),
            deadline_ms: request.deadline.millis(),
            max_body: request.max_body,
        }
    }
}

#[pymethods]
impl Request {
    fn __repr__(&self) -> String {
        format!("<Request {} {}>", self.method, self.url)
    }
}

/// What came back.
pub(crate) fn response(status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Response {
    Response::new(status, headers.into_iter().collect(), body)
}
