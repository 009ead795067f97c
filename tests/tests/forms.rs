//! The one JSON form of every result and error, as a text and by serde.

use azure_imds::attested::{DEFAULT_ANCHORS, Host, known_issuers};
use azure_imds::client::{Availability, Diagnosis, RESULTS, Surroundings};
use azure_imds::metadata::{
    AccessToken, IdentityInfo, LoadBalancer, MetadataPath, RecordKind, RecordType, ScheduledEvents, Tags, Versions,
    schema,
};
use azure_imds::{
    ApiVersion, Client, Error, Exchange, Expectations, Headers, Instance, Instant, NONCE_NOT_CHECKED, Quoted, Response,
    ServiceError, SignedDocument, Step, Timestamp, TransportError, Verifier, VerifyError,
};
use serde_json::{Value, json};

/// The form of a result as values, which serde gives the same.
macro_rules! form {
    ($result:expr) => {{
        let result = &$result;
        let form: Value = serde_json::from_str(&result.to_json()).unwrap();
        assert_eq!(serde_json::to_value(result).unwrap(), form);
        form
    }};
}

/// What an exchange comes to if each request gets this answer.
fn driven<E: Exchange>(exchange: &mut E, status: u16, body: &str) -> E::Output {
    let mut now = 0;
    loop {
        now += 1;
        match exchange.poll(Instant::from_millis(now)) {
            Step::Send(id, _) => {
                let headers = Headers::from_iter([("Server", "IMDS/1"), ("Content-Type", "application/json")]);
                let response = Response::new(status, headers, body.into());
                exchange.receive(id, Instant::from_millis(now), response).unwrap();
            }
            Step::Wait(until) => now = until.millis(),
            Step::Done(output) => return output,
        }
    }
}

fn availability(status: u16, body: &str) -> Availability {
    driven(&mut Client::new().availability(), status, body)
}

