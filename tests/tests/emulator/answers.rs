//! Exact words and header fields of each part of the service, and the order of its checks.

use super::*;

const VERSION_ERROR: &str = concat!(
    r#"{ "error": "Bad request. api-version is invalid or was not specified in the request. For more information "#,
    r#"refer to aka.ms/azureimds", "newest-versions": [ "2025-11-11", "2025-04-07", "2024-07-17" ] }"#
);
const NO_HEADER: &str = r#"{ "error": "Bad request: . Required metadata header not specified" }"#;
const IDENTITY_NO_HEADER: &str =
    r#"{"error":"invalid_request","error_description":"Required metadata header not specified"}"#;
const NOT_FOUND: &str = r#"{ "error": "Not found" }"#;

#[test]
fn errors_are_in_the_words_of_the_part_that_answers() {
    let mut emulator = emulator();
    for (target, status, body) in [
        ("/metadata", 400, VERSION_ERROR),
        ("/metadata/", 400, VERSION_ERROR),
        ("/metadata?api-version=2021-02-01", 404, NOT_FOUND),
        ("/metadata/instance", 400, VERSION_ERROR),
        ("/metadata/instance?api-version=2017-07-01", 400, VERSION_ERROR),
        ("/metadata/instance?api-version=latest", 400, VERSION_ERROR),
        ("/metadata/instance?api-version=", 400, VERSION_ERROR),
        ("/metadata/instance/compute/vmid?api-version=2021-02-01", 404, NOT_FOUND),
        ("/metadata/instance/compute/vmid?api-version=2021-02-01&format=text", 404, "Not found"),
        ("/metadata/Instance?api-version=2021-02-01", 404, NOT_FOUND),
        ("/metadata/nothing?api-version=2021-02-01", 404, NOT_FOUND),
        ("/metadata/reprovisiondata?api-version=2019-06-01", 404, NOT_FOUND),
        ("/", 404, NOT_FOUND),
        ("/latest/meta-data", 404, NOT_FOUND),
        ("/metadata/identity", 404, r#"{"error":"Not Found"}"#),
        ("/metadata/identity/oauth2?api-version=2018-02-01", 404, r#"{"error":"Not Found"}"#),
        ("/metadata/attested?api-version=2021-02-01", 404, NOT_FOUND),
        ("/metadata/attested/document", 400, VERSION_ERROR),
        ("/metadata/attested/document?api-version=2018-04-02", 400, VERSION_ERROR),
        ("/metadata/scheduledevents?api-version=2021-12-13", 404, NOT_FOUND),
        ("/metadata/scheduledevents", 400, VERSION_ERROR),
        ("/metadata/loadbalancer?api-version=2020-09-01", 400, VERSION_ERROR),
        (
            "/metadata/loadbalancer?api-version=2020-10-01",
            404,
            concat!(
                r#"{"error":"No load balancer metadata is found. Please check if your VM is using any non-basic SKU "#,
                r#"load balancer and retry later."}"#
            ),
        ),
        (
            "/metadata/identity/oauth2/token?api-version=2017-12-01&resource=a",
            400,
            r#"{"error":"invalid_request","error_description":"Invalid 'api-version' requested"}"#,
        ),
        (
            "/metadata/instance/compute/vmId?api-version=2021-02-01",
            400,
            r#"{ "error": "Bad request. Leaf values are available with format=text only" }"#,
        ),
        (
            "/metadata/instance?api-version=2021-02-01&format=xml",
            400,
            r#"{ "error": "Bad request. The format is not supported" }"#,
        ),
        (
            "/metadata/instance?api-version=2021-02-01&api-version=2021-02-01",
            400,
            r#"{ "error": "Bad request. Duplicate query parameters are not allowed" }"#,
        ),
    ] {
        assert_eq!(answer(&mut emulator, &Incoming::get(target)), (status, body.to_owned()), "{target}");
    }
}

#[test]
fn requests_without_the_header_are_refused_before_anything_else() {
    let mut emulator = emulator();
    let token = "/metadata/identity/oauth2/token";
    for (method, target, body) in [
        ("GET", "/metadata/instance?api-version=2021-02-01", NO_HEADER),
        ("GET", "/metadata/instance", NO_HEADER),
        ("PUT", "/metadata/nothing", NO_HEADER),
        ("GET", "/metadata/versions", NO_HEADER),
        ("POST", "/metadata/scheduledevents", NO_HEADER),
        ("GET", token, IDENTITY_NO_HEADER),
        ("POST", token, IDENTITY_NO_HEADER),
        ("GET", "/metadata/identity/oauth2/token/?api-version=2018-02-01&resource=x", IDENTITY_NO_HEADER),
    ] {
        let reply = emulator.handle(at(0), &bare(method, target));
        assert_eq!((reply.response.status, text(&reply)), (400, body), "{method} {target}");
        assert_eq!(reply.delivery, Delivery::default());
    }
    assert_eq!(IDENTITY_NO_HEADER.len(), 88);
    for value in ["true", "True", "TRUE", " true "] {
        let mut request = bare("GET", "/metadata/versions");
        request.headers.append("metadata", value);
        assert_eq!(emulator.handle(at(0), &request).response.status, 200, "{value}");
    }
    for value in ["false", "", "1", "true, true"] {
        let mut request = bare("GET", "/metadata/versions");
        request.headers.append("METADATA", value);
        assert_eq!(emulator.handle(at(0), &request).response.status, 400, "{value}");
    }
    let twice = with_header("/metadata/versions", "Metadata", "true");
    assert_eq!(emulator.handle(at(0), &twice).response.status, 200);
    let mixed = with_header("/metadata/versions", "Metadata", "false");
    assert_eq!(emulator.handle(at(0), &mixed).response.status, 400);
}

#[test]
fn forwarded_requests_are_refused() {
    let mut emulator = emulator();
    for value in ["10.0.0.1", ""] {
        let request = with_header("/metadata/instance?api-version=2021-02-01", "x-forwarded-for", value);
        let expected = r#"{ "error": "Bad request. X-Forwarded-For header is not allowed" }"#;
        assert_eq!(answer(&mut emulator, &request), (400, expected.to_owned()));
    }
}

#[test]
fn methods_are_refused_with_those_that_are_allowed() {
    let mut emulator = emulator();
    for (method, target, body, allow) in [
        ("POST", "/metadata/instance?api-version=2021-02-01", r#"{ "error": "Not allowed" }"#, "GET"),
        ("PUT", "/metadata/instance", r#"{ "error": "Not allowed" }"#, "GET"),
        ("get", "/metadata/instance", r#"{ "error": "Not allowed" }"#, "GET"),
        ("HEAD", "/metadata/instance?api-version=2021-02-01", "", "GET"),
        ("DELETE", "/metadata/scheduledevents?api-version=2020-07-01", r#"{ "error": "Not allowed" }"#, "GET, POST"),
        (
            "POST",
            "/metadata/identity/oauth2/token",
            r#"{"error":"method_not_allowed","error_description":"Method not allowed"}"#,
            "GET",
        ),
        (
            "\r\nX: y",
            "/metadata/loadbalancer",
            concat!(
                r#"{"error":"Http method isn't allowed: Path = \"/metadata/loadbalancer\", "#,
                r#"Method = \"\\u{d}\\u{a}X: y\""}"#
            ),
            "GET",
        ),
    ] {
        let mut request = Incoming::get(target);
        request.method = method.into();
        let reply = emulator.handle(at(0), &request);
        assert_eq!((reply.response.status, text(&reply)), (405, body), "{method} {target}");
        assert_eq!(reply.response.headers.first("allow"), Some(allow));
    }
    let mut request = bare("POST", "/metadata/identity/issuecredential?cred-api-version=2.0");
    request.body = b".".to_vec();
    assert_eq!(answer(&mut emulator, &request), (404, r#"{"error":"Not Found"}"#.to_owned()));
    for path in ["getplatformmetadata", "credential", "issuecredential"] {
        let target = format!("/metadata/identity/{path}?cred-api-version=2.0");
        assert_eq!(status(&mut emulator, &target), 404, "{path}");
    }
}

#[test]
fn header_fields_are_those_of_the_service() {
    let mut emulator = emulator();
    let names = |reply: &Reply| reply.response.headers.iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
    let instance = get(&mut emulator, "/metadata/instance?api-version=2021-02-01");
    assert_eq!(names(&instance), ["Content-Type", "Server", "x-ms-request-id", "Date"]);
    let headers = &instance.response.headers;
    assert_eq!(headers.first("content-type"), Some("application/json; charset=utf-8"));
    assert_eq!(headers.first("server"), Some("IMDS/150.870.65.1556"));
    assert_eq!(headers.first("date"), Some("Tue, 28 Jul 2026 13:24:00 GMT"));
    let id = headers.first("x-ms-request-id").unwrap().to_owned();
    assert_eq!(id.len(), 36);
    let again = get(&mut emulator, "/metadata/instance?api-version=2021-02-01");
    assert_ne!(again.response.headers.first("x-ms-request-id"), Some(id.as_str()));
    // The same seed and the same requests: the same answers.
    let mut twin = self::emulator();
    assert_eq!(get(&mut twin, "/metadata/instance?api-version=2021-02-01"), instance);
    let token = get(&mut emulator, "/metadata/identity/info?api-version=2018-02-01");
    assert_eq!(names(&token), ["Content-Type", "Server", "Date"]);
    let leaf = get(&mut emulator, "/metadata/instance/compute/vmId?api-version=2021-02-01&format=text");
    assert_eq!(leaf.response.headers.first("content-type"), Some("text/plain; charset=utf-8"));
}

#[test]
fn versions_are_listed_oldest_first() {
    let mut emulator = emulator();
    for target in ["/metadata/versions", "/metadata/versions/", "/metadata/versions?format=json&api-version=x"] {
        let reply = get(&mut emulator, target);
        assert!(text(&reply).starts_with(r#"{"apiVersions":["2017-03-01","2017-04-02","#), "{}", text(&reply));
        assert!(text(&reply).ends_with(r#""2025-04-07","2025-11-11"]}"#), "{}", text(&reply));
    }
}

#[test]
fn the_newest_versions_can_be_taken_away() {
    let instance = |version| format!("/metadata/instance?api-version={version}");
    let mut choices = Choices::default();
    assert_eq!(status(&mut emulator(), &instance("2025-11-11")), 200);
    assert_eq!(status(&mut emulator(), &instance("2025-11-15")), 200, "answered and not listed");
    choices.listed_versions.clear();
    choices.further_versions.clear();
    let mut emulator = emulator().with_choices(choices);
    for version in ["2025-11-11", "2025-11-15"] {
        let refusal = VERSION_ERROR.replace(
            r#"[ "2025-11-11", "2025-04-07", "2024-07-17" ]"#,
            r#"[ "2025-04-07", "2024-07-17", "2024-03-15" ]"#,
        );
        assert_eq!(answer(&mut emulator, &Incoming::get(&instance(version))), (400, refusal));
    }
    assert!(text(&get(&mut emulator, "/metadata/versions")).ends_with(r#""2024-07-17","2025-04-07"]}"#));
}

#[test]
fn what_nobody_knows_can_be_chosen() {
    let mut choices = Choices::default();
    choices.versions_want_header = false;
    choices.server_build = 2153;
    choices.final_newline = true;
    choices.plus_is_space = false;
    choices.text_type = "text/plain".to_owned();
    let mut emulator = emulator().with_choices(choices.clone());
    let reply = emulator.handle(at(0), &bare("GET", "/metadata/versions"));
    assert_eq!(reply.response.status, 200);
    assert_eq!(reply.response.headers.first("server"), Some("IMDS/150.870.65.2153"));
    let reply = get(&mut emulator, "/metadata/instance?api-version=2017-04-02&format=text");
    assert_eq!(
        (text(&reply), reply.response.headers.first("content-type")),
        ("compute/\nnetwork/\n", Some("text/plain"))
    );
    let written = serde_json::to_string(&choices).unwrap();
    assert_eq!(serde_json::from_str::<Choices>(&written).unwrap(), choices);
    assert!(serde_json::from_str::<Choices>(r#"{"serverBuild":1,"tpyo":2}"#).is_err());
}
