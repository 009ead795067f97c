//! Documents, certificates, and what is asked of them.

use super::*;

pub(crate) fn verification(input: &[u8]) -> Verification {
    Verification::new(&verifier(), input, expectations(), now())
}

pub(crate) fn verifier() -> Verifier {
    Verifier::new(anchors(&[&PKI.root, &ROOT_CA]).build())
}

pub(crate) fn anchors(anchors: &[&Certificate]) -> azure_imds::attested::TrustBuilder {
    anchors.iter().fold(Trust::builder_without_anchors(), |trust, anchor| trust.anchors(&anchor.der).unwrap())
}

pub(crate) fn expectations() -> Expectations {
    Expectations::new(Nonce::new(NONCE).unwrap())
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_unix(clock::NOW.unsigned_abs())
}

/// A short document whose signer says that its issuer is at these addresses.
pub(crate) fn document(named: &[&str]) -> Vec<u8> {
    PKI.signed_by(&leaf(named).issue()).der()
}

pub(crate) fn leaf(named: &[&str]) -> CertificateBuilder {
    leaf_below(&ISSUING_CA, named)
}

pub(crate) fn leaf_below(issuer: &Certificate, named: &[&str]) -> CertificateBuilder {
    pki::leaf(&PKI.keys.key("ecc_leaf_p256"), issuer)
        .extension(extension::key_usage(extension::usage::DIGITAL_SIGNATURE))
        .extension(addresses(named))
}

pub(crate) fn signed_below(issuer: &Certificate, named: &[&str]) -> Vec<u8> {
    PKI.signed_by(&leaf_below(issuer, named).issue()).der()
}

/// An issuer below a root that nobody trusts, which says that the root is at these addresses.
pub(crate) fn authority(named: &[&str]) -> Certificate {
    let name = name::authority("azure-imds test Issuing CA 03");
    pki::issuing(name, &ISSUING_CA.key, &PKI.attacker_root).extension(addresses(named)).issue()
}

/// The issuer that is missing, with a key of choice.
pub(crate) fn issuing(key: &Key) -> CertificateBuilder {
    pki::issuing(name::authority("azure-imds test Issuing CA 09"), key, &ROOT_CA)
        .extension(addresses(&[ROOT, ELSEWHERE]))
}

/// An issuer of the right name, issued by the right root, with another key.
pub(crate) fn namesake() -> Certificate {
    issuing(&PKI.keys.key("ecc_attacker")).issue()
}

pub(crate) fn addresses(named: &[&str]) -> Extension {
    let descriptions: Vec<_> =
        named.iter().map(|url| sequence(&[oid(oid::CA_ISSUERS), element(tag::implicit(6), url.as_bytes())])).collect();
    Extension::new(oid::AUTHORITY_INFO_ACCESS, sequence(&descriptions))
}

pub(crate) fn address(file: &str) -> String {
    format!("http://www.microsoft.com/pkiops/certs/{file}.crt")
}

/// What a report says of the issuer of [`document`].
pub(crate) fn issuer_missing(url: Option<&str>) -> VerifyError {
    let mut issuer = MissingIssuer::new(Quoted::from("CN=azure-imds test Issuing CA 09,O=azure-imds tests,C=US"));
    issuer.url = url.map(str::to_owned);
    VerifyError::IssuerMissing { missing: vec![issuer] }
}

pub(crate) fn code(report: &Report) -> &'static str {
    report.verdict().map_or_else(VerifyError::code, |_| "verified")
}

pub(crate) fn fetches(report: &Report) -> Vec<(&str, &'static str)> {
    let outcome = |error: &Option<azure_imds::attested::FetchError>| {
        error.as_ref().map_or("fetched", azure_imds::attested::FetchError::code)
    };
    report.fetches().iter().map(|fetch| (fetch.url.as_str(), outcome(&fetch.error))).collect()
}

/// A shared vector, if it has one issuer at most and expects nothing but a nonce and a cloud.
pub(crate) struct Vector {
    pub(crate) id: String,
    pub(crate) input: Vec<u8>,
    pub(crate) anchors: Vec<Vec<u8>>,
    pub(crate) issuers: Vec<Vec<u8>>,
    pub(crate) expectations: Expectations,
    pub(crate) at: At,
}

impl Vector {
    pub(crate) fn read(case: &Value, certificates: &Value) -> Option<Self> {
        let named = |key: &str| -> Vec<Vec<u8>> {
            let names = case[key].as_array().unwrap().iter();
            names.map(|name| base64(&certificates[name.as_str().unwrap()])).collect()
        };
        let (expect, issuers) = (&case["expect"], named("issuers"));
        if issuers.len() > 1 || expect.as_object().unwrap().keys().any(|key| key != "nonce" && key != "clouds") {
            return None;
        }
        let clouds = expect["clouds"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().parse().unwrap());
        let nonce = expect["nonce"].as_str().map_or(NONCE_NOT_CHECKED, |nonce| Nonce::new(nonce).unwrap());
        Some(Self {
            id: case["id"].as_str().unwrap().to_owned(),
            input: case["input"]["text"].as_str().map_or_else(|| base64(&case["input"]["base64"]), |it| it.into()),
            anchors: named("anchors"),
            issuers,
            expectations: Expectations::new(nonce).clouds(&clouds.collect::<Vec<_>>()).unwrap(),
            at: case["at"].as_u64().map_or(At::SigningTime, |seconds| At::Time(Timestamp::from_unix(seconds))),
        })
    }

    pub(crate) fn verifier(&self, with_issuers: bool) -> Verifier {
        let trust = self.anchors.iter().fold(Trust::builder_without_anchors(), |trust, it| trust.anchors(it).unwrap());
        let issuers = self.issuers.iter().filter(|_| with_issuers);
        Verifier::new(issuers.fold(trust, |trust, issuer| trust.issuers(issuer).unwrap()).build())
    }
}

pub(crate) fn base64(value: &Value) -> Vec<u8> {
    BASE64.decode(value.as_str().unwrap().as_bytes()).unwrap()
}
