//! Values that Python has a type of its own for, and what classes and their attributes are made by.

use std::time::Duration;

use azure_imds::Timestamp;
use azure_imds::metadata::Document;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDateTime, PyDict, PyString, PyTuple, PyTzInfo};

use crate::errors;
use crate::values::plain;

/// A moment, in Python an aware `datetime` in UTC.
pub(crate) fn moment(py: Python<'_>, time: Timestamp) -> PyResult<Bound<'_, PyDateTime>> {
    let utc = PyTzInfo::utc(py)?.to_owned();
    // Whole seconds up to the year 9999: a double holds them exactly.
    #[expect(clippy::cast_precision_loss)]
    PyDateTime::from_timestamp(py, time.unix() as f64, Some(&utc))
}

/// A span in whole milliseconds.
pub(crate) fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// What something of the Python package makes of values, by place: `made!(py, "azure_imds._report", "Fetch", (..))`.
macro_rules! made {
    ($py:expr, $module:literal, $name:literal, $values:expr) => {{
        static FOUND: pyo3::sync::PyOnceLock<Py<PyAny>> = pyo3::sync::PyOnceLock::new();
        FOUND.import($py, $module, $name).and_then(|found| found.call1($values))
    }};
}
pub(crate) use made;

/// What is made of a value when it is first looked at, by the name of the attribute: every look finds the same object.
pub(crate) struct Made(PyOnceLock<Py<PyDict>>);

impl Made {
    pub(crate) const fn nothing() -> Self {
        Self(PyOnceLock::new())
    }

    pub(crate) fn once<'py, T: IntoPyObject<'py>>(
        &self,
        py: Python<'py>,
        name: &Bound<'py, PyString>,
        make: impl FnOnce() -> PyResult<T>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let made = self.0.get_or_init(py, || PyDict::new(py).unbind()).bind(py);
        match made.get_item(name)? {
            Some(value) => Ok(value),
            // Of threads that make it at once, each gets what the first one puts there.
            None => made.call_method1("setdefault", (name, make()?)),
        }
    }
}

/// A class around a value of the core, whose attributes are made once, and which is its own copy:
///
/// ```text
/// shown! {
///     /// What it is.
///     Class(core::Type) |value, py| {
///         attribute: value.attribute(),
///     }
///     fn method(&self) { .. }
/// }
/// ```
///
/// `formed` before the name gives it the methods of its JSON form.
macro_rules! shown {
    (
        $(#[$about:meta])*
        formed $class:ident $($rest:tt)*
    ) => {
        crate::convert::shown! {
            $(#[$about])*
            $class $($rest)*

            fn to_json(&self) -> String {
                self.core.to_json()
            }

            fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                crate::convert::values(py, &self.core.to_json())
            }
        }
    };
    (
        $(#[$about:meta])*
        $class:ident($core:ty) |$value:ident, $py:ident| { $($name:ident: $made:expr,)* }
        $($others:tt)*
    ) => {
        $(#[$about])*
        #[pyclass(frozen, eq, hash, module = "azure_imds")]
        pub(crate) struct $class {
            core: $core,
            made: crate::convert::Made,
        }

        impl From<$core> for $class {
            fn from(core: $core) -> Self {
                Self { core, made: crate::convert::Made::nothing() }
            }
        }

        impl PartialEq for $class {
            fn eq(&self, other: &Self) -> bool {
                self.core == other.core
            }
        }

        #[pymethods]
        impl $class {
            $(
                #[getter]
                fn $name<'py>(&self, $py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                    let $value = &self.core;
                    self.made.once($py, pyo3::intern!($py, stringify!($name)), || Ok($made))
                }
            )*

            const fn __copy__(slf: Py<Self>) -> Py<Self> {
                slf
            }

            fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
                slf
            }

            $($others)*
        }
    };
}
pub(crate) use shown;

/// A tuple of what may fail to be made.
pub(crate) fn tuple<'py, T: IntoPyObject<'py>>(
    py: Python<'py>,
    items: impl IntoIterator<Item = PyResult<T>>,
) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, items.into_iter().collect::<PyResult<Vec<_>>>()?)
}

/// JSON as Python values: a form of ours, or what was read before.
pub(crate) fn values<'py>(py: Python<'py>, json: &str) -> PyResult<Bound<'py, PyAny>> {
    let document = Document::parse(json).map_err(|error| errors::raised(&error.into(), &[]))?;
    plain(py, document.root())
}
