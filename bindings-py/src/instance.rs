//! The answer of `/metadata/instance`, typed and as it came.

use azure_imds::ApiVersion;
use azure_imds::metadata::{MetadataPath, Record, RecordValues};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyTuple;
use std::sync::Arc;

use crate::convert;
use crate::errors;
use crate::values;

/// The answer of `/metadata/instance`. Each part becomes a Python value when it is first looked at.
#[pyclass(frozen, eq, hash, module = "azure_imds")]
pub(crate) struct Instance {
    instance: Arc<azure_imds::Instance>,
    compute: PyOnceLock<Py<PyAny>>,
    network: PyOnceLock<Py<PyAny>>,
    extended: PyOnceLock<Py<PyAny>>,
    tags: PyOnceLock<Py<PyAny>>,
}

impl From<Arc<azure_imds::Instance>> for Instance {
    fn from(instance: Arc<azure_imds::Instance>) -> Self {
        let (compute, network) = (PyOnceLock::new(), PyOnceLock::new());
        Self { instance, compute, network, extended: PyOnceLock::new(), tags: PyOnceLock::new() }
    }
}

impl Instance {
    /// The values of its JSON form.
    pub(crate) fn values(&self) -> RecordValues {
        self.instance.form()
    }
}

impl PartialEq for Instance {
    fn eq(&self, other: &Self) -> bool {
        self.instance == other.instance
    }
}

/// By the text, of which all else is made.
impl std::hash::Hash for Instance {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.instance.document().as_str().hash(state);
    }
}

#[pymethods]
impl Instance {
    #[new]
    #[pyo3(signature = (json, api_version=None))]
    fn new(json: &str, api_version: Option<&str>) -> PyResult<Self> {
        let version = api_version.map(ApiVersion::parse).transpose().map_err(errors::usage)?;
        let instance =
            azure_imds::Instance::parse(json, version).map_err(|error| errors::raised(&error.into(), &[]))?;
        Ok(Arc::new(instance).into())
    }

    /// For `pickle` and `copy`.
    fn __getnewargs__(&self) -> (&str, Option<String>) {
        (self.json(), self.api_version())
    }

    #[getter]
    fn compute(&self, py: Python<'_>) -> PyResult<&Py<PyAny>> {
        self.compute.get_or_try_init(py, || values::fields(py, self.instance.compute.fields()))
    }

    #[getter]
    fn network(&self, py: Python<'_>) -> PyResult<&Py<PyAny>> {
        self.network.get_or_try_init(py, || values::fields(py, self.instance.network.fields()))
    }

    #[getter]
    fn extended(&self, py: Python<'_>) -> PyResult<&Py<PyAny>> {
        self.extended.get_or_try_init(py, || values::fields(py, self.instance.extended.fields()))
    }

    #[getter]
    fn tags(&self, py: Python<'_>) -> PyResult<&Py<PyAny>> {
        self.tags.get_or_try_init(py, || values::tags(py, &self.instance.tags))
    }

    #[getter]
    fn json(&self) -> &str {
        self.instance.document().as_str()
    }

    #[getter]
    fn api_version(&self) -> Option<String> {
        self.instance.version().map(|version| version.to_string())
    }

    #[getter]
    fn absent<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.instance.absent())
    }

    #[getter]
    fn unreadable(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        values::unreadable(py, self.instance.unreadable())
    }

    fn get(&self, py: Python<'_>, path: &str) -> PyResult<Py<PyAny>> {
        let path = MetadataPath::parse(path).map_err(errors::usage)?;
        let value = self.instance.select(&path).map_err(|error| errors::raised(&error.into(), &[]))?;
        values::plain(py, value)
    }

    fn text(&self, path: &str) -> PyResult<String> {
        let path = MetadataPath::parse(path).map_err(errors::usage)?;
        self.instance.text(&path).map_err(|error| errors::raised(&error.into(), &[]))
    }

    fn explain(&self, name: &str) -> Option<String> {
        self.instance.explain_missing(name)
    }

    fn to_json(&self) -> String {
        self.instance.to_json()
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        convert::values(py, &self.to_json())
    }

    fn __repr__(&self) -> String {
        let vm_id = self.instance.compute.vm_id.as_deref().unwrap_or("unknown");
        let version = self.api_version().map(|version| format!(", api-version {version}")).unwrap_or_default();
        format!("<Instance of VM {}{version}>", azure_imds::Quoted::from(vm_id))
    }
}
