//! The Rust runner of the shared vectors: every way to ask must give the verdict that stands in the file.

use azure_imds::attested::{At, ChainCache, Check, Outcome};
use azure_imds::{
    Exchange, Expectations, Instant, Report, SignedDocument, Step, Timestamp, Trust, Verification, Verifier,
    VerifyError,
};
use azure_imds_tests::suite::expectations;
use data_encoding::BASE64;
use serde_json::Value;

/// What a case holds, in the types of the library.
struct Case {
    id: String,
    input: Vec<u8>,
    verifier: Verifier,
    expectations: Expectations,
    at: At,
    verdict: String,
    identity: Option<String>,
}

#[test]
fn every_vector_gets_its_verdict() {
    let suite: Value = serde_json::from_str(include_str!("../vectors/attested.json")).unwrap();
    let cases = suite["cases"].as_array().unwrap();
    let wrong: Vec<String> =
        cases.iter().map(|case| Case::read(case, &suite["certificates"])).filter_map(Case::run).collect();
    assert!(wrong.is_empty(), "{} of {} vectors:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

impl Case {
    fn read(case: &Value, certificates: &Value) -> Self {
        let id = case["id"].as_str().unwrap().to_owned();
        let named = |key: &str| -> Vec<Vec<u8>> {
            let names = case[key].as_array().unwrap().iter();
            names.map(|name| base64(&certificates[name.as_str().unwrap()])).collect()
        };
        let mut trust = Trust::builder_without_anchors();
        for anchor in named("anchors") {
            trust = trust.anchors(&anchor).unwrap();
        }
        for issuer in named("issuers") {
            trust = trust.issuers(&issuer).unwrap();
        }
        for fingerprint in case["deny"].as_array().into_iter().flatten() {
            trust = trust.deny_fingerprint(fingerprint.as_str().unwrap()).unwrap();
        }
        let input = match case["input"].get("text") {
            Some(text) => text.as_str().unwrap().as_bytes().to_vec(),
            None => base64(&case["input"]["base64"]),
        };
        let at = match case["at"].as_u64() {
            Some(seconds) => At::Time(Timestamp::from_unix(seconds)),
            None => {
                assert_eq!(case["at"], "signing-time", "{id}");
                At::SigningTime
            }
        };
        Self {
            input,
            verifier: Verifier::new(trust.build()),
            expectations: expectations(&case["expect"]),
            at,
            verdict: case["verdict"].as_str().unwrap().to_owned(),
            identity: case["identity"].as_str().map(str::to_owned),
            id,
        }
    }

    /// Says what is wrong, if anything is.
    fn run(self) -> Option<String> {
        let plain = SignedDocument::parse(&self.input)
            .and_then(|document| self.verifier.verify(&document, &self.expectations, self.at))
            .map(|_| ());
        let mut wrong = Vec::new();
        let report = self.verifier.explain(&self.input, &self.expectations, self.at);
        let found = code(&plain);
        if found != self.verdict {
            wrong.push(format!("expected {}, found {found}: {plain:?}", self.verdict));
        }
        let identity = report.verdict().ok().map(|document| document.identity().to_string());
        if identity != self.identity {
            wrong.push(format!("the identity is {identity:?}"));
        }
        if report.verdict().map(|_| ()) != plain.as_ref().copied() {
            wrong.push(format!("the report says {:?}", report.verdict()));
        }
        let archived = self.verifier.explain(&self.input, &self.expectations, At::SigningTime);
        wrong.extend(inconsistency(&report));
        wrong.extend(self.misnamed_failure(&report));
        wrong.extend(late_failure(&report));
        wrong.extend(inconsistency(&archived));
        wrong.extend(unfounded_signing_time(&archived));
        for (way, other) in [("the exchange", self.by_exchange()), ("the cache", self.cached())] {
            if other != plain {
                wrong.push(format!("{way} says {other:?}"));
            }
        }
        (!wrong.is_empty()).then(|| format!("{}: {}", self.id, wrong.join("; ")))
    }

    /// The check that failed is named, whether the checks are told or not.
    fn misnamed_failure(&self, report: &Report) -> Option<String> {
        let first = report.checks().iter().find(|line| matches!(line.outcome, Outcome::Failed(_)));
        let first = first.map(|line| line.check);
        let verification = Verification::new(&self.verifier, &self.input, self.expectations.clone(), self.at);
        let mut verification = verification.without_fetching().without_explanation();
        let Step::Done(untold) = verification.poll(Instant::default()) else { panic!("{}", self.id) };
        let named = [report.failed_check(), untold.failed_check(), verification.explain().failed_check()];
        (named != [first; 3]).then(|| format!("{first:?} fails, and {named:?} are named"))
    }

    fn by_exchange(&self) -> Result<(), VerifyError> {
        let mut verification =
            Verification::new(&self.verifier, &self.input, self.expectations.clone(), self.at).without_fetching();
        match verification.poll(Instant::default()) {
            Step::Done(report) => report.into_verdict().map(|_| ()),
            step => panic!("{}: {step:?}", self.id),
        }
    }

    /// Twice with one cache: a chain that is remembered changes no verdict.
    fn cached(&self) -> Result<(), VerifyError> {
        let document = SignedDocument::parse(&self.input)?;
        let mut cache = ChainCache::new(self.verifier.trust());
        let mut verify = || {
            let verdict = self.verifier.verify_cached(&document, &self.expectations, self.at, &mut cache);
            verdict.map(|_| ()).map_err(|error| match error {
                azure_imds::Error::Verify(error) => error,
                other => panic!("{}: {other}", self.id),
            })
        };
        let first = verify();
        assert_eq!(first, verify(), "{}", self.id);
        first
    }
}

fn code(verdict: &Result<(), VerifyError>) -> &'static str {
    verdict.as_ref().map_or_else(VerifyError::code, |()| "verified")
}

/// What must hold for every report: the verdict is the first failure, and claims are shown as what they are.
fn inconsistency(report: &Report) -> Option<String> {
    let failures = || {
        report.checks().iter().filter_map(|line| match &line.outcome {
            Outcome::Failed(error) => Some(&**error),
            _ => None,
        })
    };
    match report.verdict() {
        Ok(_) if failures().next().is_some() => Some("a verified report holds a failure".to_owned()),
        Ok(_) if report.unverified_content().is_some() => Some("verified content is called unverified".to_owned()),
        Ok(_) if report.checks().iter().any(|line| line.outcome == Outcome::NotReached) => {
            Some("a verified report holds a check that was not reached".to_owned())
        }
        Err(error) if failures().next() != Some(error) => Some("the verdict is not the first failure".to_owned()),
        _ => None,
    }
}

/// What makes a document unreadable is said when it is read, in steps 1 and 2: only signed attributes are read later.
fn late_failure(report: &Report) -> Option<String> {
    let is_early = |code: &str| {
        VerifyError::CODES.iter().take_while(|code| **code != "signer_certificate_missing").any(|early| *early == code)
    };
    let line = report.checks().iter().find(|line| matches!(line.outcome, Outcome::Failed(_)))?;
    let Outcome::Failed(error) = &line.outcome else { return None };
    let is_late = !matches!(line.check, Check::Input | Check::SignedData);
    let is_attribute = line.check == Check::ContentSignature && error.code() == "der_malformed";
    (is_early(error.code()) && is_late && !is_attribute)
        .then(|| format!("{} is said by {:?}", error.code(), line.check))
}

/// The signing time comes from the claims, so there is none unless everything that vouches for them holds.
fn unfounded_signing_time(archived: &Report) -> Option<String> {
    let outcome = |check: Check| archived.checks().iter().find(|line| line.check == check).map(|line| &line.outcome);
    let vouched = [Check::KeyStrength, Check::ContentSignature, Check::Content, Check::Claims]
        .into_iter()
        .all(|check| outcome(check) == Some(&Outcome::Passed));
    let is_judged = outcome(Check::Chain) != Some(&Outcome::NotReached);
    (is_judged && !vouched).then(|| "a signing time was taken from claims that nobody vouches for".to_owned())
}

fn base64(value: &Value) -> Vec<u8> {
    BASE64.decode(value.as_str().unwrap().as_bytes()).unwrap()
}