#[test]
fn an_instance_has_its_fields_and_what_is_beside_them() {
    let answer = concat!(
        r#"{"compute":{"name":"vm\"0\"","zone":"","platformFaultDomain":"x","isHostCompatibilityLayerVm":"true","#,
        r#""tagsList":[{"name":"a;b","value":""}],"osProfile":{"adminUsername":"ada"}}}"#
    );
    let form = form!(Instance::parse(answer, Some(ApiVersion::new(2021, 2, 1))).unwrap());
    assert_eq!(form["schema_version"], 1);
    assert_eq!(form["api_version"], "2021-02-01");
    assert_eq!(form["compute"]["name"], "vm\"0\"");
    assert_eq!(form["compute"]["zone"], Value::Null);
    assert_eq!(form["compute"]["is_host_compatibility_layer_vm"], true);
    assert_eq!(form["compute"]["os_profile"]["admin_username"], "ada");
    assert_eq!(form["compute"]["schema_version"], Value::Null);
    assert_eq!(form["network"], json!({ "interfaces": [] }));
    assert_eq!(form["tags"], json!({ "source": "tagsList", "pairs": [{ "name": "a;b", "value": "" }] }));
    assert_eq!(form["unreadable"], json!([{ "path": "compute/platformFaultDomain", "text": "\"x\"" }]));
    assert!(form["absent"].as_array().unwrap().contains(&json!("network")));
    let unknown = form!(Instance::parse(r#"{"compute":{}}"#, None).unwrap());
    assert_eq!(unknown["api_version"], Value::Null);
}

#[test]
fn answers_are_told_by_their_fields() {
    let answer = r#"{"DocumentIncarnation":18446744073709551615,"Events":[{"EventId":"A","EventType":"Freeze",
        "Resources":["vm0"],"NotBefore":"Mon, 19 Sep 2016 18:29:47 GMT","DurationInSeconds":-1}]}"#;
    let events = form!(ScheduledEvents::parse(answer).unwrap());
    let event = json!({
        "event_id": "A", "event_status": null, "event_type": "Freeze", "resource_type": null, "resources": ["vm0"],
        "not_before": "2016-09-19T18:29:47Z", "not_before_text": "Mon, 19 Sep 2016 18:29:47 GMT", "description": null,
        "event_source": null, "duration_in_seconds": null, "duration_unknown": true,
    });
    let expected = json!({
        "schema_version": 1, "document_incarnation": u64::MAX, "incarnation_text": "18446744073709551615",
        "events": [event], "unreadable": [],
    });
    assert_eq!(events, expected);
    let balancer = LoadBalancer::parse(r#"{"loadbalancer":{"inboundRules":[{"frontendPort":"80"}]}}"#).unwrap();
    let balancer = form!(balancer);
    assert_eq!(balancer["inbound_rules"][0]["frontend_port"], 80);
    assert_eq!(balancer["unreadable"], json!([]));
    let info = form!(IdentityInfo::parse(r#"{"tenantId":"t"}"#).unwrap());
    assert_eq!(info, json!({ "schema_version": 1, "tenant_id": "t" }));
    let versions = form!(Versions::parse(r#"{"apiVersions":["2017-04-02","next","2017-03-01"]}"#).unwrap());
    let expected = json!({
        "schema_version": 1, "versions": ["2017-04-02", "2017-03-01"], "unknown": ["next"], "newest": "2017-04-02",
    });
    assert_eq!(versions, expected);
    let tags: Tags = [("env", "prod")].into_iter().collect();
    let expected = json!({ "schema_version": 1, "source": "given", "pairs": [{ "name": "env", "value": "prod" }] });
    assert_eq!(form!(tags), expected);
    let field = schema::field(&MetadataPath::parse("compute/customData").unwrap()).unwrap();
    let expected = json!({
        "schema_version": 1, "path": "compute/customData", "wire": "text", "since": "2019-02-01", "fixed": field.fixed,
        "about": field.about, "note": field.note, "sentence": field.to_string(),
    });
    assert_eq!(form!(field), expected);
}

#[test]
fn a_token_is_told_without_its_secret() {
    let answer = r#"{"access_token":"SECRET","expires_on":"1790000000","expires_in":"x","resource":"r"}"#;
    let token = AccessToken::parse(answer).unwrap();
    let form = form!(token);
    assert_eq!((&form["expires_on"], &form["resource"]), (&json!("2026-09-21T14:13:20Z"), &json!("r")));
    assert_eq!(form["unreadable"], json!([{ "path": "expires_in", "text": "\"x\"" }]));
    assert!(!token.to_json().contains(token.secret()));
}

#[test]
fn what_a_client_finds_is_told() {
    let there = form!(availability(200, r#"{"apiVersions":[]}"#));
    let expected = json!({ "schema_version": 1, "is_available": true, "reason": null, "server": "IMDS/1" });
    assert_eq!(there, expected);
    let other = form!(availability(200, "[]"));
    assert_eq!((&other["is_available"], &other["reason"]["code"]), (&json!(false), &json!("not_on_azure")));
    assert_eq!(other["reason"]["schema_version"], Value::Null);
    let surroundings = Surroundings::new(azure_imds::client::OperatingSystem::Other);
    let found: Diagnosis = driven(&mut Client::new().diagnose(surroundings), 429, "slowly");
    let form = form!(found);
    assert_eq!(form["is_healthy"], found.is_healthy());
    assert_eq!((&form["instance"], &form["error"]["code"]), (&Value::Null, &json!("throttled")));
    assert_eq!(form["findings"][0]["severity"], found.findings[0].severity.name());
    assert_eq!(form["availability"]["reason"]["kind"], "service");
    assert_eq!(form!(found.findings[0])["remedy"], found.findings[0].remedy.as_str());
}

#[test]
fn known_issuers_are_told() {
    let known = known_issuers().iter().find(|known| known.default_anchor).unwrap();
    let form = form!(*known);
    assert_eq!(form["name"], known.name);
    assert_eq!(form["sha256"], base16ct::lower::encode_string(&known.sha256));
    assert_eq!(form["not_after"], known.not_after.to_string());
    assert_eq!((&form["kind"], &form["default_anchor"]), (&json!("root"), &json!(true)));
    assert!(!DEFAULT_ANCHORS.is_empty());
}

#[test]
fn errors_of_every_kind_are_told_alike() {
    let usage = ApiVersion::parse("today").unwrap_err();
    let expected = json!({
        "schema_version": 1, "kind": "usage", "code": "version_malformed", "summary": null,
        "message": "the api-version \"today\" is not a date; write it like 2021-02-01", "next_step": null,
        "retryable": false, "missing": [], "attempts": [],
    });
    assert_eq!(form!(usage), expected);
    assert_eq!(form!(Error::from(usage)), expected);
    let transport = form!(TransportError::ReadTimeout);
    assert_eq!((&transport["kind"], &transport["retryable"]), (&json!("transport"), &json!(true)));
    let service = ServiceError::Throttled { message: Quoted::from("slowly") };
    assert_eq!(form!(service)["kind"], "service");
    let verify = VerifyError::RootNotTrusted { name: "CN=root".into(), sha256: Some("00".repeat(32)) };
    let form = form!(verify);
    assert_eq!((&form["kind"], &form["summary"]), (&json!("verify"), &json!(verify.summary())));
    assert_eq!(form["next_step"], verify.next_step());
    assert_eq!(form["missing"], json!([{ "name": "CN=root", "sha256": "00".repeat(32), "url": null }]));
    let error = Error::from(verify.clone());
    let told: Value = serde_json::from_str(&error.form().host(Host::Python).to_json()).unwrap();
    assert_eq!(told["next_step"], verify.next_step_for(Host::Python));
    assert_ne!(told["next_step"], form["next_step"]);
}

#[test]
fn an_error_of_a_call_is_told_with_its_attempts() {
    let client = Client::new();
    let mut call = client.instance();
    let error = driven(&mut call, 500, "trouble").unwrap_err();
    assert!(call.attempts().len() > 1);
    let told = error.form().with_attempts(call.attempts());
    let form = form!(told);
    let attempts = form["attempts"].as_array().unwrap();
    assert_eq!(attempts.len(), call.attempts().len());
    assert_eq!(attempts[0]["after_ms"], 0);
    let later = call.attempts()[1].sent.millis() - call.attempts()[0].sent.millis();
    let expected = json!({
        "after_ms": later, "api_version": "2025-04-07", "status": 500, "code": error.code(),
        "message": error.to_string(),
    });
    assert_eq!(attempts[1], expected);
}

#[test]
fn verdicts_are_told_by_serde_as_they_are_as_text() {
    let report = Verifier::default().explain(
        b"{}",
        &Expectations::new(NONCE_NOT_CHECKED),
        Timestamp::parse_rfc3339("2026-06-25T18:57:45Z").unwrap(),
    );
    let form: Value = serde_json::from_str(&report.form().to_string()).unwrap();
    assert_eq!(serde_json::to_value(&report).unwrap(), form);
    let error = SignedDocument::parse(b"{}").unwrap_err();
    assert_eq!(form!(error)["code"], report.verdict().unwrap_err().code());
}

/// Every record that is in the form of another.
fn all(table: &'static RecordType, found: &mut Vec<&'static RecordType>) {
    if found.contains(&table) {
        return;
    }
    found.push(table);
    for row in table.rows() {
        if let RecordKind::List(inner) | RecordKind::Optional(inner) | RecordKind::Record(inner) = row.kind {
            all(inner, found);
        }
    }
}

#[test]
fn names_are_in_snake_case_and_there_once() {
    let mut tables = Vec::new();
    for table in RESULTS {
        all(table, &mut tables);
    }
    for table in &tables {
        let mut names: Vec<&str> = table.rows().map(|row| row.name).collect();
        for name in &names {
            assert!(name.bytes().all(|it| it == b'_' || it.is_ascii_lowercase() || it.is_ascii_digit()), "{name}");
            assert_ne!(*name, "schema_version", "{}", table.name);
        }
        names.sort_unstable();
        let length = names.len();
        names.dedup();
        assert_eq!(names.len(), length, "{}", table.name);
        assert_eq!(tables.iter().filter(|other| other.name == table.name).count(), 1, "{}", table.name);
    }
    assert!(tables.len() > 45);
}
