//! The answer of `/metadata/instance`, typed and as it came.

use alloc::string::String;

use azure_imds::metadata::MetadataPath;
use azure_imds::{ApiVersion, Instance, ServiceError};
use wasm_bindgen::prelude::*;

use crate::{errors, values};

/// An answer that was read, for as long as JavaScript asks it for paths.
#[wasm_bindgen]
pub struct ReadInstance(Instance);

#[wasm_bindgen]
impl ReadInstance {
    /// Reads an answer.
    #[wasm_bindgen(constructor)]
    pub fn new(json: &str, api_version: Option<String>) -> Result<Self, JsValue> {
        let version = api_version.map(|text| ApiVersion::parse(&text)).transpose().map_err(errors::usage)?;
        Instance::parse(json, version).map(Self).map_err(service)
    }

    /// The whole of it.
    pub fn value(&self) -> JsValue {
        values::instance(&self.0)
    }

    /// What the path leads to, as JSON.
    pub fn get(&self, path: &str) -> Result<String, JsValue> {
        let path = MetadataPath::parse(path).map_err(errors::usage)?;
        self.0.select(&path).map(azure_imds::metadata::Value::to_json).map_err(service)
    }

    /// What the service answers for the path with `format=text`.
    pub fn text(&self, path: &str) -> Result<String, JsValue> {
        let path = MetadataPath::parse(path).map_err(errors::usage)?;
        self.0.text(&path).map_err(service)
    }

    /// The JSON form.
    pub fn form(&self) -> String {
        self.0.to_json()
    }

    /// Why the answer lacks a field.
    pub fn explain(&self, name: &str) -> Option<String> {
        self.0.explain_missing(name)
    }
}

fn service(error: ServiceError) -> JsValue {
    errors::error(&error.into(), &[])
}
