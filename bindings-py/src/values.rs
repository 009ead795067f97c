//! Values of the core as those of `azure_imds.records`, which have the same tables of fields.

use azure_imds::attested::KnownIssuer;
use azure_imds::client::Availability;
use azure_imds::metadata::{self, Document, FieldValue, Record, RecordType, RecordValues, Unreadable, Value, schema};
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use crate::convert::{made, moment, shown, tuple};
use crate::errors;

/// Digits that Python reads as an integer.
const LONGEST_INTEGER: usize = 4_300;

/// A record, by its values, as a value of the class of its name.
pub(crate) fn of_record(py: Python<'_>, record: RecordValues) -> PyResult<Bound<'_, PyAny>> {
    with(py, record, [])
}

/// The same with other values for some of its attributes, or for further ones.
pub(crate) fn with<'py, const N: usize>(
    py: Python<'py>,
    record: RecordValues,
    others: [(&str, Bound<'py, PyAny>); N],
) -> PyResult<Bound<'py, PyAny>> {
    let values = PyDict::new(py);
    for member in record.members {
        if others.iter().all(|(name, _)| *name != member.name) {
            values.set_item(member.name, value(py, member.value)?)?;
        }
    }
    for (name, other) in others {
        values.set_item(name, other)?;
    }
    let module = if record.type_name == KnownIssuer::TYPE.name { "azure_imds" } else { "azure_imds.records" };
    py.import(module)?.getattr(record.type_name)?.call((), Some(&values))
}

/// The same with the answer that it was read from.
pub(crate) fn with_answer<'py>(
    py: Python<'py>,
    record: RecordValues,
    answer: &Document,
) -> PyResult<Bound<'py, PyAny>> {
    with(py, record, [("json", answer.as_str().into_bound_py_any(py)?)])
}

fn value(py: Python<'_>, field: FieldValue) -> PyResult<Bound<'_, PyAny>> {
    match field {
        FieldValue::Absent => Ok(py.None().into_bound(py)),
        FieldValue::Flag(flag) => flag.into_bound_py_any(py),
        FieldValue::List(values) => Ok(tuple(py, values.into_iter().map(|inner| value(py, inner)))?.into_any()),
        FieldValue::Number(number) => number.into_bound_py_any(py),
        FieldValue::Record(inner) => of_record(py, inner),
        FieldValue::Text(text) => text.into_bound_py_any(py),
        FieldValue::Time(time) => Ok(moment(py, time)?.into_any()),
    }
}

pub(crate) fn unreadable<'py>(py: Python<'py>, odd: &[Unreadable]) -> PyResult<Bound<'py, PyTuple>> {
    tuple(py, odd.iter().map(|it| of_record(py, it.fields())))
}

pub(crate) fn tags<'py>(py: Python<'py>, tags: &metadata::Tags) -> PyResult<Bound<'py, PyAny>> {
    made!(py, "azure_imds.records", "Tags", (PyTuple::new(py, tags.iter())?, tags.source().name()))
}

pub(crate) fn availability<'py>(py: Python<'py>, found: &Availability) -> PyResult<Bound<'py, PyAny>> {
    let reason = found.reason.as_ref().map(|error| errors::exception(py, error, &[])).transpose()?;
    with(py, found.form(), [("reason", reason.into_bound_py_any(py)?)])
}

/// A JSON value as Python's own. A number that Python can't hold is the text as it was written.
pub(crate) fn plain<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Value::Null => Ok(py.None().into_bound(py)),
        Value::Bool(flag) => flag.into_bound_py_any(py),
        Value::Number(text) => number(py, text),
        Value::String(text) => text.into_bound_py_any(py),
        Value::Array(elements) => {
            let elements: PyResult<Vec<_>> = elements.iter().map(|element| plain(py, element)).collect();
            elements?.into_bound_py_any(py)
        }
        Value::Object(members) => {
            let object = PyDict::new(py);
            for (key, value) in members {
                object.set_item(key, plain(py, value)?)?;
            }
            Ok(object.into_any())
        }
    }
}

fn number<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    if let Ok(integer) = text.parse::<i64>() {
        return integer.into_bound_py_any(py);
    }
    let is_integer = !text.contains(['.', 'e', 'E']);
    if is_integer && text.len() <= LONGEST_INTEGER {
        return py.import("builtins")?.getattr("int")?.call1((text,));
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && !is_integer => number.into_bound_py_any(py),
        _ => text.into_bound_py_any(py),
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
    formed AccessToken(metadata::AccessToken) |token, py| {
        secret: token.secret(),
        client_id: token.client_id.as_deref(),
        expires_in: token.expires_in.map(|span| span.as_secs()),
        expires_on: token.expires_on.map(|it| moment(py, it)).transpose()?,
        ext_expires_in: token.ext_expires_in.map(|span| span.as_secs()),
        not_before: token.not_before.map(|it| moment(py, it)).transpose()?,
        resource: token.resource.as_deref(),
        token_type: token.token_type.as_deref(),
        unreadable: unreadable(py, token.unreadable())?,
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
