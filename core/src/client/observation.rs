//! Watching scheduled events: reads them again and again, and gives the answers that say something new.
//!
//! ```text
//!   waiting ── the interval is over ──▶ reading ── changed, or an error ──▶ done ── resume ──▶ waiting
//!      ▲                                   │
//!      └──────────── unchanged ────────────┘
//! ```

use alloc::sync::Arc;
use core::time::Duration;

use super::{Attempt, Call, Client};
use crate::attested::error::Error;
use crate::error::{TransportError, UsageError};
use crate::exchange::{Exchange, RequestId, Requests, Step};
use crate::http::Response;
use crate::instant::Instant;
use crate::metadata::fields::ScheduledEvents;
use crate::metadata::scheduled_events::EventsWatch;

/// A watch of scheduled events under way, made by [`Client::watch_events`]. Drive it by the loop of [`Exchange`] to its
/// next value, and [`resume`](Self::resume) it for the one after.
///
/// The value is the first answer ever, then each that differs from the one before, or the error of a reading. An error
/// does not end the watch: resumed, it reads again when the interval is over. Events that changed meanwhile are seen then.
///
/// ```
/// use azure_imds::{Client, Exchange, Instant, Step};
/// use core::time::Duration;
///
/// let mut watch = Client::new().watch_events(Duration::from_secs(1));
/// let Step::Send(_id, request) = watch.poll(Instant::from_millis(0)) else { panic!("nothing to send") };
/// assert!(request.url.starts_with("http://169.254.169.254/metadata/scheduledevents?"));
/// ```
#[derive(Debug)]
pub struct Observation {
    client: Client,
    interval: Duration,
    seen: EventsWatch,
    /// When to read next; at once until the first reading.
    next: Option<Instant>,
    /// The reading under way, or the last one.
    reading: Option<Call<ScheduledEvents>>,
    /// For each request the identifier that its reading gave it.
    requests: Requests<RequestId>,
    done: Option<Result<Arc<ScheduledEvents>, Error>>,
}

impl Client {
    /// Watches the scheduled events: gives them now, and again whenever they have changed. From one reading to the next
    /// passes the interval.
    #[must_use]
    pub fn watch_events(&self, interval: Duration) -> Observation {
        Observation {
            client: self.clone(),
            interval,
            seen: EventsWatch::new(),
            next: None,
            reading: None,
            requests: Requests::new(),
            done: None,
        }
    }
}

impl Observation {
    /// From one reading to the next unless the caller says otherwise: a second.
    pub const DEFAULT_INTERVAL: Duration = Duration::from_secs(1);

    /// Goes on after a value: the next poll looks for another. A reading that was [released](Exchange::release) is made
    /// anew when the interval is over. While it has no value yet, this changes nothing.
    ///
    /// ```
    /// use azure_imds::client::Observation;
    /// use azure_imds::{Client, Exchange, Headers, Instant, Response, Step};
    ///
    /// let mut watch = Client::new().watch_events(Observation::DEFAULT_INTERVAL);
    /// let Step::Send(id, _request) = watch.poll(Instant::ORIGIN) else { panic!("nothing to send") };
    /// let body = br#"{"DocumentIncarnation":1,"Events":[]}"#.to_vec();
    /// watch.receive(id, Instant::ORIGIN, Response::new(200, Headers::new(), body))?;
    /// assert!(matches!(watch.poll(Instant::ORIGIN), Step::Done(Ok(events)) if events.events.is_empty()));
    ///
    /// watch.resume();
    /// let next = Instant::ORIGIN + Observation::DEFAULT_INTERVAL;
    /// assert!(matches!(watch.poll(Instant::ORIGIN), Step::Wait(until) if until == next));
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    pub fn resume(&mut self) {
        if self.done.take().is_some() {
            self.reading = None;
        }
    }

    /// What was sent for the last reading, and what became of it; see [`Call::attempts`].
    #[must_use]
    pub fn attempts(&self) -> &[Attempt] {
        self.reading.as_ref().map_or(&[], Call::attempts)
    }
}

impl Exchange for Observation {
    type Output = Result<Arc<ScheduledEvents>, Error>;

    fn poll(&mut self, now: Instant) -> Step<Self::Output> {
        if let Some(value) = &self.done {
            return Step::Done(value.clone());
        }
        loop {
            if self.reading.is_none() {
                if let Some(next) = self.next.filter(|next| now < *next) {
                    return Step::Wait(next);
                }
                self.next = Some(now + self.interval);
            }
            let reading = self.reading.get_or_insert_with(|| self.client.scheduled_events());
            match reading.poll(now) {
                Step::Send(id, request) => return Step::Send(self.requests.send(request.deadline, id), request),
                Step::Wait(until) => return Step::Wait(until),
                // Another reading sends or waits: none has its value before it was answered.
                Step::Done(Ok(events)) if !self.seen.observe(&events) => self.reading = None,
                Step::Done(value) => {
                    self.done = Some(value.clone());
                    return Step::Done(value);
                }
            }
        }
    }

    fn receive(&mut self, id: RequestId, now: Instant, response: Response) -> Result<(), UsageError> {
        match (self.requests.answered(id)?, &mut self.reading) {
            (Some(id), Some(reading)) => reading.receive(id, now, response),
            _ => Ok(()),
        }
    }

    fn fail(&mut self, id: RequestId, now: Instant, error: TransportError) -> Result<(), UsageError> {
        match (self.requests.answered(id)?, &mut self.reading) {
            (Some(id), Some(reading)) => reading.fail(id, now, error),
            _ => Ok(()),
        }
    }

    /// Gives up a reading that is under way.
    fn release(&mut self) {
        self.requests.give_up();
        if self.done.is_none() {
            self.reading = None;
        }
    }
}
