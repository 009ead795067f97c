//! A million requests, most of them hostile: each is answered, each is counted, and nothing of them stays.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::Duration;

use azure_imds::emulator::{
    Authority, Emulator, Ending, FAULT_HEADER, Incoming, Machine, Moment, RateLimits, Scenario, Tamper,
};
use azure_imds::metadata::Document;
use azure_imds::{Headers, Instant, Timestamp};
use azure_imds_tests::load::question::below;
use azure_imds_tests::rng::SeededRng;

/// The system's allocator, which counts what this thread holds.
struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
}

fn count(change: isize) {
    HELD.with(|held| held.set(held.get() + change));
}

// SAFETY: everything is done by the system's allocator; what is counted beside it allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size().cast_signed());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(-layout.size().cast_signed());
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn thirty_thousand_hostile_requests() {
    hostile(30_000);
}

#[test]
#[ignore = "takes minutes; `make test-long` runs it"]
fn a_million_hostile_requests() {
    hostile(1_000_000);
}

/// Half of them to an emulator that throttles, half to one that does not.
fn hostile(requests: usize) {
    let authority = Authority::from_seed(&[7; 32]).unwrap();
    for (name, limits) in [("limits", RateLimits::default()), ("no limits", RateLimits::none())] {
        let emulator = Emulator::new(Machine::default().tagged("a", "b"), [7; 32]).with_authority(authority.clone());
        let mut run = Run::new(emulator.with_limits(limits), name);
        run.make(requests / 10);
        let early = run.settled();
        run.make(requests / 2 - requests / 10);
        let late = run.settled();
        let Run { made, statuses, parts, emulator, .. } = run;
        println!("{name}: {made} requests, {early} bytes held early, {late} late; {statuses:?}; {parts:?}");
        assert_eq!(emulator.journal().total(), made, "none is lost");
        assert_eq!(statuses.values().sum::<u64>(), made);
        // Certificates for six more of the eight that are kept may have been made meanwhile; nothing else is kept.
        assert!(late <= early + 32 * 1024, "{early} bytes grew to {late}");
        assert!(parts.len() == 9 && parts.values().all(|count| *count > 20), "{parts:?}");
    }
}

struct Run {
    emulator: Emulator,
    random: SeededRng,
    now: Moment,
    made: u64,
    statuses: BTreeMap<u16, u64>,
    parts: BTreeMap<&'static str, u64>,
}

impl Run {
    fn new(emulator: Emulator, name: &str) -> Self {
        let now = Moment::new(Instant::from_millis(0), Timestamp::from_unix(1_790_000_000));
        let random = SeededRng::new(b"hostile", name);
        Self { emulator, random, now, made: 0, statuses: BTreeMap::new(), parts: BTreeMap::new() }
    }

    fn make(&mut self, requests: usize) {
        for number in 0..requests {
            self.now = self.now + Duration::from_millis(below(&mut self.random, 10) as u64);
            if number % 1000 == 0 {
                let name = Scenario::NAMES[below(&mut self.random, Scenario::NAMES.len())];
                self.emulator.schedule(self.now, &Scenario::by_name(name).unwrap());
            }
            let request = self.request();
            self.ask(&request);
        }
    }

    /// Asks, and looks at the answer: fit to be sent, well-formed where it says so, and in the journal.
    fn ask(&mut self, request: &Incoming) {
        let reply = self.emulator.handle(self.now, request);
        self.made += 1;
        let (status, body) = (reply.response.status, &reply.response.body);
        *self.statuses.entry(status).or_default() += 1;
        let is_plain = matches!(status, 200 | 302 | 400..=599);
        assert!(is_plain, "{status} for {:?}", request.target);
        for (name, value) in reply.response.headers.iter() {
            let is_fit = !name.is_empty() && value.bytes().all(|byte| byte >= b' ' && byte != 0x7f);
            assert!(is_fit, "{name:?}: {value:?}");
        }
        let entry = self.emulator.journal().entries().next_back().unwrap();
        *self.parts.entry(reply.part.name()).or_default() += 1;
        assert_eq!((entry.at, entry.part, entry.status), (self.now, reply.part, status));
        assert_eq!(entry.fault.is_some(), reply.fault.is_some());
        assert!(entry.target.len() <= request.target.len());
        let is_json = reply.response.headers.first("Content-Type").is_some_and(|kind| kind.contains("json"));
        if is_json && reply.fault.is_none() && !body.is_empty() {
            assert!(Document::from_bytes(body).is_ok(), "{:?}: {:?}", request.target, String::from_utf8_lossy(body));
        }
        if let Ending::Truncate { bytes } = reply.delivery.ending {
            assert!(bytes > 0 || body.len() < 2 || reply.fault.is_some());
        }
    }

