//! Watching scheduled events: when it reads, what it gives, and that nothing ends it.

use std::time::Duration;

use azure_imds::client::{Observation, Policy};
use azure_imds::{Client, Error, Exchange, Headers, Instant, RequestId, Response, Step, TransportError};

const fn at(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

fn watch(interval: u64) -> Observation {
    let mut policy = Policy::default();
    policy.transport_retries = 0;
    policy.paced = false;
    Client::new().with_policy(policy).watch_events(Duration::from_millis(interval))
}

fn events(incarnation: u64) -> Response {
    let body = format!(r#"{{"DocumentIncarnation":{incarnation},"Events":[]}}"#).into_bytes();
    Response::new(200, Headers::new(), body)
}

fn sent(watch: &mut Observation, now: u64) -> RequestId {
    match watch.poll(at(now)) {
        Step::Send(id, request) => {
            assert!(request.url.starts_with("http://169.254.169.254/metadata/scheduledevents?"), "{}", request.url);
            id
        }
        other => panic!("at {now}: {other:?} instead of a reading"),
    }
}

fn read(watch: &mut Observation, now: u64, incarnation: u64) {
    let id = sent(watch, now);
    watch.receive(id, at(now), events(incarnation)).unwrap();
}

fn seen(watch: &mut Observation, now: u64) -> Option<u64> {
    match watch.poll(at(now)) {
        Step::Done(value) => value.unwrap().document_incarnation,
        other => panic!("at {now}: {other:?} instead of events"),
    }
}

fn failed(watch: &mut Observation, now: u64) -> Error {
    match watch.poll(at(now)) {
        Step::Done(value) => value.unwrap_err(),
        other => panic!("at {now}: {other:?} instead of an error"),
    }
}

#[track_caller]
fn waits(watch: &mut Observation, now: u64, until: u64) {
    match watch.poll(at(now)) {
        Step::Wait(moment) => assert_eq!(moment, at(until), "at {now}"),
        other => panic!("at {now}: {other:?} instead of a wait"),
    }
}

#[test]
fn the_first_answer_and_each_that_differs_is_given() {
    let mut watch = watch(1_000);
    read(&mut watch, 50, 7);
    assert_eq!((seen(&mut watch, 60), seen(&mut watch, 5_000)), (Some(7), Some(7)), "it stays until it is resumed");
    assert_eq!(watch.attempts().len(), 1);
    watch.resume();
    assert!(watch.attempts().is_empty());
    // The interval counts from the beginning of a reading, however late the host asks for the next value.
    waits(&mut watch, 70, 1_050);
    read(&mut watch, 1_050, 7);
    waits(&mut watch, 1_060, 2_050);
    read(&mut watch, 9_000, 3);
    assert_eq!(seen(&mut watch, 9_000), Some(3), "the service counts anew");
    watch.resume();
    waits(&mut watch, 9_000, 10_000);
}

#[test]
fn without_an_interval_it_reads_on() {
    let mut watch = watch(0);
    read(&mut watch, 5, 1);
    assert_eq!(seen(&mut watch, 5), Some(1));
    watch.resume();
    for _ in 0..3 {
        read(&mut watch, 5, 1);
    }
    read(&mut watch, 5, 2);
    assert_eq!(seen(&mut watch, 5), Some(2));
}

#[test]
fn an_error_does_not_end_it() {
    let mut watch = watch(1_000);
    read(&mut watch, 0, 1);
    assert_eq!(seen(&mut watch, 0), Some(1));
    watch.resume();
    let id = sent(&mut watch, 1_000);
    watch.fail(id, at(1_001), TransportError::Refused).unwrap();
    assert_eq!(failed(&mut watch, 1_001).code(), "refused");
    assert_eq!(watch.attempts()[0].error.as_ref().map(Error::code), Some("refused"));
    watch.resume();
    waits(&mut watch, 1_002, 2_000);
    // What is as it was before the error is not new.
    read(&mut watch, 2_000, 1);
    waits(&mut watch, 2_001, 3_000);
    read(&mut watch, 3_000, 2);
    assert_eq!(seen(&mut watch, 3_001), Some(2));
}

#[test]
fn a_reading_that_was_called_off_is_made_anew_in_its_time() {
    let mut watch = watch(1_000);
    let late = sent(&mut watch, 0);
    watch.release();
    watch.resume();
    waits(&mut watch, 10, 1_000);
    watch.receive(late, at(20), events(9)).unwrap();
    waits(&mut watch, 20, 1_000);
    let id = sent(&mut watch, 1_000);
    assert_ne!(id, late);
    watch.receive(late, at(1_001), events(9)).unwrap();
    watch.fail(late, at(1_001), TransportError::Refused).unwrap();
    watch.receive(id, at(1_002), events(4)).unwrap();
    assert_eq!(seen(&mut watch, 1_002), Some(4));
    watch.release();
    assert_eq!(seen(&mut watch, 1_002), Some(4), "a value stays");
    for foreign in [id.number() + 1, u32::MAX] {
        let error = watch.receive(RequestId::from_number(foreign), at(1_003), events(5)).unwrap_err();
        assert_eq!(error.code(), "request_stale");
    }
}

#[test]
fn resumed_before_there_is_a_value_it_goes_on() {
    let mut watch = watch(1_000);
    let id = sent(&mut watch, 0);
    watch.resume();
    assert!(matches!(watch.poll(at(1)), Step::Wait(_)));
    watch.receive(id, at(2), events(1)).unwrap();
    assert_eq!(seen(&mut watch, 2), Some(1));
}

#[test]
fn the_longest_interval_waits_for_ever() {
    let mut watch = Client::new().watch_events(Duration::MAX);
    read(&mut watch, 1, 1);
    assert_eq!(seen(&mut watch, 1), Some(1));
    watch.resume();
    waits(&mut watch, u64::MAX - 1, u64::MAX);
}
