//! The client, and the calls that it makes.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use azure_imds::attested::Host;
use azure_imds::bindings;
use azure_imds::client::{OperatingSystem, Surroundings};
use azure_imds::metadata::MetadataPath;
use wasm_bindgen::prelude::*;

use crate::call::Call;
use crate::convert::{argument, arguments, array, object, pairs};
use crate::observation::Observation;
use crate::{errors, values};

/// What the host is to gather for the doctor: environment variables, files and routes of Linux, the command for routes
/// of Windows.
#[wasm_bindgen(js_name = wantedSurroundings)]
pub fn wanted_surroundings() -> JsValue {
    let texts = |texts: &[&str]| array(texts, |text| JsValue::from(*text));
    object(&[
        ("variables", texts(Surroundings::VARIABLES)),
        ("linuxFiles", texts(Surroundings::LINUX_FILES)),
        ("linuxRoutes", Surroundings::LINUX_ROUTES.into()),
        ("windowsRoutes", texts(Surroundings::WINDOWS_ROUTES)),
    ])
}

/// Makes calls.
#[wasm_bindgen]
pub struct Client(azure_imds::Client);

#[wasm_bindgen]
impl Client {
    /// Fixes the address and the policy, by the names of its options.
    #[wasm_bindgen(constructor)]
    pub fn new(given: &JsValue, jitter: u64) -> Result<Self, JsValue> {
        bindings::client(arguments(given), &[], jitter).map(Self).map_err(errors::usage)
    }

    /// The address asked.
    #[wasm_bindgen(getter)]
    pub fn endpoint(&self) -> String {
        self.0.endpoint().to_string()
    }

    /// Everything about the instance.
    pub fn instance(&self, extended: bool) -> Call {
        let call = if extended { self.0.extended_instance() } else { self.0.instance() };
        Call::new(call, values::instance)
    }

    /// What is asked for by its name alone.
    pub fn ask(&self, kind: &str) -> Option<Call> {
        Some(match kind {
            "availability" => Call::of_exchange(self.0.availability(), values::result),
            "identityInfo" => Call::new(self.0.identity_info(), values::result),
            "loadBalancer" => Call::new(self.0.load_balancer(), values::load_balancer),
            "scheduledEvents" => Call::new(self.0.scheduled_events(), values::scheduled_events),
            "tags" => Call::new(self.0.tags(), values::result),
            "versions" => Call::new(self.0.versions(), values::versions),
            _ => return None,
        })
    }

    /// The value at a path, as JSON.
    pub fn get(&self, path: &str) -> Result<Call, JsValue> {
        let path = MetadataPath::parse(path).map_err(errors::usage)?;
        Ok(Call::new(self.0.get(&path), |value| value.to_json().into()))
    }

    /// The text at a path.
    pub fn text(&self, path: &str) -> Result<Call, JsValue> {
        let path = MetadataPath::parse(path).map_err(errors::usage)?;
        Ok(Call::new(self.0.text(&path), |text| text.as_str().into()))
    }

    /// A signed document.
    #[wasm_bindgen(js_name = attestedDocument)]
    pub fn attested_document(&self, nonce: Option<String>) -> Result<Call, JsValue> {
        let call = self.0.attested_document(nonce.as_deref()).map_err(errors::usage)?;
        Ok(Call::new(call, values::result))
    }

    /// A token of a managed identity, which is named by options.
    pub fn token(&self, resource: &JsValue, given: &JsValue) -> Result<Call, JsValue> {
        let request = bindings::token_request(argument(resource), arguments(given), &[]).map_err(errors::usage)?;
        Ok(Call::new(self.0.token(&request), values::token))
    }

    /// The scheduled events now, and again whenever they have changed.
    #[wasm_bindgen(js_name = watchEvents)]
    pub fn watch_events(&self, interval_ms: Option<f64>) -> Observation {
        Observation::of(&self.0, interval_ms)
    }

    /// Approves events.
    pub fn approve(&self, events: &JsValue) -> Result<Call, JsValue> {
        let events = bindings::event_ids(Host::JavaScript, argument(events));
        let call = events.and_then(|events| self.0.approve(&events)).map_err(errors::usage)?;
        Ok(Call::new(call, |()| JsValue::UNDEFINED))
    }

    /// Why the service can't be reached. Variables and files are names and values one after the other.
    pub fn diagnose(
        &self,
        operating_system: &str,
        variables: Vec<String>,
        files: Vec<String>,
        routes: Option<String>,
    ) -> Call {
        let surroundings = Surroundings::new(match operating_system {
            "linux" => OperatingSystem::Linux,
            "win32" => OperatingSystem::Windows,
            _ => OperatingSystem::Other,
        });
        let surroundings = pairs(variables).fold(surroundings, |it, (name, value)| it.with_variable(name, value));
        let surroundings = pairs(files).fold(surroundings, |it, (path, text)| it.with_file(path, text));
        let surroundings = routes.into_iter().fold(surroundings, Surroundings::with_routes);
        Call::of_exchange(self.0.diagnose(surroundings), values::diagnosis)
    }
}
