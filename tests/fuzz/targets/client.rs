//! Calls under arbitrary answers: time never runs past the deadline, every error has a known code, the end stays the end.
#![no_main]

use std::time::Duration;

use azure_imds::client::{Policy, TokenRequest};
use azure_imds::metadata::MetadataPath;
use azure_imds::{Client, Error, Exchange, Headers, Instant, Response, ServiceError, Step, TransportError, UsageError, VerifyError};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&choice, script)) = data.split_first() else { return };
    let mut policy = Policy::default();
    policy.paced = false;
    policy.jitter = u64::from(choice);
    let client = Client::new().with_policy(policy);
    let path = MetadataPath::parse("compute/newField").expect("a path");
    let deadline = if choice % 9 == 6 { 200_000 } else { 90_000 };
    match choice % 9 {
        0 => drive(client.instance(), script, deadline),
        1 => drive(client.get(&path), script, deadline),
        2 => drive(client.text(&path), script, deadline),
        3 => drive(client.tags(), script, deadline),
        4 => drive(client.attested_document(Some("7")).expect("a nonce"), script, deadline),
        5 => drive(client.token(&TokenRequest::new("r").expect("a resource")), script, deadline),
        6 => drive(client.scheduled_events(), script, deadline),
        7 => drive(client.load_balancer(), script, deadline),
        _ => drive(client.versions(), script, deadline),
    }
});

/// Plays the script: an event is a kind, a delay, the length of a body, and the body.
fn drive<T: std::fmt::Debug + Clone>(
    mut call: impl Exchange<Output = Result<T, Error>>,
    mut script: &[u8],
    deadline: u64,
) {
    let mut now = Instant::from_millis(0);
    for _ in 0..300 {
        match call.poll(now) {
            Step::Done(result) => {
                assert!(now.millis() <= deadline);
                if let Err(error) = &result {
                    let codes = [UsageError::CODES, TransportError::CODES, ServiceError::CODES, VerifyError::CODES];
                    assert!(codes.iter().any(|family| family.contains(&error.code())), "{}", error.code());
                    assert!(error.to_string().chars().all(|shown| !shown.is_control()), "{error}");
                }
                assert!(matches!(call.poll(now + Duration::from_millis(1)), Step::Done(again) if again.is_ok() == result.is_ok()));
                return;
            }
            Step::Wait(until) => {
                assert!(now < until && until.millis() <= deadline);
                now = until;
            }
            Step::Send(id, request) => {
                assert!(request.deadline.millis() <= deadline && now < request.deadline);
                assert!(request.url.starts_with("http://169.254.169.254/metadata/"));
                let [kind, delay, length, rest @ ..] = script else {
                    now = request.deadline;
                    continue;
                };
                let (body, after) = rest.split_at(rest.len().min(usize::from(*length) * 4));
                script = after;
                now = (now + Duration::from_millis(u64::from(*delay) * 40)).min(request.deadline);
                match kind {
                    0..16 => call.fail(id, now, TransportError::Truncated).expect("it is out"),
                    16..24 => call.fail(id, now, TransportError::ConnectTimeout).expect("it is out"),
                    _ => call.receive(id, now, response(*kind, body)).expect("it is out"),
                }
            }
        }
    }
    panic!("not done after 300 steps");
}

fn response(kind: u8, body: &[u8]) -> Response {
    const STATUSES: [u16; 16] = [200, 200, 200, 200, 200, 400, 400, 404, 403, 410, 429, 500, 503, 301, 408, 204];
    let mut headers = Headers::new();
    match kind / 16 % 5 {
        0 => headers.append("Content-Type", "text/html"),
        1 => headers.append("Server", "IMDS/150.870.65.1854"),
        2 => headers.append("Retry-After", String::from_utf8_lossy(body)),
        3 => headers.append("Content-Type", "application/json; charset=utf-8"),
        _ => {}
    }
    Response::new(STATUSES[usize::from(kind % 16)], headers, body.to_vec())
}
