//! Requests: every value is encoded once, and none can add a parameter, a header or a path.

use std::time::Duration;

use azure_imds::client::{Policy, TokenRequest};
use azure_imds::metadata::{IdentitySelector, MetadataPath};
use azure_imds::{Client, Exchange, Headers, Instant, Request, Response, Route, Step, TransportError};
use rand_core::TryRng as _;

fn request<T>(mut call: impl Exchange<Output = T>) -> Request {
    match call.poll(Instant::from_millis(0)) {
        Step::Send(_, request) => request,
        _ => panic!("nothing is sent"),
    }
}

/// Thousands of calls at the same moment.
fn unpaced() -> Client {
    let mut policy = Policy::default();
    policy.paced = false;
    Client::new().with_policy(policy)
}

#[test]
fn a_loop_that_takes_an_exchange_drives_one_that_is_kept() {
    fn drive<E: Exchange>(mut exchange: E) -> E::Output {
        let at = Instant::from_millis;
        for millis in 0.. {
            match exchange.poll(at(millis)) {
                Step::Send(id, _) if millis == 0 => exchange.fail(id, at(1), TransportError::Refused).unwrap(),
                Step::Send(id, _) => {
                    let body = br#"{"apiVersions":[]}"#.to_vec();
                    exchange.receive(id, at(millis), Response::new(200, Headers::new(), body)).unwrap();
                }
                Step::Wait(_) => {}
                Step::Done(value) => {
                    exchange.release();
                    return value;
                }
            }
        }
        unreachable!("it never ends")
    }
    let mut call = Client::new().versions();
    assert!(drive(&mut call).is_ok());
    assert_eq!(call.attempts().len(), 2);
    assert!(matches!(call.poll(Instant::from_millis(0)), Step::Done(Ok(_))), "it keeps its value");
}

/// Names and values of the query, decoded once.
fn parameters(request: &Request) -> Vec<(String, String)> {
    let query = request.url.split_once('?').map_or("", |(_, query)| query);
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').map(|(name, value)| (decode(name), decode(value))).unwrap())
        .collect()
}

#[test]
fn every_request_says_what_it_must() {
    let client = unpaced();
    let path = MetadataPath::parse("network").unwrap();
    let token = TokenRequest::new("https://vault.azure.net").unwrap();
    for request in [
        request(client.instance()),
        request(client.extended_instance()),
        request(client.get(&path)),
        request(client.text(&path)),
        request(client.tags()),
        request(client.attested_document(None).unwrap()),
        request(client.token(&token)),
        request(client.identity_info()),
        request(client.scheduled_events()),
        request(client.load_balancer()),
        request(client.versions()),
        request(client.availability()),
    ] {
        assert_eq!(request.route, Route::Direct);
        assert_eq!(request.headers.first("Metadata"), Some("true"));
        let names: Vec<_> = request.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        assert_eq!(names, ["metadata", "user-agent"], "{}", request.url);
        assert!(request.url.starts_with("http://169.254.169.254/metadata/"), "{}", request.url);
        assert!(request.url.bytes().all(|byte| byte.is_ascii_graphic()), "{}", request.url);
        assert!(request.body.is_empty() && request.max_body > 0 && request.connect_timeout > Duration::ZERO);
    }
}

#[test]
fn random_values_come_out_as_they_went_in() {
    let client = unpaced();
    let mut random = azure_imds_tests::rng::SeededRng::new(b"client", "requests");
    let mut text = |longest: u64| {
        let length = 1 + random.try_next_u64().unwrap() % longest;
        (0..length)
            .map(|_| char::from(b' ' + u8::try_from(random.try_next_u64().unwrap() % 95).unwrap()))
            .collect::<String>()
    };
    for _ in 0..5_000 {
        let nonce = text(32);
        let sent = parameters(&request(client.attested_document(Some(&nonce)).unwrap()));
        let expected = [("api-version".to_owned(), "2025-04-07".to_owned()), ("nonce".to_owned(), nonce)];
        assert_eq!(sent, expected);

        let resource = text(60).replace(' ', "+");
        let identity = text(40).replace(' ', "-");
        let selector = IdentitySelector::from_parts(None, None, Some(&identity));
        let token = TokenRequest::new(&resource).unwrap();
        let (token, count) = match selector {
            Ok(selector) => (token.with_identity(selector), 3),
            Err(_) => (token, 2),
        };
        let sent = parameters(&request(client.token(&token)));
        assert_eq!((sent.len(), &sent[1]), (count, &("resource".to_owned(), resource)));
    }
}

#[test]
fn random_paths_stay_below_the_instance() {
    let client = unpaced();
    let mut random = azure_imds_tests::rng::SeededRng::new(b"client", "paths");
    let mut accepted = 0;
    for _ in 0..5_000 {
        let length = usize::try_from(random.try_next_u64().unwrap() % 20).unwrap();
        let bytes: Vec<u8> =
            random.bytes(length).iter().map(|byte| b"abz09/.%?#&=+ -_~:@\n\xc3\xa9"[usize::from(byte % 22)]).collect();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Ok(path) = MetadataPath::parse(&text) else { continue };
        accepted += 1;
        let request = request(client.text(&path));
        let below = request.url.strip_prefix("http://169.254.169.254/metadata/instance").unwrap();
        let (below, query) = below.split_once('?').unwrap();
        assert_eq!(query, "api-version=2025-04-07&format=text");
        let segments: Vec<_> = below.split('/').skip(1).collect();
        assert!(segments.iter().all(|segment| !matches!(*segment, "" | "." | "..")), "{text:?}: {below}");
        let decoded: Vec<_> = segments
            .iter()
            .map(|segment| percent_encoding::percent_decode_str(segment).decode_utf8().unwrap().into_owned())
            .collect();
        assert_eq!(decoded, path.segments().collect::<Vec<_>>(), "{text:?}");
    }
    assert!(accepted > 500, "{accepted}");
}
