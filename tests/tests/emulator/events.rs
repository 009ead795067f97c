//! Scheduled events: stories from the first notice to the end, by version, with approvals.

use std::time::Duration;

use super::*;

const EVENTS: &str = "/metadata/scheduledevents?api-version=2020-07-01";

fn document(emulator: &mut Emulator, millis: u64) -> String {
    let reply = emulator.handle(at(millis), &Incoming::get(EVENTS));
    assert_eq!(reply.response.status, 200);
    text(&reply).to_owned()
}

fn scenario(name: &str) -> Scenario {
    Scenario::by_name(name).unwrap()
}

/// Incarnation, then type and status of each event.
fn summary(emulator: &mut Emulator, millis: u64) -> String {
    let document = Document::parse(&document(emulator, millis)).unwrap();
    let Some(Value::Array(events)) = document.root().member("Events") else { panic!("no events") };
    let events: Vec<_> =
        events.iter().map(|event| format!("{} {}", string(event, "EventType"), string(event, "EventStatus"))).collect();
    format!("{} [{}]", document.root().member("DocumentIncarnation").unwrap(), events.join(", "))
}

fn approve(emulator: &mut Emulator, millis: u64, body: &str) -> (u16, String) {
    let mut request = Incoming::get(EVENTS);
    request.method = "POST".to_owned();
    request.headers.append("Content-Type", "application/x-www-form-urlencoded");
    request.body = body.as_bytes().to_vec();
    let reply = emulator.handle(at(millis), &request);
    (reply.response.status, text(&reply).to_owned())
}

