//! Values that Python has a type of its own for.

use std::time::Duration;

use azure_imds::Timestamp;
use azure_imds::metadata::Document;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyTzInfo};

use crate::errors;
use crate::values::plain;

/// A [`Timestamp`], in Python an aware `datetime` in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment(Timestamp);

impl From<Timestamp> for Moment {
    fn from(time: Timestamp) -> Self {
        Self(time)
    }
}

impl<'py> IntoPyObject<'py> for Moment {
    type Target = PyDateTime;
    type Output = Bound<'py, PyDateTime>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        let utc = PyTzInfo::utc(py)?.to_owned();
        // Whole seconds up to the year 9999: a double holds them exactly.
        #[expect(clippy::cast_precision_loss)]
        PyDateTime::from_timestamp(py, self.0.unix() as f64, Some(&utc))
    }
}

/// A span in whole milliseconds.
pub(crate) fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// JSON as Python values: a form of ours, or what was read before.
pub(crate) fn values<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    let document = Document::parse(json).map_err(|error| errors::raised(&error.into(), &[]))?;
    Ok(plain(py, document.root())?.into_bound(py))
}

/// Bytes in hexadecimal, lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
