//! Requests that nobody in their right mind sends: bounded, in linear time, never a panic.

use std::time::Duration;

use azure_imds_tests::clock::processor_time;

use super::*;

#[test]
fn paths_lead_nowhere_but_where_they_say() {
    let mut emulator = emulator();
    let version = "?api-version=2021-02-01&format=text";
    for (path, status) in [
        ("/metadata/../metadata/instance", 404),
        ("/metadata/%2e%2e/metadata/instance", 404),
        ("/metadata%2finstance", 404),
        ("/metadata/instance%2fcompute", 404),
        ("/metadata/instance/compute%5cvmId", 404),
        ("/metadata/instance/compute/vmId%00", 404),
        ("/metadata/instance/compute/%2576mId", 404),
        ("//metadata/instance", 404),
        ("/metadata//instance", 404),
        ("/metadata/instance;x=1", 404),
        ("/metadata/instance/compute;x=1", 404),
        ("/metadata/instance/%zz", 400),
        ("/metadata/instance/%", 400),
        ("/metadata/instance/%ff", 400),
        ("*", 404),
        ("", 404),
        ("metadata/instance", 200),
        ("http://169.254.169.254/metadata/instance", 200),
        ("http://169.254.169.254:80/metadata/instance/", 200),
        ("ftp://169.254.169.254/metadata/instance", 404),
        ("/metadata/%69nstance", 200),
        ("/metadata/instance\u{202e}", 404),
        ("/etc/passwd", 404),
    ] {
        let reply = get(&mut emulator, &format!("{path}{version}"));
        assert_eq!(reply.response.status, status, "{path}");
    }
    let long = format!("/metadata/instance/{}", "a/".repeat(4_000));
    assert_eq!(status(&mut emulator, &format!("{long}{version}")), 404);
    let (status, body) = answer(&mut emulator, &Incoming::get(&"/a".repeat(32_768)));
    assert_eq!((status, body.as_str()), (400, r#"{ "error": "Bad request: The URL is longer than 16 KiB" }"#));
}

#[test]
fn queries_have_one_rule_each() {
    let mut emulator = emulator();
    let instance = "/metadata/instance";
    for (query, status) in [
        ("api-version=2021-02-01&", 200),
        ("&&api-version=2021-02-01", 200),
        ("api-version=2021-02-01&=x", 200),
        ("api-version=2021-02-01&=x&=y", 400),
        ("api-version=2021-02-01&a&b=&c==", 200),
        ("api-version=2021-02-01&a&a", 400),
        ("api-version=2021-02-01&A=1&a=2", 200),
        ("api-version=2021-02-01&api%2Dversion=2021-02-01", 400),
        ("api%2dversion=2021%2D02%2D01", 200),
        ("API-VERSION=2021-02-01", 400),
        ("api-version=+2021-02-01", 400),
        ("api-version=2021-02-01%00", 400),
        ("api-version=2021-02-01&x=%zz", 400),
        ("api-version=2021-02-01&x=%ff", 400),
        ("api-version=2021-02-01&format=JSON", 400),
        ("api-version=2021-02-01#&x=%zz", 200),
    ] {
        assert_eq!(self::status(&mut emulator, &format!("{instance}?{query}")), status, "{query}");
    }
}

#[test]
fn sizes_are_bounded_and_time_is_linear() {
    let mut emulator = emulator();
    let before = processor_time();
    let many: String = (0..100_000).map(|number| format!("a{number}=b&")).collect();
    assert_eq!(status(&mut emulator, &format!("/metadata/instance?{many}")), 400);
    let large = "a".repeat(1_000_000);
    assert_eq!(status(&mut emulator, &format!("/metadata/instance?{large}")), 400);
    assert_eq!(status(&mut emulator, &format!("/{large}")), 400);
    let most: String = (0..2_000).map(|number| format!("{number:x}&")).collect();
    assert_eq!(status(&mut emulator, &format!("/metadata/instance?api-version=2021-02-01&{most}")), 200);
    let mut request = Incoming::get("/metadata/instance?api-version=2021-02-01");
    for number in 0..100_000 {
        request.headers.append(format!("x-{number}"), "y");
    }
    assert_eq!(emulator.handle(at(0), &request).response.status, 400);
    assert_eq!(emulator.handle(at(0), &with_header("/metadata/versions", "x", &large)).response.status, 400);
    let mut request = Incoming::get("/metadata/versions");
    request.body = vec![0; 1_000_000];
    assert_eq!(emulator.handle(at(0), &request).response.status, 400);
    request.body.truncate(64 * 1024);
    assert_eq!(emulator.handle(at(0), &request).response.status, 200);
    let took = processor_time().zip(before).map(|(after, before)| after - before);
    assert!(took.is_none_or(|took| took < Duration::from_secs(5)), "{took:?}");
}

#[test]
fn every_category_meets_every_absurdity() {
    let mut emulator = emulator();
    emulator.schedule(at(0), &Scenario::default());
    let paths = [
        "",
        "/",
        "/metadata",
        "/metadata/instance",
        "/metadata/instance/compute/tagsList/0/name",
        "/metadata/versions",
        "/metadata/attested/document",
        "/metadata/identity/oauth2/token",
        "/metadata/identity/info",
        "/metadata/loadbalancer",
        "/metadata/scheduledevents",
        "/emulator/root.pem",
    ];
    let queries = [
        "",
        "api-version=2020-07-01",
        "api-version=2019-08-01&resource=%22%5C%E2%80%A8&nonce=%22%5C",
        "api-version=2025-04-07&format=text&extended=true",
        "api-version=9999-12-31",
        "api-version=\u{0}",
        "resource=x&client_id=y&object_id=z",
        "%25%25",
    ];
    let bodies: [&[u8]; 4] = [b"", b"{\"StartRequests\":[]}", b"\xff\xfe", b"[[[[[["];
    let moments = [at(0), Moment::new(Instant::from_millis(u64::MAX), Timestamp::from_unix(0)), at(5)];
    let mut seen = 0;
    for path in paths {
        for query in queries {
            for method in ["GET", "POST", "HEAD", "PUT", "", "GET /x HTTP/1.1\r\n", "é"] {
                for (body, moment) in bodies.iter().zip(moments.iter().cycle()) {
                    let mut request = Incoming::get(&format!("{path}?{query}"));
                    request.method = method.to_owned();
                    request.body = body.to_vec();
                    request.headers.append("Host", "\r\nevil");
                    let reply = emulator.handle(*moment, &request);
                    let headers = &reply.response.headers;
                    assert!([200, 400, 404, 405].contains(&reply.response.status), "{method} {path}?{query}");
                    assert!(headers.iter().all(|(_, value)| !value.contains(['\r', '\n'])));
                    if headers.first("content-type") == Some("application/json; charset=utf-8")
                        && !reply.response.body.is_empty()
                    {
                        assert!(Document::from_bytes(&reply.response.body).is_ok(), "{}", text(&reply));
                    }
                    seen += 1;
                }
            }
        }
    }
    assert_eq!(seen, 12 * 8 * 7 * 4);
}

#[test]
fn clocks_may_stand_still_jump_and_run_backwards() {
    let mut emulator = Emulator::new(Machine::default(), SEED).with_authority(AUTHORITY.clone());
    emulator.schedule(Moment::new(Instant::from_millis(u64::MAX), Timestamp::MAX), &Scenario::default());
    emulator.faults_mut().add_text("token:503@18446744073709551615s,500").unwrap();
    for instant in [u64::MAX, 0, 5, u64::MAX, 1] {
        for unix in [0, NOW, u64::MAX] {
            let moment = Moment::new(Instant::from_millis(instant), Timestamp::from_unix(unix));
            for target in [
                "/metadata/scheduledevents?api-version=2020-07-01",
                "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=x",
                "/metadata/attested/document?api-version=2021-02-01",
            ] {
                let reply = emulator.handle(moment, &Incoming::get(target));
                assert!([200, 429, 500, 503].contains(&reply.response.status), "{target} {}", text(&reply));
            }
        }
    }
}