    /// Lets everything pass that passes, fills what is kept with the same as ever, and says what is held then.
    fn settled(&mut self) -> isize {
        self.now = self.now + Duration::from_millis(30 * 24 * 3_600_000);
        for number in 0..64 {
            self.now = self.now + Duration::from_millis(1_000);
            let target = format!("/metadata/identity/oauth2/token?api-version=2018-02-01&resource={number:04}");
            self.ask(&Incoming::get(&target));
        }
        self.ask(&Incoming::get("/metadata/instance?api-version=2021-02-01"));
        self.now = self.now + Duration::from_millis(1_000);
        self.ask(&Incoming::get("/metadata/scheduledevents?api-version=2020-07-01"));
        self.emulator.journal_mut().clear();
        // What the account of this test holds beside it does not grow any more.
        HELD.with(Cell::get)
    }

    /// Something that a client might send, or that nobody should.
    fn request(&mut self) -> Incoming {
        let path = self.path();
        let query = self.query();
        let mut request = Incoming::get(&format!("{path}{query}"));
        if self.one_in(6) {
            request.method = self.one_of(METHODS).to_owned();
        }
        if self.one_in(10) {
            request.headers = Headers::new();
        }
        if self.one_in(4) {
            let step = match below(&mut self.random, 40) {
                0 => format!("tamper={}", Tamper::ALL[below(&mut self.random, Tamper::ALL.len())]),
                1 => format!("redirect=http://{}/", "r".repeat(below(&mut self.random, 40_000))),
                _ => self.one_of(STEPS).to_owned(),
            };
            request.headers.append(FAULT_HEADER, step);
        }
        match below(&mut self.random, 30) {
            0 => request.headers.append("X-Forwarded-For", "1.2.3.4"),
            1 => request.headers.append("Metadata", self.one_of(&["true", "True", "no", "", "\u{0}"])),
            2 => {
                (0..below(&mut self.random, 260)).for_each(|number| request.headers.append(format!("x-{number}"), "y"))
            }
            3 => request.headers.append("x", "v".repeat(below(&mut self.random, 80_000))),
            4 => request.headers.append("\r\nevil: yes", "a\r\n\r\nb\u{7f}\u{202e}"),
            _ => {}
        }
        if request.method == "POST" || self.one_in(12) {
            request.body = match below(&mut self.random, 6) {
                0 => self.approval(),
                1 => b"{\"StartRequests\":[]}".to_vec(),
                2 => b"[".repeat(below(&mut self.random, 3_000)),
                3 => vec![b' '; below(&mut self.random, 80_000)],
                4 => {
                    let length = below(&mut self.random, 200);
                    self.random.bytes(length)
                }
                _ => br#"{"StartRequests":[{"EventId":"0A1B2C3D-0000-4000-8000-000000000001"}]}"#.to_vec(),
            };
        }
        request
    }

    fn path(&mut self) -> String {
        let route = match below(&mut self.random, 200) {
            0 => "/metadata/attested/document",
            1 => "/emulator/root.pem",
            2 => "/emulator/issuers/root.crt",
            3 => "/emulator/nothing",
            _ => self.one_of(ROUTES),
        };
        match below(&mut self.random, 12) {
            0 => format!("{route}/{}", self.one_of(MUTATIONS)),
            1 => route.replacen('/', "//", 1),
            2 => {
                let end = below(&mut self.random, route.len() + 1);
                route.get(..end).unwrap_or_default().to_owned()
            }
            3 => format!("http://169.254.169.254:80{route}"),
            4 if self.one_in(20) => format!("{route}/{}", "a/".repeat(below(&mut self.random, 9_000))),
            _ => route.to_owned(),
        }
    }

