//! What an emulator is made of, read from JSON and written as JSON.

use alloc::format;
use alloc::string::{String, ToString};

use azure_imds::emulator::Configuration;
use wasm_bindgen::JsValue;

use crate::errors;

/// Reads JSON. An error names the path and, if there is one to look into, line and column of the file.
pub(super) fn from_json(text: &str, is_file: bool) -> Result<Configuration, JsValue> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let configuration = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = match error.path().to_string() {
            path if path == "." => String::new(),
            path => format!("{path}: "),
        };
        malformed(error.inner(), &path, is_file)
    })?;
    deserializer.end().map_err(|error| malformed(&error, "", is_file))?;
    Ok(configuration)
}

/// All of it as JSON.
pub(super) fn to_json(configuration: &Configuration) -> Result<String, JsValue> {
    serde_json::to_string(configuration).map_err(|error| malformed(&error, "", false))
}

/// `serde_json` ends its message with the place, which helps only where there is a file.
fn malformed(error: &serde_json::Error, path: &str, is_file: bool) -> JsValue {
    let said = error.to_string();
    let (line, column) = (error.line(), error.column());
    let said = said.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&said).trim_end();
    let place = if is_file { format!("line {line}, column {column}: ") } else { String::new() };
    errors::usage_with("configuration_malformed", &format!("{place}{path}{said}"))
}
