//! Attested documents: refused under the anchors that ship, accepted with the emulator's own root, and wrong on demand.

use azure_imds::{
    Cloud, Exchange, Expectations, NONCE_NOT_CHECKED, Nonce, Report, Request, SignedDocument, Step, Trust,
    Verification, VerifiedDocument, Verifier, VerifyError,
};
use cms::content_info::ContentInfo;
use cms::signed_data::SignedData;
use der::{Decode as _, Encode as _};

use super::*;

const NONCE: &str = "1234567890";

#[test]
fn a_document_fails_under_the_shipped_anchors_and_passes_with_the_emulators_root() {
    let envelope = document(&mut emulator(), "2025-04-07", NONCE);
    // With the whole chain at hand, so that nothing but trust is missing.
    let (root, issuing) = (AUTHORITY.root_der().unwrap(), AUTHORITY.issuing_der().unwrap());
    let shipped = Trust::builder().issuers(&issuing).unwrap().issuers(&root).unwrap().build();
    let error = verify(&Verifier::new(shipped), &envelope, NONCE).unwrap_err();
    assert_eq!(error.code(), "root_not_trusted", "{error}");
    let document = verify(&own_verifier(), &envelope, NONCE).unwrap();
    assert_eq!(document.vm_id(), Machine::default().text("compute/vmId"));
    assert_eq!(document.cloud(), Cloud::Public);
    assert_eq!(document.region(), Some("eastus2"));
    // The name says what it is.
    assert!(format!("{:?}", *AUTHORITY).contains("not Microsoft"), "{:?}", *AUTHORITY);
}

#[test]
fn the_issuer_is_fetched_from_the_emulator_where_that_is_allowed() {
    let origin = "http://127.0.0.1:4321";
    let mut emulator = emulator().with_origin(origin).unwrap();
    let envelope = document(&mut emulator, "2025-04-07", NONCE);
    let root = AUTHORITY.root_der().unwrap();
    let (report, asked) = fetch(&mut emulator, Trust::builder().anchors(&root).unwrap().build(), &envelope);
    let error = report.into_verdict().unwrap_err();
    assert_eq!((error.code(), asked.len()), ("issuer_missing", 0), "{error}");
    let trust = Trust::builder().anchors(&root).unwrap().allow_origin(origin).unwrap().build();
    let (report, asked) = fetch(&mut emulator, trust, &envelope);
    assert_eq!(asked, ["http://127.0.0.1:4321/emulator/issuers/issuing.crt"]);
    assert_eq!(report.into_verdict().unwrap().vm_id(), Machine::default().text("compute/vmId"));
}

#[test]
fn every_cloud_and_region_has_its_names() {
    for cloud in Cloud::ALL {
        let mut machine = Machine::default().in_cloud(*cloud);
        machine.set("compute/location", "northpole").unwrap();
        let envelope = document(&mut with(machine), "2025-04-07", NONCE);
        let expectations = Expectations::new(Nonce::new(NONCE).unwrap()).clouds(&[*cloud]).unwrap();
        let parsed = SignedDocument::parse(&envelope).unwrap();
        let verified = own_verifier().verify(&parsed, &expectations, Timestamp::from_unix(NOW)).unwrap();
        assert_eq!((verified.cloud(), verified.region()), (*cloud, Some("northpole")));
    }
    // A region that is no DNS label is left out of the names instead of spoiling them.
    let mut machine = Machine::default();
    machine.set("compute/location", "*.evil\0").unwrap();
    let envelope = document(&mut with(machine), "2025-04-07", NONCE);
    assert_eq!(verify(&own_verifier(), &envelope, NONCE).unwrap().region(), None);
}

#[test]
fn each_flaw_has_its_refusal() {
    let fault = |tamper: Tamper| {
        let mut emulator = emulator();
        let mut request = Incoming::get(&target("2025-04-07", NONCE));
        request.headers.append(FAULT_HEADER, &*format!("tamper={tamper}"));
        let reply = emulator.handle(at(0), &request);
        assert_eq!(reply.response.status, 200);
        verify(&own_verifier(), &reply.response.body, NONCE).unwrap_err().code()
    };
    let codes: Vec<_> = Tamper::ALL.iter().map(|tamper| (tamper.name(), fault(*tamper))).collect();
    let expected = [
        ("expired", "document_expired"),
        ("flipped-content", "content_signature"),
        ("two-signers", "signer_count"),
        ("unknown-issuer", "issuer_missing"),
        ("wrong-cloud", "cloud_mismatch"),
        ("wrong-name", "name_not_azure"),
        ("wrong-nonce", "nonce_mismatch"),
    ];
    assert_eq!(codes, expected);
}

