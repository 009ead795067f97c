//! Scheduled events: what is going to happen to the machine, and what becomes of it.
//!
//! ```text
//!   schedule ──▶ Scheduled ── NotBefore or approval ──▶ Started ──▶ gone
//!                    └──────────── canceled ────────────────────────▶ gone
//!   a failure ─────────────────────────────────────▶ Started ──▶ gone
//! ```
//!
//! Each of these steps adds one to `DocumentIncarnation`.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use self::scenario::minimum_notice;
pub use self::scenario::{Course, Scenario};
use super::incoming::Moment;
use super::random::{Seed, generator, uuid};
use crate::instant::Instant;
use crate::metadata::api_version::ApiVersion;
use crate::metadata::document::Value;
use crate::metadata::scheduled_events::{EventDuration, EventStatus, EventType};
use crate::metadata::schema::Place;
use crate::time::Timestamp;
use chacha20::ChaCha20Rng;

mod scenario;

/// Events that are kept at once.
const EVENTS: usize = 100;

const V2017_08_01: ApiVersion = ApiVersion::new(2017, 8, 1);
const V2017_11_01: ApiVersion = ApiVersion::new(2017, 11, 1);
const V2019_01_01: ApiVersion = ApiVersion::new(2019, 1, 1);

/// An event that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// `EventId`: a UUID in upper case.
    pub id: String,
    /// What it is.
    pub scenario: Scenario,
    /// The machines that it is about.
    pub resources: Vec<String>,
    /// What has become of it.
    pub status: EventStatus,
    /// When it starts, by the wall clock.
    pub not_before: Timestamp,
    next: Instant,
    started: Duration,
    cancels: bool,
}

/// The events of a machine.
#[derive(Debug)]
pub struct Timeline {
    events: Vec<Event>,
    incarnation: u64,
    speed: u32,
    random: ChaCha20Rng,
}

/// An approval named an event that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct UnknownEvent;

impl Timeline {
    pub(super) fn new(seed: &Seed) -> Self {
        Self { events: Vec::new(), incarnation: 1, speed: 1, random: generator(seed, "events") }
    }

    /// Lets time run so many times as fast for events scheduled from now on: 60 turns 15 minutes into 15 seconds.
    /// 0 counts as 1.
    pub fn set_speed(&mut self, times: u32) {
        self.speed = times.max(1);
    }

    /// The events under way, in the order in which they were scheduled, as of the last request.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// `DocumentIncarnation` as of the last request: 1 at first, one more with each change.
    #[must_use]
    pub const fn incarnation(&self) -> u64 {
        self.incarnation
    }

    /// Schedules an event, and gives its `EventId`. A notice shorter than Azure promises for its type is lengthened to
    /// that. Of more than a hundred events at once the oldest is dropped.
    pub fn schedule(&mut self, now: Moment, scenario: &Scenario, resources: &[&str]) -> String {
        self.advance(now.instant);
        let paced = |time: Duration| time.checked_div(self.speed).unwrap_or_default();
        let notice = match scenario.course {
            Course::Fails => Duration::ZERO,
            _ => paced(scenario.notice.max(minimum_notice(&scenario.event_type))),
        };
        let cancels = scenario.course == Course::Canceled;
        let started = paced(scenario.started);
        let (status, next) = match scenario.course {
            Course::Fails => (EventStatus::Started, started),
            Course::Canceled => (EventStatus::Scheduled, notice.checked_div(2).unwrap_or_default()),
            Course::Completes => (EventStatus::Scheduled, notice),
        };
        let id = uuid(&mut self.random).to_ascii_uppercase();
        if self.events.len() >= EVENTS {
            self.events.remove(0);
        }
        self.events.push(Event {
            id: id.clone(),
            scenario: scenario.clone(),
            resources: resources.iter().map(ToString::to_string).collect(),
            status,
            not_before: now.wall + notice,
            next: now.instant + next,
            started,
            cancels,
        });
        self.change();
        id
    }

    /// Takes an event back, as if its maintenance had been cancelled now. Says whether it was there.
    ///
    /// ```
    /// use azure_imds::emulator::{Emulator, Machine, Moment, Scenario, Timeline};
    /// use azure_imds::{Instant, Timestamp};
    ///
    /// let mut emulator = Emulator::new(Machine::default(), [7; 32]);
    /// let now = Moment::new(Instant::ORIGIN, Timestamp::from_unix(1_790_000_000));
    /// let id = emulator.schedule(now, &Scenario::default());
    /// let timeline: &mut Timeline = emulator.events_mut();
    /// assert!(timeline.cancel(now, &id));
    /// assert!(timeline.events().is_empty());
    /// assert_eq!(timeline.incarnation(), 3); // one for its coming, one for its going
    /// ```
    pub fn cancel(&mut self, now: Moment, id: &str) -> bool {
        self.advance(now.instant);
        let before = self.events.len();
        self.events.retain(|event| !event.id.eq_ignore_ascii_case(id));
        let is_gone = self.events.len() < before;
        if is_gone {
            self.change();
        }
        is_gone
    }

