//! What goes between an exchange and the host: requests and answers.

use azure_imds::Headers;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

use crate::convert::{made, millis, tuple};

/// A request for the transport to carry, as a value of `azure_imds._transport`.
pub(crate) fn request<'py>(py: Python<'py>, request: &azure_imds::Request) -> PyResult<Bound<'py, PyAny>> {
    let (method, route) = (request.method.as_str(), request.route.name());
    let (headers, body) = (headers(py, &request.headers)?, PyBytes::new(py, &request.body));
    let (connect_timeout, deadline) = (millis(request.connect_timeout), request.deadline.millis());
    let values = (method, &request.url, headers, body, route, connect_timeout, deadline, request.max_body);
    made!(py, "azure_imds._transport", "Request", values)
}

/// Header fields, in order.
pub(crate) fn headers<'py>(py: Python<'py>, headers: &Headers) -> PyResult<Bound<'py, PyTuple>> {
    tuple(py, headers.iter().map(Ok))
}
