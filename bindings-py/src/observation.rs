//! A watch of scheduled events, asked for one value after the other.

use std::sync::{Arc, Mutex};

use azure_imds::{Error, Exchange, Instant, RequestId, Response, Step, TransportError, UsageError};
use pyo3::prelude::*;

use crate::call::Call;
use crate::verifier::locked;
use crate::{errors, values};

/// A watch of scheduled events.
#[pyclass(frozen, module = "azure_imds._native")]
pub(crate) struct Observation(Arc<Mutex<azure_imds::client::Observation>>);

impl From<azure_imds::client::Observation> for Observation {
    fn from(watch: azure_imds::client::Observation) -> Self {
        Self(Arc::new(Mutex::new(watch)))
    }
}

#[pymethods]
impl Observation {
    /// The call whose value is the next one of the watch.
    fn next(&self) -> Call {
        locked(&self.0).resume();
        Call::of_exchange(Turn(Arc::clone(&self.0)), |py, turn, value| match value {
            Ok(events) => values::scheduled_events(py, events),
            Err(error) => Err(errors::raised(error, locked(&turn.0).attempts())),
        })
    }
}

/// The watch until its next value.
struct Turn(Arc<Mutex<azure_imds::client::Observation>>);

impl Exchange for Turn {
    type Output = Result<Arc<azure_imds::metadata::ScheduledEvents>, Error>;

    fn poll(&mut self, now: Instant) -> Step<Self::Output> {
        locked(&self.0).poll(now)
    }

    fn receive(&mut self, id: RequestId, now: Instant, response: Response) -> Result<(), UsageError> {
        locked(&self.0).receive(id, now, response)
    }

    fn fail(&mut self, id: RequestId, now: Instant, error: TransportError) -> Result<(), UsageError> {
        locked(&self.0).fail(id, now, error)
    }

    fn release(&mut self) {
        locked(&self.0).release();
    }
}
