//! The two forms of an answer: text, where a list is one name a line, and JSON.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::metadata::document::Value;
use crate::metadata::error::ServiceError;
use crate::metadata::path::MetadataPath;
use crate::quoted::Quoted;

/// What the service answers with `format=text`.
///
/// A single value comes bare. An object comes as one key a line in ASCII order, an array as one index a line; a slash
/// follows where there is more below. Nothing ends the last line.
///
/// ```
/// use azure_imds::metadata::{Value, render_text};
///
/// let value = Value::object([("name", Value::text("vm-1")), ("osProfile", Value::object([]))]);
/// assert_eq!(render_text(&value), "name\nosProfile/");
/// ```
#[must_use]
pub fn render_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => format!("{flag}"),
        Value::Number(text) | Value::String(text) => text.clone(),
        Value::Array(elements) => {
            let lines = elements.iter().enumerate().map(|(index, element)| format!("{index}{}", slash(element)));
            lines.collect::<Vec<_>>().join("\n")
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            let lines = members.into_iter().map(|(key, child)| format!("{key}{}", slash(child)));
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}

/// What the service answers with `format=json`: compact JSON.
///
/// # Errors
///
/// `leaf_needs_text` for a single value, which the service refuses to give as JSON.
///
/// ```
/// use azure_imds::metadata::{MetadataPath, Value, render_json};
///
/// let path = MetadataPath::parse("compute/name")?;
/// let error = render_json(&Value::text("vm-1"), &path).unwrap_err();
/// assert_eq!(error.code(), "leaf_needs_text");
/// # Ok::<(), azure_imds::UsageError>(())
/// ```
pub fn render_json(value: &Value, path: &MetadataPath) -> Result<String, ServiceError> {
    if value.is_leaf() {
        return Err(ServiceError::LeafNeedsText { path: Quoted::from(&*format!("{path}")) });
    }
    Ok(value.to_json())
}

const fn slash(value: &Value) -> &'static str {
    if value.is_leaf() { "" } else { "/" }
}
