//! Scheduled events: what is about to happen to the machine, and how it is approved.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::error::{ServiceError, UsageError};
use crate::metadata::document::{Document, Value};
use crate::metadata::instance::unexpected;
use crate::metadata::record::{
    self, FieldValue, Fields, Member, Read, Reader, Record, RecordField, RecordKind, RecordType, Unreadable,
    whole_number,
};
use crate::quoted::Quoted;
use crate::time::Timestamp;

/// The answer of `/metadata/scheduledevents`.
///
/// The events of all machines of an availability set or placement group are listed: see [`ScheduledEvent::affects`].
///
/// Source: [scheduled events][docs].
///
/// [docs]: https://learn.microsoft.com/azure/virtual-machines/linux/scheduled-events
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScheduledEvents {
    /// A number that grows whenever the events change; absent if it is larger than 64 bits hold.
    pub document_incarnation: Option<u64>,
    /// The same as it was written, for comparing: see [`EventsWatch`].
    pub incarnation_text: String,
    /// The events.
    pub events: Vec<ScheduledEvent>,
    document: Document,
    unreadable: Vec<Unreadable>,
}

/// One event. What the answer's version does not have yet is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScheduledEvent {
    /// The event's identifier, the same for all of its life.
    pub event_id: Option<EventId>,
    /// What will happen.
    pub event_type: Option<EventType>,
    /// `VirtualMachine`.
    pub resource_type: Option<String>,
    /// The names of the machines it happens to.
    pub resources: Vec<String>,
    /// Whether it has begun. An event that is over vanishes.
    pub event_status: Option<EventStatus>,
    /// It begins no earlier than this, if it is not approved; absent once it has begun.
    pub not_before: Option<Timestamp>,
    /// The same as it was written, also when it can't be read.
    pub not_before_text: Option<String>,
    /// What will happen, in words: since 2019-04-01.
    pub description: Option<String>,
    /// Who caused it: since 2019-08-01.
    pub event_source: Option<EventSource>,
    /// How long the machine will be interrupted: since 2020-07-01.
    pub duration: Option<EventDuration>,
}

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
        Ok(Self {
            document_incarnation: reader.number(root, &["DocumentIncarnation"]),
            incarnation_text: text.clone(),
            events: reader.list(root, &["Events"]),
            unreadable: reader.finish(),
            document,
        })
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

impl Read for ScheduledEvent {
    fn read(object: &Value, reader: &mut Reader) -> Self {
        Self {
            event_id: reader.leaf(object, &["EventId"], |value| EventId::new(value.as_str()?).ok()),
            event_type: reader.text(object, &["EventType"]).map(|word| EventType::from_word(&word)),
            resource_type: reader.text(object, &["ResourceType"]),
            resources: reader.texts(object, &["Resources"]),
            event_status: reader.text(object, &["EventStatus"]).map(|word| EventStatus::from_word(&word)),
            not_before: reader.leaf(object, &["NotBefore"], |value| Timestamp::parse_rfc1123(value.as_str()?)),
            not_before_text: object
                .member("NotBefore")
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
                .map(ToOwned::to_owned),
            description: reader.text(object, &["Description"]),
            event_source: reader.text(object, &["EventSource"]).map(|word| EventSource::from_word(&word)),
            duration: reader.leaf(object, &["DurationInSeconds"], duration),
        }
    }
}

fn duration(value: &Value) -> Option<EventDuration> {
    match value {
        Value::Number(text) | Value::String(text) if text == "-1" => Some(EventDuration::Unknown),
        _ => whole_number(value).map(EventDuration::Seconds),
    }
}

impl Record for ScheduledEvents {
    const TYPE: &'static RecordType = &RecordType::new(
        "ScheduledEvents",
        &[
            RecordField::new("document_incarnation", "DocumentIncarnation", RecordKind::Number),
            RecordField::new("incarnation_text", "", RecordKind::Text),
            RecordField::new("events", "Events", RecordKind::List(ScheduledEvent::TYPE)),
        ],
    );

    fn fields(&self) -> Fields {
        Fields::new(
            "ScheduledEvents",
            alloc::vec![
                Member::new(
                    "document_incarnation",
                    "DocumentIncarnation",
                    record::show::number(&self.document_incarnation)
                ),
                Member::new("incarnation_text", "", FieldValue::Text(self.incarnation_text.clone())),
                Member::new("events", "Events", record::show::list(&self.events)),
            ],
        )
    }
}

/// An unknown duration has no number, and `duration_unknown` says so.
impl Record for ScheduledEvent {
    const TYPE: &'static RecordType = &RecordType::new(
        "ScheduledEvent",
        &[
            RecordField::new("event_id", "EventId", RecordKind::Text),
            RecordField::new("event_type", "EventType", RecordKind::Text),
            RecordField::new("resource_type", "ResourceType", RecordKind::Text),
            RecordField::new("resources", "Resources", RecordKind::Texts),
            RecordField::new("event_status", "EventStatus", RecordKind::Text),
            RecordField::new("not_before", "NotBefore", RecordKind::Time),
            RecordField::new("not_before_text", "", RecordKind::Text),
            RecordField::new("description", "Description", RecordKind::Text),
            RecordField::new("event_source", "EventSource", RecordKind::Text),
            RecordField::new("duration_in_seconds", "DurationInSeconds", RecordKind::Number),
            RecordField::new("duration_unknown", "", RecordKind::Flag),
        ],
    );

    fn fields(&self) -> Fields {
        let word = |word: Option<&str>| word.map_or(FieldValue::Absent, |word| FieldValue::Text(word.to_owned()));
        let (seconds, unknown) = match self.duration {
            Some(EventDuration::Seconds(seconds)) => (Some(seconds), Some(false)),
            Some(EventDuration::Unknown) => (None, Some(true)),
            None => (None, None),
        };
        let not_before = self.not_before.map_or(FieldValue::Absent, FieldValue::Time);
        Fields::new(
            "ScheduledEvent",
            alloc::vec![
                Member::new("event_id", "EventId", word(self.event_id.as_ref().map(EventId::as_str))),
                Member::new("event_type", "EventType", word(self.event_type.as_ref().map(EventType::as_str))),
                Member::new("resource_type", "ResourceType", record::show::text(&self.resource_type)),
                Member::new("resources", "Resources", record::show::texts(&self.resources)),
                Member::new("event_status", "EventStatus", word(self.event_status.as_ref().map(EventStatus::as_str))),
                Member::new("not_before", "NotBefore", not_before),
                Member::new("not_before_text", "", record::show::text(&self.not_before_text)),
                Member::new("description", "Description", record::show::text(&self.description)),
                Member::new("event_source", "EventSource", word(self.event_source.as_ref().map(EventSource::as_str))),
                Member::new("duration_in_seconds", "DurationInSeconds", record::show::number(&seconds)),
                Member::new("duration_unknown", "", record::show::flag(&unknown)),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

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
        assert_eq!(event.duration, Some(EventDuration::Seconds(5)));
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
        assert_eq!((event.event_id, event.not_before, event.duration), (None, None, None));
        assert_eq!(event.resources, ["a", "b"]);
        let below = ["EventId", "Resources/1", "NotBefore", "Description", "DurationInSeconds"];
        assert_eq!(odd, below.map(|field| alloc::format!("Events/0/{field}")));
    }

    #[test]
    fn a_started_event_has_no_time_and_minus_one_is_unknown() {
        let (event, odd) = event(r#""NotBefore":"","DurationInSeconds":-1"#);
        assert_eq!((event.not_before, &event.not_before_text), (None, &None));
        assert_eq!(event.duration, Some(EventDuration::Unknown));
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
