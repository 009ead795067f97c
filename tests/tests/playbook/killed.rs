//! Clients that are killed, and calls that are dropped: the emulator goes on, and the next one gets its answer.

use std::io::Write as _;
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant as Clock};
use std::{env, thread};

use azure_imds::client::{Endpoint, Policy, TokenRequest};
use azure_imds::emulator::RateLimits;
use azure_imds::metadata::{AccessToken, EventId, EventStatus};
use azure_imds::{Client, Error};
use azure_imds_tests::load::question::below;
use azure_imds_tests::rng::SeededRng;
use tokio::runtime::Builder;

use crate::service::Served;
use crate::{by_reqwest, by_ureq};

const URL: &str = "AZURE_IMDS_TEST_URL";
const EVENT: &str = "AZURE_IMDS_TEST_EVENT";

/// The process that is killed: it asks, one thing after the other, until it is.
#[test]
#[ignore = "a part of the other tests, which run it as a process of its own"]
fn a_client_that_asks_for_ever() {
    let client = hasty(&Endpoint::parse(&env::var(URL).unwrap()).unwrap());
    let event = env::var(EVENT).ok().map(|id| EventId::new(&id).unwrap());
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    loop {
        if let Some(event) = &event {
            let _ = by_ureq::drive(client.approve(std::slice::from_ref(event)).unwrap()).unwrap();
        }
        let _ = runtime.block_on(by_reqwest::drive(client.token(&request()))).unwrap();
        let _ = by_ureq::drive(client.instance()).unwrap();
    }
}

fn hasty(endpoint: &Endpoint) -> Client {
    let mut policy = Policy::default();
    (policy.paced, policy.retries, policy.transport_retries) = (false, 0, 0);
    Client::new().with_endpoint(endpoint.clone()).with_policy(policy)
}

fn request() -> TokenRequest {
    TokenRequest::new("r").unwrap()
}

fn start(served: &Served, event: Option<&str>) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "killed::a_client_that_asks_for_ever"]);
    command.env(URL, &served.origin).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(event) = event {
        command.env(EVENT, event);
    }
    command.spawn().unwrap()
}

/// By SIGKILL, where there is such a thing.
fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn token(served: &Served) -> Result<Arc<AccessToken>, Error> {
    by_ureq::drive(hasty(&served.endpoint()).token(&request())).unwrap()
}

fn is_well(served: &Served) {
    let client = hasty(&served.endpoint());
    let instance = by_ureq::drive(client.instance()).unwrap().unwrap();
    assert_eq!(instance.compute.name.as_deref(), Some("playbook"));
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(by_reqwest::drive(client.scheduled_events())).unwrap().unwrap();
}

#[test]
fn in_the_middle_of_an_answer() {
    let served = Served::new(RateLimits::none());
    for fault in ["slow=300x*", "endlessx*", "giant=16000000+slow=1000000x*", "hangx*", "delay=1000sx*"] {
        served.reset(Some(fault));
        let child = start(&served, None);
        served.until(|emulator| emulator.journal().entries().len() == 1);
        thread::sleep(Duration::from_millis(100));
        kill(child);
        served.reset(None);
        is_well(&served);
        served.is_alone();
    }
}

#[test]
fn in_the_middle_of_delayed_tokens() {
    let mut limits = RateLimits::none();
    limits.identity_concurrent = RateLimits::default().identity_concurrent;
    let served = Served::new(limits);
    token(&served).unwrap(); // Its key takes a while, once.
    served.reset(Some("ok+delay=20sx5")); // Longer than five processes take to start.
    let children: Vec<Child> = (0..5).map(|_| start(&served, None)).collect();
    served.until(|emulator| emulator.journal().entries().len() == 5);
    let since = Clock::now();
    assert_eq!(token(&served).unwrap_err().code(), "throttled", "five are out");
    children.into_iter().for_each(kill);
    served.is_alone();
    // Their places are free again when their answers would have gone out.
    thread::sleep(Duration::from_millis(20_200).saturating_sub(since.elapsed()));
    served.reset(Some("ok+delay=300x5"));
    thread::scope(|scope| {
        let five: Vec<_> = (0..5).map(|_| scope.spawn(|| token(&served))).collect();
        for one in five {
            one.join().unwrap().unwrap();
        }
    });
    is_well(&served);
}