#[test]
fn versions_sign_what_they_sign() {
    for (version, expected) in [
        ("2018-10-01", &["nonce", "plan", "timeStamp", "vmId"][..]),
        ("2019-08-15", &["nonce", "plan", "subscriptionId", "timeStamp", "vmId"]),
        ("2019-11-01", &["nonce", "plan", "sku", "subscriptionId", "timeStamp", "vmId"]),
        ("2020-09-01", &["licenseType", "nonce", "plan", "sku", "subscriptionId", "timeStamp", "vmId"]),
        ("2025-04-07", &["licenseType", "nonce", "plan", "sku", "subscriptionId", "timeStamp", "vmId"]),
    ] {
        let content = content(&document(&mut emulator(), version, NONCE));
        assert_eq!(keys(Document::parse(&content).unwrap().root()), expected, "{version}");
    }
    let classic = content(&document(&mut with(Machine::classic()), "2025-04-07", NONCE));
    assert_eq!(keys(Document::parse(&classic).unwrap().root()), ["nonce", "timeStamp", "vmId"]);
}

#[test]
fn nonces_come_back_or_are_refused() {
    let mut emulator = emulator();
    for (encoded, nonce) in [
        ("1", "1"),
        ("%22%5C%3C%2Fscript%3E", "\"\\</script>"),
        ("a%2Bb%2F%3D", "a+b/="),
        ("a+b", "a b"),
        ("12345678901234567890123456789012", "12345678901234567890123456789012"),
    ] {
        let envelope = document(&mut emulator, "2025-04-07", encoded);
        let verified = verify(&own_verifier(), &envelope, nonce).unwrap();
        assert_eq!(verified.nonce(), Some(nonce));
    }
    for encoded in ["", "123456789012345678901234567890123", "%E2%80%A8", "%0d%0aX:y", "%00", "%C3%A9"] {
        let expected = r#"{ "error": "Bad request. The nonce is not valid" }"#;
        assert_eq!(answer(&mut emulator, &Incoming::get(&target("2025-04-07", encoded))), (400, expected.to_owned()));
    }
    let reply = get(&mut emulator, "/metadata/attested/document?api-version=2025-04-07&format=text");
    let document = Document::parse(&content(&reply.response.body)).unwrap();
    assert_eq!(string(document.root(), "nonce"), "20260728-192400");
    let times = document.root().member("timeStamp").unwrap();
    assert_eq!(string(times, "createdOn"), "07/28/26 13:24:00 -0000");
    assert_eq!(string(times, "expiresOn"), "07/28/26 19:24:00 -0000");
}

#[test]
fn the_form_is_the_services() {
    let der = der(&document(&mut emulator(), "2025-04-07", NONCE));
    let info = ContentInfo::from_der(&der).unwrap();
    let signed: SignedData = info.content.decode_as().unwrap();
    let digests: Vec<_> = signed.digest_algorithms.iter().collect();
    assert_eq!(digests.len(), 1);
    assert_eq!(digests[0].oid.to_string(), "1.2.840.113549.1.1.11");
    assert!(digests[0].parameters.as_ref().unwrap().is_null());
    assert_eq!(signed.certificates.unwrap().0.len(), 1);
    assert!(signed.crls.is_none());
    let signers = signed.signer_infos.0.as_slice();
    assert_eq!(signers.len(), 1);
    assert_eq!(signers[0].digest_alg.oid.to_string(), "1.2.840.113549.1.1.11");
    assert_eq!(signers[0].signature_algorithm.oid.to_string(), "1.2.840.113549.1.1.1");
    assert!(signers[0].signed_attrs.is_none() && signers[0].unsigned_attrs.is_none());
    assert_eq!(signers[0].signature.as_bytes().len(), 256);
    assert_eq!(info.to_der().unwrap(), der);
}

