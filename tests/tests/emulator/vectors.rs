//! The shared transcripts of the emulator.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value as Json;

use super::*;

const CASES: usize = 42;

#[test]
fn every_transcript_is_answered_as_written() {
    let suite: Json = serde_json::from_str(include_str!("../../vectors/emulator.json")).unwrap();
    assert_eq!(suite["version"], 1);
    let cases = suite["cases"].as_array().unwrap();
    assert_eq!(cases.len(), CASES);
    let mut ids = BTreeSet::new();
    for case in cases {
        let id = case["id"].as_str().unwrap();
        assert!(ids.insert(id), "{id} is there twice");
        play(id, case);
    }
}

fn play(id: &str, case: &Json) {
    let known = ["description", "events", "faults", "id", "importance", "limits", "machine", "steps"];
    assert!(case.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())), "{id}");
    let machine = case.get("machine").map_or_else(Machine::default, |machine| {
        serde_json::from_value(machine.clone()).unwrap_or_else(|error| panic!("{id}: {error}"))
    });
    let mut emulator = with(machine);
    if case["limits"] == true {
        emulator = emulator.with_limits(RateLimits::default());
    }
    for fault in case["faults"].as_array().into_iter().flatten() {
        emulator.faults_mut().add_text(fault.as_str().unwrap()).unwrap();
    }
    for event in case["events"].as_array().into_iter().flatten() {
        emulator.schedule(at(0), &Scenario::by_name(event.as_str().unwrap()).unwrap());
    }
    for (number, step) in case["steps"].as_array().unwrap().iter().enumerate() {
        let place = format!("{id}, step {number}");
        if let Some(changes) = step.get("change") {
            let code = emulator.change(&changes.to_string()).err().map(|error| error.code());
            assert_eq!(code, step["refused"].as_str(), "{place}");
            continue;
        }
        let reply = emulator.handle(at(step["at"].as_u64().unwrap()), &request(&step["send"]));
        compare(&place, &step["reply"], &reply);
    }
}

fn request(send: &Json) -> Incoming {
    let fields = send["headers"].as_object().into_iter().flatten();
    Incoming::new(
        send["method"].as_str().unwrap(),
        send["target"].as_str().unwrap(),
        fields.map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect(),
        send["body"].as_str().unwrap_or_default().as_bytes().to_vec(),
    )
}

fn compare(at: &str, expected: &Json, reply: &Reply) {
    let known = ["body", "contains", "delay", "ending", "fault", "headers", "part", "status"];
    assert!(expected.as_object().unwrap().keys().all(|key| known.contains(&key.as_str())), "{at}");
    let body = String::from_utf8_lossy(&reply.response.body);
    assert_eq!(u64::from(reply.response.status), expected["status"], "{at}: {body}");
    if let Some(expected) = expected["body"].as_str() {
        assert_eq!(body, expected, "{at}");
    }
    if let Some(part) = expected["contains"].as_str() {
        assert!(body.contains(part), "{at}: {body}");
    }
    for (name, value) in expected["headers"].as_object().into_iter().flatten() {
        assert_eq!(reply.response.headers.first(name), value.as_str(), "{at}: {name}");
    }
    if let Some(delay) = expected["delay"].as_u64() {
        assert_eq!(reply.delivery.delay, Duration::from_millis(delay), "{at}");
    }
    if let Some(part) = expected.get("part") {
        assert_eq!(reply.part.name(), part, "{at}");
    }
    if let Some(fault) = expected.get("fault") {
        assert_eq!(reply.fault.as_ref().map(ToString::to_string).as_deref(), fault.as_str(), "{at}");
    }
    let ending = match reply.delivery.ending {
        Ending::Drop => "drop".to_owned(),
        Ending::Endless => "endless".to_owned(),
        Ending::Hang => "hang".to_owned(),
        Ending::Slow { bytes_per_second } => format!("slow={bytes_per_second}"),
        Ending::Truncate { bytes } => format!("truncate={bytes}"),
        Ending::Whole => "whole".to_owned(),
        other => panic!("{at}: {other:?}"),
    };
    assert_eq!(ending, expected["ending"].as_str().unwrap_or("whole"), "{at}");
}
