//! The client: the address, the version and the policy, and the calls that they make.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use azure_imds::client::{ENDPOINT_VARIABLES, Endpoint, Policy, TokenRequest};
use azure_imds::metadata::{EventId, IdentitySelector, MetadataPath};
use azure_imds::{ApiVersion, UsageError};
use wasm_bindgen::prelude::*;

use crate::call::Call;
use crate::convert::{array, span};
use crate::errors;
use crate::observation::Observation;
use crate::{doctor, instance, values};

/// The environment variables that name another address.
#[wasm_bindgen(js_name = endpointVariables)]
pub fn endpoint_variables() -> JsValue {
    array(ENDPOINT_VARIABLES, JsValue::from)
}

/// Makes calls.
#[wasm_bindgen]
pub struct Client(azure_imds::Client);

#[wasm_bindgen]
impl Client {
    /// `environment` holds the values of [`endpoint_variables`], in that order, empty where there is none.
    ///
    /// # Errors
    ///
    /// `endpoint_malformed`, `version_malformed`.
    #[wasm_bindgen(constructor)]
    #[expect(clippy::too_many_arguments)]
    pub fn new(
        endpoint: Option<String>,
        environment: Vec<String>,
        version: Option<String>,
        provisioning: bool,
        connect_timeout_ms: Option<f64>,
        attempt_timeout_ms: Option<f64>,
        deadline_ms: Option<f64>,
        max_body: Option<usize>,
        retries: Option<u32>,
        transport_retries: Option<u32>,
        backoff_ms: Option<f64>,
        jitter: u64,
        negotiates: bool,
        paced: bool,
        remembers: bool,
    ) -> Result<Self, JsValue> {
        let mut policy = if provisioning { Policy::provisioning() } else { Policy::default() };
        policy.connect_timeout = connect_timeout_ms.map_or(policy.connect_timeout, span);
        policy.attempt_timeout = attempt_timeout_ms.map(span).or(policy.attempt_timeout);
        policy.deadline = deadline_ms.map(span).or(policy.deadline);
        policy.max_body = max_body.unwrap_or(policy.max_body);
        policy.retries = retries.unwrap_or(policy.retries);
        policy.transport_retries = transport_retries.unwrap_or(policy.transport_retries);
        policy.backoff = backoff_ms.map_or(policy.backoff, span);
        policy.jitter = jitter;
        policy.negotiates = negotiates;
        policy.paced = paced;
        policy.remembers = remembers;
        client(endpoint.as_deref(), &environment, version.as_deref(), policy).map(Self).map_err(errors::usage)
    }

    /// The address asked.
    #[wasm_bindgen(getter)]
    pub fn endpoint(&self) -> String {
        self.0.endpoint().to_string()
    }

    /// Everything about the instance.
    pub fn instance(&self, extended: bool) -> Call {
        let call = if extended { self.0.extended_instance() } else { self.0.instance() };
        Call::new(call, instance::value)
    }

    /// The value at a path, as JSON.
    ///
    /// # Errors
    ///
    /// `path_malformed`.
    pub fn get(&self, path: &str) -> Result<Call, JsValue> {
        let path = MetadataPath::parse(path).map_err(errors::usage)?;
        Ok(Call::new(self.0.get(&path), |value| value.to_json().into()))
    }

    /// The text at a path.
    ///
    /// # Errors
    ///
    /// `path_malformed`.
    pub fn text(&self, path: &str) -> Result<Call, JsValue> {
        let path = MetadataPath::parse(path).map_err(errors::usage)?;
        Ok(Call::new(self.0.text(&path), |text| text.as_str().into()))
    }

    /// The tags of the VM.
    pub fn tags(&self) -> Call {
        Call::new(self.0.tags(), values::tags)
    }

