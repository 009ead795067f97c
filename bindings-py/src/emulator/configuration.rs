//! What an emulator is made of, read from JSON and TOML, and written as both.

use azure_imds::emulator::RateLimits;
use pyo3::prelude::*;

use crate::errors;

/// A machine, with the choices and limits of its service.
#[pyclass(frozen, eq, module = "azure_imds._native")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Configuration(pub(super) azure_imds::emulator::Configuration);

#[pymethods]
impl Configuration {
    /// Reads TOML. An error names line and column.
    #[staticmethod]
    fn from_toml(text: &str) -> PyResult<Self> {
        toml::from_str(text).map(Self).map_err(|error| {
            let place = error.span().map(|span| place(text, span.start));
            malformed(&place.unwrap_or_default(), error.message())
        })
    }

    /// Reads JSON. An error names the path, and of a file also line and column.
    #[staticmethod]
    fn from_json(text: &str, is_file: bool) -> PyResult<Self> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let configuration = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            let path = match error.path().to_string() {
                path if path == "." => String::new(),
                path => format!("{path}: "),
            };
            let (said, is_at) = without_place(error.inner());
            malformed(if is_file { &is_at } else { "" }, &format!("{path}{said}"))
        })?;
        deserializer.end().map_err(|error| {
            let (said, is_at) = without_place(&error);
            malformed(if is_file { &is_at } else { "" }, &said)
        })?;
        Ok(Self(configuration))
    }

    /// The same without limits.
    fn without_limits(&self) -> Self {
        Self(azure_imds::emulator::Configuration { limits: RateLimits::none(), ..self.0.clone() })
    }

    /// The paths of what the list of fields does not know, which is served as it is.
    fn unknown(&self) -> Vec<String> {
        self.0.machine.unknown().iter().map(ToString::to_string).collect()
    }

    /// All of it as JSON.
    fn to_json(&self) -> PyResult<String> {
        serde_json::to_string(&self.0).map_err(|error| malformed("", &error.to_string()))
    }

    /// All of it as TOML.
    fn to_toml(&self) -> PyResult<String> {
        toml::to_string(&self.0).map_err(|error| malformed("", &error.to_string()))
    }
}

fn malformed(place: &str, said: &str) -> PyErr {
    errors::usage_with("configuration_malformed", &format!("{place}{}", said.trim_end()))
}

/// Line and column, counted from 1.
fn place(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.split('\n').count();
    let column = before.rsplit('\n').next().map_or(0, |rest| rest.chars().count()) + 1;
    format!("line {line}, column {column}: ")
}

/// The message that `serde_json` ends with the place, and the place.
fn without_place(error: &serde_json::Error) -> (String, String) {
    let said = error.to_string();
    let (line, column) = (error.line(), error.column());
    let said = said.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&said).to_owned();
    (said, format!("line {line}, column {column}: "))
}
