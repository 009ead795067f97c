//! Values that Python has a type of its own for.

use std::time::Duration;

use azure_imds::Timestamp;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyTzInfo};

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

/// JSON as Python values.
pub(crate) fn values<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("azure_imds._json")?.call_method1("json_object", (json,))
}

/// Bytes in hexadecimal, lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
