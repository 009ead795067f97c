//! Scheduled events: what is about to happen to the machine, and how it is approved.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;
use core::time::Duration;

use crate::error::UsageError;
use crate::metadata::document::{Document, Value};
use crate::metadata::error::ServiceError;
use crate::metadata::fields::{ScheduledEvent, ScheduledEvents};
use crate::metadata::instance::unexpected;
use crate::metadata::record::{Leaf, Reader, Unreadable};
use crate::quoted::Quoted;
use crate::time::Timestamp;

/// How long an event interrupts a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventDuration {
    /// So long, in whole seconds; zero is no interruption.
    Known(Duration),
    /// The service does not know, or it does not apply; `-1` on the wire.
    Unknown,
}

/// Defines an enumeration of the service's words that keeps those it does not know.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $variant,)+
            /// A word that this release does not know.
            Other(String),
        }

        impl $name {
            /// The word as the service writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => stringify!($variant),)+
                    Self::Other(word) => word,
                }
            }

            /// Reads a word, in any case.
            #[must_use]
            pub fn from_word(word: &str) -> Self {
                $(if word.eq_ignore_ascii_case(stringify!($variant)) {
                    return Self::$variant;
                })+
                Self::Other(word.to_owned())
            }
        }

        impl Leaf for $name {
            fn read(text: &str) -> Option<Self> {
                Some(Self::from_word(text))
            }

            fn show(&self) -> &str {
                self.as_str()
            }
        }
    };
}

words! {
    /// What happens to a machine.
    ///
    /// ```
    /// use azure_imds::metadata::EventType;
    ///
    /// assert_eq!(EventType::from_word("freeze"), EventType::Freeze);
    /// assert_eq!(EventType::from_word("Teleport"), EventType::Other("Teleport".to_owned()));
    /// ```
    EventType {
        /// It pauses for some seconds; memory and connections stay.
        Freeze,
        /// It restarts.
        Reboot,
        /// It moves to another host; what is on temporary disks is lost.
        Redeploy,
        /// It is a Spot machine and is evicted.
        Preempt,
        /// It is a Spot machine that is likely to be evicted soon: time to move its work elsewhere.
        SpotRebalanceRecommendation,
        /// It is deleted, by its owner.
        Terminate,
    }
}

words! {
    /// Whether an event has begun.
    EventStatus {
        /// It will begin at `not_before`, or when it is approved.
        Scheduled,
        /// It has begun.
        Started,
    }
}

words! {
    /// Who caused an event.
    EventSource {
        /// Azure.
        Platform,
        /// The machine's owner.
        User,
    }
}

impl ScheduledEvents {
    /// Reads an answer.
    ///
    /// # Errors
    ///
    /// `answer_malformed`, `answer_too_deep`; `answer_unexpected` without the number `DocumentIncarnation` and the array
    /// `Events`, for which null may stand.
    ///
    /// ```
    /// use azure_imds::metadata::ScheduledEvents;
    ///
    /// let events = ScheduledEvents::parse(r#"{"DocumentIncarnation":1,"Events":[]}"#)?;
    /// assert_eq!(events.document_incarnation, Some(1));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, ServiceError> {
        Self::from_document(Document::parse(text)?)
    }

    /// The same for an answer that is already read.
    ///
    /// # Errors
    ///
    /// `answer_unexpected`.
    pub fn from_document(document: Document) -> Result<Self, ServiceError> {
        let root = document.root();
        let expected = "an object with the number DocumentIncarnation and the array Events";
        // Doubles of the service write null where there are no events.
        let (Some(Value::Number(text) | Value::String(text)), Some(Value::Array(_) | Value::Null)) =
            (root.member("DocumentIncarnation"), root.member("Events"))
        else {
            return Err(unexpected(expected, root));
        };
        if text.is_empty() {
            return Err(unexpected(expected, root));
        }
        let mut reader = Reader::default();
        let rows = Self::read_rows(root, &mut reader);
        Ok(Self::assemble(rows, document, reader.finish()))
    }

    /// The events that happen to a machine; see [`ScheduledEvent::affects`].
    ///
    /// ```
    /// use azure_imds::metadata::{EventSource, EventStatus, EventType, ScheduledEvent, ScheduledEvents};
    ///
    /// let answer = r#"{"DocumentIncarnation":2,"Events":[{"EventId":"A1","EventType":"Reboot",
    ///     "EventStatus":"Scheduled","EventSource":"Platform","Resources":["vm-1","vm-2"]}]}"#;
    /// let events = ScheduledEvents::parse(answer)?;
    /// let mine: Vec<&ScheduledEvent> = events.affecting("vm-1").collect();
    /// assert_eq!(mine[0].event_type, Some(EventType::Reboot));
    /// assert_eq!(mine[0].event_status, Some(EventStatus::Scheduled));
    /// assert_eq!(mine[0].event_source, Some(EventSource::Platform));
    /// assert_eq!(events.affecting("vm-3").count(), 0);
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    pub fn affecting<'e>(&'e self, vm_name: &'e str) -> impl Iterator<Item = &'e ScheduledEvent> {
        self.events.iter().filter(move |event| event.affects(vm_name))
    }

    /// The answer as it came.
    #[must_use]
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// Fields that hold something that can't be read as what it should be.
    #[must_use]
    pub fn unreadable(&self) -> &[Unreadable] {
        &self.unreadable
    }
}

