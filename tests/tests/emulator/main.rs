//! The emulator on a virtual clock: exact answers, stories, faults, limits, hostile requests.

use std::sync::LazyLock;
use std::time::Duration;

use azure_imds::emulator::{
    Authority, Choices, Course, Delivery, Emulator, Ending, FAULT_HEADER, Identities, Incoming, Machine, Moment, Part,
    RateLimits, Reply, Scenario, Tamper, UserAssigned,
};
use azure_imds::metadata::{Document, EventStatus, EventType, Instance, Value};
use azure_imds::{ApiVersion, Headers, Instant, Timestamp};
use data_encoding::{BASE64, BASE64URL_NOPAD};

mod answers;
mod attested;
mod client;
mod events;
mod faults;
mod hostile;
mod identity;
mod instance;
mod limits;
mod load_balancer;
mod vectors;

/// Hosts keep an emulator behind a lock and hand it from thread to thread.
const _: () = {
    const fn goes_to_another_thread<T: Send + 'static>() {}
    goes_to_another_thread::<Emulator>();
};

/// 2026-07-28T13:24:00Z.
const NOW: u64 = 1_785_245_040;

const SEED: [u8; 32] = [7; 32];

/// Made once: its keys take a while.
static AUTHORITY: LazyLock<Authority> = LazyLock::new(|| Authority::from_seed(&SEED).unwrap());

fn emulator() -> Emulator {
    with(Machine::default())
}

fn with(machine: Machine) -> Emulator {
    Emulator::new(machine, SEED).with_authority(AUTHORITY.clone()).with_limits(RateLimits::none())
}

/// So many milliseconds after the start, by both clocks.
fn at(millis: u64) -> Moment {
    Moment::new(Instant::from_millis(0), Timestamp::from_unix(NOW)) + Duration::from_millis(millis)
}

fn get(emulator: &mut Emulator, target: &str) -> Reply {
    emulator.handle(at(0), &Incoming::get(target))
}

fn text(reply: &Reply) -> &str {
    std::str::from_utf8(&reply.response.body).unwrap()
}

fn status(emulator: &mut Emulator, target: &str) -> u16 {
    get(emulator, target).response.status
}

fn json(reply: &Reply) -> Value {
    assert_eq!(reply.response.status, 200, "{}", text(reply));
    Document::from_bytes(&reply.response.body).unwrap().root().clone()
}

/// Status and body.
fn answer(emulator: &mut Emulator, request: &Incoming) -> (u16, String) {
    let reply = emulator.handle(at(0), request);
    (reply.response.status, text(&reply).to_owned())
}

fn bare(method: &str, target: &str) -> Incoming {
    Incoming::new(method, target, Headers::new(), Vec::new())
}

fn with_header(target: &str, name: &str, value: &str) -> Incoming {
    let mut request = Incoming::get(target);
    request.headers.append(name, value);
    request
}

fn string<'v>(value: &'v Value, key: &str) -> &'v str {
    value.member(key).and_then(Value::as_str).unwrap_or_else(|| panic!("no {key}"))
}

fn keys(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(members) => members.iter().map(|(key, _)| key.as_str()).collect(),
        other => panic!("not an object: {other}"),
    }
}
