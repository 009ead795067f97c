//! The whole text of a verified and of a refused report, member by member.

use alloc::string::{String, ToString as _};
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::*;
use crate::attested::claims::Claims;
use crate::attested::verdict::document::DocumentIdentity;
use crate::cloud::Cloud;
use crate::error::TransportError;

const CONTENT: &str = r#"{"vmId":"02aab8a4-74ef-476e-8182-f6d2ba4166a6", "new": [1.50], "timeStamp":{"createdOn":"09/21/26 12:00:00 -0000","expiresOn":"09/21/26 18:00:00 -0000"}}"#;

fn certificate(name: &str, number: u8) -> ChainCertificate {
    ChainCertificate {
        subject: alloc::format!("CN={name}"),
        issuer: String::from("CN=root"),
        serial: alloc::format!("{number:02x}"),
        sha256: [number; 32],
        public_key_sha256: [number.wrapping_add(0x10); 32],
        not_before: Timestamp::from_unix(0),
        not_after: Timestamp::from_unix(4_000_000_000),
        key: String::from("RSA-2048"),
        der: Vec::new(),
    }
}

fn document(time_basis: TimeBasis) -> VerifiedDocument {
    VerifiedDocument {
        identity: DocumentIdentity::of(b"", b""),
        claims: Claims::parse(CONTENT.as_bytes()).unwrap(),
        content: CONTENT.into(),
        cloud: Cloud::Public,
        region: Some("westeurope".into()),
        names: alloc::vec!["westeurope.metadata.azure.com".into()],
        chain: [certificate("signer", 1), certificate("root", 2)].into(),
        time_basis,
        nonce_checked: true,
    }
}

/// A line of the check, which says no more than it has to.
fn line(check: Check, outcome: Outcome) -> CheckLine {
    let detail = match &outcome {
        Outcome::Failed(error) => error.to_string(),
        _ => String::from("told"),
    };
    CheckLine { check, outcome, detail }
}

fn verified(time_basis: TimeBasis) -> Report {
    let document = document(time_basis);
    Report {
        checks: [line(Check::Nonce, Outcome::Passed), line(Check::MaxAge, Outcome::NotChecked)].into(),
        chain: document.chain.clone(),
        verdict: Ok(document.into()),
        failed_check: None,
        unverified_content: None,
        fetches: [Fetch { url: "http://a.test/1".into(), issuer: "CN=root".into(), error: None, remembered: true }]
            .into(),
        not_fetched: None,
        judged_at: match time_basis {
            TimeBasis::Now(time) => At::Time(time),
            TimeBasis::SigningTime(_) => At::SigningTime,
        },
    }
}

fn refused(content: &str) -> Report {
    let missing =
        MissingIssuer { name: "CN=root \"1\"".into(), sha256: None, url: Some(String::from("http://a.test/1")) };
    let error = Arc::new(VerifyError::IssuerMissing { missing: alloc::vec![missing] });
    Report {
        checks: [line(Check::Chain, Outcome::Failed(error.clone())), line(Check::Claims, Outcome::NotReached)].into(),
        verdict: Err(error),
        failed_check: Some(Check::Chain),
        chain: [certificate("signer", 1)].into(),
        unverified_content: Some(content.into()),
        fetches: [Fetch {
            url: "http://a.test/1".into(),
            issuer: "CN=root \"1\"".into(),
            error: Some(FetchError::Transport(TransportError::ReadTimeout)),
            remembered: false,
        }]
        .into(),
        not_fetched: Some(NotFetched::Check(Check::Nonce)),
        judged_at: At::Time(Timestamp::from_unix(1_790_000_000)),
    }
}

