//! Project Wycheproof: signatures of RSA and ECDSA, run through the algorithms that documents and certificates are
//! verified with. What Wycheproof calls acceptable must be refused.

use azure_imds::attested::DEFAULT_ALGORITHMS;
use rustls_pki_types::{AlgorithmIdentifier, SignatureVerificationAlgorithm, alg_id};
use wycheproof::rsa_pss_verify::TestName as Pss;
use wycheproof::{EllipticCurve, HashFunction, Mgf, TestResult, ecdsa, rsa_pkcs1_verify, rsa_pss_verify};

/// What became of the vectors of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Valid, and accepted.
    pub accepted: usize,
    /// Invalid or merely acceptable, and refused.
    pub refused: usize,
    /// Valid for parameters that are not on the list (another salt, a larger key), and refused.
    pub refused_by_the_list: usize,
    /// Invalid for the parameters of their file, and made with those on the list: accepted.
    pub accepted_by_the_list: usize,
    /// Anything else.
    pub wrong: Vec<String>,
}

impl Tally {
    /// All vectors.
    #[must_use]
    pub fn count(&self) -> usize {
        self.accepted + self.refused + self.refused_by_the_list + self.accepted_by_the_list + self.wrong.len()
    }

    fn note(&mut self, name: &str, number: usize, is_valid: bool, on_the_list: bool, accepted: bool) {
        match (is_valid, on_the_list, accepted) {
            (true, true, true) => self.accepted += 1,
            (false, _, false) => self.refused += 1,
            (true, false, false) => self.refused_by_the_list += 1,
            (_, _, accepted) => self.wrong.push(format!("{name} {number}: accepted is {accepted}")),
        }
    }
}

/// RSASSA-PKCS1-v1_5 with SHA-256, SHA-384 and SHA-512; keys of 8192 bits are over the limit.
#[must_use]
pub fn pkcs1() -> Tally {
    use rsa_pkcs1_verify::TestName as Name;
    let names = [
        Name::Rsa2048Sha256,
        Name::Rsa2048Sha384,
        Name::Rsa2048Sha512,
        Name::Rsa3072Sha256,
        Name::Rsa3072Sha384,
        Name::Rsa3072Sha512,
        Name::Rsa4096Sha256,
        Name::Rsa4096Sha384,
        Name::Rsa4096Sha512,
        Name::Rsa8192Sha256,
        Name::Rsa8192Sha384,
        Name::Rsa8192Sha512,
    ];
    let mut tally = Tally::default();
    for name in names {
        for group in rsa_pkcs1_verify::TestSet::load(name).expect("the vectors").test_groups {
            let algorithm = algorithm(rsa_pkcs1(group.hash), alg_id::RSA_ENCRYPTION);
            for test in &group.tests {
                let accepted = algorithm.verify_signature(&group.asn_key, &test.msg, &test.sig).is_ok();
                let is_valid = test.result == TestResult::Valid;
                tally.note(&format!("{name:?}"), test.tc_id, is_valid, group.key_size <= 4096, accepted);
            }
        }
    }
    tally
}

/// Signatures with a salt of 32 octets in files that want none.
const OWN_SALT: [(Pss, usize); 2] =
    [(Pss::RsaPss2048Sha256Mgf1SaltLen0, 69), (Pss::RsaPss2048Sha256Mgf1SaltLen0WithParams, 69)];

