//! What an emulator is made of, read from JSON and TOML, and written as both.

use azure_imds::emulator::Configuration as Core;
use pyo3::prelude::*;

use crate::errors;

/// A machine, with the choices and limits of its service.
#[pyclass(frozen, eq, module = "azure_imds._native")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Configuration(pub(super) Core);

#[pymethods]
impl Configuration {
    /// Reads TOML. An error names line and column.
    #[staticmethod]
    fn from_toml(text: &str) -> PyResult<Self> {
        toml::from_str(text).map(Self).map_err(|error| {
            let at = error.span().map(|span| span.start);
            errors::usage(Core::malformed(text, at, error.message()))
        })
    }

    /// Reads JSON. An error names the path, and of a file also line and column.
    #[staticmethod]
    fn from_json(text: &str, is_file: bool) -> PyResult<Self> {
        Core::from_json(text, is_file).map(Self).map_err(errors::usage)
    }

    /// The paths of what the list of fields does not know, which is served as it is.
    fn unknown(&self) -> Vec<String> {
        self.0.machine.unknown().iter().map(ToString::to_string).collect()
    }

    /// All of it as JSON.
    fn to_json(&self) -> String {
        self.0.to_json()
    }

    /// All of it as TOML.
    fn to_toml(&self) -> PyResult<String> {
        toml::to_string(&self.0).map_err(|error| errors::usage(Core::malformed("", None, &error.to_string())))
    }
}