/// The document of a verified report, without the braces around it.
const DOCUMENT: &str = concat!(
    r#""identity":"4755946dc1c021755d2aa7ca66ef24f5bd999e380d89a24f475cdd7451c9f6f7","cloud":"public","#,
    r#""region":"westeurope","names":["westeurope.metadata.azure.com"],"#,
    r#""created_on":"2026-09-21T12:00:00Z","expires_on":"2026-09-21T18:00:00Z","nonce_checked":true,"#,
    r#""time_basis":"now","judged_at":"2026-09-21T14:13:20Z","#,
    r#""trust":{"default_anchor":false,"subject":"CN=root","#,
    r#""sha256":"0202020202020202020202020202020202020202020202020202020202020202"},"#,
    r#""unknown_issuers":["0202020202020202020202020202020202020202020202020202020202020202"],"#,
    r#""new_issuers":[],"#,
    r#""claims":{"vmId":"02aab8a4-74ef-476e-8182-f6d2ba4166a6", "new": [1.50], "#,
    r#""timeStamp":{"createdOn":"09/21/26 12:00:00 -0000","expiresOn":"09/21/26 18:00:00 -0000"}}"#,
);

const SIGNER: &str = concat!(
    r#"{"subject":"CN=signer","issuer":"CN=root","serial":"01","key":"RSA-2048","#,
    r#""not_before":"1970-01-01T00:00:00Z","not_after":"2096-10-02T07:06:40Z","#,
    r#""sha256":"0101010101010101010101010101010101010101010101010101010101010101","#,
    r#""public_key_sha256":"1111111111111111111111111111111111111111111111111111111111111111"}"#,
);

const NOW: TimeBasis = TimeBasis::Now(Timestamp::from_unix(1_790_000_000));

#[test]
fn the_form_of_a_verified_report() {
    let expected = [
        r#"{"schema_version":1,"verdict":"verified","#,
        r#""headline":{"name":"verified_by_added_root","title":"Verified against a root you added","#,
        r#""meaning":"Its signature holds, and its claims are as asked. Its signer leads to a root that you added, not "#,
        r#"to a default one: it is worth what that root is worth."},"#,
        r#""error":null,"document":{"#,
        DOCUMENT,
        r#"},"time_basis":"now","judged_at":"2026-09-21T14:13:20Z","#,
        r#""checks":[{"name":"nonce","outcome":"passed","code":null,"detail":"told"},"#,
        r#"{"name":"max_age","outcome":"not_checked","code":null,"detail":"told"}],"#,
        r#""chain_verified":true,"chain":["#,
        SIGNER,
        r#",{"subject":"CN=root","issuer":"CN=root","serial":"02","key":"RSA-2048","#,
        r#""not_before":"1970-01-01T00:00:00Z","not_after":"2096-10-02T07:06:40Z","#,
        r#""sha256":"0202020202020202020202020202020202020202020202020202020202020202","#,
        r#""public_key_sha256":"1212121212121212121212121212121212121212121212121212121212121212"}],"#,
        r#""fetches":[{"url":"http://a.test/1","issuer":"CN=root","error":null,"remembered":true}],"#,
        r#""not_fetched":null}"#,
    ]
    .concat();
    assert_eq!(verified(NOW).form().to_string(), expected);
}