    fn query(&mut self) -> String {
        let mut query = format!("?api-version={}", self.one_of(VERSIONS));
        for _ in 0..below(&mut self.random, 4) {
            query.push('&');
            query.push_str(self.one_of(PARAMETERS));
        }
        match below(&mut self.random, 60) {
            0 => query.push_str(&format!("&x={}", "q".repeat(below(&mut self.random, 20_000)))),
            1 => (0..below(&mut self.random, 3_000)).for_each(|number| query.push_str(&format!("&{number}"))),
            2 => query.push_str(&format!("&resource={}", "s".repeat(below(&mut self.random, 10_000)))),
            3 => query.push_str("&bypass_cache=true&resource=b"),
            _ => {}
        }
        query
    }

    fn approval(&self) -> Vec<u8> {
        let ids = self.emulator.events().events().iter().take(3);
        let ids: Vec<String> = ids.map(|event| format!(r#"{{"EventId":"{}"}}"#, event.id)).collect();
        format!(r#"{{"StartRequests":[{}]}}"#, ids.join(",")).into_bytes()
    }

    fn one_in(&mut self, times: usize) -> bool {
        below(&mut self.random, times) == 0
    }

    fn one_of(&mut self, all: &[&'static str]) -> &'static str {
        all[below(&mut self.random, all.len())]
    }
}

const METHODS: &[&str] =
    &["POST", "POST", "POST", "HEAD", "PUT", "DELETE", "get", "", "GET /x HTTP/1.1\r\n", "é", "\0"];

const ROUTES: &[&str] = &[
    "/metadata/instance",
    "/metadata/instance/compute",
    "/metadata/instance/compute/tagsList/0/name",
    "/metadata/instance/network/interface/0/ipv4",
    "/metadata/versions",
    "/metadata/identity/oauth2/token",
    "/metadata/identity/info",
    "/metadata/identity/issuecredential",
    "/metadata/loadbalancer",
    "/metadata/scheduledevents",
    "/metadata/scheduledevents",
    "/metadata",
    "/etc/passwd",
    "*",
    "",
];

const MUTATIONS: &[&str] = &["..", "%2e%2e", "%2f", "%00", "%zz", "%ff", ";x=1", "\u{202e}", " ", "%252e", "é", "0"];

const VERSIONS: &[&str] =
    &["2021-02-01", "2020-07-01", "2018-02-01", "2017-04-02", "2019-08-01", "2025-04-07", "9999-12-31", "", "%00"];

const PARAMETERS: &[&str] = &[
    "format=text",
    "format=json",
    "format=JSON",
    "extended=true",
    "resource=https://vault.azure.net",
    "resource=%22%5C%E2%80%A8",
    "resource=",
    "client_id=x",
    "object_id=y",
    "msi_res_id=z",
    "nonce=1234567890",
    "nonce=%22%5C%0d%0a",
    "nonce=123456789012345678901234567890123",
    "api-version=2021-02-01",
    "=",
    "%zz",
    "a=+%2B",
    "",
];

const STEPS: &[&str] = &[
    "429",
    "500",
    "410@70s",
    "404x*",
    "ok",
    "partial",
    "empty",
    "empty-json",
    "bad-json",
    "bad-utf8",
    "giant=100000",
    "login",
    "proxy",
    "docker",
    "wireserver",
    "redirect",
    "delay=200",
    "delay=18446744073709551615s",
    "drop",
    "endless",
    "hang",
    "slow=1",
    "truncate",
    "truncate=99999999999",
    "nonsense",
    "",
    "\u{0}\u{1}",
    "redirect=a\r\nb",
];
