//! What the calls of one client share: the pace, and which version the service accepts.

use azure_imds::client::{Policy, TokenRequest};
use azure_imds::metadata::{MetadataPath, Value};
use azure_imds::{ApiVersion, Call, Client, Exchange, Headers, Instant, Response, Step};
use std::sync::Arc;

const INSTANCE: &str = r#"{"compute":{},"network":{}}"#;

fn moment(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

fn reply(status: u16, body: &str) -> Response {
    Response::new(status, Headers::new(), body.as_bytes().to_vec())
}

#[test]
fn a_version_once_found_is_asked_for_at_once() {
    let client = Client::new();
    let mut first = client.instance();
    let Step::Send(id, _) = first.poll(moment(0)) else { panic!("nothing sent") };
    let error = r#"{ "error": "Bad request.", "newest-versions": [ "2021-12-13" ] }"#;
    first.receive(id, moment(1), reply(400, error)).unwrap();
    let Step::Send(id, request) = first.poll(moment(1)) else { panic!("not negotiated") };
    assert!(request.url.ends_with("api-version=2021-12-13"));
    // Not learnt before it has worked.
    let Step::Send(_, request) = client.instance().poll(moment(1)) else { panic!("nothing sent") };
    assert!(request.url.ends_with("api-version=2025-04-07"));
    first.receive(id, moment(2), reply(200, INSTANCE)).unwrap();
    let Step::Done(Ok(instance)) = first.poll(moment(2)) else { panic!("no instance") };
    assert_eq!(instance.version().map(|version| version.to_string()).as_deref(), Some("2021-12-13"));
    let Step::Send(_, request) = client.clone().instance().poll(moment(3)) else { panic!("nothing sent") };
    assert!(request.url.ends_with("api-version=2021-12-13"), "{}", request.url);
    // Every part of the service has a version of its own.
    let Step::Send(_, request) = client.load_balancer().poll(moment(3)) else { panic!("nothing sent") };
    assert!(request.url.ends_with("api-version=2025-04-07"));
}

/// What a call says at once, without a request.
fn recalled<T>(mut call: Call<T>) -> Option<Arc<T>> {
    match call.poll(moment(9)) {
        Step::Done(value) => {
            assert!(call.attempts().is_empty() && matches!(call.poll(moment(9)), Step::Done(Ok(_))));
            Some(value.unwrap())
        }
        _ => None,
    }
}

fn answer<T>(mut call: Call<T>, status: u16, body: &str) {
    let Step::Send(id, _) = call.poll(moment(0)) else { panic!("nothing sent") };
    call.receive(id, moment(1), reply(status, body)).unwrap();
    assert_eq!(matches!(call.poll(moment(2)), Step::Done(Ok(_))), status == 200);
}

fn path(text: &str) -> MetadataPath {
    MetadataPath::parse(text).unwrap()
}

fn unpaced() -> Policy {
    let mut policy = Policy::default();
    policy.paced = false;
    policy
}

#[test]
fn what_stays_the_same_is_asked_for_once() {
    let client = Client::new().with_policy(unpaced());
    let vm_id = path("compute/vmId");
    answer(client.text(&vm_id), 200, "5a1b");
    for client in [&client, &client.clone()] {
        assert_eq!(recalled(client.text(&path("/instance/compute/vmId/"))).as_deref(), Some(&"5a1b".to_owned()));
        assert_eq!(recalled(client.get(&vm_id)).as_deref(), Some(&Value::text("5a1b")));
    }
    answer(client.get(&path("compute/osProfile/computerName")), 200, "host");
    assert!(recalled(client.text(&path("compute/osProfile/computerName"))).is_some());
    // A call that waits for its turn has it as well.
    let (mut first, mut second) = (client.text(&path("compute/name")), client.text(&path("compute/name")));
    let Step::Send(id, _) = second.poll(moment(0)) else { panic!("nothing sent") };
    second.fail(id, moment(1), azure_imds::TransportError::Refused).unwrap();
    let Step::Wait(until) = second.poll(moment(1)) else { panic!("not tried again") };
    let Step::Send(id, _) = first.poll(moment(1)) else { panic!("nothing sent") };
    first.receive(id, moment(2), reply(200, "vm7")).unwrap();
    let Step::Done(Ok(name)) = second.poll(until) else { panic!("asked again") };
    assert_eq!((name.as_str(), second.attempts().len()), ("vm7", 1));
}

#[test]
fn what_may_change_or_was_not_there_is_asked_for_again() {
    let client = Client::new().with_policy(unpaced());
    for text in ["compute/tags", "compute/userData", "network/interface/0/macAddress", "new/vmId", "compute", ""] {
        answer(client.text(&path(text)), 200, "x");
        assert_eq!(recalled(client.text(&path(text))), None, "{text}");
    }
    for (status, body) in [(200, ""), (404, r#"{"error":"Not found"}"#), (400, r#"{"error":"Bad request"}"#)] {
        answer(client.text(&path("compute/zone")), status, body);
        assert_eq!(recalled(client.text(&path("compute/zone"))), None, "{status}");
    }
}

#[test]
fn a_client_that_does_not_remember_asks_again() {
    let client = Client::new().with_policy(unpaced());
    let vm_id = path("compute/vmId");
    let mut policy = unpaced();
    policy.remembers = false;
    let forgetful = client.clone().with_policy(policy);
    answer(forgetful.text(&vm_id), 200, "old");
    assert_eq!(recalled(client.text(&vm_id)), None);
    answer(client.text(&vm_id), 200, "new");
    assert_eq!(recalled(forgetful.text(&vm_id)), None);
    assert!(recalled(client.text(&vm_id)).is_some());
    // Another address is another machine.
    let elsewhere = client.clone().with_endpoint("http://127.0.0.1:8080".parse().unwrap());
    assert_eq!(recalled(elsewhere.text(&vm_id)), None);
    assert_eq!(recalled(client.with_version(ApiVersion::NEWEST).text(&vm_id)), None);
}

#[test]
fn clones_keep_the_pace_together() {
    let client = Client::new();
    let mut calls: Vec<_> = (0..6).map(|_| client.clone().instance()).collect();
    for call in &mut calls[..5] {
        assert!(matches!(call.poll(moment(0)), Step::Send(..)));
    }
    let Step::Wait(until) = calls[5].poll(moment(0)) else { panic!("six at once") };
    assert_eq!(until, moment(200));
    assert!(matches!(calls[5].poll(until), Step::Send(..)));
    // Another client, and one that is not paced, go their own way.
    assert!(matches!(Client::new().instance().poll(moment(0)), Step::Send(..)));
    let mut policy = Policy::default();
    policy.paced = false;
    assert!(matches!(client.with_policy(policy).instance().poll(moment(0)), Step::Send(..)));
}

#[test]
fn a_token_dropped_makes_room_for_another() {
    let client = Client::new();
    let request = TokenRequest::new("r").unwrap();
    let mut calls: Vec<_> = (0..6).map(|_| client.token(&request)).collect();
    let mut last = calls.pop().unwrap();
    for call in &mut calls {
        assert!(matches!(call.poll(moment(0)), Step::Send(..)));
    }
    let Step::Wait(until) = last.poll(moment(0)) else { panic!("six at once") };
    let Step::Wait(until) = last.poll(until) else { panic!("six at once") };
    drop(calls);
    assert!(matches!(last.poll(until), Step::Send(..)));
}

#[test]
fn a_call_that_was_released_makes_room_for_another_and_ignores_its_answer() {
    let client = Client::new();
    let mut calls: Vec<_> = (0..6).map(|_| client.instance()).collect();
    let mut last = calls.pop().unwrap();
    let out: Vec<_> = calls.iter_mut().map(|call| call.poll(moment(0))).collect();
    let Step::Send(id, _) = out[0] else { panic!("nothing sent") };
    let Step::Wait(until) = last.poll(moment(0)) else { panic!("six at once") };
    calls[0].release();
    assert!(matches!(last.poll(until), Step::Send(..)));
    calls[0].receive(id, until, reply(200, INSTANCE)).unwrap();
    assert!(!matches!(calls[0].poll(until), Step::Done(_)));
}

#[test]
fn a_call_gives_one_value_however_often_it_is_asked() {
    let mut call = Client::new().instance();
    let Step::Send(id, _) = call.poll(moment(0)) else { panic!("nothing sent") };
    call.receive(id, moment(1), reply(200, INSTANCE)).unwrap();
    let Step::Done(Ok(first)) = call.poll(moment(1)) else { panic!("no instance") };
    for at in [0, 1, 99_999, u64::MAX] {
        let Step::Done(Ok(again)) = call.poll(moment(at)) else { panic!("no instance") };
        assert!(Arc::ptr_eq(&first, &again), "shared, not copied");
    }
    drop(call);
    assert!(Arc::try_unwrap(first).is_ok(), "moved out once the call is gone");

    let mut failed = Client::new().instance();
    let Step::Send(id, _) = failed.poll(moment(0)) else { panic!("nothing sent") };
    failed.receive(id, moment(1), reply(400, "no")).unwrap();
    let Step::Done(Err(first)) = failed.poll(moment(1)) else { panic!("no error") };
    assert!(matches!(failed.poll(moment(99_999)), Step::Done(Err(again)) if again == first));
    assert_eq!(failed.attempts().len(), 1);
}
