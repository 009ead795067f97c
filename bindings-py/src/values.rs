//! Values of the core as those of `azure_imds.records`, which have the same tables of fields.

use azure_imds::client::{AttestedDocument, Availability};
use azure_imds::metadata::{
    self, Document, FieldValue, Record, RecordType, RecordValues, Unreadable, Value, Versions, schema,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use crate::convert::{self, Moment, shown, tuple};
use crate::errors;

/// Digits that Python reads as an integer.
const LONGEST_INTEGER: usize = 4_300;

/// A record of `azure_imds.records`, by its names: `record!(py, "Unreadable", path = path, text = text)`.
macro_rules! record {
    ($py:expr, $class:expr, $($name:ident = $value:expr),+) => {{
        let values = pyo3::types::PyDict::new($py);
        $(values.set_item(pyo3::intern!($py, stringify!($name)), $value)?;)+
        crate::values::of_class($py, $class, &values)
    }};
}
pub(crate) use record;

/// A value of a class of `azure_imds.records`.
pub(crate) fn of_class<'py>(py: Python<'py>, class: &str, values: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
    py.import("azure_imds.records")?.getattr(class)?.call((), Some(values))
}

/// A record, by its values.
pub(crate) fn fields(py: Python<'_>, fields: RecordValues) -> PyResult<Bound<'_, PyAny>> {
    of_class(py, fields.type_name, &members(py, fields)?)
}

fn members(py: Python<'_>, fields: RecordValues) -> PyResult<Bound<'_, PyDict>> {
    let values = PyDict::new(py);
    for member in fields.members {
        values.set_item(member.name, value(py, member.value)?)?;
    }
    Ok(values)
}

fn value(py: Python<'_>, field: FieldValue) -> PyResult<Bound<'_, PyAny>> {
    Ok(match field {
        FieldValue::Absent => py.None().into_bound(py),
        FieldValue::Flag(flag) => flag.into_pyobject(py)?.to_owned().into_any(),
        FieldValue::List(values) => tuple(py, values.into_iter().map(|inner| value(py, inner)))?.into_any(),
        FieldValue::Number(number) => number.into_pyobject(py)?.into_any(),
        FieldValue::Record(inner) => fields(py, inner)?,
        FieldValue::Text(text) => text.into_pyobject(py)?.into_any(),
        FieldValue::Time(time) => Moment::from(time).into_pyobject(py)?.into_any(),
    })
}

/// A record that has its answer with it.
pub(crate) fn with_answer<'py, R: Record>(
    py: Python<'py>,
    record: &R,
    document: &Document,
    odd: &[Unreadable],
) -> PyResult<Bound<'py, PyAny>> {
    let values = members(py, record.fields())?;
    values.set_item("json", document.as_str())?;
    values.set_item("unreadable", unreadable(py, odd)?)?;
    of_class(py, R::TYPE.name, &values)
}

pub(crate) fn scheduled_events<'py>(
    py: Python<'py>,
    events: &metadata::ScheduledEvents,
) -> PyResult<Bound<'py, PyAny>> {
    with_answer(py, events, events.document(), events.unreadable())
}

pub(crate) fn unreadable<'py>(py: Python<'py>, odd: &[Unreadable]) -> PyResult<Bound<'py, PyTuple>> {
    let one = |it: &Unreadable| record!(py, "Unreadable", path = it.path.to_string(), text = it.text.to_string());
    tuple(py, odd.iter().map(one))
}

pub(crate) fn tags<'py>(py: Python<'py>, tags: &metadata::Tags) -> PyResult<Bound<'py, PyAny>> {
    let pairs = PyTuple::new(py, tags.iter())?;
    py.import("azure_imds.records")?.getattr("Tags")?.call1((pairs, tags.source().name()))
}

pub(crate) fn attested_document<'py>(py: Python<'py>, document: &AttestedDocument) -> PyResult<Bound<'py, PyAny>> {
    record!(py, "AttestedDocument", text = document.as_str(), signature = document.signature())
}

