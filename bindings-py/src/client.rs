//! The client: the address, the version and the policy, and the calls that they make.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use azure_imds::attested::Host;
use azure_imds::bindings;
use azure_imds::client::{self, ENDPOINT_VARIABLES};
use azure_imds::metadata::{MetadataPath, Record};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arguments::{argument, arguments};
use crate::call::Call;
use crate::doctor;
use crate::errors;
use crate::instance::Instance;
use crate::values::{self, AccessToken};
use crate::verifier::locked;

/// Makes calls. Shared freely between threads.
#[pyclass(frozen, module = "azure_imds._native")]
pub(crate) struct Client(azure_imds::Client);

#[pymethods]
impl Client {
    /// The environment variables that name another address.
    #[classattr]
    const ENDPOINT_VARIABLES: [&'static str; 2] = ENDPOINT_VARIABLES;

    #[new]
    fn new(options: &Bound<'_, PyDict>, jitter: u64) -> PyResult<Self> {
        bindings::client(arguments(options)?, &["transport"], jitter).map(Self).map_err(errors::usage)
    }

    /// The address asked.
    #[getter]
    fn endpoint(&self) -> String {
        self.0.endpoint().to_string()
    }

    fn instance(&self, extended: bool) -> Call {
        let call = if extended { self.0.extended_instance() } else { self.0.instance() };
        Call::new(call, |py, instance| Instance::from(Arc::clone(instance)).into_bound_py_any(py))
    }

    fn get(&self, path: &str) -> PyResult<Call> {
        let path = MetadataPath::parse(path).map_err(errors::usage)?;
        Ok(Call::new(self.0.get(&path), |py, value| values::plain(py, value)))
    }

    fn text(&self, path: &str) -> PyResult<Call> {
        let path = MetadataPath::parse(path).map_err(errors::usage)?;
        Ok(Call::new(self.0.text(&path), |py, text| text.as_str().into_bound_py_any(py)))
    }

    fn tags(&self) -> Call {
        Call::new(self.0.tags(), |py, tags| values::tags(py, tags))
    }

    #[pyo3(signature = (nonce))]
    fn attested_document(&self, nonce: Option<&str>) -> PyResult<Call> {
        let call = self.0.attested_document(nonce).map_err(errors::usage)?;
        Ok(Call::new(call, |py, document| values::of_record(py, document.form())))
    }

    fn token(&self, resource: &Bound<'_, PyAny>, options: &Bound<'_, PyDict>) -> PyResult<Call> {
        let resource = argument("resource", resource)?;
        let request = bindings::token_request(resource, arguments(options)?, &[]).map_err(errors::usage)?;
        Ok(Call::new(self.0.token(&request), |py, token| {
            AccessToken::from(AsRef::as_ref(token).clone()).into_bound_py_any(py)
        }))
    }

    fn identity_info(&self) -> Call {
        Call::new(self.0.identity_info(), |py, info| values::of_record(py, info.form()))
    }

    fn scheduled_events(&self) -> Call {
        Call::new(self.0.scheduled_events(), |py, events| values::with_answer(py, events.form(), events.document()))
    }

    fn approve(&self, events: &Bound<'_, PyAny>) -> PyResult<Call> {
        let event_ids = bindings::event_ids(Host::Python, argument("events", events)?);
        let call = event_ids.and_then(|event_ids| self.0.approve(&event_ids)).map_err(errors::usage)?;
        Ok(Call::new(call, |py, _| Ok(py.None().into_bound(py))))
    }

    fn watch_events(&self, interval_ms: Option<u64>) -> Observation {
        let interval = interval_ms.map_or(client::Observation::DEFAULT_INTERVAL, Duration::from_millis);
        Observation(Arc::new(Mutex::new(self.0.watch_events(interval))))
    }

    fn load_balancer(&self) -> Call {
        Call::new(self.0.load_balancer(), |py, it| values::with_answer(py, it.form(), it.document()))
    }

    fn versions(&self) -> Call {
        Call::new(self.0.versions(), |py, it| values::with_answer(py, it.form(), it.document()))
    }

    fn availability(&self) -> Call {
        Call::of_exchange(self.0.availability(), |py, _, found| values::availability(py, &found))
    }

    fn diagnose(
        &self,
        platform: &str,
        variables: HashMap<String, String>,
        files: HashMap<String, String>,
        routes: Option<String>,
    ) -> Call {
        let examination = self.0.diagnose(doctor::surroundings(platform, variables, files, routes));
        Call::of_exchange(examination, |py, _, found| doctor::diagnosis(py, &found))
    }
}

/// A watch of scheduled events.
#[pyclass(frozen, module = "azure_imds._native")]
pub(crate) struct Observation(Arc<Mutex<client::Observation>>);

#[pymethods]
impl Observation {
    /// The call whose value is the next one of the watch.
    fn next(&self) -> Call {
        locked(&self.0).resume();
        Call::started(Arc::clone(&self.0), None, |py, watch, value| match value {
            Ok(events) => values::with_answer(py, events.form(), events.document()),
            Err(error) => Err(errors::raised(&error, watch.attempts())),
        })
    }
}
