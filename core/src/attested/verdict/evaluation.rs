//! The verification itself: eight steps in one order, one evaluation for verdict and report.

use super::check::{Check, Recorder};
use super::claim_checks::check_claims;
use super::document::{DocumentIdentity, SignedDocument, TimeBasis, Unreadable, VerifiedDocument};
use super::report::Report;
use crate::attested::claims::expectations::{At, Expectations};
use crate::attested::claims::names::{self, Names};
use crate::attested::claims::{self, Claims};
use crate::attested::cms::signature::{self, ContentAlgorithm};
use crate::attested::cms::signed_attributes;
use crate::attested::cms::signed_data::SignedData;
use crate::attested::error::VerifyError;
use crate::attested::input::InputForm;
use crate::attested::path::search::{self, ChainCache, ChainCertificate, ChainFailure, Missing, SignatureChecks};
use crate::attested::path::trust::Trust;
use crate::attested::x509::certificate::Certificate;
use crate::attested::x509::key::PublicKey;
use crate::quoted::Quoted;
use crate::time::Timestamp;
use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// What an evaluation needs beside the document.
#[derive(Clone, Copy)]
pub(in crate::attested) struct Conditions<'a> {
    pub(in crate::attested) expectations: &'a Expectations,
    pub(in crate::attested) at: At,
    /// Issuers fetched for this document; untrusted as all issuers.
    pub(in crate::attested) fetched: &'a [&'a Certificate],
    /// The chain that an earlier evaluation of this document found.
    pub(in crate::attested) chain: Option<&'a Arc<[ChainCertificate]>>,
    /// Whether the report is wanted, or the verdict alone.
    pub(in crate::attested) explains: bool,
}

/// What an evaluation found.
#[derive(Clone, Debug)]
pub(in crate::attested) struct Evaluation {
    pub(in crate::attested) report: Report,
    /// Whether a path leads to an anchor.
    pub(in crate::attested) has_chain: bool,
    /// Issuers that could be fetched. Empty unless everything before the chain holds.
    pub(in crate::attested) missing: Vec<Missing>,
    /// The first check after the chain that fails, where an issuer is missing: fetching one would not help.
    pub(in crate::attested) fails_anyway: Option<Check>,
}

impl Evaluation {
    /// The eight steps, of which the report tells. Nothing that was found costs more than `checks` has left.
    pub(in crate::attested) fn of(
        trust: &Trust,
        document: Result<&SignedDocument, &Unreadable>,
        conditions: &Conditions<'_>,
        cache: Option<&mut ChainCache>,
        checks: &mut SignatureChecks,
    ) -> Self {
        let mut run = Run {
            trust,
            conditions,
            recorder: Recorder::new(conditions.explains),
            chain: Arc::default(),
            has_chain: false,
            missing: Vec::new(),
            fails_anyway: None,
        };
        let verified = run.steps(document, cache, checks);
        let failed_check = run.recorder.first_failed();
        let (checks, failure) = run.recorder.finish();
        let verdict = match (verified, failure) {
            (Some(verified), None) => Ok(Arc::new(verified)),
            (_, Some(failure)) => Err(failure),
            // Every step that yields nothing has noted why; this arm refuses should that ever be untrue.
            (None, None) => {
                Err(Arc::new(VerifyError::PathInvalid { reason: "the verification was not completed".to_string() }))
            }
        };
        let unverified_content = match (&verdict, document) {
            (Err(_), Ok(document)) if conditions.explains => {
                claims::unverified_text(&document.unverified_content()).map(Arc::from)
            }
            _ => None,
        };
        let report = Report {
            checks: checks.into(),
            verdict,
            failed_check,
            chain: run.chain,
            unverified_content,
            fetches: Arc::default(),
            not_fetched: None,
            judged_at: conditions.at,
        };
        Self { report, has_chain: run.has_chain, missing: run.missing, fails_anyway: run.fails_anyway }
    }
}

/// One evaluation under way.
struct Run<'a> {
    trust: &'a Trust,
    conditions: &'a Conditions<'a>,
    recorder: Recorder,
    chain: Arc<[ChainCertificate]>,
    has_chain: bool,
    missing: Vec<Missing>,
    fails_anyway: Option<Check>,
}

/// What the signature of a document is made of.
struct Signer<'a> {
    certificate: &'a Certificate,
    algorithm: ContentAlgorithm,
    key: PublicKey<'a>,
}

