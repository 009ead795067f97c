//! Arguments by name, as bindings hand them in: what is read, what is assumed, and the words of each refusal.

use std::sync::LazyLock;
use std::time::Duration;

use azure_imds::attested::{Host, Verification, VerifierMemory};
use azure_imds::bindings::{Argument, Arguments, SharedVerifier, client, event_ids, token_request};
use azure_imds::{Exchange, Instant, Step, Timestamp, UsageError};
use azure_imds_tests::clock;
use azure_imds_tests::key_ring::KeyRing;
use azure_imds_tests::pki::Pki;

use Argument::{File, Flag, List, Members, NonceNotChecked, Nothing, Number, Octets, Other, SigningTime, Span, Time};
use Host::{JavaScript, Python};

static PKI: LazyLock<Pki> = LazyLock::new(|| Pki::new(KeyRing::parse(include_str!("../vectors/keys.json"))));

type Given<'a> = Vec<(&'a str, Argument<'a>)>;

const VM_ID: &str = "0d4c1a6e-7d4f-4f3e-9d7c-2b8f6a1c5e90";

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn text(text: &str) -> Argument<'_> {
    Argument::from(text)
}

fn verifier(host: Host, given: Given<'_>) -> Result<SharedVerifier<VerifierMemory>, UsageError> {
    SharedVerifier::new(Arguments::new(host, given), &["cache_dir"], None, VerifierMemory::new())
}

/// A verifier of the vectors' documents.
fn trusting() -> SharedVerifier<VerifierMemory> {
    let issuer = Octets(PKI.issuing.der.as_slice().into());
    let given = vec![("anchors", Octets(PKI.root.der.as_slice().into())), ("issuers", issuer), ("fetch", Flag(false))];
    verifier(Python, given).unwrap()
}

fn start(host: Host, mut given: Given<'_>) -> Result<Verification, UsageError> {
    if !given.iter().any(|(name, _)| *name == "nonce") {
        given.push(("nonce", NonceNotChecked));
    }
    let now = Timestamp::from_unix(clock::NOW.unsigned_abs());
    trusting().start(&PKI.document().der(), Arguments::new(host, given), &["signal"], now)
}

