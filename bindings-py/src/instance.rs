//! The answer of `/metadata/instance`, typed and as it came.

use std::sync::Arc;

use azure_imds::ApiVersion;
use azure_imds::metadata::{MetadataPath, Record, RecordValues};
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};

use crate::convert::shown;
use crate::{errors, values};

shown! {
    /// The answer of `/metadata/instance`.
    formed Instance(Arc<azure_imds::Instance>) |instance, py| {
        compute: values::of_record(py, instance.compute.fields())?,
        network: values::of_record(py, instance.network.fields())?,
        extended: values::of_record(py, instance.extended.fields())?,
        tags: values::tags(py, &instance.tags)?,
        json: instance.document().as_str(),
        api_version: instance.version().map(|version| version.to_string()),
        absent: PyTuple::new(py, instance.absent())?,
        unreadable: values::unreadable(py, instance.unreadable())?,
    }

    #[new]
    #[pyo3(signature = (json, api_version=None))]
    fn new(json: &str, api_version: Option<&str>) -> PyResult<Self> {
        let version = api_version.map(ApiVersion::parse).transpose().map_err(errors::usage)?;
        let instance = azure_imds::Instance::parse(json, version);
        Ok(Arc::new(instance.map_err(|error| errors::raised(&error.into(), &[]))?).into())
    }

    /// For `pickle`.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, PyType>, (String, Option<String>)) {
        let instance = &slf.get().core;
        let version = instance.version().map(|version| version.to_string());
        (slf.get_type(), (instance.document().as_str().to_owned(), version))
    }

    fn get<'py>(&self, py: Python<'py>, path: &str) -> PyResult<Bound<'py, PyAny>> {
        let path = MetadataPath::parse(path).map_err(errors::usage)?;
        let value = self.core.select(&path).map_err(|error| errors::raised(&error.into(), &[]))?;
        values::plain(py, value)
    }

    fn text(&self, path: &str) -> PyResult<String> {
        let path = MetadataPath::parse(path).map_err(errors::usage)?;
        self.core.text(&path).map_err(|error| errors::raised(&error.into(), &[]))
    }

    fn explain(&self, name: &str) -> Option<String> {
        self.core.explain_missing(name)
    }

    fn __repr__(&self) -> String {
        let vm_id = self.core.compute.vm_id.as_deref().unwrap_or("unknown");
        let version = self.core.version().map(|version| format!(", api-version {version}")).unwrap_or_default();
        format!("<Instance of VM {}{version}>", azure_imds::Quoted::from(vm_id))
    }
}

impl Instance {
    /// The values of its JSON form.
    pub(crate) fn values(&self) -> RecordValues {
        self.core.form()
    }
}

/// By the text, of which all else is made.
impl std::hash::Hash for Instance {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.core.document().as_str().hash(state);
    }
}
