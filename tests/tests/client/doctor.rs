//! The doctor: each finding from the surroundings and answers that show it.

use azure_imds::client::{Diagnosis, Endpoint, Examination, Finding, OperatingSystem, Severity, Surroundings};
use azure_imds::{Client, Exchange, Headers, Instant, RequestId, Response, Step, TransportError, UsageError};
use std::sync::Arc;
use std::time::Duration;

const LINUX: &str = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n\
    eth0\t00000000\t0145A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n\
    eth0\tFEA9FEA9\t0145A8C0\t0007\t0\t0\t100\tFFFFFFFF\t0\t0\t0\n";
const VERSIONS: &str = r#"{"apiVersions":["2017-03-01"]}"#;
const INSTANCE: &str = include_str!("../../vectors/instance_2025-04-07.json");

type Outcome = Result<(u16, &'static str), TransportError>;

/// Examines with these answers, in turn; each comes after ten milliseconds.
fn examine(client: &Client, surroundings: Surroundings, outcomes: &[Outcome]) -> Diagnosis {
    let (mut examination, mut outcomes, mut now) = (client.diagnose(surroundings), outcomes.iter(), Instant::default());
    loop {
        match examination.poll(now) {
            Step::Done(diagnosis) => {
                assert_eq!(outcomes.next(), None, "an answer is left");
                return diagnosis;
            }
            Step::Wait(until) => now = until,
            Step::Send(id, _) => {
                now += Duration::from_millis(10);
                match outcomes.next().expect("an answer for each request").clone() {
                    Err(error) => examination.fail(id, now, error).unwrap(),
                    Ok((status, body)) => {
                        let headers = Headers::from_iter([("Server", "IMDS/150.870.65.1854")]);
                        let headers = if body.starts_with('<') { Headers::new() } else { headers };
                        let response = Response::new(status, headers, body.as_bytes().to_vec());
                        examination.receive(id, now, response).unwrap();
                    }
                }
            }
        }
    }
}

fn codes(diagnosis: &Diagnosis) -> Vec<&'static str> {
    assert!(diagnosis.findings.iter().all(|finding| Finding::CODES.contains(&finding.code)));
    assert!(diagnosis.findings.iter().all(|finding| !finding.summary.is_empty() && !finding.remedy.is_empty()));
    diagnosis.findings.iter().map(|finding| finding.code).collect()
}

fn linux() -> Surroundings {
    Surroundings::new(OperatingSystem::Linux).with_routes(LINUX)
}

#[test]
fn all_is_well() {
    let diagnosis = examine(&Client::new(), linux(), &[Ok((200, VERSIONS)), Ok((200, INSTANCE))]);
    assert_eq!((codes(&diagnosis), diagnosis.is_healthy()), (vec!["answers", "scale_set_tags"], true));
    assert!(diagnosis.findings[0].summary.contains("IMDS/150.870.65.1854"));
}

#[test]
fn an_answer_counts_once_whichever_part_asked() {
    let mut examination = Client::new().diagnose(linux());
    let reply = |body: &str| Response::new(200, Headers::new(), body.as_bytes().to_vec());
    let at = Instant::from_millis;
    let foreign = |examination: &mut Examination, number: u32| {
        let id = RequestId::from_number(number);
        let told = [
            examination.receive(id, at(1), reply("")).unwrap_err(),
            examination.fail(id, at(1), TransportError::Refused).unwrap_err(),
        ];
        assert_eq!(told, [UsageError::RequestStale { id: number }, UsageError::RequestStale { id: number }]);
    };
    foreign(&mut examination, 0);
    let Step::Send(first, _) = examination.poll(at(0)) else { panic!("nothing sent") };
    foreign(&mut examination, 1);
    examination.receive(first, at(1), reply(VERSIONS)).unwrap();
    examination.fail(first, at(1), TransportError::Refused).unwrap();
    let Step::Send(second, _) = examination.poll(at(2)) else { panic!("the instance is not asked for") };
    examination.fail(first, at(3), TransportError::Refused).unwrap();
    foreign(&mut examination, 2);
    examination.receive(second, at(4), reply(INSTANCE)).unwrap();
    let Step::Done(diagnosis) = examination.poll(at(5)) else { panic!("not done") };
    assert!(diagnosis.is_healthy());
    for id in [first, second] {
        examination.receive(id, at(6), reply("")).unwrap();
        examination.fail(id, at(6), TransportError::Refused).unwrap();
        let Step::Done(again) = examination.poll(at(99_999)) else { panic!("not done") };
        assert_eq!(again, diagnosis);
        let shared = |found: &Diagnosis| found.instance.clone().unwrap().unwrap();
        assert!(Arc::ptr_eq(&shared(&again), &shared(&diagnosis)));
    }
    foreign(&mut examination, 2);
}