#[test]
fn a_live_migration_from_notice_to_end() {
    let mut emulator = emulator();
    assert_eq!(document(&mut emulator, 0), r#"{"DocumentIncarnation":1,"Events":[]}"#);
    let id = emulator.schedule(at(1000), &scenario("live-migration"));
    let scheduled = format!(
        concat!(
            r#"{{"DocumentIncarnation":2,"Events":[{{"EventId":"{}","EventStatus":"Scheduled","EventType":"Freeze","#,
            r#""ResourceType":"VirtualMachine","Resources":["emulated-vm"],"#,
            r#""NotBefore":"Tue, 28 Jul 2026 13:39:01 GMT","#,
            r#""Description":"Virtual machine is being paused because of a memory-preserving "#,
            r#"Live Migration operation.","EventSource":"Platform","DurationInSeconds":5}}]}}"#
        ),
        id
    );
    assert_eq!(document(&mut emulator, 1000), scheduled);
    assert_eq!(document(&mut emulator, 1000 + 15 * 60_000 - 1), scheduled);
    let started = scheduled
        .replace(r#""DocumentIncarnation":2"#, r#""DocumentIncarnation":3"#)
        .replace("Scheduled", "Started")
        .replace("Tue, 28 Jul 2026 13:39:01 GMT", "");
    assert_eq!(document(&mut emulator, 1000 + 15 * 60_000), started);
    assert_eq!(document(&mut emulator, 1000 + 20 * 60_000 - 1), started);
    assert_eq!(document(&mut emulator, 1000 + 20 * 60_000), r#"{"DocumentIncarnation":4,"Events":[]}"#);
    assert_eq!(id, id.to_uppercase());
}

#[test]
fn every_story_goes_its_way() {
    for (name, notice, started, steps) in [
        ("canceled-maintenance", 450, 0, ["2 [Reboot Scheduled]", "3 []", "3 []"]),
        ("hardware-failure", 0, 600, ["2 [Reboot Started]", "2 [Reboot Started]", "3 []"]),
        ("host-agent-maintenance", 900, 600, ["2 [Freeze Scheduled]", "3 [Freeze Started]", "4 []"]),
        ("live-migration", 900, 300, ["2 [Freeze Scheduled]", "3 [Freeze Started]", "4 []"]),
        ("predicted-failure", 604_800, 600, ["2 [Redeploy Scheduled]", "3 [Redeploy Started]", "4 []"]),
        ("redeploy", 600, 600, ["2 [Redeploy Scheduled]", "3 [Redeploy Started]", "4 []"]),
        ("spot-preemption", 30, 60, ["2 [Preempt Scheduled]", "3 [Preempt Started]", "4 []"]),
        (
            "spot-rebalance",
            900,
            600,
            ["2 [SpotRebalanceRecommendation Scheduled]", "3 [SpotRebalanceRecommendation Started]", "4 []"],
        ),
        ("terminate", 300, 600, ["2 [Terminate Scheduled]", "3 [Terminate Started]", "4 []"]),
        ("user-reboot", 900, 600, ["2 [Reboot Scheduled]", "3 [Reboot Started]", "4 []"]),
        ("user-redeploy", 600, 600, ["2 [Redeploy Scheduled]", "3 [Redeploy Started]", "4 []"]),
    ] {
        let mut emulator = emulator();
        emulator.schedule(at(0), &scenario(name));
        let times = [0, notice * 1000, (notice + started) * 1000];
        let seen = times.map(|millis| summary(&mut emulator, millis));
        assert_eq!(seen, steps, "{name}");
        // All at once, for a client that was away: every step counts.
        let mut emulator = self::emulator();
        emulator.schedule(at(0), &scenario(name));
        assert_eq!(summary(&mut emulator, u64::MAX), steps[2], "{name}");
    }
    assert_eq!(Scenario::NAMES.len(), 11);
}

#[test]
fn approval_starts_at_once_for_all_who_ask() {
    let mut emulator = emulator();
    let first = emulator.events_mut().schedule(at(0), &scenario("user-reboot"), &["front_0", "front_1"]);
    let second = emulator.schedule(at(0), &scenario("redeploy"));
    assert_eq!(summary(&mut emulator, 0), "3 [Reboot Scheduled, Redeploy Scheduled]");
    let body = format!(r#"{{"StartRequests":[{{"EventId":"{}"}}]}}"#, first.to_lowercase());
    assert_eq!(approve(&mut emulator, 10, &body), (200, String::new()));
    assert_eq!(approve(&mut emulator, 11, &body), (200, String::new()));
    assert_eq!(summary(&mut emulator, 12), "4 [Reboot Started, Redeploy Scheduled]");
    let unknown = r#"{ "error": "Bad request. The event does not exist" }"#;
    let body = format!(r#"{{"StartRequests":[{{"EventId":"{second}"}},{{"EventId":"nobody"}}]}}"#);
    assert_eq!(approve(&mut emulator, 13, &body), (400, unknown.to_owned()));
    assert_eq!(summary(&mut emulator, 13), "4 [Reboot Started, Redeploy Scheduled]");
    let malformed = r#"{ "error": "Bad request. The body is not a list of events to start" }"#;
    for body in [
        "",
        "{}",
        "[]",
        "{\"StartRequests\":{}}",
        "{\"StartRequests\":[1]}",
        "{\"StartRequests\":[{\"EventId\":1}]}",
        "\u{feff}{}",
    ] {
        assert_eq!(approve(&mut emulator, 14, body), (400, malformed.to_owned()), "{body}");
    }
    assert_eq!(approve(&mut emulator, 15, &"[".repeat(60_000)), (400, malformed.to_owned()));
    // The one that was approved ends ten minutes after.
    assert_eq!(summary(&mut emulator, 10 + 600_000), "6 [Redeploy Started]");
    let events = emulator.events().events();
    assert_eq!(
        (events.len(), &events[0].status, &events[0].scenario.event_type),
        (1, &EventStatus::Started, &EventType::Redeploy)
    );
    assert_eq!(approve(&mut emulator, 610_020, &format!(r#"{{"StartRequests":[{{"EventId":"{first}"}}]}}"#)).0, 400);
}

#[test]
fn older_versions_hide_what_came_later() {
    let mut emulator = emulator();
    for name in ["live-migration", "spot-preemption", "terminate"] {
        emulator.events_mut().schedule(at(0), &scenario(name), &["vm0", "front_0"]);
    }
    let plain = ["EventId", "EventStatus", "EventType", "ResourceType", "Resources", "NotBefore"];
    for (version, types, added) in [
        ("2017-03-01", 1, &[][..]),
        ("2017-08-01", 1, &[]),
        ("2017-11-01", 2, &[]),
        ("2019-01-01", 3, &[]),
        ("2019-04-01", 3, &["Description"]),
        ("2019-08-01", 3, &["Description", "EventSource"]),
        ("2020-07-01", 3, &["Description", "EventSource", "DurationInSeconds"]),
    ] {
        let reply = get(&mut emulator, &format!("/metadata/scheduledevents?api-version={version}&format=json"));
        let Value::Array(events) = json(&reply).member("Events").unwrap().clone() else { panic!("no events") };
        assert_eq!(events.len(), types, "{version}");
        assert_eq!(keys(&events[0]), [&plain, added].concat(), "{version}");
        let resources = events[0].member("Resources").unwrap().to_json();
        let underscored = if version == "2017-03-01" { r#"["_vm0","front_0"]"# } else { r#"["vm0","front_0"]"# };
        assert_eq!(resources, underscored, "{version}");
    }
}

#[test]
fn time_can_run_faster_and_notices_are_kept() {
    let mut emulator = emulator();
    emulator.events_mut().set_speed(60);
    emulator.schedule(at(0), &scenario("live-migration"));
    assert_eq!(summary(&mut emulator, 14_999), "2 [Freeze Scheduled]");
    assert_eq!(summary(&mut emulator, 15_000), "3 [Freeze Started]");
    assert_eq!(summary(&mut emulator, 20_000), "4 []");
    emulator.events_mut().set_speed(0);
    let mut hasty = scenario("redeploy");
    (hasty.notice, hasty.course) = (Duration::from_secs(1), Course::Completes);
    let id = emulator.schedule(at(0), &hasty);
    assert_eq!(summary(&mut emulator, 599_999), "5 [Redeploy Scheduled]");
    assert!(emulator.events_mut().cancel(at(599_999), &id) && !emulator.events_mut().cancel(at(599_999), &id));
    assert_eq!(summary(&mut emulator, 600_000), "6 []");
}

#[test]
fn the_first_call_can_be_slow() {
    let mut choices = Choices::default();
    choices.first_events_delay = Duration::from_secs(120);
    let mut emulator = emulator().with_choices(choices);
    let delay = |emulator: &mut Emulator| get(emulator, EVENTS).delivery.delay;
    assert_eq!((delay(&mut emulator), delay(&mut emulator)), (Duration::from_secs(120), Duration::ZERO));
}

#[test]
fn a_thousand_events_are_no_more_than_a_hundred() {
    let mut emulator = emulator();
    for _ in 0..1000 {
        emulator.schedule(at(0), &scenario("redeploy"));
    }
    assert_eq!(emulator.events().events().len(), 100);
}
