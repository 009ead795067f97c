//! The client: the address, the version and the policy, and the calls that they make.

use std::collections::HashMap;
use std::time::Duration;

use azure_imds::client::{ENDPOINT_VARIABLES, Endpoint, Policy, TokenRequest};
use azure_imds::metadata::{EventId, IdentitySelector, MetadataPath};
use azure_imds::{ApiVersion, UsageError};
use pyo3::prelude::*;

use crate::call::Call;
use crate::doctor::{self, Surroundings};
use crate::errors;
use crate::instance::Instance;
use crate::observation::Observation;
use crate::values;

/// Makes calls. Shared freely between threads.
#[pyclass(frozen, module = "azure_imds._native")]
pub(crate) struct Client(azure_imds::Client);

#[pymethods]
impl Client {
    /// The environment variables that name another address.
    #[classattr]
    const ENDPOINT_VARIABLES: [&'static str; 2] = ENDPOINT_VARIABLES;

    #[new]
    #[pyo3(signature = (
        *, endpoint, environment, version, provisioning, connect_timeout_ms, attempt_timeout_ms, deadline_ms, max_body,
        retries, transport_retries, backoff_ms, jitter, negotiates, paced, remembers
    ))]
    #[expect(clippy::too_many_arguments)]
    fn new(
        endpoint: Option<&str>,
        environment: HashMap<String, String>,
        version: Option<&str>,
        provisioning: bool,
        connect_timeout_ms: Option<u64>,
        attempt_timeout_ms: Option<u64>,
        deadline_ms: Option<u64>,
        max_body: Option<usize>,
        retries: Option<u32>,
        transport_retries: Option<u32>,
        backoff_ms: Option<u64>,
        jitter: u64,
        negotiates: bool,
        paced: bool,
        remembers: bool,
    ) -> PyResult<Self> {
        let mut policy = if provisioning { Policy::provisioning() } else { Policy::default() };
        policy.connect_timeout = connect_timeout_ms.map_or(policy.connect_timeout, Duration::from_millis);
        policy.attempt_timeout = attempt_timeout_ms.map(Duration::from_millis).or(policy.attempt_timeout);
        policy.deadline = deadline_ms.map(Duration::from_millis).or(policy.deadline);
        policy.max_body = max_body.unwrap_or(policy.max_body);
        policy.retries = retries.unwrap_or(policy.retries);
        policy.transport_retries = transport_retries.unwrap_or(policy.transport_retries);
        policy.backoff = backoff_ms.map_or(policy.backoff, Duration::from_millis);
        policy.jitter = jitter;
        policy.negotiates = negotiates;
        policy.paced = paced;
        policy.remembers = remembers;
        client(endpoint, &environment, version, policy).map(Self).map_err(errors::usage)
    }

    /// The address asked.
    #[getter]
    fn endpoint(&self) -> String {
        self.0.endpoint().to_string()
    }

    fn instance(&self, extended: bool) -> Call {
        let call = if extended { self.0.extended_instance() } else { self.0.instance() };
        Call::sharing(call, |py, instance| Ok(Py::new(py, Instance::from(instance.clone()))?.into_any()))
    }

    fn get(&self, path: &str) -> PyResult<Call> {
        let path = MetadataPath::parse(path).map_err(errors::usage)?;
        Ok(Call::new(self.0.get(&path), values::plain))
    }

    fn text(&self, path: &str) -> PyResult<Call> {
        let path = MetadataPath::parse(path).map_err(errors::usage)?;
        Ok(Call::new(self.0.text(&path), |py, text| Ok(text.into_pyobject(py)?.into_any().unbind())))
    }

    fn tags(&self) -> Call {
        Call::new(self.0.tags(), values::tags)
    }

    #[pyo3(signature = (nonce))]
    fn attested_document(&self, nonce: Option<&str>) -> PyResult<Call> {
        let call = self.0.attested_document(nonce).map_err(errors::usage)?;
        Ok(Call::new(call, values::attested_document))
    }

    #[pyo3(signature = (resource, *, client_id, object_id, resource_id, bypass_cache))]
    fn token(
        &self,
        resource: &str,
        client_id: Option<&str>,
        object_id: Option<&str>,
        resource_id: Option<&str>,
        bypass_cache: bool,
    ) -> PyResult<Call> {
        let selector = IdentitySelector::from_parts(client_id, object_id, resource_id).map_err(errors::usage)?;
        let request = TokenRequest::new(resource).map_err(errors::usage)?.with_identity(selector);
        let request = if bypass_cache { request.bypassing_cache() } else { request };
        Ok(Call::new(self.0.token(&request), values::token))
    }

    fn identity_info(&self) -> Call {
        Call::new(self.0.identity_info(), values::record)
    }

    fn scheduled_events(&self) -> Call {
        Call::new(self.0.scheduled_events(), values::scheduled_events)
    }

    fn approve(&self, event_ids: Vec<String>) -> PyResult<Call> {
        let event_ids: Result<Vec<EventId>, UsageError> = event_ids.iter().map(|text| EventId::new(text)).collect();
        let call = event_ids.and_then(|event_ids| self.0.approve(&event_ids)).map_err(errors::usage)?;
        Ok(Call::new(call, |py, ()| Ok(py.None())))
    }

    fn watch_events(&self, interval_ms: Option<u64>) -> Observation {
        let interval = interval_ms.map_or(azure_imds::client::Observation::DEFAULT_INTERVAL, Duration::from_millis);
        self.0.watch_events(interval).into()
    }

    fn load_balancer(&self) -> Call {
        Call::new(self.0.load_balancer(), values::load_balancer)
    }

    fn versions(&self) -> Call {
        Call::new(self.0.versions(), values::versions)
    }

    fn availability(&self) -> Call {
        Call::of_exchange(self.0.availability(), |py, _, found| values::availability(py, found))
    }

    fn diagnose(&self, surroundings: &Bound<'_, Surroundings>) -> Call {
        let examination = self.0.diagnose(surroundings.get().0.clone());
        Call::of_exchange(examination, |py, _, found| doctor::diagnosis(py, found))
    }
}

fn client(
    endpoint: Option<&str>,
    environment: &HashMap<String, String>,
    version: Option<&str>,
    policy: Policy,
) -> Result<azure_imds::Client, UsageError> {
    let client = match endpoint {
        Some(endpoint) => azure_imds::Client::new().with_endpoint(Endpoint::parse(endpoint)?),
        None => azure_imds::Client::from_environment(|name| environment.get(name).cloned())?,
    };
    let client = client.with_policy(policy);
    Ok(match version {
        Some(version) => client.with_version(ApiVersion::parse(version)?),
        None => client,
    })
}