/// RSASSA-PSS with the same digests. On the list are the mask of the same digest and a salt of its length.
#[must_use]
pub fn pss() -> Tally {
    let names = [
        Pss::RsaPss2048Sha256Mgf1SaltLen0,
        Pss::RsaPss2048Sha256Mgf1SaltLen0WithParams,
        Pss::RsaPss2048Sha256Mgf1SaltLen32,
        Pss::RsaPss2048Sha256Mgf1SaltLen32WithParams,
        Pss::RsaPss2048Sha256Mgf1Sha1_20,
        Pss::RsaPss2048Sha384Mgf1SaltLen48,
        Pss::RsaPss2048Sha512Mgf1Sha256SaltLen32WithParams,
        Pss::RsaPss3072Sha256Mgf1SaltLen32,
        Pss::RsaPss3072Sha256Mgf1SaltLen32WithParams,
        Pss::RsaPss4096Sha256Mgf1SaltLen32,
        Pss::RsaPss4096Sha384Mgf1SaltLen48,
        Pss::RsaPss4096Sha512Mgf1SaltLen32,
        Pss::RsaPss4096Sha512Mgf1SaltLen32WithParams,
        Pss::RsaPss4096Sha512Mgf1SaltLen64,
        Pss::RsaPss4096Sha512Mgf1SaltLen64WithParams,
        Pss::RsaPssmisc,
        Pss::RsaPssmiscWithParams,
    ];
    let mut tally = Tally::default();
    for name in names {
        for group in rsa_pss_verify::TestSet::load(name).expect("the vectors").test_groups {
            let (algorithm, salt) = match group.hash {
                HashFunction::Sha2_256 => (alg_id::RSA_PSS_SHA256, 32),
                HashFunction::Sha2_384 => (alg_id::RSA_PSS_SHA384, 48),
                HashFunction::Sha2_512 => (alg_id::RSA_PSS_SHA512, 64),
                // Of the miscellaneous ones; there is no algorithm to ask.
                _ => continue,
            };
            let algorithm = self::algorithm(algorithm, alg_id::RSA_ENCRYPTION);
            let same_mask = group.mgf == Mgf::Mgf1 && group.mgf_hash == Some(group.hash);
            let on_the_list = same_mask && group.salt_size == salt && (2048..=4096).contains(&group.key_size);
            for test in &group.tests {
                let accepted = algorithm.verify_signature(&group.asn_key, &test.msg, &test.sig).is_ok();
                if accepted && OWN_SALT.contains(&(name, test.tc_id)) {
                    tally.accepted_by_the_list += 1;
                    continue;
                }
                let is_valid = test.result == TestResult::Valid;
                tally.note(&format!("{name:?}"), test.tc_id, is_valid, on_the_list, accepted);
            }
        }
    }
    tally
}

/// ECDSA on P-256 and P-384, signatures in DER.
#[must_use]
pub fn ecdsa() -> Tally {
    use ecdsa::TestName as Name;
    let names = [
        Name::EcdsaSecp256r1Sha256,
        Name::EcdsaSecp256r1Sha512,
        Name::EcdsaSecp384r1Sha256,
        Name::EcdsaSecp384r1Sha384,
        Name::EcdsaSecp384r1Sha512,
    ];
    let mut tally = Tally::default();
    for name in names {
        for group in ecdsa::TestSet::load(name).expect("the vectors").test_groups {
            let key = match group.key.curve {
                EllipticCurve::Secp256r1 => alg_id::ECDSA_P256,
                EllipticCurve::Secp384r1 => alg_id::ECDSA_P384,
                other => panic!("{other:?}"),
            };
            let algorithm = algorithm(ecdsa_with(group.hash), key);
            for test in &group.tests {
                let accepted = algorithm.verify_signature(&group.key.key, &test.msg, &test.sig).is_ok();
                let is_valid = test.result == TestResult::Valid;
                tally.note(&format!("{name:?}"), test.tc_id, is_valid, true, accepted);
            }
        }
    }
    tally
}

fn algorithm(signature: AlgorithmIdentifier, key: AlgorithmIdentifier) -> &'static dyn SignatureVerificationAlgorithm {
    *DEFAULT_ALGORITHMS
        .iter()
        .find(|it| it.signature_alg_id() == signature && it.public_key_alg_id() == key)
        .expect("an algorithm of the list")
}

fn rsa_pkcs1(hash: HashFunction) -> AlgorithmIdentifier {
    match hash {
        HashFunction::Sha2_256 => alg_id::RSA_PKCS1_SHA256,
        HashFunction::Sha2_384 => alg_id::RSA_PKCS1_SHA384,
        HashFunction::Sha2_512 => alg_id::RSA_PKCS1_SHA512,
        other => panic!("{other:?}"),
    }
}

fn ecdsa_with(hash: HashFunction) -> AlgorithmIdentifier {
    match hash {
        HashFunction::Sha2_256 => alg_id::ECDSA_SHA256,
        HashFunction::Sha2_384 => alg_id::ECDSA_SHA384,
        HashFunction::Sha2_512 => alg_id::ECDSA_SHA512,
        other => panic!("{other:?}"),
    }
}
