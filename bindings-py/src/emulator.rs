//! The emulator behind a lock, and what it answers and remembers.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use azure_imds::emulator::{Authority, Incoming, Moment, Rule, Scenario, Seed, Tamper};
use azure_imds::{Headers, Instant, Timestamp};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

pub(crate) use self::configuration::Configuration;
use crate::convert::tuple;
use crate::errors;
use crate::verifier::locked;

mod configuration;
mod values;

/// An emulator, shared freely between threads. Clocks are those of the caller: monotonic milliseconds, Unix seconds.
#[pyclass(frozen, module = "azure_imds._native")]
pub(crate) struct Emulator {
    emulator: Mutex<azure_imds::emulator::Emulator>,
    has_keys: AtomicBool,
}

#[pymethods]
impl Emulator {
    #[new]
    #[pyo3(signature = (configuration, *, seed, origin, authority, sibling))]
    fn new(
        configuration: &Bound<'_, Configuration>,
        seed: Seed,
        origin: Option<&str>,
        authority: Option<&str>,
        sibling: Option<&Bound<'_, Self>>,
    ) -> PyResult<Self> {
        let mut emulator = azure_imds::emulator::Emulator::of(configuration.get().0.clone(), seed);
        if let Some(origin) = origin {
            emulator = emulator.with_origin(origin).map_err(errors::usage)?;
        }
        if let Some(pem) = authority {
            emulator = emulator.with_authority(Authority::from_pem(pem, &seed).map_err(errors::usage)?);
        }
        // One of the same seed has the same authority; its making took a while.
        if let Some(sibling) = sibling.map(Bound::get).filter(|it| it.has_keys.load(Ordering::Acquire)) {
            let authority = locked(&sibling.emulator).authority().cloned().map_err(errors::usage)?;
            emulator = emulator.with_authority(authority);
        }
        Ok(Self { emulator: Mutex::new(emulator), has_keys: AtomicBool::new(false) })
    }

    /// Machine, choices and limits in force.
    fn configuration(&self) -> Configuration {
        Configuration(locked(&self.emulator).configuration())
    }

    /// Replaces machine, choices and limits. Limits that stay the same keep count.
    fn configure(&self, configuration: &Bound<'_, Configuration>) {
        locked(&self.emulator).configure(configuration.get().0.clone());
    }

    /// Lays changes in JSON over machine, choices and limits.
    fn change(&self, changes: &str) -> PyResult<()> {
        locked(&self.emulator).change(changes).map_err(errors::usage)
    }

    /// Switches the limits off, or on: then the service's own are in force.
    fn switch_limits(&self, are_on: bool) {
        locked(&self.emulator).switch_limits(are_on);
    }

    /// Whether any limit is in force.
    fn has_limits(&self) -> bool {
        locked(&self.emulator).has_limits()
    }

    /// Answers a request. Other threads run meanwhile.
    #[expect(clippy::too_many_arguments)]
    fn handle(
        &self,
        py: Python<'_>,
        now_ms: u64,
        unix: u64,
        method: String,
        target: String,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> PyResult<Py<PyAny>> {
        let request = Incoming::new(method, target, Headers::from_iter(headers), body);
        let reply = py.detach(|| locked(&self.emulator).handle(moment(now_ms, unix), &request));
        Ok(values::reply(py, &reply)?.unbind())
    }

    /// Makes all keys, which else are made when they are first needed. Takes half a second or so.
    fn make_keys(&self, py: Python<'_>) -> PyResult<()> {
        py.detach(|| locked(&self.emulator).make_keys()).map_err(errors::usage)?;
        self.has_keys.store(true, Ordering::Release);
        Ok(())
    }

    /// Key and certificates of the authority, PEM.
    fn authority_pem(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| locked(&self.emulator).authority().and_then(Authority::to_pem)).map_err(errors::usage)
    }

    /// The authority's root, PEM.
    fn root_pem(&self, py: Python<'_>) -> PyResult<String> {
        py.detach(|| locked(&self.emulator).authority().and_then(Authority::root_pem)).map_err(errors::usage)
    }

    /// Root and issuing CA, DER.
    fn trust<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyBytes>, Bound<'py, PyBytes>)> {
        let both = py.detach(|| {
            let mut emulator = locked(&self.emulator);
            let authority = emulator.authority()?;
            Ok((authority.root_der()?, authority.issuing_der()?))
        });
        let (root, issuing) = both.map_err(errors::usage)?;
        Ok((PyBytes::new(py, &root), PyBytes::new(py, &issuing)))
    }

    /// Where it is reached.
    fn origin(&self) -> String {
        locked(&self.emulator).origin().into()
    }

    /// Adds a rule in text.
    fn add_fault(&self, rule: &str) -> PyResult<()> {
        locked(&self.emulator).faults_mut().add_text(rule).map_err(errors::usage)
    }

    /// The rules, each with the number of its steps that are over.
    fn faults(&self) -> Vec<(String, usize)> {
        locked(&self.emulator).faults().rules().map(|(rule, over)| (rule.to_string(), over)).collect()
    }

    /// Takes all rules away.
    fn clear_faults(&self) {
        locked(&self.emulator).faults_mut().clear();
    }

    /// Lets time run faster for events scheduled from now on.
    fn set_speed(&self, times: u32) {
        locked(&self.emulator).events_mut().set_speed(times);
    }

    /// Schedules a scenario (a name, the fields to change of it in JSON), for this machine unless resources are named.
    fn schedule(
        &self,
        now_ms: u64,
        unix: u64,
        name: &str,
        fields: &str,
        resources: Option<Vec<String>>,
    ) -> PyResult<String> {
        let now = moment(now_ms, unix);
        locked(&self.emulator).schedule_named(now, name, fields, resources.as_deref()).map_err(errors::usage)
    }

    /// Takes an event back. Says whether it was there.
    fn cancel(&self, now_ms: u64, unix: u64, event_id: &str) -> bool {
        locked(&self.emulator).events_mut().cancel(moment(now_ms, unix), event_id)
    }

    /// The events under way, as of the last request.
    fn events<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let events: Vec<_> = locked(&self.emulator).events().events().to_vec();
        tuple(py, events.iter().map(|it| values::event(py, it)))
    }

    /// The requests, oldest first.
    fn journal<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let entries: Vec<_> = locked(&self.emulator).journal().entries().cloned().collect();
        tuple(py, entries.iter().map(|it| values::entry(py, it)))
    }

    /// Forgets the requests.
    fn clear_journal(&self) {
        locked(&self.emulator).journal_mut().clear();
    }
}

/// Reads a rule in text, and gives it in its usual form.
#[pyfunction]
#[pyo3(signature = (rule, /))]
pub(crate) fn check_fault(rule: &str) -> PyResult<String> {
    rule.parse::<Rule>().map(|rule| rule.to_string()).map_err(errors::usage)
}

/// What can be made wrong with an attested document.
#[pyfunction]
pub(crate) fn tampers(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
    PyTuple::new(py, Tamper::ALL.iter().map(|tamper| tamper.name()))
}

const fn moment(now_ms: u64, unix: u64) -> Moment {
    Moment::new(Instant::from_millis(now_ms), Timestamp::from_unix(unix))
}

/// The names of scenarios.
#[pyfunction]
pub(crate) fn scenarios(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
    PyTuple::new(py, Scenario::NAMES)
}