#[test]
fn any_clock_has_documents_that_verify() {
    let own = own_verifier();
    let mut emulator = emulator();
    // The document's years have two digits, read as this century's: only then it can be accepted.
    for (time, expected) in [
        ("1970-01-01T00:00:00Z", "document_not_yet_valid"),
        ("2000-01-01T00:00:00Z", "verified"),
        ("2000-02-29T23:59:59Z", "verified"),
        ("2026-12-31T20:00:00Z", "verified"),
        ("2049-12-31T23:59:59Z", "verified"),
        ("2050-01-01T00:00:00Z", "verified"),
        ("2099-12-31T17:59:59Z", "verified"),
        ("2099-12-31T18:00:00Z", "document_times_reversed"),
        ("2100-01-01T00:00:00Z", "document_expired"),
        ("9999-12-31T23:59:59Z", "document_expired"),
    ] {
        let now = Timestamp::parse_rfc3339(time).unwrap();
        let moment = Moment::new(Instant::from_millis(0), now);
        let reply = emulator.handle(moment, &Incoming::get(&target("2025-04-07", NONCE)));
        let parsed = SignedDocument::parse(&reply.response.body).unwrap();
        let verdict = own.verify(&parsed, &expectations(NONCE), now);
        assert_eq!(verdict.map_or_else(|error| error.code(), |_| "verified"), expected, "{time}");
    }
    let last = Moment::new(Instant::from_millis(u64::MAX), Timestamp::MAX);
    let reply = emulator.handle(last, &Incoming::get(&target("2025-04-07", NONCE)));
    assert_eq!(reply.response.status, 200);
    assert!(content(&reply.response.body).contains(r#""expiresOn":"12/31/99 23:59:59 -0000""#));
}

#[test]
fn an_authority_can_be_kept_and_given() {
    let pem = AUTHORITY.to_pem().unwrap();
    let given = Authority::from_pem(&pem, &[9; 32]).unwrap();
    assert_eq!(given.root_der(), AUTHORITY.root_der());
    let mut emulator = Emulator::new(Machine::default(), [9; 32]).with_authority(given);
    let envelope = document(&mut emulator, "2025-04-07", NONCE);
    assert!(verify(&own_verifier(), &envelope, NONCE).is_ok());
    assert_eq!(Authority::from_seed(&SEED).unwrap().to_pem().unwrap(), pem);
    for (pem, reason) in [
        ("", "there is no PRIVATE KEY block"),
        (&*AUTHORITY.root_pem().unwrap(), "there is no PRIVATE KEY block"),
        (&pem[..pem.find("-----BEGIN CERTIFICATE").unwrap()], "no certificate is the key's"),
    ] {
        let error = Authority::from_pem(pem, &SEED).unwrap_err();
        assert_eq!(error.code(), "authority_unusable");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn certificates_are_served_under_the_emulators_own_path() {
    let mut emulator = emulator();
    for (file, der) in [("issuing.crt", AUTHORITY.issuing_der()), ("root.crt", AUTHORITY.root_der())] {
        let reply = emulator.handle(at(0), &bare("GET", &format!("/emulator/issuers/{file}")));
        assert_eq!(reply.response.body, der.unwrap());
        assert_eq!(reply.response.headers.first("Content-Type"), Some("application/pkix-cert"));
    }
    let reply = emulator.handle(at(0), &bare("GET", "/emulator/root.pem"));
    assert_eq!(text(&reply), AUTHORITY.root_pem().unwrap());
    for target in [
        "/emulator",
        "/emulator/issuers",
        "/emulator/issuers/unknown.crt",
        "/emulator/issuers/0.crt",
        "/emulator/a/b/c/d/e/f",
    ] {
        assert_eq!(emulator.handle(at(0), &bare("GET", target)).response.status, 404, "{target}");
    }
    assert_eq!(emulator.handle(at(0), &bare("POST", "/emulator/root.pem")).response.status, 405);
}

fn target(version: &str, nonce: &str) -> String {
    format!("/metadata/attested/document?api-version={version}&nonce={nonce}")
}

fn document(emulator: &mut Emulator, version: &str, nonce: &str) -> Vec<u8> {
    let reply = get(emulator, &target(version, nonce));
    assert_eq!(reply.response.status, 200, "{}", text(&reply));
    assert!(text(&reply).starts_with(r#"{"encoding":"pkcs7","signature":""#));
    reply.response.body
}

fn der(envelope: &[u8]) -> Vec<u8> {
    let document = Document::from_bytes(envelope).unwrap();
    BASE64.decode(string(document.root(), "signature").as_bytes()).unwrap()
}

fn content(envelope: &[u8]) -> String {
    let info = ContentInfo::from_der(&der(envelope)).unwrap();
    let signed: SignedData = info.content.decode_as().unwrap();
    String::from_utf8(signed.encap_content_info.econtent.unwrap().value().to_vec()).unwrap()
}

fn own_verifier() -> Verifier {
    let (root, issuing) = (AUTHORITY.root_der().unwrap(), AUTHORITY.issuing_der().unwrap());
    Verifier::new(Trust::builder().anchors(&root).unwrap().issuers(&issuing).unwrap().build())
}

fn expectations(nonce: &str) -> Expectations {
    Expectations::new(Nonce::new(nonce).unwrap())
}

fn verify(verifier: &Verifier, envelope: &[u8], nonce: &str) -> Result<VerifiedDocument, VerifyError> {
    let document = SignedDocument::parse(envelope)?;
    verifier.verify(&document, &expectations(nonce), Timestamp::from_unix(NOW))
}

/// Drives a verification whose requests go to the emulator.
fn fetch(emulator: &mut Emulator, trust: Trust, envelope: &[u8]) -> (Report, Vec<String>) {
    let mut asked = Vec::new();
    let expectations = Expectations::new(NONCE_NOT_CHECKED);
    let mut verification = Verification::new(&Verifier::new(trust), envelope, expectations, Timestamp::from_unix(NOW));
    loop {
        match verification.poll(Instant::from_millis(0)) {
            Step::Send(id, request) => {
                asked.push(request.url.clone());
                let reply = emulator.handle(at(0), &received(&request));
                verification.receive(id, Instant::from_millis(1), reply.response).unwrap();
            }
            Step::Wait(_) => unreachable!("nothing is out"),
            Step::Done(report) => return (report, asked),
        }
    }
}

fn received(request: &Request) -> Incoming {
    Incoming::from(request)
}