#[test]
fn in_the_middle_of_an_approval() {
    let served = Served::new(RateLimits::none());
    served.reset(Some("ok+delay=1000s"));
    let (id, before) =
        served.with(|emulator| (emulator.events().events()[0].id.clone(), emulator.events().incarnation()));
    let child = start(&served, Some(&id));
    served.until(|emulator| emulator.journal().entries().len() == 1);
    kill(child);
    let state = |served: &Served| {
        served.with(|emulator| (emulator.events().events()[0].status.clone(), emulator.events().incarnation()))
    };
    assert_eq!(state(&served), (EventStatus::Started, before + 1), "approved, once");
    let again = hasty(&served.endpoint()).approve(&[EventId::new(&id).unwrap()]).unwrap();
    by_ureq::drive(again).unwrap().unwrap();
    assert_eq!(state(&served), (EventStatus::Started, before + 1), "approved before");
    // One whose body did not come to its end is none.
    served.reset(None);
    let before = state(&served);
    let body =
        format!(r#"{{"StartRequests":[{{"EventId":"{}"}}]}}"#, served.with(|it| it.events().events()[0].id.clone()));
    let head = "POST /metadata/scheduledevents?api-version=2020-07-01 HTTP/1.1\r\nHost: a\r\nMetadata: true\r\n";
    for sent in [body.len(), body.len() / 2, 0] {
        let mut stream = TcpStream::connect(served.origin.trim_start_matches("http://")).unwrap();
        write!(stream, "{head}Content-Length: {}\r\n\r\n{}", body.len() + 1, &body[..sent]).unwrap();
    }
    served.is_alone();
    assert_eq!((state(&served), served.with(|emulator| emulator.journal().entries().len())), (before, 0));
    is_well(&served);
}

#[test]
fn at_any_moment() {
    let served = Served::new(RateLimits::default());
    let mut random = SeededRng::new(b"killed", "moments");
    for round in 0..25 {
        served.reset(Some("ok,ok+delay=20,ok+slow=20000,repeat"));
        let (id, before) =
            served.with(|emulator| (emulator.events().events()[0].id.clone(), emulator.events().incarnation()));
        let child = start(&served, Some(&id));
        served.until(|emulator| emulator.journal().entries().len() > round % 4);
        thread::sleep(Duration::from_millis(below(&mut random, 20) as u64));
        kill(child);
        let (events, after) =
            served.with(|emulator| (emulator.events().events().to_vec(), emulator.events().incarnation()));
        let is_started = events[0].status == EventStatus::Started;
        assert_eq!((events.len(), after - before), (1, u64::from(is_started)), "{events:?}");
        served.is_alone();
    }
    thread::sleep(Duration::from_millis(1_100));
    served.reset(None);
    is_well(&served);
    token(&served).unwrap();
}

#[test]
fn a_dropped_future_leaves_nothing_behind() {
    let served = Served::new(RateLimits::none());
    let client = Client::new().with_endpoint(served.endpoint());
    for fault in ["hangx*", "slow=300x*", "delay=1000sx*", "drop,410x*"] {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        served.reset(Some(fault));
        runtime.block_on(async {
            // More than may be out at once, of a client that keeps count.
            for _ in 0..8 {
                let call = by_reqwest::drive(client.token(&request()));
                assert!(tokio::time::timeout(Duration::from_millis(60), call).await.is_err());
            }
        });
        served.reset(None);
        // A place that was not given back would not come back at all.
        let next = by_reqwest::drive(client.token(&request()));
        let next = runtime.block_on(async { tokio::time::timeout(Duration::from_secs(120), next).await });
        next.unwrap().unwrap().unwrap();
        drop(runtime); // It has connections to close yet.
        served.is_alone();
    }
}
