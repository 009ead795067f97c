//! The emulator under arbitrary requests: a plain status, JSON where it says JSON, and the same answer from a twin.
#![no_main]

use std::cell::RefCell;
use std::sync::LazyLock;

use azure_imds::emulator::{Authority, Emulator, Incoming, Machine, Moment, RateLimits};
use azure_imds::metadata::Document;
use azure_imds::{Headers, Instant, Timestamp};
use libfuzzer_sys::fuzz_target;

/// Its keys take a while to make.
static AUTHORITY: LazyLock<Authority> = LazyLock::new(|| Authority::from_seed(&[7; 32]).expect("an authority"));

thread_local! {
    static TWINS: RefCell<[Emulator; 2]> = RefCell::new([emulator(), emulator()]);
}

fn emulator() -> Emulator {
    Emulator::new(Machine::default().tagged("a", "b;c"), [7; 32])
        .with_authority(AUTHORITY.clone())
        .with_limits(RateLimits::none())
}

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.split('\n');
    let (first, mut headers) = (lines.next().unwrap_or_default(), Headers::new());
    let (method, target) = first.split_once(' ').unwrap_or(("GET", first));
    for line in lines.by_ref().take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        headers.append(name, value.trim());
    }
    let body = lines.collect::<Vec<_>>().join("\n").into_bytes();
    let request = Incoming::new(method, target, headers, body);
    let now = Moment::new(Instant::from_millis(data.len() as u64), Timestamp::from_unix(1_790_000_000));
    TWINS.with_borrow_mut(|[one, other]| {
        let reply = one.handle(now, &request);
        assert_eq!(reply, other.handle(now, &request));
        let response = &reply.response;
        assert!((200..600).contains(&response.status));
        let is_json = response.headers.first("content-type").is_some_and(|kind| kind.starts_with("application/json"));
        let is_asked_for = request.headers.first("X-Azure-Imds-Emulator-Fault").is_some();
        // An approval is answered with nothing, which is a choice of the emulator.
        if is_json && !is_asked_for && !response.body.is_empty() {
            Document::from_bytes(&response.body).unwrap_or_else(|error| panic!("{error}"));
        }
    });
});