#[test]
fn an_examination_that_is_released_waits_for_nothing() {
    let mut examination = Client::new().diagnose(linux());
    let at = Instant::from_millis;
    let Step::Send(id, _) = examination.poll(at(0)) else { panic!("nothing sent") };
    examination.release();
    examination.fail(id, at(1), TransportError::Refused).unwrap();
    assert!(matches!(examination.poll(at(1)), Step::Send(another, _) if another != id));
}

#[test]
fn missing_data_have_the_remedies_of_the_documentation() {
    for answer in [r#"{"network":{"interface":[]}}"#, r#"{"compute":{},"network":{}}"#] {
        let diagnosis = examine(&Client::new(), linux(), &[Ok((200, VERSIONS)), Ok((200, answer))]);
        let missing = |finding: &&Finding| ["no_compute", "partial_answer"].contains(&finding.code);
        let remedy = &diagnosis.findings.iter().find(missing).unwrap().remedy;
        assert!(remedy.contains("add a tag to a VM made after September 2016"), "{remedy}");
        assert!(remedy.contains("add or remove an extension or a data disk of an older one"), "{remedy}");
    }
}

#[test]
fn what_the_answers_show() {
    let timeout = || Err(TransportError::ConnectTimeout);
    let page: Outcome = Ok((200, "<!doctype html><title>Blocked</title>"));
    let refused = r#"{ "error": "Bad request.", "newest-versions": [ "2021-12-13" ] }"#;
    let cases: &[(&[Outcome], &str, bool)] = &[
        (&[timeout()], "unreachable", false),
        (&[Err(TransportError::Refused)], "unreachable", false),
        (&[Err(TransportError::Local { reason: "too many open files".into() })], "unreachable", false),
        (std::slice::from_ref(&page), "proxy_answers", false),
        (&[Ok((403, "<denied/> connecting to 169.254.169.254:80: no route"))], "other_service", false),
        (&[Ok((404, "<?xml version=\"1.0\"?><html>"))], "other_service", false),
        (&[Ok((200, VERSIONS)), Ok((429, "Too many requests"))], "throttled", false),
        (&[Ok((200, VERSIONS)), Ok((410, ""))], "updating", false),
        (
            &[Ok((200, VERSIONS)), Ok((400, r#"{ "error": "Required metadata header not specified" }"#))],
            "metadata_header_lost",
            false,
        ),
        (&[Ok((200, VERSIONS)), Ok((400, refused)), Ok((200, INSTANCE))], "version_refused", true),
        (&[Ok((200, VERSIONS)), Ok((200, r#"{"network":{"interface":[]}}"#))], "no_compute", true),
        (&[Ok((200, VERSIONS)), Ok((200, r#"{"compute":{},"network":{}}"#))], "partial_answer", true),
        (
            &[Ok((200, VERSIONS)), Ok((200, r#"{"compute":{"vmScaleSetName":"set"},"network":{}}"#))],
            "scale_set_tags",
            true,
        ),
    ];
    for (outcomes, code, is_healthy) in cases {
        let diagnosis = examine(&Client::new(), linux(), outcomes);
        assert!(codes(&diagnosis).contains(code), "{code}: {:?}", diagnosis.findings);
        assert_eq!(diagnosis.is_healthy(), *is_healthy, "{code}");
        assert!(diagnosis.findings.is_sorted_by_key(|finding| finding.severity), "{code}");
    }
}

#[test]
fn a_failure_of_this_machine_is_not_blamed_on_the_network() {
    let local = TransportError::Local { reason: "too many open files".into() };
    let remedy = |error: TransportError| {
        let diagnosis = examine(&Client::new(), linux(), &[Err(error)]);
        diagnosis.findings.into_iter().find(|it| it.code == "unreachable").unwrap().remedy
    };
    assert!(remedy(local).contains("limits of files, threads and memory"));
    assert!(remedy(TransportError::ConnectTimeout).contains("primary network interface"));
}

#[test]
fn what_the_surroundings_show() {
    let plain = || Surroundings::new(OperatingSystem::Linux);
    let windows = "0.0.0.0 0.0.0.0 10.0.1.1 10.0.1.10 266\n169.254.0.0 255.255.0.0 On-link 169.254.1.156 271\n";
    let other = LINUX.replace("eth0\tFEA9FEA9", "eth1\tFEA9FEA9");
    let none = LINUX.lines().next().unwrap();
    let tag = "/sys/class/dmi/id/chassis_asset_tag";
    let cases = [
        (plain().with_routes(none), Some("no_route")),
        (plain().with_routes(&*other), Some("route_by_other_interface")),
        (Surroundings::new(OperatingSystem::Windows).with_routes(windows), Some("failover_cluster_route")),
        (plain().with_variable("http_proxy", "http://user:word@proxy:3128"), Some("proxy_set")),
        (plain().with_variable("HTTP_PROXY", "http://proxy").with_variable("no_proxy", "a,169.254.169.254"), None),
        (plain().with_variable("ALL_PROXY", ""), None),
        (plain().with_file("/.dockerenv", ""), Some("container")),
        (plain().with_variable("KUBERNETES_SERVICE_HOST", "10.0.0.1"), Some("container")),
        (plain().with_file(tag, "Default string\n"), Some("not_an_azure_machine")),
        (plain().with_file(tag, "7783-7084-3265-9085-8269-3286-77\n"), None),
        (linux(), None),
    ];
    for (surroundings, code) in cases {
        let diagnosis = examine(&Client::new(), surroundings.clone(), &[Err(TransportError::ConnectTimeout)]);
        let found = codes(&diagnosis);
        let expected: Vec<_> = ["unreachable"].into_iter().chain(code).collect();
        assert_eq!(found.len(), expected.len(), "{surroundings:?}: {found:?}");
        assert!(expected.iter().all(|code| found.contains(code)), "{surroundings:?}: {found:?}");
        let shown = format!("{:?}", diagnosis.findings);
        assert!(!shown.contains("word"), "a password is shown: {shown}");
    }
}

#[test]
fn the_remedy_for_a_cluster_names_the_interface() {
    let table = "0.0.0.0 0.0.0.0 10.0.1.1 10.0.1.10 266\n169.254.0.0 255.255.0.0 On-link 169.254.1.156 271\n";
    let surroundings = Surroundings::new(OperatingSystem::Windows).with_routes(table);
    let diagnosis = examine(&Client::new(), surroundings, &[Err(TransportError::ConnectTimeout)]);
    let finding = diagnosis.findings.iter().find(|finding| finding.code == "failover_cluster_route").unwrap();
    assert!(finding.remedy.contains("route add 169.254.169.254/32 10.0.1.10 metric 1 -p"), "{}", finding.remedy);
}

#[test]
fn another_endpoint_is_said_and_its_routes_are_not_looked_at() {
    let client = Client::new().with_endpoint(Endpoint::parse("http://127.0.0.1:8080").unwrap());
    let surroundings = Surroundings::new(OperatingSystem::Linux)
        .with_routes("Iface\n")
        .with_variable("AZURE_IMDS_ENDPOINT", "http://127.0.0.1:8080");
    let diagnosis = examine(&client, surroundings, &[Ok((200, VERSIONS)), Ok((200, INSTANCE))]);
    assert_eq!(codes(&diagnosis), ["endpoint_overridden", "answers", "scale_set_tags"]);
    assert!(diagnosis.findings.iter().all(|finding| finding.severity == Severity::Note));
    assert!(diagnosis.findings[0].summary.contains("AZURE_IMDS_ENDPOINT"));
}