#[test]
fn the_form_of_a_refused_report() {
    let expected = [
        r#"{"schema_version":1,"verdict":"refused","#,
        r#""headline":{"name":"issuer_missing","title":"Signature right, issuer missing","#,
        r#""meaning":"What it says is what its signer signed. Whether that signer is Azure's is open: the certificate "#,
        r#"of its issuer is not at hand."},"#,
        r#""error":{"code":"issuer_missing","check":"chain","summary":"No certificate of an issuer is at hand.","#,
        r#""message":"the issuer \"CN=root \\\"1\\\"\" is missing, available at http://a.test/1","#,
        r#""next_step":"fetching that certificate has failed, the report says why: give it as issuers:, or let this "#,
        r#"host reach its address","retryable":true,"#,
        r#""missing":[{"name":"CN=root \\\"1\\\"","sha256":null,"url":"http://a.test/1"}]},"#,
        r#""document":null,"time_basis":"now","judged_at":"2026-09-21T14:13:20Z","#,
        r#""checks":[{"name":"chain","outcome":"failed","code":"issuer_missing","#,
        r#""detail":"the issuer \"CN=root \\\"1\\\"\" is missing, available at http://a.test/1"},"#,
        r#"{"name":"claims","outcome":"not_reached","code":null,"detail":"told"}],"#,
        r#""chain_verified":false,"chain":["#,
        SIGNER,
        r#"],"fetches":[{"url":"http://a.test/1","issuer":"CN=root \\\"1\\\"","#,
        r#""error":{"code":"read_timeout","message":"no whole answer in time"},"remembered":false}],"#,
        r#""not_fetched":{"code":"check","message":"the check nonce fails"}}"#,
    ]
    .concat();
    let report = refused(CONTENT);
    let form = report.form().host(Host::JavaScript);
    assert_eq!(form.to_string(), expected);
    let (_, error) = expected.split_once(r#""error":"#).unwrap();
    assert!(error.starts_with(&alloc::format!(r#"{},"document":null"#, form.error_json().unwrap())));
    assert_eq!(verified(NOW).form().error_json(), None);
    let whole = expected.strip_suffix('}').unwrap();
    assert_eq!(form.with_unverified().to_string(), alloc::format!("{whole},\"unverified\":{CONTENT}}}"));
}

#[test]
fn the_form_of_a_document_is_that_of_its_report() {
    assert_eq!(document(NOW).to_json(), alloc::format!("{{\"schema_version\":1,{DOCUMENT}}}"));
}

#[test]
fn unverified_content_is_text_unless_it_is_one_object() {
    let shown = |report: &Report| {
        let text = report.form().with_unverified().to_string();
        text.split_once(",\"unverified\":").and_then(|(_, rest)| rest.strip_suffix('}')).map(String::from).unwrap()
    };
    assert_eq!(shown(&refused(r#"{"a": {}}"#)), r#"{"a": {}}"#);
    for no_object in ["", "[]", "1", r#"{"a":1,"a":2}"#, "{} {}", "{\"a\":\u{1b}}", r#"{"verdict":"verified"}}"#] {
        assert!(shown(&refused(no_object)).starts_with('"'), "{no_object}");
    }
    let deep = alloc::format!("{}{}", r#"{"a":"#.repeat(DEPTH + 1), "}".repeat(DEPTH + 1));
    assert!(shown(&refused(&deep)).starts_with('"'));
    let none = Report { unverified_content: None, ..refused("") };
    assert_eq!(shown(&none), "null");
    assert!(!none.form().to_string().contains("unverified"));
}

#[test]
fn the_time_judged_at_is_null_where_a_refused_document_was_judged_as_of_its_signing() {
    let signing = TimeBasis::SigningTime(Timestamp::from_unix(1_789_992_000));
    let judged = r#"},"time_basis":"signing_time","judged_at":"2026-09-21T12:00:00Z","checks":"#;
    assert!(verified(signing).form().to_string().contains(judged));
    let refused = Report { judged_at: At::SigningTime, ..refused("") };
    assert!(refused.form().to_string().contains(r#""document":null,"time_basis":"signing_time","judged_at":null,"#));
}

#[test]
fn a_chain_is_verified_where_its_check_has_passed() {
    let refused = Report { checks: [line(Check::Chain, Outcome::Passed)].into(), ..refused("") };
    assert!(refused.form().to_string().contains(r#""chain_verified":true,"#));
    let without_checks = Report { checks: Arc::from([]), ..verified(NOW) };
    assert!(without_checks.form().to_string().contains(r#""checks":[],"chain_verified":true,"#));
}

#[cfg(feature = "serde")]
#[test]
fn serde_gets_the_values_of_the_text() {
    let reports = [verified(NOW), refused(CONTENT), refused("{\u{1b}")];
    for report in &reports {
        for form in [report.form(), report.form().host(Host::Page).with_unverified()] {
            let read: serde_json::Value = serde_json::from_str(&form.to_string()).unwrap();
            assert_eq!(serde_json::to_value(form).unwrap(), read);
        }
    }
    let out_of_bounds = r#"{"a": 1e999}"#;
    let report = refused(out_of_bounds);
    let form = serde_json::to_value(report.form().with_unverified()).unwrap();
    assert_eq!(form.get("unverified").unwrap(), out_of_bounds);
}
