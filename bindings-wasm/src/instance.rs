//! The answer of `/metadata/instance`, typed and as it came.

use alloc::string::{String, ToString};

use azure_imds::metadata::{MetadataPath, Record};
use azure_imds::{ApiVersion, Instance, ServiceError};
use wasm_bindgen::prelude::*;

use crate::convert::{array, object};
use crate::{errors, values};

/// An answer that was read, for as long as JavaScript asks it for paths.
#[wasm_bindgen]
pub struct ReadInstance(Instance);

#[wasm_bindgen]
impl ReadInstance {
    /// Reads an answer.
    ///
    /// # Errors
    ///
    /// `answer_malformed`, `answer_too_deep`, `answer_unexpected`, `version_malformed`.
    #[wasm_bindgen(constructor)]
    pub fn new(json: &str, api_version: Option<String>) -> Result<Self, JsValue> {
        let version = api_version.map(|text| ApiVersion::parse(&text)).transpose().map_err(errors::usage)?;
        Instance::parse(json, version).map(Self).map_err(service)
    }

    /// The whole of it.
    pub fn value(&self) -> JsValue {
        value(&self.0)
    }

    /// What the path leads to, as JSON.
    ///
    /// # Errors
    ///
    /// `path_malformed`, `path_not_found`.
    pub fn get(&self, path: &str) -> Result<String, JsValue> {
        let path = MetadataPath::parse(path).map_err(errors::usage)?;
        self.0.select(&path).map(azure_imds::metadata::Value::to_json).map_err(service)
    }

    /// What the service answers for the path with `format=text`.
    ///
    /// # Errors
    ///
    /// `path_malformed`, `path_not_found`.
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

/// The whole of it.
pub(crate) fn value(instance: &Instance) -> JsValue {
    object(&[
        ("compute", values::record(&instance.compute)),
        ("network", values::record(&instance.network)),
        ("extended", values::fields(instance.extended.fields())),
        ("tags", values::tags(&instance.tags)),
        ("json", instance.document().as_str().into()),
        ("apiVersion", instance.version().map(|version| version.to_string()).into()),
        ("absent", array(instance.absent(), |path| path.as_str().into())),
        ("unreadable", values::unreadable(instance.unreadable())),
    ])
}

fn service(error: ServiceError) -> JsValue {
    errors::error(&error.into(), &[])
}
