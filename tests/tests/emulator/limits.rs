//! Five requests a second, twenty to identity and five of them at once; on a virtual clock.

use super::*;

const INSTANCE: &str = "/metadata/instance?api-version=2021-02-01";
const INFO: &str = "/metadata/identity/info?api-version=2018-02-01";

fn limited() -> Emulator {
    emulator().with_limits(RateLimits::default())
}

fn admitted(emulator: &mut Emulator, millis: u64, target: &str, requests: usize) -> usize {
    (0..requests).filter(|_| emulator.handle(at(millis), &Incoming::get(target)).response.status == 200).count()
}

#[test]
fn five_a_second_whatever_the_path() {
    let mut emulator = limited();
    let targets = [INSTANCE, "/metadata/versions", "/metadata/scheduledevents?api-version=2020-07-01"];
    let statuses: Vec<_> = targets.iter().cycle().take(7).map(|target| status(&mut emulator, target)).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429, 429]);
    assert_eq!(text(&get(&mut emulator, INSTANCE)), r#"{ "error": "Too many requests" }"#);
    assert_eq!(text(&get(&mut emulator, &format!("{INSTANCE}&format=text"))), "Too many requests");
    // Identity has its own, and requests that are refused before count for nothing.
    assert_eq!(admitted(&mut emulator, 0, INFO, 1), 1);
    assert_eq!(emulator.handle(at(0), &bare("GET", INSTANCE)).response.status, 400);
    assert_eq!(status(&mut emulator, "/metadata/nothing"), 404);
    assert_eq!(admitted(&mut emulator, 200, INSTANCE, 3), 1);
    assert_eq!(admitted(&mut emulator, 10_000, INSTANCE, 20), 5);
}

#[test]
fn identity_is_limited_by_rate_and_by_what_is_out() {
    let mut emulator = limited();
    // Each takes 20 ms, so that five are out until then.
    assert_eq!(admitted(&mut emulator, 0, INFO, 8), 5);
    assert_eq!(admitted(&mut emulator, 19, INFO, 8), 0);
    assert_eq!(admitted(&mut emulator, 20, INFO, 8), 5);
    let total: usize = (2..50).map(|step| admitted(&mut emulator, step * 20, INFO, 8)).sum();
    // Twenty at once, and twenty a second: 10 are gone, less than 40 come in the first second.
    assert!((25..=30).contains(&total), "{total}");
    // One that is delayed holds its place for as long.
    let mut emulator = limited();
    for _ in 0..5 {
        let reply = emulator.handle(at(0), &with_header(INFO, FAULT_HEADER, "delay=10s"));
        assert_eq!((reply.response.status, reply.delivery.delay.as_millis()), (200, 10_020));
    }
    assert_eq!(admitted(&mut emulator, 10_019, INFO, 1), 0);
    assert_eq!(admitted(&mut emulator, 10_020, INFO, 1), 1);
}

#[test]
fn a_million_requests_leave_nothing_behind() {
    let mut emulator = limited();
    emulator.journal_mut().set_capacity(10);
    let mut size_after = |requests: std::ops::Range<u64>| {
        for number in requests {
            let target = format!("/metadata/identity/info?api-version=2018-02-01&client={number}");
            emulator.handle(at(number / 10), &Incoming::get(&target));
        }
        format!("{emulator:?}").len()
    };
    let early = size_after(0..1_000);
    let late = size_after(1_000..1_000_000);
    // What is shown of the state is all of it; only numbers have more digits.
    assert!(late < early + 500, "{early} {late}");
}
