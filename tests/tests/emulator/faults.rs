//! Scripted faults, from rules and from the header field of a request.

use std::time::Duration;

use azure_imds::emulator::{Rule, Scope};

use super::*;

const INSTANCE: &str = "/metadata/instance?api-version=2021-02-01";
const TOKEN: &str = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=a";

fn playing(rules: &[&str]) -> Emulator {
    let mut emulator = emulator();
    for rule in rules {
        emulator.faults_mut().add_text(rule).unwrap();
    }
    emulator
}

fn asking(target: &str, fault: &str) -> Incoming {
    with_header(target, FAULT_HEADER, fault)
}

#[test]
fn a_playbook_is_played_step_by_step() {
    let mut emulator = playing(&["instance:500,ok+delay=2s,404,partial,ok,repeat"]);
    for _ in 0..2 {
        let seen: Vec<_> = (0..5)
            .map(|_| {
                let reply = get(&mut emulator, INSTANCE);
                (reply.response.status, reply.delivery.delay.as_millis(), reply.response.body.len() > 1000)
            })
            .collect();
        assert_eq!(seen, [(500, 0, false), (200, 2000, true), (404, 0, false), (200, 0, false), (200, 0, true)]);
    }
    assert_eq!(status(&mut emulator, "/metadata/versions"), 200);
}

#[test]
fn a_storm_is_over_after_its_count() {
    let mut emulator = playing(&["token:429x3"]);
    // Probes without the header field use nothing up, and requests elsewhere neither.
    assert_eq!(emulator.handle(at(0), &bare("GET", TOKEN)).response.status, 400);
    assert_eq!(status(&mut emulator, INSTANCE), 200);
    for _ in 0..3 {
        let expected = r#"{"error":"invalid_request","error_description":"Temporarily throttled, too many requests"}"#;
        assert_eq!(answer(&mut emulator, &Incoming::get(TOKEN)), (429, expected.to_owned()));
    }
    assert_eq!(status(&mut emulator, TOKEN), 200);
}

#[test]
fn an_update_lasts_for_seventy_seconds_from_the_first_request() {
    let mut emulator = playing(&["*:410@70s"]);
    let status =
        |emulator: &mut Emulator, millis, target| emulator.handle(at(millis), &Incoming::get(target)).response.status;
    assert_eq!(status(&mut emulator, 5_000, INSTANCE), 410);
    assert_eq!(status(&mut emulator, 74_999, TOKEN), 410);
    assert_eq!(status(&mut emulator, 75_000, INSTANCE), 200);
    assert_eq!(emulator.handle(at(0), &bare("GET", "/emulator/root.pem")).response.status, 200);
}

#[test]
fn rules_follow_each_other() {
    let mut emulator = playing(&["identity:503", "token:504", "*:500"]);
    let seen: Vec<_> = (0..4).map(|_| status(&mut emulator, TOKEN)).collect();
    assert_eq!(seen, [503, 504, 500, 200]);
    let done: Vec<_> = emulator.faults().rules().map(|(rule, over)| format!("{rule} {over}")).collect();
    assert_eq!(done, ["identity:503 1", "token:504 1", "*:500 1"]);
    emulator.faults_mut().clear();
    assert_eq!(emulator.faults().rules().count(), 0);
    // Steps that last for nothing end, even when they repeat.
    let mut emulator = playing(&["*:500x0,503@0s,repeat"]);
    assert_eq!(status(&mut emulator, INSTANCE), 200);
}

