//! The JSON form of values of Python: their members, by the rows of the core, which writes them.

use std::collections::HashMap;
use std::sync::LazyLock;

use azure_imds::client::RESULTS;
use azure_imds::metadata::{FieldValue, Record, RecordField, RecordKind, RecordType, RecordValues};
use azure_imds::{Error, Timestamp};
use pyo3::exceptions::{PyException, PyTypeError};
use pyo3::prelude::*;

use crate::convert::values;
use crate::instance::Instance;

/// The JSON form of a result or an error.
#[pyfunction]
#[pyo3(signature = (value, /))]
pub(crate) fn form(value: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(record(value, table(value)?)?.to_json())
}

/// The same as values.
#[pyfunction]
#[pyo3(signature = (value, /))]
pub(crate) fn form_values<'py>(py: Python<'py>, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    values(py, &form(value)?)
}

/// The rows of a value: those of its class, or of the class that this one is derived from.
fn table(value: &Bound<'_, PyAny>) -> PyResult<&'static RecordType> {
    if value.is_instance_of::<PyException>() {
        return Ok(Error::TYPE);
    }
    for class in value.get_type().mro() {
        if let Some(table) = TABLES.get(class.getattr("__name__")?.extract::<String>()?.as_str()) {
            return Ok(table);
        }
    }
    Err(PyTypeError::new_err("a value of azure_imds is wanted"))
}

static TABLES: LazyLock<HashMap<&'static str, &'static RecordType>> = LazyLock::new(|| {
    let mut tables = HashMap::new();
    RESULTS.iter().for_each(|table| add(table, &mut tables));
    tables
});

fn add(table: &'static RecordType, tables: &mut HashMap<&'static str, &'static RecordType>) {
    if tables.insert(table.name, table).is_none() {
        for (_, inner) in table.rows().map(|row| row.kind.parts()) {
            inner.into_iter().for_each(|inner| add(inner, tables));
        }
    }
}

fn record(value: &Bound<'_, PyAny>, table: &'static RecordType) -> PyResult<RecordValues> {
    if let Ok(instance) = value.cast::<Instance>() {
        return Ok(instance.get().values());
    }
    if let Ok((name, text)) = value.extract::<(String, String)>() {
        // A tag, the one record that is a pair in Python.
        return table.values(|row| Ok(FieldValue::Text(if row.name == "name" { name.clone() } else { text.clone() })));
    }
    table.values(|row| match (table.name, row.name) {
        ("Error", "message") => Ok(FieldValue::Text(value.str()?.extract()?)),
        ("Error", _) => value.getattr_opt(row.name)?.map_or_else(|| Ok(nothing(row)), |it| member(&it, row)),
        _ => member(&value.getattr(row.name)?, row),
    })
}

/// What an error says of a member that its kind does not have.
fn nothing(row: &RecordField) -> FieldValue {
    match row.kind {
        RecordKind::List(_) => FieldValue::List(Vec::new()),
        _ => FieldValue::Absent,
    }
}

fn member(value: &Bound<'_, PyAny>, row: &RecordField) -> PyResult<FieldValue> {
    if value.is_none() {
        return Ok(FieldValue::Absent);
    }
    Ok(match row.kind {
        RecordKind::Flag => FieldValue::Flag(value.extract()?),
        RecordKind::List(inner) => {
            let items = value.try_iter()?.map(|item| Ok(FieldValue::Record(record(&item?, inner)?)));
            FieldValue::List(items.collect::<PyResult<_>>()?)
        }
        RecordKind::Number => FieldValue::Number(value.extract()?),
        RecordKind::Optional(inner) | RecordKind::Record(inner) => FieldValue::Record(record(value, inner)?),
        RecordKind::Texts => {
            FieldValue::List(value.extract::<Vec<String>>()?.into_iter().map(FieldValue::Text).collect())
        }
        RecordKind::Time => {
            let seconds: f64 = value.call_method0("timestamp")?.extract()?;
            // Whole seconds up to the year 9999: a double holds them exactly.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            FieldValue::Time(Timestamp::from_unix(seconds as u64))
        }
        _ => FieldValue::Text(value.extract()?),
    })
}
