//! The answer of `/metadata/instance`, typed and as it came.

use alloc::string::{String, ToString};

use azure_imds::metadata::{MetadataPath, Record};
use azure_imds::{ApiVersion, Instance, ServiceError};
use wasm_bindgen::prelude::*;

use crate::convert::{array, object};
use crate::{errors, values};

/// Reads an answer.
///
/// # Errors
///
/// `answer_malformed`, `answer_too_deep`, `answer_unexpected`, `version_malformed`.
#[wasm_bindgen(js_name = readInstance)]
pub fn read_instance(json: &str, api_version: Option<String>) -> Result<JsValue, JsValue> {
    read(json, api_version).map(|instance| value(&instance))
}

/// What the path leads to in an answer, as JSON.
///
/// # Errors
///
/// `path_malformed`, `path_not_found`.
#[wasm_bindgen(js_name = instanceGet)]
pub fn instance_get(json: &str, api_version: Option<String>, path: &str) -> Result<String, JsValue> {
    let path = MetadataPath::parse(path).map_err(errors::usage)?;
    read(json, api_version)?.select(&path).map(azure_imds::metadata::Value::to_json).map_err(service)
}

/// What the service answers for the path with `format=text`.
///
/// # Errors
///
/// `path_malformed`, `path_not_found`.
#[wasm_bindgen(js_name = instanceText)]
pub fn instance_text(json: &str, api_version: Option<String>, path: &str) -> Result<String, JsValue> {
    let path = MetadataPath::parse(path).map_err(errors::usage)?;
    read(json, api_version)?.text(&path).map_err(service)
}

/// Why an answer lacks a field.
///
/// # Errors
///
/// None for an answer that was read before.
#[wasm_bindgen(js_name = instanceExplain)]
pub fn instance_explain(json: &str, api_version: Option<String>, name: &str) -> Result<Option<String>, JsValue> {
    Ok(read(json, api_version)?.explain_missing(name))
}

/// The JSON form of an answer.
///
/// # Errors
///
/// None for an answer that was read before.
#[wasm_bindgen(js_name = instanceForm)]
pub fn instance_form(json: &str, api_version: Option<String>) -> Result<String, JsValue> {
    Ok(read(json, api_version)?.to_json())
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

fn read(json: &str, api_version: Option<String>) -> Result<Instance, JsValue> {
    let version = api_version.map(|text| ApiVersion::parse(&text)).transpose().map_err(errors::usage)?;
    Instance::parse(json, version).map_err(service)
}

fn service(error: ServiceError) -> JsValue {
    errors::error(&error.into(), &[])
}