    /// Starts events, as a POST of `StartRequests` does. All or none: one that is not there spoils the request.
    pub(super) fn approve(&mut self, now: Moment, ids: &[&str]) -> Result<(), UnknownEvent> {
        self.advance(now.instant);
        let is_there = |id: &&str| self.events.iter().any(|event| event.id.eq_ignore_ascii_case(id));
        if !ids.iter().all(is_there) {
            return Err(UnknownEvent);
        }
        let mut changes = 0_u64;
        for event in &mut self.events {
            let is_asked = ids.iter().any(|id| event.id.eq_ignore_ascii_case(id));
            if is_asked && event.status == EventStatus::Scheduled {
                event.start(now.instant);
                changes = changes.saturating_add(1);
            }
        }
        self.incarnation = self.incarnation.saturating_add(changes);
        Ok(())
    }

    /// The document as a version shows it.
    pub(super) fn document(&mut self, now: Moment, version: ApiVersion) -> Value {
        self.advance(now.instant);
        let shown = self.events.iter().filter(|event| is_shown(&event.scenario.event_type, version));
        let events = shown.map(|event| event.shown(version)).collect();
        Value::object([
            ("DocumentIncarnation", Value::Number(self.incarnation.to_string())),
            ("Events", Value::Array(events)),
        ])
    }

    /// Lets everything happen that was due.
    fn advance(&mut self, now: Instant) {
        let mut changes = 0_u64;
        self.events.retain_mut(|event| {
            while event.next <= now {
                changes = changes.saturating_add(1);
                match event.status {
                    EventStatus::Scheduled if !event.cancels => event.start(event.next),
                    _ => return false,
                }
            }
            true
        });
        self.incarnation = self.incarnation.saturating_add(changes);
    }

    const fn change(&mut self) {
        self.incarnation = self.incarnation.saturating_add(1);
    }
}

impl Event {
    fn start(&mut self, at: Instant) {
        self.status = EventStatus::Started;
        self.next = at + self.started.max(Duration::from_millis(1));
    }

    fn shown(&self, version: ApiVersion) -> Value {
        let resource = |name: &String| {
            // The first version put an underscore in front of every name that is not a scale set's.
            let is_plain = version < V2017_08_01 && !name.contains('_');
            Value::String(if is_plain { alloc::format!("_{name}") } else { name.clone() })
        };
        let not_before = match self.status {
            EventStatus::Scheduled => self.not_before.to_rfc1123(),
            _ => String::new(),
        };
        let duration = Value::Number(match self.scenario.duration {
            EventDuration::Known(span) => span.as_secs().to_string(),
            EventDuration::Unknown => "-1".to_string(),
        });
        // In the order of recorded answers, which is that of the list.
        let fields = [
            ("EventId", Value::text(&self.id)),
            ("EventStatus", Value::text(self.status.as_str())),
            ("EventType", Value::text(self.scenario.event_type.as_str())),
            ("ResourceType", Value::text("VirtualMachine")),
            ("Resources", Value::Array(self.resources.iter().map(resource).collect())),
            ("NotBefore", Value::String(not_before)),
            ("Description", Value::text(&self.scenario.description)),
            ("EventSource", Value::text(self.scenario.event_source.as_str())),
            ("DurationInSeconds", duration),
        ];
        let is_shown = |key: &str| Place::EVENT.step(key).and_then(Place::since).is_some_and(|since| since <= version);
        Value::object(fields.into_iter().filter(|(key, _)| is_shown(key)))
    }
}

/// Whether a version shows events of a type.
fn is_shown(event_type: &EventType, version: ApiVersion) -> bool {
    match event_type {
        // No document says since when there are recommendations; they go with evictions.
        EventType::Preempt | EventType::SpotRebalanceRecommendation => version >= V2017_11_01,
        EventType::Terminate => version >= V2019_01_01,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_each_row_of_the_list_in_its_order_and_no_other_key() {
        let mut timeline = Timeline::new(&[7; 32]);
        let now = Moment::new(Instant::from_millis(0), Timestamp::from_unix(1_790_000_000));
        timeline.schedule(now, &Scenario::default(), &["a"]);
        let Value::Object(members) = timeline.events()[0].shown(ApiVersion::NEWEST) else { panic!("not an object") };
        let keys: Vec<&str> = members.iter().map(|(key, _)| key.as_str()).collect();
        let mut rows: Vec<&str> = Place::EVENT.rows().map(|(row, _)| row.wire_name).collect();
        // Several rows can be read from one key.
        rows.dedup();
        assert_eq!(keys, rows);
    }
}