#[test]
fn errors_have_the_words_of_the_service() {
    let mut emulator = emulator();
    for (target, fault, status, body) in [
        (INSTANCE, "429", 429, r#"{ "error": "Too many requests" }"#),
        ("/metadata/instance?api-version=2021-02-01&format=text", "429", 429, "Too many requests"),
        (INSTANCE, "410", 410, r#"{ "error": "Gone" }"#),
        (INSTANCE, "500", 500, r#"{ "error": "Server error" }"#),
        (INSTANCE, "503", 503, r#"{ "error": "Service unavailable" }"#),
        (INSTANCE, "403", 403, r#"{ "error": "Forbidden" }"#),
        (INSTANCE, "404", 404, r#"{ "error": "Not found" }"#),
        (INSTANCE, "418", 418, r#"{ "error": "Status 418" }"#),
        (TOKEN, "404", 404, r#"{"error":"Not Found"}"#),
        (TOKEN, "500", 500, r#"{"error":"server_error","error_description":"Server error"}"#),
        ("/metadata/loadbalancer", "503", 503, r#"{"error":"Service unavailable"}"#),
    ] {
        assert_eq!(answer(&mut emulator, &asking(target, fault)), (status, body.to_owned()), "{target} {fault}");
    }
}

#[test]
fn bodies_can_be_of_no_use() {
    let mut emulator = emulator();
    let mut body = |fault: &str| {
        let reply = emulator.handle(at(0), &asking(INSTANCE, fault));
        assert_eq!(reply.response.headers.first("server").is_some(), fault != "login", "{fault}");
        (reply.response.status, reply.response.body)
    };
    assert_eq!(body("empty"), (200, Vec::new()));
    assert_eq!(body("empty-json"), (200, b"{}".to_vec()));
    let (_, broken) = body("bad-json");
    assert_eq!(Document::from_bytes(&broken).unwrap_err().code(), "answer_malformed");
    let (_, broken) = body("bad-utf8");
    assert_eq!(Document::from_bytes(&broken).unwrap_err().code(), "answer_not_utf8");
    let (_, giant) = body("giant=100000");
    assert_eq!(giant.len(), 100_000);
    assert!(Document::from_bytes(&giant).is_ok());
    assert!(body("login").1.starts_with(b"<!DOCTYPE html>"));
}

#[test]
fn others_answer_in_the_place_of_the_service() {
    let mut emulator = emulator();
    for (fault, status, header, value) in [
        ("proxy", 504, "Content-Type", "text/html"),
        ("docker", 403, "Content-Type", "text/plain"),
        ("wireserver", 500, "Server", "Microsoft-IIS/10.0"),
        ("redirect", 302, "Location", "http://emulator.invalid/"),
        ("redirect=http://10.0.0.1/login", 302, "Location", "http://10.0.0.1/login"),
    ] {
        // Whoever stands between does not look for the header field.
        let mut request = bare("GET", INSTANCE);
        request.headers.append(FAULT_HEADER, fault);
        let response = emulator.handle(at(0), &request).response;
        assert_eq!((response.status, response.headers.first(header)), (status, Some(value)), "{fault}");
        assert!(response.headers.first("x-ms-request-id").is_none());
    }
    // What a proxy answers never got to the service.
    let id = emulator.schedule(at(0), &Scenario::default());
    let mut approval = asking("/metadata/scheduledevents?api-version=2020-07-01", "proxy");
    approval.method = "POST".to_owned();
    approval.body = format!(r#"{{"StartRequests":[{{"EventId":"{id}"}}]}}"#).into_bytes();
    assert_eq!(emulator.handle(at(0), &approval).response.status, 504);
    assert_eq!(emulator.events().events()[0].status, EventStatus::Scheduled);
    let docker = emulator.handle(at(0), &asking(TOKEN, "docker"));
    assert!(text(&docker).contains("unreachable"));
}

#[test]
fn delivery_says_what_a_response_cannot() {
    let mut emulator = emulator();
    let length = get(&mut emulator, INSTANCE).response.body.len();
    for (fault, delay, ending) in [
        ("drop", 0, Ending::Drop),
        ("hang", 0, Ending::Hang),
        ("endless", 0, Ending::Endless),
        ("slow=10", 0, Ending::Slow { bytes_per_second: 10 }),
        ("truncate", 0, Ending::Truncate { bytes: length / 2 }),
        ("truncate=7+delay=1500", 1500, Ending::Truncate { bytes: 7 }),
        ("delay=1s", 1000, Ending::Whole),
    ] {
        let reply = emulator.handle(at(0), &asking(INSTANCE, fault));
        assert_eq!((reply.delivery.delay, reply.delivery.ending), (Duration::from_millis(delay), ending), "{fault}");
        assert_eq!((reply.response.status, reply.response.body.len()), (200, length), "{fault}");
    }
    let reply = emulator.handle(at(0), &asking(INSTANCE, "503+drop"));
    assert_eq!((reply.response.status, reply.delivery.ending), (503, Ending::Drop));
}

#[test]
fn partial_data_are_fewer_and_fail_for_those_who_want_all() {
    let mut emulator = emulator();
    let partial = json(&emulator.handle(at(0), &asking(INSTANCE, "partial")));
    assert_eq!(keys(partial.member("compute").unwrap()), ["location", "name", "osType", "vmId", "vmSize"]);
    assert_eq!(partial.member("network").unwrap().to_json(), "{}");
    let extended = format!("{INSTANCE}&extended=true");
    assert_eq!(emulator.handle(at(0), &asking(&extended, "partial")).response.status, 500);
    assert_eq!(keys(json(&get(&mut emulator, &extended)).member("compute").unwrap()).len(), 32);
}

#[test]
fn a_header_field_that_makes_no_sense_is_told() {
    let mut emulator = emulator();
    for fault in ["", "nothing", "token:429", "429x", "200"] {
        let (status, body) = answer(&mut emulator, &asking(INSTANCE, fault));
        assert_eq!(status, 400, "{fault}");
        assert!(body.contains("the fault"), "{body}");
    }
    let mut choices = Choices::default();
    choices.fault_header = false;
    let mut emulator = self::emulator().with_choices(choices);
    assert_eq!(emulator.handle(at(0), &asking(INSTANCE, "500")).response.status, 200);
}

#[test]
fn a_response_of_ones_own_is_given_as_it_is() {
    let mut emulator = emulator();
    let own = azure_imds::Response::new(299, Headers::from_iter([("a", "b")]), b"own".to_vec());
    let rule = Rule::new(Scope::Only(Part::Versions), vec![own.clone().into()]);
    emulator.faults_mut().add(rule).unwrap();
    assert_eq!(get(&mut emulator, "/metadata/versions").response, own);
    let empty = Rule::new(Scope::Only(Part::Versions), Vec::new());
    assert_eq!(emulator.faults_mut().add(empty).unwrap_err().code(), "fault_malformed");
}

#[test]
fn a_reply_tells_its_part_and_its_fault_whatever_the_journal_keeps() {
    let mut emulator = playing(&["instance:503+delay=1x2"]);
    emulator.journal_mut().set_capacity(0);
    let told = |reply: Reply| (reply.part, reply.fault.map(|fault| fault.to_string()));
    assert_eq!(told(get(&mut emulator, INSTANCE)), (Part::Instance, Some("503+delay=1msx2".to_owned())));
    assert_eq!(told(get(&mut emulator, "/metadata/versions")), (Part::Versions, None));
    assert_eq!(told(get(&mut emulator, "/emulator/root.pem")), (Part::Emulator, None));
    assert_eq!(told(get(&mut emulator, "/metadata/%zz")), (Part::Other, None));
    let asked = with_header(TOKEN, FAULT_HEADER, "drop");
    assert_eq!(told(emulator.handle(at(0), &asked)), (Part::Token, Some("ok+drop".to_owned())));
    let unread = with_header(TOKEN, FAULT_HEADER, "picnic");
    assert_eq!(told(emulator.handle(at(0), &unread)), (Part::Token, None));
    assert_eq!((emulator.journal().entries().len(), emulator.journal().total()), (0, 6));
}

#[test]
fn the_journal_tells_what_was_asked_and_what_was_played() {
    let mut emulator = playing(&["instance:503"]);
    get(&mut emulator, INSTANCE);
    emulator.handle(at(7), &bare("POST", TOKEN));
    let entries: Vec<_> = emulator.journal().entries().collect();
    assert_eq!((entries.len(), emulator.journal().total()), (2, 2));
    assert_eq!((entries[0].method.as_str(), entries[0].target.as_str()), ("GET", INSTANCE));
    assert_eq!((entries[0].status, entries[0].fault.as_deref()), (503, Some("503")));
    assert_eq!(entries[0].headers.first("metadata"), Some("true"));
    assert_eq!((entries[1].at, entries[1].part, entries[1].status), (at(7), Part::Token, 400));
    assert_eq!(entries[1].fault, None);
    assert_eq!(emulator.journal().count(Part::Token), 1);
    emulator.journal_mut().set_capacity(3);
    for number in 0..10 {
        get(&mut emulator, &format!("/{number}{}", "é".repeat(5000)));
    }
    let kept: Vec<_> =
        emulator.journal().entries().map(|entry| (entry.target[..2].to_owned(), entry.target.len())).collect();
    assert_eq!(kept, [("/7".to_owned(), 4096), ("/8".to_owned(), 4096), ("/9".to_owned(), 4096)]);
    assert_eq!(emulator.journal().total(), 12);
    emulator.journal_mut().clear();
    assert_eq!(emulator.journal().entries().len(), 0);
}