fn code(host: Host, given: Given<'_>) -> &'static str {
    match start(host, given).unwrap().poll(Instant::default()) {
        Step::Done(report) => report.verdict().map_or_else(|error| error.code(), |_| "verified"),
        other => panic!("{other:?}"),
    }
}

fn refused(host: Host, given: Given<'_>) -> (&'static str, String) {
    let error = start(host, given).map(|_| ()).unwrap_err();
    (error.code(), error.to_string())
}

#[test]
fn what_is_asked_is_checked() {
    let later = clock::NOW + clock::HOUR;
    #[expect(clippy::cast_precision_loss)]
    let later = later as f64;
    for (expected, name, argument) in [
        ("verified", "nonce", NonceNotChecked),
        ("nonce_mismatch", "nonce", text("another")),
        ("verified", "now", Nothing),
        ("verified", "now", Time(later)),
        ("document_expired", "now", Time(later + 6.0 * 3600.0)),
        ("verified", "now", SigningTime),
        ("cloud_mismatch", "clouds", List(vec![text("usgov"), text("china")])),
        ("verified", "clouds", List(vec![text("usgov"), text("public")])),
        ("verified", "vm_id", Nothing),
        ("vm_id_mismatch", "vm_id", text(VM_ID)),
        ("subscription_id_mismatch", "subscription_id", text(VM_ID)),
        ("sku_mismatch", "sku", text("another")),
        ("verified", "max_age", Number(60.0)),
        ("document_too_old", "max_age", Number(59.0)),
        ("document_too_old", "max_age", Span(59.9)),
        ("verified", "skew", Number(0.0)),
    ] {
        assert_eq!(code(Python, vec![(name, argument.clone())]), expected, "{name} {argument:?}");
        let name = if name == "max_age" { "maxAge" } else { name };
        let name = if name == "vm_id" { "vmId" } else { name };
        let name = if name == "subscription_id" { "subscriptionId" } else { name };
        assert_eq!(code(JavaScript, vec![(name, argument.clone())]), expected, "{name} {argument:?}");
    }
    let plan =
        |name| ["name", "product", "publisher"].map(|it| (it.into(), text(if it == "name" { name } else { it })));
    assert_eq!(code(Python, vec![("plan", Members(plan("another").into()))]), "plan_mismatch");
}

#[test]
fn the_time_is_that_of_the_clock_unless_one_is_given() {
    let expected = || Arguments::new(Python, [("nonce", NonceNotChecked)]);
    let document = PKI.document().der();
    let verified = |clock: i64| {
        let clock = Timestamp::from_unix(clock.unsigned_abs());
        let Step::Done(report) = trusting().start(&document, expected(), &[], clock).unwrap().poll(Instant::default())
        else {
            panic!("nothing is fetched")
        };
        report.verdict().is_ok()
    };
    assert!(verified(clock::NOW) && !verified(clock::EXPIRES + clock::SKEW + 1));
}

#[test]
fn a_nonce_must_be_said_to_be_unchecked() {
    for nonce in [Nothing, text("")] {
        assert_eq!(refused(Python, vec![("nonce", nonce)]).0, "nonce_empty");
    }
    let none = Arguments::new::<&str>(JavaScript, []);
    assert_eq!(
        trusting().start(b"", none, &[], Timestamp::from_unix(0)).map(|_| ()).unwrap_err().code(),
        "nonce_empty"
    );
    for nonce in [Flag(false), Number(0.0), List(Vec::new()), Other("Symbol".into()), SigningTime] {
        assert_eq!(refused(Python, vec![("nonce", nonce)]).0, "argument_type");
    }
}

#[test]
fn nothing_is_not_an_empty_list() {
    for name in ["issuers", "allow_origins", "deny", "fetch"] {
        let error = verifier(Python, vec![(name, Nothing)]).map(|_| ()).unwrap_err();
        assert_eq!(error.code(), "argument_type", "{name}");
        assert!(error.to_string().starts_with(&format!("{name} is of type NoneType; give ")), "{error}");
    }
    assert_eq!(refused(JavaScript, vec![("clouds", Nothing)]).0, "argument_type");
}

#[test]
fn a_name_that_nobody_reads_is_refused_with_those_that_are() {
    let (code, message) = refused(Python, vec![("maxAge", Nothing)]);
    assert_eq!(code, "argument_value");
    assert_eq!(
        message,
        "the option is \"maxAge\"; give only nonce, now, clouds, max_age, vm_id, subscription_id, sku, plan, skew, signal"
    );
    let (_, message) = refused(JavaScript, vec![("max_age", Nothing)]);
    assert_eq!(
        message,
        "the option is \"max_age\"; give only nonce, now, clouds, maxAge, vmId, subscriptionId, sku, plan, skew, signal"
    );
    let refused = |host, name| verifier(host, vec![(name, Nothing)]).map(|_| ()).unwrap_err().to_string();
    assert!(refused(Python, "fetch_timeout_ms").ends_with("deny, fetch, fetch_timeout, allow_origins, cache_dir"));
    assert!(refused(JavaScript, "fetchTimeout").ends_with("deny, fetch, fetchTimeoutMs, allowOrigins, cacheDir"));
    let given = Arguments::new(JavaScript, [("fetch", Nothing)]);
    let error = SharedVerifier::without_fetching(given, &[], None, VerifierMemory::new()).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "the option is \"fetch\"; give only anchors, issuers, deny");
}

