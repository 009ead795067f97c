//! What callers give, as arguments of the core, which decides what of it makes sense.

use azure_imds::attested::Host;
use azure_imds::bindings::{Argument, Arguments};
use azure_imds::{Quoted, UsageError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString};

use crate::convert::made;
use crate::errors;

/// Arguments by their names.
pub(crate) fn arguments(given: &Bound<'_, PyDict>) -> PyResult<Arguments<'static>> {
    Ok(Arguments::new(Host::Python, members(given)?))
}

/// A single argument of that name.
pub(crate) fn argument(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Argument<'static>> {
    Ok(if value.is_none() {
        Argument::Nothing
    } else if let Ok(text) = value.cast::<PyString>() {
        Argument::Text(text.to_str().map_err(|_| with_surrogates(name, text))?.to_owned().into())
    } else if let Ok(flag) = value.cast::<PyBool>() {
        Argument::Flag(flag.is_true())
    } else if value.is_instance_of::<PyInt>() || value.is_instance_of::<PyFloat>() {
        // What no double holds is out of every range.
        Argument::Number(value.extract().unwrap_or(f64::INFINITY))
    } else if let Ok(octets) = value.cast::<PyBytes>() {
        Argument::Octets(octets.as_bytes().to_owned().into())
    } else if let Ok(items) = value.cast::<PyList>() {
        Argument::List(items.iter().map(|item| argument(name, &item)).collect::<PyResult<_>>()?)
    } else if let Ok(given) = value.cast::<PyDict>() {
        Argument::Members(members(given)?.into_iter().map(|(name, value)| (name.into(), value)).collect())
    } else {
        of_python(name, value)?
    })
}

pub(crate) fn members(given: &Bound<'_, PyDict>) -> PyResult<Vec<(String, Argument<'static>)>> {
    let read = |(name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
        let name = match name.cast::<PyString>().ok().and_then(|name| name.to_str().ok()) {
            Some(name) => name.to_owned(),
            None => name.str()?.to_string_lossy().into_owned(),
        };
        argument(&name, &value).map(|value| (name, value))
    };
    given.iter().map(read).collect()
}

/// What only Python can read: its kind and what is in it.
fn of_python(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Argument<'static>> {
    let (kind, read): (String, Bound<'_, PyAny>) =
        made!(value.py(), "azure_imds._arguments", "kind_of", (name, value))?.extract()?;
    Ok(match &*kind {
        "file" => {
            let (path, content): (String, Vec<u8>) = read.extract()?;
            Argument::File(path.into(), content.into())
        }
        "nonce_not_checked" => Argument::NonceNotChecked,
        "signing_time" => Argument::SigningTime,
        "span" => Argument::Span(read.extract()?),
        "time" => Argument::Time(read.extract()?),
        "usual" => argument(name, &read)?,
        _ => Argument::Other(read.extract::<String>()?.into()),
    })
}

fn with_surrogates(name: &str, text: &Bound<'_, PyString>) -> PyErr {
    let (name, value) = (name.to_owned(), Quoted::from(&*text.to_string_lossy()));
    errors::usage(UsageError::ArgumentValue { name, value, wanted: "text without lone surrogates".to_owned() })
}
