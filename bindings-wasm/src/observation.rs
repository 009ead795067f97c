//! A watch of scheduled events, asked for one value after the other.

use alloc::rc::Rc;
use alloc::sync::Arc;
use core::cell::RefCell;
use core::time::Duration;

use azure_imds::metadata::ScheduledEvents;
use azure_imds::{Error, Exchange, Instant, RequestId, Response, Step, TransportError, UsageError};
use wasm_bindgen::prelude::*;

use crate::call::{Call, outcome};
use crate::convert::count;
use crate::values;

/// A watch of scheduled events.
#[wasm_bindgen]
pub struct Observation(Rc<RefCell<azure_imds::client::Observation>>);

impl Observation {
    pub(crate) fn of(client: &azure_imds::Client, interval_ms: Option<f64>) -> Self {
        let interval = interval_ms.map(|millis| Duration::from_millis(count(millis)));
        let watch = client.watch_events(interval.unwrap_or(azure_imds::client::Observation::DEFAULT_INTERVAL));
        Self(Rc::new(RefCell::new(watch)))
    }
}

#[wasm_bindgen]
impl Observation {
    /// The call whose value is the next one of the watch.
    pub fn next(&self) -> Call {
        self.0.borrow_mut().resume();
        Call::with_outcome(Turn(Rc::clone(&self.0)), |turn, value: &Result<Arc<ScheduledEvents>, Error>| {
            outcome(value, turn.0.borrow().attempts(), values::scheduled_events)
        })
    }
}

/// The watch until its next value. What is called off gives its request up.
struct Turn(Rc<RefCell<azure_imds::client::Observation>>);

impl Drop for Turn {
    fn drop(&mut self) {
        self.release();
    }
}

impl Exchange for Turn {
    type Output = Result<Arc<ScheduledEvents>, Error>;

    fn poll(&mut self, now: Instant) -> Step<Self::Output> {
        self.0.borrow_mut().poll(now)
    }

    fn receive(&mut self, id: RequestId, now: Instant, response: Response) -> Result<(), UsageError> {
        self.0.borrow_mut().receive(id, now, response)
    }

    fn fail(&mut self, id: RequestId, now: Instant, error: TransportError) -> Result<(), UsageError> {
        self.0.borrow_mut().fail(id, now, error)
    }

    fn release(&mut self) {
        self.0.borrow_mut().release();
    }
}