pub(crate) fn versions<'py>(py: Python<'py>, versions: &Versions) -> PyResult<Bound<'py, PyAny>> {
    let known = PyTuple::new(py, versions.versions.iter().map(ToString::to_string))?;
    let unknown = PyTuple::new(py, &versions.unknown)?;
    let newest = versions.newest().map(|version| version.to_string());
    let json = versions.document().as_str();
    record!(py, "Versions", versions = known, unknown = unknown, newest = newest, json = json)
}

pub(crate) fn availability<'py>(py: Python<'py>, found: &Availability) -> PyResult<Bound<'py, PyAny>> {
    let reason = found.reason.as_ref().map(|error| errors::exception(py, error, &[])).transpose()?;
    let server = found.server.as_deref();
    record!(py, "Availability", is_available = found.is_available, reason = reason, server = server)
}

/// A JSON value as Python's own. A number that Python can't hold is the text as it was written.
pub(crate) fn plain<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(flag) => flag.into_pyobject(py)?.to_owned().into_any(),
        Value::Number(text) => number(py, text)?,
        Value::String(text) => text.into_pyobject(py)?.into_any(),
        Value::Array(elements) => {
            let elements: PyResult<Vec<_>> = elements.iter().map(|element| plain(py, element)).collect();
            PyList::new(py, elements?)?.into_any()
        }
        Value::Object(members) => {
            let object = PyDict::new(py);
            for (key, value) in members {
                object.set_item(key, plain(py, value)?)?;
            }
            object.into_any()
        }
    })
}

fn number<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    if let Ok(integer) = text.parse::<i64>() {
        return Ok(integer.into_pyobject(py)?.into_any());
    }
    let is_integer = !text.contains(['.', 'e', 'E']);
    if is_integer && text.len() <= LONGEST_INTEGER {
        return py.import("builtins")?.getattr("int")?.call1((text,));
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && !is_integer => Ok(number.into_pyobject(py)?.into_any()),
        _ => Ok(text.into_pyobject(py)?.into_any()),
    }
}

/// What a text says, if it is a JSON object: numbers out of all bounds stay as they are written.
#[pyfunction]
#[pyo3(signature = (text, /))]
pub(crate) fn json_object<'py>(py: Python<'py>, text: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
    match Document::parse(text) {
        Ok(document) if matches!(document.root(), Value::Object(_)) => plain(py, document.root()).map(Some),
        _ => Ok(None),
    }
}

shown! {
    /// An access token. What it shows of itself is without the token.
    AccessToken(metadata::AccessToken) |token, py| {
        secret: token.secret(),
        client_id: token.client_id.as_deref(),
        expires_in: token.expires_in.map(|span| span.as_secs()),
        expires_on: token.expires_on.map(Moment::from),
        ext_expires_in: token.ext_expires_in.map(|span| span.as_secs()),
        not_before: token.not_before.map(Moment::from),
        resource: token.resource.as_deref(),
        token_type: token.token_type.as_deref(),
        unreadable: unreadable(py, token.unreadable())?,
    }

    fn to_json(&self) -> String {
        self.core.to_json()
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::values(py, &self.core.to_json())
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err("an AccessToken can't be pickled: it is a secret, which `secret` alone shows"))
    }

    fn __str__(&self) -> String {
        self.core.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<{}>", self.core)
    }
}

/// By the token, which equal ones share.
impl std::hash::Hash for AccessToken {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.core.secret().hash(state);
    }
}

/// The tables of all records: of each the names here and on the wire, the kind, and the type of what is inside.
#[pyfunction]
pub(crate) fn record_types(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let tables = PyDict::new(py);
    for (_, table) in schema::ANSWERS {
        describe(&tables, table)?;
    }
    Ok(tables)
}

fn describe(tables: &Bound<'_, PyDict>, table: &'static RecordType) -> PyResult<()> {
    let rows = PyList::empty(tables.py());
    for field in table.fields {
        let (kind, inner) = field.kind.parts();
        if let Some(inner) = inner {
            describe(tables, inner)?;
        }
        rows.append((field.name, field.wire_name, kind, inner.map(|inner| inner.name)))?;
    }
    tables.set_item(table.name, rows)
}