#[test]
fn what_makes_no_sense_is_refused_in_words_of_the_host() {
    for (host, name, argument, message) in [
        (Python, "vm_id", Number(7.0), "vm_id is of type int; give str"),
        (JavaScript, "vmId", Flag(true), "vmId is of type boolean; give a text"),
        (Python, "clouds", text("public"), "clouds is of type str; give several of them: [...]"),
        (Python, "clouds", List(vec![Octets(b"a".into())]), "clouds, item 1 is of type bytes; give str"),
        (Python, "skew", Flag(true), "skew is of type bool; give whole seconds as int, or a timedelta"),
        (JavaScript, "skew", text("300"), "skew is of type string; give whole seconds as a number"),
        (Python, "max_age", Number(1.5), "max_age is \"1.5\"; give whole seconds that are not negative"),
        (JavaScript, "maxAge", Number(-1.0), "maxAge is \"-1\"; give whole seconds that are not negative"),
        (Python, "max_age", Span(-0.5), "max_age is \"-0.5\"; give whole seconds that are not negative"),
        (Python, "max_age", Number(f64::NAN), "max_age is \"NaN\"; give whole seconds that are not negative"),
        (Python, "now", Number(-1.0), "now is \"-1\"; give a time from 1970 to 9999, in seconds since 1970"),
        (
            JavaScript,
            "now",
            Number(1.0),
            "now is of type number; give a Date, AT_SIGNING_TIME, or nothing for this \
         machine's clock",
        ),
        (JavaScript, "now", Time(f64::NAN), "now is \"NaN\"; give a Date from 1970 to 9999"),
        (JavaScript, "now", Time(253_402_300_800.0), "now is \"253402300800\"; give a Date from 1970 to 9999"),
        (Python, "plan", text("x"), "plan is of type str; give azure_imds.Plan(name, product, publisher)"),
        (
            JavaScript,
            "plan",
            Members(vec![("name".into(), text("x"))]),
            "plan is of type object; give { name, product, \
         publisher }",
        ),
        (
            JavaScript,
            "plan",
            Members(vec![("name".into(), Number(1.0))]),
            "the plan's name is of type number; give a text",
        ),
        (
            Python,
            "clouds",
            List(Vec::new()),
            "no cloud is accepted; name at least one of public, usgov, china and germany",
        ),
    ] {
        assert_eq!(refused(host, vec![(name, argument)]).1, message);
    }
}

#[test]
fn certificates_are_named_where_they_can_not_be_read() {
    let said = |given| verifier(Python, given).map(|_| ()).unwrap_err().to_string();
    let root = || Octets(PKI.root.der.as_slice().into());
    let message = said(vec![("issuers", List(vec![root(), Octets(b"0".into())]))]);
    assert!(message.starts_with("issuers, item 2: certificate 1 can't be read: "), "{message}");
    let message = said(vec![("anchors", List(vec![File("\u{1b}a.pem".into(), b"-----".into())]))]);
    assert!(message.starts_with("anchors, item 1, \"\\u{1b}a.pem\": the bundle holds no certificate; "), "{message}");
    assert!(said(vec![("anchors", Number(1.0))]).starts_with("anchors is of type int; give PEM or DER content"));
    let error = verifier(JavaScript, vec![("issuers", List(vec![Octets(b"".into())]))]).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "bundle_empty");
    let bundled = |bytes| {
        let given = Arguments::new::<&str>(Python, []);
        SharedVerifier::new(given, &[], Some(bytes), VerifierMemory::new()).map(|_| ()).map_err(|it| it.to_string())
    };
    assert!(bundled(&PKI.issuing.der).is_ok());
    assert!(bundled(b"").unwrap_err().starts_with("the issuers of this package: the bundle holds no certificate"));
}

#[test]
fn a_deny_list_takes_text_and_octets() {
    let digest = PKI.root.der.clone();
    for (argument, code) in [
        (Octets(vec![0; 32].into()), None),
        (text(&"0".repeat(64)), None),
        (Octets(digest.into()), Some("fingerprint_malformed")),
        (Number(0.0), Some("argument_type")),
    ] {
        let given = vec![("deny", List(vec![argument]))];
        assert_eq!(verifier(Python, given).err().map(|error| error.code()), code);
    }
    assert_eq!(verifier(Python, vec![("deny", text("00"))]).map(|_| ()).unwrap_err().code(), "argument_type");
}