impl Run<'_> {
    /// The steps, each of which notes what became of it. Nothing comes back unless there is something to show.
    fn steps(
        &mut self,
        document: Result<&SignedDocument, &Unreadable>,
        cache: Option<&mut ChainCache>,
        checks: &mut SignatureChecks,
    ) -> Option<VerifiedDocument> {
        let signed = self.readable(document)?;
        let certificate = self
            .recorder
            .note(Check::SignerCertificate, signed.signer_certificate(), |it| it.subject_text().to_string())?;
        let signature_holds = self.check_signature(&signed, certificate, checks);
        if self.recorder.is_decided() {
            return None;
        }
        let names = self.recorder.note(
            Check::Names,
            names::check(certificate, &self.conditions.expectations.clouds),
            |names| format!("{}: {}", names.cloud, Quoted::from(&*names.names.join(", "))),
        );
        if self.recorder.is_decided() {
            return None;
        }
        let claims = Claims::parse(signed.content);
        self.check_chain(&signed, certificate, signature_holds.then_some(&claims), cache, checks);
        if !self.missing.is_empty() {
            self.fails_anyway = self.failure_after_the_chain(&claims);
        }
        if self.recorder.is_decided() {
            return None;
        }
        let claims = self.recorder.note(Check::Claims, claims, |claims| format!("vmId {}", claims.vm_id))?;
        check_claims(self.conditions, &claims, &mut self.recorder);
        if self.recorder.is_clean() { self.verified(claims, &signed, certificate, names?) } else { None }
    }

    /// Steps 1 and 2, which were taken when the document was read.
    fn readable<'d>(&mut self, document: Result<&'d SignedDocument, &Unreadable>) -> Option<SignedData<'d>> {
        let evidence = |form: InputForm, der: &[u8]| format!("{}, {} bytes of DER", form.name(), der.len());
        let (form, der) = match document {
            Ok(document) => (document.form(), document.der()),
            Err(Unreadable::SignedData { form, der, .. }) => (*form, der.as_slice()),
            Err(Unreadable::Input(error)) => {
                self.recorder.failed(Check::Input, error.clone());
                return None;
            }
        };
        self.recorder.note(Check::Input, Ok(()), |()| evidence(form, der));
        let signed = match document {
            Ok(document) => document.signed_data(),
            Err(Unreadable::SignedData { error, .. } | Unreadable::Input(error)) => {
                self.recorder.failed(Check::SignedData, error.clone());
                return None;
            }
        };
        self.recorder.note(Check::SignedData, Ok(signed), |signed| {
            format!("one signer, {} certificate(s), {} bytes signed", signed.certificates.len(), signed.content.len())
        })
    }

    /// Steps 4 and 5. Says whether the content is what the signer's key signed.
    fn check_signature(
        &mut self,
        signed: &SignedData<'_>,
        certificate: &Certificate,
        checks: &mut SignatureChecks,
    ) -> bool {
        let signer = algorithms(signed, certificate);
        let Some(signer) = self.recorder.note(Check::Algorithms, signer, |it| it.algorithm.to_string()) else {
            return false;
        };
        let strength = signer.key.check_strength(&|| certificate.subject_text());
        let is_strong = strength.is_ok();
        self.recorder.note(Check::KeyStrength, strength, |()| signer.key.description());
        if self.recorder.is_decided() {
            return false;
        }
        let Some(message) = self.message(signed, &signer) else {
            return false;
        };
        let signature = signed.signer.signature;
        let key_info = signer.certificate.key_info();
        let right = checks.content(|| {
            if is_strong {
                signer.algorithm.verify(self.trust.algorithms(), key_info, &signer.key, &message, signature)
            } else {
                signer.algorithm.verify_weak(key_info, &message, signature)
            }
        });
        let key = signer.key.description();
        let right = right.map_err(|_| VerifyError::ContentSignature { key: Quoted::from(key.as_str()) });
        let holds = self.recorder.note(Check::ContentSignature, right, |()| format!("right for the key {key}"));
        if self.recorder.is_decided() {
            return false;
        }
        let content = check_content(signed.content);
        let content = self.recorder.note(Check::Content, content, |()| "the text of a JSON object".to_string());
        is_strong && holds.is_some() && content.is_some()
    }

    /// What the signature was made over: the signed attributes if there are any, else the content.
    fn message<'d>(&mut self, signed: &SignedData<'d>, signer: &Signer<'_>) -> Option<Cow<'d, [u8]>> {
        let Some(attributes) = &signed.signer.signed_attributes else {
            return Some(Cow::Borrowed(signed.content));
        };
        let message = signed_attributes::message(attributes, signed.content, signer.algorithm.digest);
        match message {
            Ok(message) => Some(Cow::Owned(message)),
            Err(error) => self.recorder.note(Check::ContentSignature, Err(error), |_| String::new()),
        }
    }

    /// Step 7. `claims` only if the signature over them holds.
    fn check_chain(
        &mut self,
        signed: &SignedData<'_>,
        leaf: &Certificate,
        claims: Option<&Result<Claims, VerifyError>>,
        cache: Option<&mut ChainCache>,
        checks: &mut SignatureChecks,
    ) {
        let time = match (self.conditions.at, claims) {
            (At::Time(time), _) => time,
            (At::SigningTime, Some(Ok(claims))) => claims.created_on,
            // There is no signing time to speak of: the step is not reached, and the claims say why.
            (At::SigningTime, _) => return,
        };
        let may_fetch = self.recorder.is_clean();
        let found = self.chain(signed, leaf, time, cache, checks);
        let found = found.map_err(|failure| {
            self.missing = if may_fetch { failure.missing } else { Vec::new() };
            if self.conditions.at == At::SigningTime { failure.error.at_signing_time() } else { failure.error }
        });
        let path = |path: &Arc<[ChainCertificate]>| {
            let anchor = path.last().map(|anchor| anchor.subject.as_str()).unwrap_or_default();
            format!("{} certificates up to {anchor}, at {time}", path.len())
        };
        if let Some(chain) = self.recorder.note(Check::Chain, found, path) {
            self.chain = chain;
            self.has_chain = true;
        } else if self.conditions.explains {
            self.chain = self.certificates_at_hand(signed, leaf);
        }
    }

    fn chain(
        &self,
        signed: &SignedData<'_>,
        leaf: &Certificate,
        time: Timestamp,
        cache: Option<&mut ChainCache>,
        checks: &mut SignatureChecks,
    ) -> Result<Arc<[ChainCertificate]>, ChainFailure> {
        if let Some(chain) = self.conditions.chain {
            search::check_leaf(self.trust, leaf, time)?;
            return Ok(chain.clone());
        }
        let mut build = || {
            let extra: Vec<&Certificate> =
                signed.certificates.iter().chain(self.conditions.fetched.iter().copied()).collect();
            let path = search::build(self.trust, leaf, &extra, time, checks)?;
            Ok(path.into_iter().map(ChainCertificate::of).collect::<Arc<[_]>>())
        };
        let Some(cache) = cache else {
            return build();
        };
        let key = leaf.sha256();
        if let Some(chain) = cache.find(&key, time) {
            search::check_leaf(self.trust, leaf, time)?;
            return Ok(chain);
        }
        let chain = build()?;
        cache.remember(key, &chain);
        Ok(chain)
    }

    /// For the report of a refused document: the leaf, and what stands above it by name alone.
    fn certificates_at_hand(&self, signed: &SignedData<'_>, leaf: &Certificate) -> Arc<[ChainCertificate]> {
        let mut chain = alloc::vec![leaf];
        while let Some(last) = chain.last().filter(|last| !last.is_self_issued() && chain.len() < 8) {
            let mut at_hand = self
                .trust
                .anchor_certificates()
                .iter()
                .chain(self.trust.issuer_certificates())
                .chain(signed.certificates)
                .chain(self.conditions.fetched.iter().copied());
            match at_hand.find(|it| it.subject() == last.issuer()) {
                Some(issuer) => chain.push(issuer),
                None => break,
            }
        }
        chain.into_iter().map(ChainCertificate::of).collect()
    }

    /// The first check after the chain that fails: then no issuer would help.
    fn failure_after_the_chain(&self, claims: &Result<Claims, VerifyError>) -> Option<Check> {
        let Ok(claims) = claims else {
            return Some(Check::Claims);
        };
        let mut recorder = Recorder::new(false);
        check_claims(self.conditions, claims, &mut recorder);
        recorder.first_failed()
    }

    fn verified(
        &self,
        claims: Claims,
        signed: &SignedData<'_>,
        signer: &Certificate,
        names: Names,
    ) -> Option<VerifiedDocument> {
        let Conditions { expectations, at, .. } = self.conditions;
        Some(VerifiedDocument {
            identity: DocumentIdentity::of(signed.content, signature::subject_public_key(signer.key_info())?),
            time_basis: match at {
                At::Time(time) => TimeBasis::Now(*time),
                At::SigningTime => TimeBasis::SigningTime(claims.created_on),
            },
            claims,
            content: core::str::from_utf8(signed.content).ok()?.to_string(),
            cloud: names.cloud,
            region: names.region,
            names: names.names,
            chain: self.chain.clone(),
            nonce_checked: expectations.nonce.expected().is_some(),
        })
    }
}

/// Step 4: the algorithms by their identifiers, and the key that they have to go with.
fn algorithms<'a>(signed: &SignedData<'_>, certificate: &'a Certificate) -> Result<Signer<'a>, VerifyError> {
    let signer = &signed.signer;
    let algorithm =
        ContentAlgorithm::of_signer(&signed.digest_algorithm, &signer.digest_algorithm, &signer.signature_algorithm)?;
    let key = certificate.public_key()?;
    algorithm.check_key(&key)?;
    Ok(Signer { certificate, algorithm, key })
}

/// What is signed must be the text of a JSON object. Were it not, the signed attributes of some other document could be
/// handed in as content of this one (`draft-ietf-lamps-cms-euf-cma-signeddata`): those begin with 0x31.
fn check_content(content: &[u8]) -> Result<(), VerifyError> {
    if content.first() == Some(&b'{') {
        return Ok(());
    }
    Err(VerifyError::ContentNotJson { found: Quoted::from_bytes(content.get(..8).unwrap_or(content)) })
}
