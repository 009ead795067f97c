//! Requests of every sort, and the one right answer to each.

use std::fmt::Write as _;

use data_encoding::BASE64;

use crate::rng::SeededRng;

/// A request as bytes, and what has to come of it.
#[derive(Debug)]
pub struct Question {
    /// By which it is found in the log.
    pub id: usize,
    /// All of it.
    pub bytes: Vec<u8>,
    /// Whether its answer has no body because of the method.
    pub is_head: bool,
    /// The right answer.
    pub expects: Expects,
}

/// What has to come.
#[derive(Debug)]
pub enum Expects {
    /// One of these statuses, and such a body.
    Answer(&'static [u16], Body),
    /// Nothing: the connection is closed without a byte.
    Nothing,
    /// Less than was announced.
    Short,
    /// It never comes to an end: the client leaves, after so many bytes if they come.
    Unending(usize),
}

/// What a body has to be.
#[derive(Debug)]
pub enum Body {
    /// Anything.
    Any,
    /// This.
    Is(&'static str),
    /// Something with this in it.
    Has(&'static str),
    /// So many bytes.
    Long(usize),
    /// A document signed for this nonce.
    Signed(String),
}

impl Body {
    /// Whether it is.
    #[must_use]
    pub fn fits(&self, body: &[u8]) -> bool {
        let has = |text: &str, body: &[u8]| String::from_utf8_lossy(body).contains(text);
        match self {
            Self::Any => true,
            Self::Is(text) => body == text.as_bytes(),
            Self::Has(text) => has(text, body),
            Self::Long(length) => body.len() == *length,
            Self::Signed(nonce) => {
                let text = String::from_utf8_lossy(body);
                let signature = text.split("\"signature\":\"").nth(1).and_then(|rest| rest.split('"').next());
                let der = signature.and_then(|text| BASE64.decode(text.as_bytes()).ok()).unwrap_or_default();
                has(&format!("\"nonce\":\"{nonce}\""), &der)
            }
        }
    }
}

/// A number from zero that is less than this.
pub fn below(random: &mut SeededRng, limit: usize) -> usize {
    let bytes: [u8; 4] = random.bytes(4).try_into().unwrap_or_default();
    usize::try_from(u32::from_be_bytes(bytes)).unwrap_or(0) % limit.max(1)
}

const NAME: &str = "/metadata/instance/compute/name";
const VERSION: &str = "api-version=2021-02-01";
const OK: &[u16] = &[200];
const BAD: &[u16] = &[400];

/// A request with one answer, as small as most are; its connection stays open.
#[must_use]
pub fn plain(random: &mut SeededRng, id: usize) -> Question {
    match below(random, 26) {
        0..=5 => get(id, NAME, &format!("{VERSION}&format=text"), OK, Body::Is("emulated-vm")),
        6..=8 => get(id, "/metadata/instance", VERSION, OK, Body::Has(r#""name":"emulated-vm""#)),
        9 => get(id, "/metadata/instance/network", VERSION, OK, Body::Has(r#"{"interface":[{"#)),
        10 => get(id, "/metadata/versions", "", OK, Body::Has("2025-04-07")),
        11..=12 => get(id, TOKEN, TOKENS, OK, Body::Has(r#""access_token":"ey"#)),
        13 => get(id, "/metadata/identity/info", "api-version=2018-02-01", OK, Body::Has("tenantId")),
        14 => get(id, "/metadata/loadbalancer", VERSION, &[404], Body::Has("No load balancer")),
        15 => get(id, EVENTS, EVENT, OK, Body::Has("DocumentIncarnation")),
        16 => approval(id, r#"{"StartRequests":[{"EventId":"0A1B2C3D-0000-4000-8000-000000000001"}]}"#),
        17 => approval(id, ["", "{}", "[[[[[[", r#"{"StartRequests":[{}]}"#, "\u{feff}{}"][below(random, 5)]),
        18 => get(id, "/metadata/../etc/passwd", VERSION, &[404], Body::Any),
        19 => get(id, NAME, "api-version=9999-01-01", BAD, Body::Has("newest-versions")),
        20 => get(id, NAME, &format!("{VERSION}&{VERSION}"), BAD, Body::Has("Duplicate")),
        21 => get(id, NAME, &format!("{VERSION}&x=%zz"), BAD, Body::Has("percent-encoding")),
        22 => {
            let fields = [["Metadata: true, true", "Metadata: True\r\nMetadata: false"][below(random, 2)]];
            with(id, "GET", NAME, VERSION, &fields, b"", false, Expects::Answer(BAD, Body::Has("metadata header")))
        }
        23 => faulty(id, "/metadata/versions", "nonsense", Expects::Answer(BAD, Body::Has("nonsense"))),
        24 => {
            let method = ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"][below(random, 5)];
            let is_bare = method == "HEAD";
            let body: &[u8] = if is_bare { b"" } else { b"a body that nobody wants" };
            let mut question = with(id, method, NAME, VERSION, &[], body, true, Expects::Answer(&[405], Body::Any));
            question.is_head = is_bare;
            question
        }
        _ => get(id, "/emulator/root.pem", "", OK, Body::Has("BEGIN CERTIFICATE")),
    }
}

/// A request that is dear, large, or answered by a fault.
#[must_use]
pub fn heavy(random: &mut SeededRng, id: usize) -> Question {
    let answer = |status: &'static [u16], body| Expects::Answer(status, body);
    match below(random, 20) {
        0 => {
            let nonce = format!("{}", id % 10_000_000);
            let query = format!("{VERSION}&nonce={nonce}");
            get(id, "/metadata/attested/document", &query, OK, Body::Signed(nonce))
        }
        1 => get(id, TOKEN, &format!("{TOKENS}&bypass_cache=true"), OK, Body::Has(r#""access_token":"ey"#)),
        2 => {
            let resource = "r".repeat(below(random, 12_000));
            get(id, TOKEN, &format!("{TOKENS}{resource}"), OK, Body::Has(r#""access_token":"ey"#))
        }
        3 => get(id, NAME, &format!("{VERSION}&format=text&{}", many(2_000)), OK, Body::Is("emulated-vm")),
        4 => get(id, NAME, &format!("{VERSION}&{}", "a".repeat(20_000)), BAD, Body::Has("16 KiB")),
        5 => headers(id, 100, 500, answer(OK, Body::Is("emulated-vm"))),
        6 => headers(id, 100, 800, answer(BAD, Body::Has("64 KiB"))),
        7 => headers(id, 210, 8, answer(BAD, Body::Has("200 header fields"))),
        8 => {
            let fields = ["Transfer-Encoding: chunked"];
            let body = format!("400\r\n{}\r\n0\r\n\r\n", " ".repeat(1024));
            let expects = answer(OK, Body::Is("emulated-vm"));
            let mut question = with(id, "GET", NAME, TEXT, &fields, b"", true, expects);
            question.bytes.extend_from_slice(body.as_bytes());
            question
        }
        9 => faulty(id, NAME, "429", answer(&[429], Body::Any)),
        10 => faulty(id, TOKEN, "410", answer(&[410], Body::Any)),
        11 => faulty(id, EVENTS, "500", answer(&[500], Body::Any)),
        12 => faulty(id, NAME, "bad-utf8", answer(OK, Body::Any)),
        13 => faulty(id, NAME, "giant=100000", answer(OK, Body::Long(100_000))),
        14 => faulty(id, NAME, "delay=30", answer(OK, Body::Is("emulated-vm"))),
        15 => faulty(id, NAME, "slow=400", answer(OK, Body::Is("emulated-vm"))),
        16 => faulty(id, NAME, "redirect", answer(&[302], Body::Is(""))),
        17 => faulty(id, NAME, "login", answer(OK, Body::Has("<form"))),
        18 => faulty(id, NAME, "drop", Expects::Nothing),
        _ => faulty(id, NAME, "truncate=5", Expects::Short),
    }
}

/// A request whose answer the client does not wait for.
#[must_use]
pub fn unending(random: &mut SeededRng, id: usize) -> Question {
    let (step, bytes) = [
        ("hang", 1),
        ("endless", 100_000),
        ("giant=16000000", 50_000),
        ("slow=40", 180),
        ("delay=1000s", 1),
        ("endless+429", 1_000),
        ("truncate=3+delay=100s", 1),
    ][below(random, 7)];
    let route = [NAME, TOKEN, EVENTS, "/metadata/instance"][below(random, 4)];
    faulty(id, route, step, Expects::Unending(bytes))
}

/// What is too much for the emulator: it is answered, and the connection closed.
#[must_use]
pub fn too_long(id: usize) -> Question {
    let body = vec![b' '; 70_000];
    with(id, "POST", EVENTS, EVENT, &[], &body, true, Expects::Answer(BAD, Body::Has("64 KiB")))
}

const TOKEN: &str = "/metadata/identity/oauth2/token";
const TOKENS: &str = "api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net";
const EVENTS: &str = "/metadata/scheduledevents";
const EVENT: &str = "api-version=2020-07-01";
const TEXT: &str = "api-version=2021-02-01&format=text";

fn get(id: usize, path: &str, query: &str, statuses: &'static [u16], body: Body) -> Question {
    with(id, "GET", path, query, &[], b"", true, Expects::Answer(statuses, body))
}

fn approval(id: usize, body: &str) -> Question {
    let fields: &[&str] = if body.is_empty() { &["Content-Length: 0"] } else { &[] };
    with(id, "POST", EVENTS, EVENT, fields, body.as_bytes(), true, Expects::Answer(BAD, Body::Any))
}

fn faulty(id: usize, path: &str, step: &str, expects: Expects) -> Question {
    let query = match path {
        TOKEN => TOKENS,
        EVENTS => EVENT,
        _ => TEXT,
    };
    with(id, "GET", path, query, &[&format!("X-Azure-Imds-Emulator-Fault: {step}")], b"", true, expects)
}

fn headers(id: usize, count: usize, length: usize, expects: Expects) -> Question {
    let fields: Vec<String> = (0..count).map(|number| format!("X-{number}: {}", "v".repeat(length))).collect();
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    with(id, "GET", NAME, TEXT, &fields, b"", true, expects)
}

#[expect(clippy::too_many_arguments, reason = "the parts of a request")]
fn with(
    id: usize,
    method: &str,
    path: &str,
    query: &str,
    fields: &[&str],
    body: &[u8],
    has_header: bool,
    expects: Expects,
) -> Question {
    let mut head = format!("{method} {path}?load={id}&{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    if has_header {
        head.push_str("Metadata: true\r\n");
    }
    for field in fields {
        head.push_str(field);
        head.push_str("\r\n");
    }
    if !body.is_empty() {
        let _ = write!(head, "Content-Length: {}\r\n", body.len()); // Writing to a String does not fail.
    }
    let bytes = [head.as_bytes(), b"\r\n", body].concat();
    Question { id, bytes, is_head: false, expects }
}

fn many(count: usize) -> String {
    (0..count).map(|number| format!("{number:x}&")).collect()
}
