//! What an emulator is made of, read from JSON and TOML, and written as both.

use azure_imds::emulator::{Choices, Compute, Extended, Identities, Limits, LoadBalancer, Machine, Network};
use pyo3::prelude::*;
use serde::{Deserialize, Serialize};

use crate::errors;

/// A machine, with the choices and limits of its service.
#[pyclass(frozen, eq, module = "azure_imds._native")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Configuration {
    pub(super) machine: Machine,
    pub(super) choices: Choices,
    pub(super) limits: Limits,
}

/// The file: the machine's own parts beside the two others, so that each is found under one name only.
#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct File {
    classic: bool,
    limits: Limits,
    choices: Choices,
    compute: Compute,
    network: Network,
    extended: Extended,
    identity: Identities,
    #[serde(skip_serializing_if = "Option::is_none")]
    load_balancer: Option<LoadBalancer>,
}

impl Default for File {
    fn default() -> Self {
        Configuration::default().into()
    }
}

impl From<Configuration> for File {
    fn from(Configuration { machine, choices, limits }: Configuration) -> Self {
        let Machine { classic, compute, network, extended, identity, load_balancer } = machine;
        Self { classic, limits, choices, compute, network, extended, identity, load_balancer }
    }
}

impl From<File> for Configuration {
    fn from(file: File) -> Self {
        let File { classic, limits, choices, compute, network, extended, identity, load_balancer } = file;
        Self { machine: Machine { classic, compute, network, extended, identity, load_balancer }, choices, limits }
    }
}

#[pymethods]
impl Configuration {
    /// Reads TOML. An error names line and column.
    #[staticmethod]
    fn from_toml(text: &str) -> PyResult<Self> {
        toml::from_str::<File>(text).map(Self::from).map_err(|error| {
            let place = error.span().map(|span| place(text, span.start));
            malformed(&place.unwrap_or_default(), error.message())
        })
    }

    /// Reads JSON. An error names the path, and of a file also line and column.
    #[staticmethod]
    fn from_json(text: &str, is_file: bool) -> PyResult<Self> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let file = serde_path_to_error::deserialize::<_, File>(&mut deserializer).map_err(|error| {
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
        Ok(file.into())
    }

    /// All of it as JSON.
    fn to_json(&self) -> PyResult<String> {
        serde_json::to_string(&File::from(self.clone())).map_err(|error| malformed("", &error.to_string()))
    }

    /// All of it as TOML.
    fn to_toml(&self) -> PyResult<String> {
        toml::to_string(&File::from(self.clone())).map_err(|error| malformed("", &error.to_string()))
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
