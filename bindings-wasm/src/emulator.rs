//! The emulator, and what it answers and remembers. Clocks are the caller's: monotonic milliseconds, Unix seconds.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use azure_imds::emulator::{
    Authority, Configuration, Emulator as Core, Event, FAULT_HEADER, Incoming, JournalEntry, Moment, Scenario, Seed,
    Tamper,
};
use azure_imds::{Instant, Timestamp, UsageError};
use wasm_bindgen::prelude::*;

use crate::convert::{Members, array, bytes, count, date, fields, millis, number, object, pairs};
use crate::errors;

/// The header field of a request that asks for a fault.
#[wasm_bindgen(js_name = faultHeader)]
pub fn fault_header() -> String {
    FAULT_HEADER.to_string()
}

/// What can be made wrong with an attested document.
#[wasm_bindgen]
pub fn tampers() -> JsValue {
    array(Tamper::ALL, |tamper| tamper.name().into())
}

/// The names of scenarios.
#[wasm_bindgen]
pub fn scenarios() -> JsValue {
    array(Scenario::NAMES, |name| JsValue::from(*name))
}

/// A metadata service for one machine.
#[wasm_bindgen]
pub struct Emulator(Core);

#[wasm_bindgen]
impl Emulator {
    /// Takes a configuration in JSON, and a seed of 32 bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(
        configuration: &str,
        is_file: bool,
        seed: Vec<u8>,
        origin: Option<String>,
        authority: Option<String>,
    ) -> Result<Self, JsValue> {
        let configuration = Configuration::from_json(configuration, is_file).map_err(errors::usage)?;
        let seed = Seed::try_from(seed).map_err(|_| errors::usage(of_another_length()))?;
        let mut emulator = Core::of(configuration, seed);
        if let Some(origin) = origin {
            emulator = emulator.with_origin(&origin).map_err(errors::usage)?;
        }
        if let Some(pem) = authority {
            emulator = emulator.with_authority(Authority::from_pem(&pem, &seed).map_err(errors::usage)?);
        }
        Ok(Self(emulator))
    }

    /// Machine, choices and limits in force, JSON.
    pub fn configuration(&self) -> String {
        self.0.configuration().to_json()
    }

    /// The paths of what the list of fields does not know, which is served as it is.
    pub fn unknown(&self) -> JsValue {
        array(self.0.machine().unknown(), |path| path.to_string().into())
    }

    /// Replaces machine, choices and limits. Limits that stay the same keep count.
    pub fn configure(&mut self, configuration: &str, is_file: bool) -> Result<(), JsValue> {
        self.0.configure(Configuration::from_json(configuration, is_file).map_err(errors::usage)?);
        Ok(())
    }

    /// Lays changes in JSON over machine, choices and limits.
    pub fn change(&mut self, changes: &str) -> Result<(), JsValue> {
        self.0.change(changes).map_err(errors::usage)
    }

    /// Switches the limits off, or on: then the service's own are in force.
    #[wasm_bindgen(js_name = switchLimits)]
    pub fn switch_limits(&mut self, are_on: bool) {
        self.0.switch_limits(are_on);
    }

    /// Answers a request: of its header fields names and values one after the other.
    pub fn handle(
        &mut self,
        now_ms: f64,
        unix: f64,
        method: String,
        target: String,
        headers: Vec<String>,
        body: Vec<u8>,
    ) -> JsValue {
        let request = Incoming::new(method, target, pairs(headers).collect(), body);
        let reply = self.0.handle(moment(now_ms, unix), &request);
        let ending = reply.delivery.ending;
        object(&[
            ("status", reply.response.status.into()),
            ("headers", fields(reply.response.headers.iter())),
            ("body", bytes(&reply.response.body)),
            ("delayMs", millis(reply.delivery.delay)),
            ("ending", ending.name().into()),
            ("amount", ending.bytes().map(number).into()),
            ("part", reply.part.name().into()),
            ("fault", reply.fault.map(|fault| fault.to_string()).into()),
        ])
    }

    /// Makes all keys, which else are made when they are first needed.
    #[wasm_bindgen(js_name = makeKeys)]
    pub fn make_keys(&mut self) -> Result<(), JsValue> {
        self.0.make_keys().map_err(errors::usage)
    }

    /// Key and certificates of the authority and its root alone, PEM; root and issuing CA, DER.
    pub fn authority(&mut self) -> Result<JsValue, JsValue> {
        let made = self.0.authority().and_then(|authority| {
            let pem = Members::new().text("pem", &authority.to_pem()?).text("root", &authority.root_pem()?);
            let pem = pem.with("anchors", bytes(&authority.root_der()?));
            Ok(pem.with("issuers", bytes(&authority.issuing_der()?)).into())
        });
        made.map_err(errors::usage)
    }

    /// Where it is reached.
    pub fn origin(&self) -> String {
        self.0.origin().to_string()
    }

    /// Adds a rule in text.
    #[wasm_bindgen(js_name = addFault)]
    pub fn add_fault(&mut self, rule: &str) -> Result<(), JsValue> {
        self.0.faults_mut().add_text(rule).map_err(errors::usage)
    }

    /// The rules.
    pub fn faults(&self) -> JsValue {
        array(self.0.faults().rules(), |(rule, _)| rule.to_string().into())
    }

    /// Takes all rules away.
    #[wasm_bindgen(js_name = clearFaults)]
    pub fn clear_faults(&mut self) {
        self.0.faults_mut().clear();
    }

    /// Lets time run faster for events scheduled from now on.
    #[wasm_bindgen(js_name = setSpeed)]
    pub fn set_speed(&mut self, times: u32) {
        self.0.events_mut().set_speed(times);
    }

    /// Schedules a scenario (a name, the fields to change of it in JSON), for this machine unless resources are named.
    pub fn schedule(
        &mut self,
        now_ms: f64,
        unix: f64,
        name: &str,
        fields: &str,
        resources: Option<Vec<String>>,
    ) -> Result<String, JsValue> {
        let now = moment(now_ms, unix);
        self.0.schedule_named(now, name, fields, resources.as_deref()).map_err(errors::usage)
    }

    /// Takes an event back. Says whether it was there.
    pub fn cancel(&mut self, now_ms: f64, unix: f64, event_id: &str) -> bool {
        self.0.events_mut().cancel(moment(now_ms, unix), event_id)
    }

    /// The events under way, as of the last request.
    pub fn events(&self) -> JsValue {
        array(self.0.events().events(), event)
    }

    /// The requests, oldest first.
    pub fn journal(&self) -> JsValue {
        array(self.0.journal().entries(), entry)
    }

    /// Forgets the requests.
    #[wasm_bindgen(js_name = clearJournal)]
    pub fn clear_journal(&mut self) {
        self.0.journal_mut().clear();
    }
}

/// An event that is under way.
fn event(event: &Event) -> JsValue {
    object(&[
        ("id", event.id.as_str().into()),
        ("eventType", event.scenario.event_type.as_str().into()),
        ("status", event.status.as_str().into()),
        ("notBefore", date(event.not_before)),
        ("resources", array(&event.resources, |name| name.as_str().into())),
    ])
}

/// What came, and what was answered.
fn entry(entry: &JournalEntry) -> JsValue {
    object(&[
        ("at", date(entry.at.wall)),
        ("atMs", number(entry.at.instant.millis())),
        ("method", entry.method.as_str().into()),
        ("target", entry.target.as_str().into()),
        ("headers", fields(entry.headers.iter())),
        ("body", bytes(&entry.body)),
        ("part", entry.part.name().into()),
        ("status", entry.status.into()),
        ("fault", entry.fault.as_deref().into()),
    ])
}

fn of_another_length() -> UsageError {
    UsageError::ArgumentValue { name: "seed".into(), value: "of another length".into(), wanted: "32 bytes".into() }
}

const fn moment(now_ms: f64, unix: f64) -> Moment {
    Moment::new(Instant::from_millis(count(now_ms)), Timestamp::from_unix(count(unix)))
}
