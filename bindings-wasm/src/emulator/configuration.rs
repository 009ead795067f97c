//! What an emulator is made of, read from JSON and written as JSON.

use alloc::format;
use alloc::string::{String, ToString};

use azure_imds::emulator::{Choices, Compute, Extended, Identities, Limits, LoadBalancer, Machine, Network};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use crate::errors;

/// A machine, with the choices and limits of its service.
#[derive(Default)]
pub(super) struct Configuration {
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

impl Configuration {
    /// Reads JSON. An error names the path and, if there is one to look into, line and column of the file.
    pub(super) fn from_json(text: &str, is_file: bool) -> Result<Self, JsValue> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let file = serde_path_to_error::deserialize::<_, File>(&mut deserializer).map_err(|error| {
            let path = match error.path().to_string() {
                path if path == "." => String::new(),
                path => format!("{path}: "),
            };
            malformed(error.inner(), &path, is_file)
        })?;
        deserializer.end().map_err(|error| malformed(&error, "", is_file))?;
        Ok(file.into())
    }

    /// All of it as JSON.
    pub(super) fn into_json(self) -> Result<String, JsValue> {
        serde_json::to_string(&File::from(self)).map_err(|error| malformed(&error, "", false))
    }
}

/// `serde_json` ends its message with the place, which helps only where there is a file.
fn malformed(error: &serde_json::Error, path: &str, is_file: bool) -> JsValue {
    let said = error.to_string();
    let (line, column) = (error.line(), error.column());
    let said = said.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&said).trim_end();
    let place = if is_file { format!("line {line}, column {column}: ") } else { String::new() };
    errors::usage_with("configuration_malformed", &format!("{place}{path}{said}"))
}
