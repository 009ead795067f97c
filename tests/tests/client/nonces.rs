//! Documents with the nonce of somebody else: the service caches, so the client asks again.

use std::time::Duration;

use azure_imds::client::Policy;
use azure_imds::{Client, Exchange, Headers, Instant, Response, Step};
use serde_json::Value as Json;

/// A document of the vectors, as the service would answer with it, and the nonce that it holds.
fn document() -> (String, String) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/attested.json");
    let suite: Json = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let case = suite["cases"].as_array().unwrap().iter().find(|case| {
        let text = case["input"]["text"].as_str().unwrap_or_default();
        case["verdict"] == "verified" && case["expect"]["nonce"].is_string() && text.starts_with('{')
    });
    let case = case.expect("a verified envelope with a nonce");
    (case["input"]["text"].as_str().unwrap().to_owned(), case["expect"]["nonce"].as_str().unwrap().to_owned())
}

fn answer(text: &str) -> Response {
    let headers = Headers::from_iter([("Content-Type", "application/json; charset=utf-8")]);
    Response::new(200, headers, text.as_bytes().to_vec())
}

#[test]
fn the_nonce_asked_for_comes_back() {
    let (text, nonce) = document();
    let mut call = Client::new().attested_document(Some(&nonce)).unwrap();
    let Step::Send(id, request) = call.poll(Instant::from_millis(0)) else { panic!("nothing sent") };
    assert!(
        request.url.ends_with(&format!("/attested/document?api-version=2025-04-07&nonce={nonce}")),
        "{}",
        request.url
    );
    call.receive(id, Instant::from_millis(9), answer(&text)).unwrap();
    let Step::Done(Ok(document)) = call.poll(Instant::from_millis(9)) else { panic!("no document") };
    assert_eq!(document.as_str(), text);
    let envelope: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(document.signature(), envelope["signature"].as_str().unwrap());
}

#[test]
fn without_a_nonce_any_document_will_do() {
    let mut call = Client::new().attested_document(None).unwrap();
    let Step::Send(id, request) = call.poll(Instant::from_millis(0)) else { panic!("nothing sent") };
    assert!(!request.url.contains("nonce"), "{}", request.url);
    call.receive(id, Instant::from_millis(9), answer(&document().0)).unwrap();
    assert!(matches!(call.poll(Instant::from_millis(9)), Step::Done(Ok(_))));
}

#[test]
fn another_nonce_is_asked_for_again_and_then_reported() {
    let (text, nonce) = document();
    let mut policy = Policy::default();
    policy.deadline = Some(Duration::from_millis(3_500));
    let client = Client::new().with_policy(policy);
    let mut call = client.attested_document(Some("another")).unwrap();
    for attempt in 0..4 {
        let now = Instant::from_millis(attempt * 1_000);
        let Step::Send(id, _) = call.poll(now) else { panic!("attempt {attempt} is not made") };
        call.receive(id, now, answer(&text)).unwrap();
        if attempt < 3 {
            assert!(matches!(call.poll(now), Step::Wait(until) if until == now + Duration::from_millis(1_000)));
        }
    }
    let Step::Done(Err(error)) = call.poll(Instant::from_millis(3_000)) else { panic!("not reported") };
    assert_eq!((error.code(), error.retryable()), ("nonce_stale", true));
    assert!(error.to_string().contains("another") && error.to_string().contains(&nonce), "{error}");
    assert_eq!(call.attempts().len(), 4);
}

#[test]
fn a_document_that_can_not_be_read_is_its_own_error() {
    let mut call = Client::new().attested_document(Some("x")).unwrap();
    let Step::Send(id, _) = call.poll(Instant::from_millis(0)) else { panic!("nothing sent") };
    call.receive(id, Instant::from_millis(0), answer(r#"{"encoding":"pgp","signature":""}"#)).unwrap();
    let Step::Done(Err(error)) = call.poll(Instant::from_millis(0)) else { panic!("accepted") };
    assert!(matches!(error, azure_imds::Error::Verify(_)), "{error}");
}