    /// A signed document.
    ///
    /// # Errors
    ///
    /// `nonce_empty`, `nonce_too_long`, `nonce_malformed`.
    #[wasm_bindgen(js_name = attestedDocument)]
    pub fn attested_document(&self, nonce: Option<String>) -> Result<Call, JsValue> {
        let call = self.0.attested_document(nonce.as_deref()).map_err(errors::usage)?;
        Ok(Call::new(call, values::attested_document))
    }

    /// A token of a managed identity.
    ///
    /// # Errors
    ///
    /// `resource_malformed`, `selector_malformed`, `selector_ambiguous`.
    pub fn token(
        &self,
        resource: &str,
        client_id: Option<String>,
        object_id: Option<String>,
        resource_id: Option<String>,
        bypass_cache: bool,
    ) -> Result<Call, JsValue> {
        let selector = IdentitySelector::from_parts(client_id.as_deref(), object_id.as_deref(), resource_id.as_deref())
            .map_err(errors::usage)?;
        let request = TokenRequest::new(resource).map_err(errors::usage)?.with_identity(selector);
        let request = if bypass_cache { request.bypassing_cache() } else { request };
        Ok(Call::new(self.0.token(&request), values::token))
    }

    /// The tenant of the identities.
    #[wasm_bindgen(js_name = identityInfo)]
    pub fn identity_info(&self) -> Call {
        Call::new(self.0.identity_info(), values::formed)
    }

    /// The maintenance to come.
    #[wasm_bindgen(js_name = scheduledEvents)]
    pub fn scheduled_events(&self) -> Call {
        Call::new(self.0.scheduled_events(), values::scheduled_events)
    }

    /// Approves events.
    ///
    /// # Errors
    ///
    /// `event_id_malformed`.
    pub fn approve(&self, event_ids: Vec<String>) -> Result<Call, JsValue> {
        let event_ids: Result<Vec<EventId>, UsageError> = event_ids.iter().map(|text| EventId::new(text)).collect();
        let call = event_ids.and_then(|event_ids| self.0.approve(&event_ids)).map_err(errors::usage)?;
        Ok(Call::new(call, |()| JsValue::UNDEFINED))
    }

    /// A watch of the maintenance to come.
    #[wasm_bindgen(js_name = watchEvents)]
    pub fn watch_events(&self, interval_ms: Option<f64>) -> Observation {
        let interval = interval_ms.map(span);
        self.0.watch_events(interval.unwrap_or(azure_imds::client::Observation::DEFAULT_INTERVAL)).into()
    }

    /// The load balancer.
    #[wasm_bindgen(js_name = loadBalancer)]
    pub fn load_balancer(&self) -> Call {
        Call::new(self.0.load_balancer(), values::load_balancer)
    }

    /// The versions that the service names.
    pub fn versions(&self) -> Call {
        Call::new(self.0.versions(), values::versions)
    }

    /// Whether the service is there.
    pub fn availability(&self) -> Call {
        Call::of_exchange(self.0.availability(), values::availability)
    }

    /// Why the service can't be reached. Variables and files are names and values one after the other.
    pub fn diagnose(&self, platform: &str, variables: Vec<String>, files: Vec<String>, routes: Option<String>) -> Call {
        let surroundings = doctor::surroundings(platform, variables, files, routes);
        Call::of_exchange(self.0.diagnose(surroundings), doctor::diagnosis)
    }
}

fn client(
    endpoint: Option<&str>,
    environment: &[String],
    version: Option<&str>,
    policy: Policy,
) -> Result<azure_imds::Client, UsageError> {
    let client = match endpoint {
        Some(endpoint) => azure_imds::Client::new().with_endpoint(Endpoint::parse(endpoint)?),
        None => azure_imds::Client::from_environment(|name| {
            let position = ENDPOINT_VARIABLES.iter().position(|known| *known == name)?;
            environment.get(position).cloned()
        })?,
    };
    let client = client.with_policy(policy);
    Ok(match version {
        Some(version) => client.with_version(ApiVersion::parse(version)?),
        None => client,
    })
}
