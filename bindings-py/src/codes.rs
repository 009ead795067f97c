//! The list of codes.

use azure_imds::attested::Host;
use azure_imds::codes;
use pyo3::prelude::*;

/// Every code: its name, kind, cause, remedy, and whether to try again.
#[pyfunction]
pub(crate) fn all_codes() -> Vec<(&'static str, &'static str, &'static str, String, &'static str)> {
    codes::all()
        .map(|code| (code.name, code.kind.name(), code.cause, code.remedy_for(Host::Python), code.retryable.name()))
        .collect()
}
