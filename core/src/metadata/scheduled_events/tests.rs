//! Unit tests of scheduled events.

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
    assert_eq!(event.duration(), Some(EventDuration::Known(Duration::from_secs(5))));
    assert!(answer.unreadable().is_empty());
    assert_eq!(answer.document().as_str(), ANSWER);
    assert_eq!(answer.affecting("vmss_1").count(), 1);
    assert_eq!(answer.affecting("vmss_2").count(), 0);
}

#[test]
fn the_tables_and_the_values_agree() {
    let answer = ScheduledEvents::parse(ANSWER).unwrap();
    for (kind, fields) in [(ScheduledEvents::TYPE, answer.fields()), (ScheduledEvent::TYPE, answer.events[0].fields())]
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
        r#""EventId":"a b","NotBefore":"2022-04-11 soon","DurationInSeconds":-2,"Resources":["a",1,"b"],
           "Description":7"#,
    );
    assert_eq!(event.not_before_text.as_deref(), Some("2022-04-11 soon"));
    assert_eq!((event.duration(), event.not_before, event.event_id), (None, None, None));
    assert_eq!(event.resources, ["a", "b"]);
    let below = ["EventId", "Resources/1", "NotBefore", "Description", "DurationInSeconds"];
    assert_eq!(odd, below.map(|field| alloc::format!("Events/0/{field}")));
}

#[test]
fn a_start_in_iso_8601_is_a_date() {
    let (event, odd) = event(r#""NotBefore":"2022-04-11T22:26:58Z""#);
    assert_eq!(event.not_before.unwrap().to_string(), "2022-04-11T22:26:58Z");
    assert!(odd.is_empty());
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
fn null_is_no_events() {
    let answer = ScheduledEvents::parse(r#"{"DocumentIncarnation":1,"Events":null}"#).unwrap();
    assert!(answer.events.is_empty() && answer.unreadable().is_empty());
}

#[test]
fn a_recommendation_is_a_word_that_is_known() {
    let (event, odd) = event(r#""EventType":"SpotRebalanceRecommendation","Description":"""#);
    assert_eq!(event.event_type, Some(EventType::SpotRebalanceRecommendation));
    assert_eq!(event.event_type.unwrap().as_str(), "SpotRebalanceRecommendation");
    assert!(odd.is_empty());
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
