//! Values of the core as those of `azure_imds.records`, which have the same tables of fields.

use azure_imds::metadata::{Document, FieldValue, Record, RecordType, RecordValues, Unreadable, Value, schema};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use crate::convert::{self, Moment};
use crate::errors;

/// Digits that Python reads as an integer.
const LONGEST_INTEGER: usize = 4_300;

/// A class of `azure_imds.records`, made with these values.
pub(crate) fn made<'py>(py: Python<'py>, class: &str, values: &Bound<'py, PyDict>) -> PyResult<Py<PyAny>> {
    Ok(py.import("azure_imds.records")?.getattr(class)?.call((), Some(values))?.unbind())
}

/// A record.
pub(crate) fn record<R: Record>(py: Python<'_>, record: &R) -> PyResult<Py<PyAny>> {
    fields(py, record.fields())
}

/// A record, by its values.
pub(crate) fn fields(py: Python<'_>, fields: RecordValues) -> PyResult<Py<PyAny>> {
    made(py, fields.type_name, &members(py, fields)?)
}

fn members(py: Python<'_>, fields: RecordValues) -> PyResult<Bound<'_, PyDict>> {
    let values = PyDict::new(py);
    for member in fields.members {
        values.set_item(member.name, value(py, member.value)?)?;
    }
    Ok(values)
}

fn value(py: Python<'_>, field: FieldValue) -> PyResult<Py<PyAny>> {
    Ok(match field {
        FieldValue::Absent => py.None(),
        FieldValue::Flag(flag) => flag.into_pyobject(py)?.to_owned().into_any().unbind(),
        FieldValue::List(values) => {
            let values: PyResult<Vec<_>> = values.into_iter().map(|inner| value(py, inner)).collect();
            PyTuple::new(py, values?)?.into_any().unbind()
        }
        FieldValue::Number(number) => number.into_pyobject(py)?.into_any().unbind(),
        FieldValue::Record(inner) => fields(py, inner)?,
        FieldValue::Text(text) => text.into_pyobject(py)?.into_any().unbind(),
        FieldValue::Time(time) => Moment::from(time).into_pyobject(py)?.into_any().unbind(),
    })
}

/// A record that has its answer with it.
fn with_answer<R: Record>(py: Python<'_>, record: &R, document: &Document, odd: &[Unreadable]) -> PyResult<Py<PyAny>> {
    let values = members(py, record.fields())?;
    values.set_item("json", document.as_str())?;
    values.set_item("unreadable", unreadable(py, odd)?)?;
    made(py, R::TYPE.name, &values)
}

pub(crate) fn scheduled_events(py: Python<'_>, events: &azure_imds::metadata::ScheduledEvents) -> PyResult<Py<PyAny>> {
    with_answer(py, events, events.document(), events.unreadable())
}

pub(crate) fn load_balancer(py: Python<'_>, balancer: &azure_imds::metadata::LoadBalancer) -> PyResult<Py<PyAny>> {
    with_answer(py, balancer, balancer.document(), balancer.unreadable())
}

pub(crate) fn unreadable(py: Python<'_>, odd: &[Unreadable]) -> PyResult<Py<PyAny>> {
    let made = odd.iter().map(|field| {
        let values = PyDict::new(py);
        values.set_item("path", field.path.to_string())?;
        values.set_item("text", field.text.to_string())?;
        made(py, "Unreadable", &values)
    });
    Ok(PyTuple::new(py, made.collect::<PyResult<Vec<_>>>()?)?.into_any().unbind())
}

pub(crate) fn tags(py: Python<'_>, tags: &azure_imds::metadata::Tags) -> PyResult<Py<PyAny>> {
    let pairs = PyTuple::new(py, tags.iter())?;
    Ok(py.import("azure_imds.records")?.getattr("Tags")?.call1((pairs, tags.source().name()))?.unbind())
}

pub(crate) fn token(py: Python<'_>, token: &azure_imds::metadata::AccessToken) -> PyResult<Py<PyAny>> {
    Ok(Py::new(py, AccessToken(token.clone()))?.into_any())
}

pub(crate) fn attested_document(
    py: Python<'_>,
    document: &azure_imds::client::AttestedDocument,
) -> PyResult<Py<PyAny>> {
    let values = PyDict::new(py);
    values.set_item("text", document.as_str())?;
    values.set_item("signature", document.signature())?;
    made(py, "AttestedDocument", &values)
}

pub(crate) fn versions(py: Python<'_>, versions: &azure_imds::metadata::Versions) -> PyResult<Py<PyAny>> {
    let values = PyDict::new(py);
    values.set_item("versions", PyTuple::new(py, versions.versions.iter().map(ToString::to_string))?)?;
    values.set_item("unknown", PyTuple::new(py, &versions.unknown)?)?;
    values.set_item("newest", versions.newest().map(|version| version.to_string()))?;
    values.set_item("json", versions.document().as_str())?;
    made(py, "Versions", &values)
}

pub(crate) fn availability(py: Python<'_>, found: &azure_imds::client::Availability) -> PyResult<Py<PyAny>> {
    let reason = found.reason.as_ref().map(|error| errors::exception(py, error, &[])).transpose()?;
    let values = PyDict::new(py);
    values.set_item("is_available", found.is_available)?;
    values.set_item("reason", reason)?;
    values.set_item("server", found.server.as_deref())?;
    made(py, "Availability", &values)
}

/// A JSON value as Python's own. A number that Python can't hold is the text as it was written.
pub(crate) fn plain(py: Python<'_>, value: &Value) -> PyResult<Py<PyAny>> {
    Ok(match value {
        Value::Null => py.None(),
        Value::Bool(flag) => flag.into_pyobject(py)?.to_owned().into_any().unbind(),
        Value::Number(text) => number(py, text)?,
        Value::String(text) => text.into_pyobject(py)?.into_any().unbind(),
        Value::Array(elements) => {
            let elements: PyResult<Vec<_>> = elements.iter().map(|element| plain(py, element)).collect();
            PyList::new(py, elements?)?.into_any().unbind()
        }
        Value::Object(members) => {
            let object = PyDict::new(py);
            for (key, value) in members {
                object.set_item(key, plain(py, value)?)?;
            }
            object.into_any().unbind()
        }
    })
}

fn number(py: Python<'_>, text: &str) -> PyResult<Py<PyAny>> {
    if let Ok(integer) = text.parse::<i64>() {
        return Ok(integer.into_pyobject(py)?.into_any().unbind());
    }
    let is_integer = !text.contains(['.', 'e', 'E']);
    if is_integer && text.len() <= LONGEST_INTEGER {
        return Ok(py.import("builtins")?.getattr("int")?.call1((text,))?.unbind());
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && !is_integer => Ok(number.into_pyobject(py)?.into_any().unbind()),
        _ => Ok(text.into_pyobject(py)?.into_any().unbind()),
    }
}

/// What a text says, if it is a JSON object: numbers out of all bounds stay as they are written.
#[pyfunction]
#[pyo3(signature = (text, /))]
pub(crate) fn json_object(py: Python<'_>, text: &str) -> PyResult<Option<Py<PyAny>>> {
    match Document::parse(text) {
        Ok(document) if matches!(document.root(), Value::Object(_)) => plain(py, document.root()).map(Some),
        _ => Ok(None),
    }
}

/// An access token. What it shows of itself is without the token.
#[pyclass(frozen, eq, module = "azure_imds")]
#[derive(PartialEq, Eq)]
pub(crate) struct AccessToken(azure_imds::metadata::AccessToken);

#[pymethods]
impl AccessToken {
    #[getter]
    fn secret(&self) -> &str {
        self.0.secret()
    }

    #[getter]
    fn client_id(&self) -> Option<&str> {
        self.0.client_id.as_deref()
    }

    #[getter]
    fn expires_in(&self) -> Option<u64> {
        self.0.expires_in.map(|span| span.as_secs())
    }

    #[getter]
    fn expires_on(&self) -> Option<Moment> {
        self.0.expires_on.map(Moment::from)
    }

    #[getter]
    fn ext_expires_in(&self) -> Option<u64> {
        self.0.ext_expires_in.map(|span| span.as_secs())
    }

    #[getter]
    fn not_before(&self) -> Option<Moment> {
        self.0.not_before.map(Moment::from)
    }

    #[getter]
    fn resource(&self) -> Option<&str> {
        self.0.resource.as_deref()
    }

    #[getter]
    fn token_type(&self) -> Option<&str> {
        self.0.token_type.as_deref()
    }

    #[getter]
    fn unreadable(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        unreadable(py, self.0.unreadable())
    }

    fn to_json(&self) -> String {
        self.0.to_json()
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::values(py, &self.0.to_json())
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("<{}>", self.0)
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