impl ScheduledEvent {
    /// How long the event interrupts the machine, if the answer says.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use azure_imds::metadata::{EventDuration, ScheduledEvents};
    ///
    /// let events = ScheduledEvents::parse(r#"{"DocumentIncarnation":1,"Events":[{"DurationInSeconds":5}]}"#)?;
    /// assert_eq!(events.events[0].duration(), Some(EventDuration::Known(Duration::from_secs(5))));
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    #[must_use]
    pub const fn duration(&self) -> Option<EventDuration> {
        match (self.duration_in_seconds, self.duration_unknown) {
            (Some(seconds), _) => Some(EventDuration::Known(Duration::from_secs(seconds))),
            (None, Some(true)) => Some(EventDuration::Unknown),
            (None, _) => None,
        }
    }

    /// Whether the event happens to the machine of this name; see [`event_affects`].
    #[must_use]
    pub fn affects(&self, vm_name: &str) -> bool {
        event_affects(&self.resources, vm_name)
    }
}

/// Whether an event that happens to these `resources` happens to the machine of this name, which is `compute.name`;
/// compared without case.
///
/// Version 2017-03-01 put an underscore in front of names; it does not count.
///
/// ```
/// use azure_imds::metadata::event_affects;
///
/// assert!(event_affects(&["vm-1".to_owned()], "vm-1"));
/// assert!(!event_affects(&["vm-1".to_owned()], "vm-2"));
/// ```
#[must_use]
pub fn event_affects(resources: &[String], vm_name: &str) -> bool {
    resources.iter().any(|resource| {
        let resource = resource.strip_prefix('_').filter(|_| !vm_name.starts_with('_')).unwrap_or(resource);
        resource.eq_ignore_ascii_case(vm_name)
    })
}

/// The identifier of an event, checked: 1 to 128 printable characters of ASCII.
///
/// The service writes UUIDs, mostly in upper case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(String);

impl EventId {
    /// Characters of an identifier.
    pub const MAX_LENGTH: usize = 128;

    /// Takes an identifier as it came from the service.
    ///
    /// # Errors
    ///
    /// `event_id_malformed`.
    ///
    /// ```
    /// use azure_imds::metadata::EventId;
    ///
    /// assert_eq!(EventId::new("602D9444-D2CD-49C7-8624-8643E7171297")?.as_str().len(), 36);
    /// assert_eq!(EventId::new("two words").unwrap_err().code(), "event_id_malformed");
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    pub fn new(text: &str) -> Result<Self, UsageError> {
        let refuse = |reason| Err(UsageError::EventIdMalformed { event_id: Quoted::from(text), reason });
        if text.is_empty() {
            return refuse("it is empty");
        }
        if text.len() > Self::MAX_LENGTH {
            return refuse("it is longer than 128 characters");
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return refuse("it holds something other than printable characters of ASCII");
        }
        Ok(Self(text.to_owned()))
    }

    /// The identifier.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The body of the request that lets events begin at once: `{"StartRequests":[{"EventId":"..."}]}`.
///
/// An approval counts for all machines of the event.
///
/// ```
/// use azure_imds::metadata::{EventId, approval_body};
///
/// assert_eq!(approval_body(&[EventId::new("A1")?]), r#"{"StartRequests":[{"EventId":"A1"}]}"#);
/// # Ok::<(), azure_imds::UsageError>(())
/// ```
#[must_use]
pub fn approval_body(events: &[EventId]) -> String {
    let requests = events.iter().map(|id| Value::object([("EventId", Value::text(id.as_str()))]));
    Value::object([("StartRequests", Value::Array(requests.collect()))]).to_json()
}

/// Remembers the last answer's incarnation, so that only changes need be looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventsWatch {
    last: Option<String>,
}

impl EventsWatch {
    /// A watch that has seen nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { last: None }
    }

    /// Whether the events changed since the answer observed before; true for the first.
    ///
    /// Any other incarnation is a change, a smaller one, too: the service may start counting anew.
    ///
    /// ```
    /// use azure_imds::metadata::{EventsWatch, ScheduledEvents};
    ///
    /// let mut watch = EventsWatch::new();
    /// let events = ScheduledEvents::parse(r#"{"DocumentIncarnation":1,"Events":[]}"#)?;
    /// assert!(watch.observe(&events));
    /// assert!(!watch.observe(&events)); // nothing new
    /// # Ok::<(), azure_imds::ServiceError>(())
    /// ```
    pub fn observe(&mut self, answer: &ScheduledEvents) -> bool {
        let changed = self.last.as_ref() != Some(&answer.incarnation_text);
        if changed {
            self.last = Some(answer.incarnation_text.clone());
        }
        changed
    }
}

impl Leaf for EventId {
    fn read(text: &str) -> Option<Self> {
        Self::new(text).ok()
    }

    fn show(&self) -> &str {
        self.as_str()
    }
}

/// Reads when an event begins.
pub(super) fn start(value: &Value) -> Option<Timestamp> {
    Timestamp::parse_event(value.as_str()?)
}

#[cfg(test)]
mod tests;
