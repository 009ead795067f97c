//! Over 100,000 random scripts: the deadline is never overrun, and nothing is sent twice at once.

use std::time::Duration;

use azure_imds::client::{Policy, TokenRequest};
use azure_imds::metadata::MetadataPath;
use azure_imds::{Client, Exchange, Headers, Instant, Response, Step, TransportError};
use rand_core::TryRng as _;

/// How long the whole of a call of each kind may take.
const DEADLINES: std::ops::Range<u64> = 1..200_000;

#[test]
fn no_script_overruns_the_deadline() {
    let mut random = azure_imds_tests::rng::SeededRng::new(b"client", "deadlines");
    let mut below = |limit: u64| random.try_next_u64().unwrap() % limit;
    let (mut sent, mut done_well) = (0_u64, 0_u64);
    for _ in 0..100_000 {
        let deadline = DEADLINES.start + below(DEADLINES.end);
        let mut policy = Policy::default();
        policy.deadline = Some(Duration::from_millis(deadline));
        policy.attempt_timeout = (below(2) == 0).then(|| Duration::from_millis(1 + below(20_000)));
        policy.retries = u32::try_from(below(12)).unwrap();
        policy.transport_retries = u32::try_from(below(12)).unwrap();
        policy.backoff = Duration::from_millis(below(30_000));
        policy.jitter = below(u64::MAX);
        policy.paced = below(2) == 0;
        let client = Client::new().with_policy(policy);
        let origin = if below(10) == 0 { u64::MAX - below(300_000) } else { below(1 << 40) };
        let path = MetadataPath::parse("compute/newField").unwrap();
        let outcome = match below(4) {
            0 => drive(&mut below, client.instance(), origin, deadline),
            1 => drive(&mut below, client.token(&TokenRequest::new("r").unwrap()), origin, deadline),
            2 => drive(&mut below, client.get(&path), origin, deadline),
            _ => drive(&mut below, client.scheduled_events(), origin, deadline),
        };
        sent += outcome.0;
        done_well += u64::from(outcome.1);
    }
    // The scripts reach what they are to test.
    assert!(sent > 200_000 && done_well > 10_000, "{sent} sent, {done_well} done well");
}

/// Answers at random until the call is done; gives how much was sent, and whether it came out well.
fn drive<T>(
    below: &mut impl FnMut(u64) -> u64,
    mut call: impl Exchange<Output = Result<T, azure_imds::Error>>,
    origin: u64,
    deadline: u64,
) -> (u64, bool) {
    let end = Instant::from_millis(origin) + Duration::from_millis(deadline);
    let (mut now, mut sent) = (Instant::from_millis(origin), 0);
    for _ in 0..2_000 {
        match call.poll(now) {
            Step::Done(result) => {
                assert!(now <= end || now.millis() == u64::MAX, "done at {now:?}, after {end:?}");
                return (sent, result.is_ok());
            }
            Step::Wait(until) => {
                assert!(now < until && until <= end, "waits from {now:?} until {until:?}, deadline {end:?}");
                now = until;
            }
            Step::Send(id, request) => {
                sent += 1;
                assert!(now < end && request.deadline <= end, "sent at {now:?} until {:?}", request.deadline);
                assert!(matches!(call.poll(now), Step::Wait(_)), "sends while a request is out");
                let latest = request.deadline.millis() - now.millis();
                let elapsed = if below(3) == 0 { latest } else { below(latest + 1) };
                now += Duration::from_millis(elapsed);
                match below(20) {
                    0 => {} // the host never comes back to it
                    1..4 => call.fail(id, now, transport_error(below(5))).unwrap(),
                    _ => call.receive(id, now, response(below)).unwrap(),
                }
            }
        }
    }
    panic!("not done after 2,000 steps");
}

fn transport_error(kind: u64) -> TransportError {
    match kind {
        0 => TransportError::ConnectTimeout,
        1 => TransportError::ReadTimeout,
        2 => TransportError::Refused,
        3 => TransportError::Truncated,
        _ => TransportError::Unreachable { reason: "no route".into() },
    }
}

fn response(below: &mut impl FnMut(u64) -> u64) -> Response {
    const STATUSES: [u16; 14] = [200, 200, 200, 400, 404, 408, 410, 410, 429, 429, 500, 502, 503, 504];
    const BODIES: [&str; 6] = [
        "",
        r#"{"compute":{},"network":{}}"#,
        r#"{ "error": "Not found" }"#,
        r#"{ "error": "Bad request. api-version is invalid", "newest-versions": ["2021-12-13", "2030-01-01"] }"#,
        r#"{"access_token":"x","expires_in":"1","expires_on":"1","resource":"r","token_type":"Bearer"}"#,
        r#"{"DocumentIncarnation":1,"Events":[]}"#,
    ];
    let pick = |below: &mut dyn FnMut(u64) -> u64, length: usize| usize::try_from(below(length as u64)).unwrap();
    let status = STATUSES[pick(below, STATUSES.len())];
    let body = BODIES[pick(below, BODIES.len())].as_bytes().to_vec();
    let mut headers = Headers::new();
    if below(3) == 0 {
        headers.append("Retry-After", below(200).to_string());
    }
    Response::new(status, headers, body)
}
