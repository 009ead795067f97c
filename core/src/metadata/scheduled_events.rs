//! Scheduled events: what is about to happen to the machine, and how it is approved.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;

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
    /// So many seconds; zero is no interruption.
    Seconds(u64),
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
    EventType {
        /// It pauses for some seconds; memory and connections stay.
        Freeze,
        /// It restarts.
        Reboot,
        /// It moves to another host; what is on temporary disks is lost.
        Redeploy,
        /// It is a Spot machine and is evicted.
        Preempt,
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
    /// `Events`.
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
        let (Some(Value::Number(text) | Value::String(text)), Some(Value::Array(_))) =
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
    #[must_use]
    pub const fn duration(&self) -> Option<EventDuration> {
        match (self.duration_in_seconds, self.duration_unknown) {
            (Some(seconds), _) => Some(EventDuration::Seconds(seconds)),
            (None, Some(true)) => Some(EventDuration::Unknown),
            (None, _) => None,
        }
    }

    /// Whether the event happens to the machine of this name, which is `compute.name`; compared without case.
    ///
    /// Version 2017-03-01 put an underscore in front of names; it does not count.
    #[must_use]
    pub fn affects(&self, vm_name: &str) -> bool {
        self.resources.iter().any(|resource| {
            let resource = resource.strip_prefix('_').filter(|_| !vm_name.starts_with('_')).unwrap_or(resource);
            resource.eq_ignore_ascii_case(vm_name)
        })
    }
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
    Timestamp::parse_rfc1123(value.as_str()?)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::*;
    use crate::metadata::record::{FieldValue, Record as _};

    const ANSWER: &str = r#"{"DocumentIncarnation":2,"Events":[{"Description":"Paused.","DurationInSeconds":5,
        "EventId":"0A1B2C3D-0000-4000-8000-000000000001","EventSource":"Platform","EventStatus":"Scheduled",
        "EventType":"Freeze","NotBefore":"Mon, 11 Apr 2022 22:26:58 GMT","ResourceType":"VirtualMachine",
        "Resources":["vmss_0","VMSS_1"]}]}"#;

    fn event(fields: &str) -> (ScheduledEvent, Vec<String>) {
        let text = alloc::format!(r#"{{"DocumentIncarnation":1,"Events":[{{{fields}}}]}}"#);
        let answer = ScheduledEvents::parse(&text).unwrap();
        let odd = answer.unreadable().iter().map(|odd| odd.path.to_string()).collect();
        (answer.events[0].clone(), odd)
    }

    #[test]
    fn reads_an_event() {
        let answer = ScheduledEvents::parse(ANSWER).unwrap();
        let event = &answer.events[0];
        assert_eq!((answer.document_incarnation, &*answer.incarnation_text), (Some(2), "2"));
        assert_eq!(event.event_id.as_ref().unwrap().as_str(), "0A1B2C3D-0000-4000-8000-000000000001");
        assert_eq!((&event.event_type, &event.event_status), (&Some(EventType::Freeze), &Some(EventStatus::Scheduled)));
        assert_eq!(event.event_source, Some(EventSource::Platform));
        assert_eq!(event.not_before.unwrap().to_string(), "2022-04-11T22:26:58Z");
        assert_eq!(event.duration(), Some(EventDuration::Seconds(5)));
        assert!(answer.unreadable().is_empty());
        assert_eq!(answer.document().as_str(), ANSWER);
        assert_eq!(answer.affecting("vmss_1").count(), 1);
        assert_eq!(answer.affecting("vmss_2").count(), 0);
    }

    #[test]
    fn the_tables_and_the_values_agree() {
        let answer = ScheduledEvents::parse(ANSWER).unwrap();
        for (kind, fields) in
            [(ScheduledEvents::TYPE, answer.fields()), (ScheduledEvent::TYPE, answer.events[0].fields())]
        {
            let table: Vec<_> = kind.fields.iter().map(|field| (field.name, field.wire_name)).collect();
            let held: Vec<_> = fields.members.iter().map(|member| (member.name, member.wire_name)).collect();
            assert_eq!(table, held);
        }
        assert_eq!(answer.events[0].fields().value_of("duration_unknown"), Some(&FieldValue::Flag(false)));
    }

    #[test]
    fn unknown_words_are_kept() {
        let (event, odd) = event(r#""EventType":"Melt","EventStatus":"started","EventSource":"","Resources":[]"#);
        assert_eq!(event.event_type, Some(EventType::Other("Melt".into())));
        assert_eq!(event.event_type.unwrap().as_str(), "Melt");
        assert_eq!((event.event_status, event.event_source), (Some(EventStatus::Started), None));
        assert!(odd.is_empty());
    }

    #[test]
    fn odd_fields_cost_nothing_else() {
        let (event, odd) = event(
            r#""EventId":"a b","NotBefore":"2022-04-11T22:26:58Z","DurationInSeconds":-2,"Resources":["a",1,"b"],
               "Description":7"#,
        );
        assert_eq!(event.not_before_text.as_deref(), Some("2022-04-11T22:26:58Z"));
        assert_eq!((event.duration(), event.not_before, event.event_id), (None, None, None));
        assert_eq!(event.resources, ["a", "b"]);
        let below = ["EventId", "Resources/1", "NotBefore", "Description", "DurationInSeconds"];
        assert_eq!(odd, below.map(|field| alloc::format!("Events/0/{field}")));
    }

    #[test]
    fn a_started_event_has_no_time_and_minus_one_is_unknown() {
        let (event, odd) = event(r#""NotBefore":"","DurationInSeconds":-1"#);
        assert_eq!((event.not_before, &event.not_before_text), (None, &None));
        assert_eq!(event.duration(), Some(EventDuration::Unknown));
        assert_eq!(event.fields().value_of("duration_in_seconds"), Some(&FieldValue::Absent));
        assert_eq!(event.fields().value_of("duration_unknown"), Some(&FieldValue::Flag(true)));
        assert!(odd.is_empty());
    }

    #[test]
    fn names_are_compared_without_case_and_underscore() {
        let (event, _) = event(r#""Resources":["_Web_0","db"]"#);
        assert!(event.affects("web_0") && event.affects("_web_0") && event.affects("DB"));
        assert!(!event.affects("web") && !event.affects("_db") && !event.affects(""));
    }

    #[test]
    fn both_members_are_the_point() {
        for text in [
            "{}",
            "[]",
            r#"{"DocumentIncarnation":1}"#,
            r#"{"Events":[]}"#,
            r#"{"DocumentIncarnation":"","Events":[]}"#,
            r#"{"DocumentIncarnation":null,"Events":[]}"#,
            r#"{"DocumentIncarnation":1,"Events":{}}"#,
        ] {
            assert_eq!(ScheduledEvents::parse(text).unwrap_err().code(), "answer_unexpected", "{text}");
        }
    }

    #[test]
    fn a_watch_sees_changes() {
        let answer = |incarnation: &str| {
            ScheduledEvents::parse(&alloc::format!(r#"{{"DocumentIncarnation":{incarnation},"Events":[]}}"#)).unwrap()
        };
        let mut watch = EventsWatch::new();
        let huge = "1".repeat(40);
        let seen = [("1", true), ("1", false), ("2", true), (&huge, true), (&huge, false), ("1", true)];
        for (incarnation, changed) in seen {
            assert_eq!(watch.observe(&answer(incarnation)), changed, "{incarnation}");
        }
        assert_eq!(answer(&huge).document_incarnation, None);
    }

    #[test]
    fn approvals_are_json() {
        let ids = [EventId::new("A-1").unwrap(), EventId::new("\"\\").unwrap()];
        assert_eq!(approval_body(&ids), r#"{"StartRequests":[{"EventId":"A-1"},{"EventId":"\"\\"}]}"#);
        for text in ["", "a b", "a\r\n", "é", &"x".repeat(129)] {
            assert_eq!(EventId::new(text).unwrap_err().code(), "event_id_malformed", "{text}");
        }
    }
}