#[test]
fn spans_are_seconds_in_python_and_milliseconds_elsewhere() {
    let policy = |host, given: Given<'_>| client(Arguments::new(host, given), &[], 7).unwrap().policy().clone();
    let python = policy(Python, vec![("timeout", Number(1.5)), ("backoff", Span(0.25)), ("connect_timeout", Nothing)]);
    assert_eq!(
        (python.deadline, python.backoff, python.connect_timeout),
        (Some(millis(1_500)), millis(250), millis(2_000))
    );
    let node =
        policy(JavaScript, vec![("timeoutMs", Number(1.6)), ("backoffMs", Number(250.0)), ("retries", Number(0.0))]);
    assert_eq!((node.deadline, node.backoff, node.retries, node.jitter), (Some(millis(2)), millis(250), 0, 7));
    assert!(node.remembers && !policy(Python, vec![("cache", Flag(false))]).remembers);
    assert!(policy(Python, vec![("provisioning", Flag(true))]).deadline > Some(millis(1_000_000)));
    let refused =
        |host, given: Given<'_>| client(Arguments::new(host, given), &[], 7).map(|_| ()).unwrap_err().to_string();
    assert_eq!(
        refused(Python, vec![("timeout", Number(-1.0))]),
        "timeout is \"-1\"; give seconds that are not negative"
    );
    assert_eq!(
        refused(JavaScript, vec![("timeoutMs", Number(-1.0))]),
        "timeoutMs is \"-1\"; give milliseconds that are not negative"
    );
    assert_eq!(
        refused(JavaScript, vec![("retries", Number(0.5))]),
        "retries is \"0.5\"; give a whole number from 0 to 4294967295"
    );
    assert_eq!(
        refused(Python, vec![("retries", text("1"))]),
        "retries is of type str; give int, or None for the default"
    );
}

#[test]
fn a_client_asks_where_it_is_told() {
    let endpoint =
        |given: Given<'_>| client(Arguments::new(Python, given), &["transport"], 0).map(|it| it.endpoint().to_string());
    let variables = |value| Members(vec![("AZURE_IMDS_ENDPOINT".into(), value), ("PATH".into(), Number(1.0))]);
    assert_eq!(
        endpoint(vec![("environment", Nothing), ("transport", Nothing)]).unwrap(),
        "http://169.254.169.254/metadata"
    );
    let other = || text("http://127.0.0.1:8080/metadata");
    assert_eq!(endpoint(vec![("environment", variables(other()))]).unwrap(), "http://127.0.0.1:8080/metadata");
    let both = vec![("environment", variables(other())), ("base_url", text("http://127.0.0.1:1"))];
    assert_eq!(endpoint(both).unwrap(), "http://127.0.0.1:1/metadata");
    assert_eq!(
        endpoint(vec![("environment", variables(Number(1.0)))]).unwrap_err().to_string(),
        "AZURE_IMDS_ENDPOINT is of type int; give str"
    );
    assert_eq!(endpoint(vec![("environment", text("x"))]).unwrap_err().code(), "argument_type");
    assert_eq!(endpoint(vec![("version", text("today"))]).unwrap_err().code(), "version_malformed");
}

#[test]
fn tokens_and_events_are_asked_for_by_name() {
    let token = |given: Given<'_>| {
        token_request(text("https://vault.azure.net"), Arguments::new(JavaScript, given), &["signal"])
    };
    assert!(token(vec![("bypassCache", Flag(true)), ("clientId", text(VM_ID)), ("signal", Nothing)]).is_ok());
    let both = token(vec![("objectId", text(VM_ID)), ("clientId", text(VM_ID))]);
    assert_eq!(both.map(|_| ()).unwrap_err().code(), "selector_ambiguous");
    assert_eq!(token(vec![("bypassCache", text("yes"))]).map(|_| ()).unwrap_err().code(), "argument_type");
    let request = token_request(Number(1.0), Arguments::new::<&str>(JavaScript, []), &[]);
    assert_eq!(request.map(|_| ()).unwrap_err().to_string(), "resource is of type number; give a text");

    assert_eq!(event_ids(Python, text(VM_ID)).unwrap().len(), 1);
    assert_eq!(event_ids(Python, List(vec![text(VM_ID), text(VM_ID)])).unwrap().len(), 2);
    assert_eq!(event_ids(Python, List(vec![text("")])).map(|_| ()).unwrap_err().code(), "event_id_malformed");
    assert!(
        event_ids(Python, Number(1.0))
            .map(|_| ())
            .unwrap_err()
            .to_string()
            .starts_with("events is of type int; give a ")
    );
}
