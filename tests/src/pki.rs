//! The certificates of the vectors, shaped like Azure's.
//!
//! ```text
//!  Root CA 01 ──┬── Issuing CA 01 ── leaf                 as Azure's chains of 2024 to 2026
//!  Root CA 02 ──┘   (one name, one key, two issuers)
//!  Root CA 01 ───── Root G2 ── TLS CA OCSP 02 ── leaf     three hops, as since 2026;
//!                                                         Root G2 is self-signed as well
//!  ECC Root CA ──── ECC Issuing CA ── leafs               P-384 above P-256 and P-384
//!  Attacker's Root ─ Attacker's CA ── leaf                everything right but the trust
//! ```

use crate::certificate::{Certificate, CertificateBuilder};
use crate::claims::Claims;
use crate::clock::{self, midnight};
use crate::extension::{self, usage};
use crate::input::Input;
use crate::key::Key;
use crate::key_ring::KeyRing;
use crate::name;
use crate::oid;
use crate::scheme::{Hash, Scheme};
use crate::signed_data::Document;
use crate::suite::{Case, Importance};

/// The certificates that many cases share, and builders for the others.
#[derive(Clone, Debug)]
pub struct Pki {
    /// All keys.
    pub keys: KeyRing,
    /// The anchor where a case does not say otherwise.
    pub root: Certificate,
    /// Another root.
    pub root_2: Certificate,
    /// The issuer where a case does not say otherwise.
    pub issuing: Certificate,
    /// The same name and key, issued by the other root.
    pub issuing_xsign: Certificate,
    /// A root that is itself an anchor of some.
    pub root_g2: Certificate,
    /// The same name and key, issued by the first root.
    pub root_g2_xsign: Certificate,
    /// The issuer below it.
    pub issuing_g2: Certificate,
    /// Root on P-384.
    pub ecc_root: Certificate,
    /// Issuer on P-384.
    pub ecc_issuing: Certificate,
    /// A root nobody trusts.
    pub attacker_root: Certificate,
    /// An issuer nobody trusts.
    pub attacker_ca: Certificate,
    /// A leaf with the right names from there.
    pub attacker_leaf: Certificate,
    /// A leaf on P-256 with nothing in it but what must be: its documents are short.
    pub short_leaf: Certificate,
    /// The same with a key of RSA.
    pub plain_leaf: Certificate,
    /// The signer where a case does not say otherwise.
    pub leaf: Certificate,
}

impl Pki {
    /// Issues all shared certificates.
    #[must_use]
    pub fn new(keys: KeyRing) -> Self {
        let root = root("azure-imds test Root CA 01", &keys.key("root")).issue().named("root");
        let root_2 = root_builder_2(&keys).issue().named("root_2");
        let issuing_name = name::authority("azure-imds test Issuing CA 01");
        let issuing_key = keys.key("issuing");
        let issuing = issuing(issuing_name.clone(), &issuing_key, &root).issue().named("issuing");
        let issuing_xsign = self::issuing(issuing_name, &issuing_key, &root_2).issue().named("issuing_xsign");
        let g2_name = "azure-imds test TLS Root G2";
        let root_g2 = self::root(g2_name, &keys.key("root_g2")).issue().named("root_g2");
        let root_g2_xsign = self::issuing(root_g2.subject.clone(), &root_g2.key, &root)
            .extension(extension::authority(Some(1)))
            .extension(extension::purposes(&[oid::SERVER_AUTH]))
            .issue()
            .named("root_g2_xsign");
        let issuing_g2 =
            self::issuing(name::authority("azure-imds test TLS CA OCSP 02"), &keys.key("issuing_2"), &root_g2)
                .extension(extension::purposes(&[oid::SERVER_AUTH]))
                .issue()
                .named("issuing_g2");
        let ecc_root = self::root("azure-imds test ECC Root CA", &keys.key("ecc_root")).issue().named("ecc_root");
        let ecc_issuing = ecc_issuing(&keys.key("ecc_issuing"), &ecc_root).issue().named("ecc_issuing");
        let attacker_root = self::root("Attacker's Root", &keys.key("attacker")).issue().named("attacker_root");
        let attacker_ca = self::issuing(name::authority("Attacker's CA"), &keys.key("attacker_ca"), &attacker_root)
            .issue()
            .named("attacker_ca");
        let attacker_leaf = leaf(&keys.key("attacker"), &attacker_ca).issue();
        let short_leaf = short_leaf(&keys.key("ecc_leaf_p256"), &ecc_issuing).issue();
        let plain_leaf = self::short_leaf(&keys.key("leaf"), &ecc_issuing).issue();
        let leaf = leaf(&keys.key("leaf"), &issuing).issue();
        Self {
            keys,
            root,
            root_2,
            issuing,
            issuing_xsign,
            root_g2,
            root_g2_xsign,
            issuing_g2,
            ecc_root,
            ecc_issuing,
            attacker_root,
            attacker_ca,
            attacker_leaf,
            short_leaf,
            plain_leaf,
            leaf,
        }
    }

    /// The shared leaf, to be changed.
    #[must_use]
    pub fn leaf(&self) -> CertificateBuilder {
        self.leaf_of(&self.issuing)
    }

    /// The same under another issuer.
    #[must_use]
    pub fn leaf_of(&self, issuer: &Certificate) -> CertificateBuilder {
        leaf(&self.keys.key("leaf"), issuer)
    }

    /// A leaf with another key.
    #[must_use]
    pub fn leaf_with(&self, key: &Key) -> CertificateBuilder {
        leaf(key, &self.issuing)
    }

    /// A leaf of the ECC line.
    #[must_use]
    pub fn ecc_leaf(&self, key: &str) -> CertificateBuilder {
        let leaf = leaf(&self.keys.key(key), &self.ecc_issuing);
        leaf.extension(extension::key_usage(usage::DIGITAL_SIGNATURE))
    }

    /// The leaf of short documents, to be changed.
    #[must_use]
    pub fn short_leaf(&self) -> CertificateBuilder {
        self.short_leaf_with(&self.keys.key("ecc_leaf_p256"))
    }

    /// The same with another key.
    #[must_use]
    pub fn short_leaf_with(&self, key: &Key) -> CertificateBuilder {
        short_leaf(key, &self.ecc_issuing)
    }

    /// An issuing CA under the first root, to be changed.
    #[must_use]
    pub fn authority(&self) -> CertificateBuilder {
        self.authority_of(&self.root)
    }

    /// The same under another issuer.
    #[must_use]
    pub fn authority_of(&self, issuer: &Certificate) -> CertificateBuilder {
        issuing(name::authority("azure-imds test Issuing CA 02"), &self.keys.key("issuing_2"), issuer)
    }

    /// The second root, to be changed into another anchor.
    #[must_use]
    pub fn anchor(&self) -> CertificateBuilder {
        root_builder_2(&self.keys)
    }

    /// A document as Azure writes it.
    #[must_use]
    pub fn document(&self) -> Document {
        Document::new(&self.leaf, Claims::default())
    }

    /// A document with other claims.
    #[must_use]
    pub fn claiming(&self, content: impl Into<Vec<u8>>) -> Document {
        Document::new(&self.leaf, content)
    }

    /// A document signed by another certificate.
    #[must_use]
    pub fn signed_by(&self, signer: &Certificate) -> Document {
        Document::new(signer, Claims::default())
    }

    /// A short document, for cases in which neither keys nor chain matter.
    #[must_use]
    pub fn short(&self, content: impl Into<Vec<u8>>) -> Document {
        Document::new(&self.short_leaf, content)
    }

    /// A short document signed with RSA, for cases in which the chain does not matter.
    #[must_use]
    pub fn plain(&self, content: impl Into<Vec<u8>>) -> Document {
        Document::new(&self.plain_leaf, content)
    }

    /// A case about a [`short`](Self::short) document; [`plain`](Self::plain) ones have the same anchor and issuer.
    #[must_use]
    pub fn short_case(
        &self,
        id: &str,
        verdict: &'static str,
        importance: Importance,
        flaws: &'static [&'static str],
        description: &str,
    ) -> Case {
        self.case(id, verdict, importance, flaws, description)
            .document(&self.short(Claims::short()))
            .anchors(&[&self.ecc_root])
            .issuers(&[&self.ecc_issuing])
    }

    /// A case about the ordinary document, chain, clock and nonce.
    #[must_use]
    pub fn case(
        &self,
        id: &str,
        verdict: &'static str,
        importance: Importance,
        flaws: &'static [&'static str],
        description: &str,
    ) -> Case {
        Case {
            id: format!("attested::{id}"),
            flaws: flaws.to_vec(),
            importance,
            description: description.into(),
            input: Input::envelope(&[]),
            anchors: vec![self.root.clone()],
            issuers: vec![self.issuing.clone()],
            denied: Vec::new(),
            at: Some(clock::NOW),
            expect: crate::suite::Expect::default(),
            verdict,
        }
        .document(&self.document())
    }
}

/// A root: self-signed, valid for decades.
#[must_use]
pub fn root(common_name: &str, key: &Key) -> CertificateBuilder {
    CertificateBuilder::self_signed(name::authority(common_name), key)
        .valid(midnight(2020, 1, 1), midnight(2045, 1, 1))
        .extension(extension::key_usage(usage::DIGITAL_SIGNATURE | usage::KEY_CERT_SIGN | usage::CRL_SIGN))
        .extension(extension::authority(None))
}

/// An issuing CA of RSA: pathLen 0, serverAuth and clientAuth.
#[must_use]
pub fn issuing(subject: Vec<u8>, key: &Key, issuer: &Certificate) -> CertificateBuilder {
    CertificateBuilder::new(subject, key, issuer)
        .valid(midnight(2025, 8, 1), midnight(2029, 6, 3))
        .extension(extension::key_usage(usage::DIGITAL_SIGNATURE | usage::KEY_CERT_SIGN | usage::CRL_SIGN))
        .extension(extension::authority(Some(0)))
        .extension(extension::purposes(&[oid::SERVER_AUTH, oid::CLIENT_AUTH]))
        .extension(extension::issuer_address("http://www.microsoft.com/pkiops/certs/azure-imds%20test%20Root.crt"))
        .with(|authority| {
            if issuer.key.scheme() == Scheme::Pkcs1(Hash::Sha256) {
                authority.scheme = Scheme::Pkcs1(Hash::Sha384);
            }
        })
}

/// A leaf as Azure's CAs issue it.
#[must_use]
pub fn leaf(key: &Key, issuer: &Certificate) -> CertificateBuilder {
    let address = "http://www.microsoft.com/pkiops/certs/azure-imds%20test%20Issuing%20CA%2001.crt";
    CertificateBuilder::new(name::service("metadata.azure.com"), key, issuer)
        .valid(clock::LEAF_START, clock::LEAF_END)
        .names(&["eastus.metadata.azure.com", "metadata.azure.com"])
        .extension(extension::key_usage(usage::DIGITAL_SIGNATURE | usage::KEY_ENCIPHERMENT))
        .extension(extension::end_entity())
        .extension(extension::purposes(&[oid::SERVER_AUTH]))
        .extension(extension::policy(oid::ORGANIZATION_VALIDATED))
        .extension(extension::issuer_address(address))
        .with(|leaf| {
            if issuer.key.scheme() == Scheme::Pkcs1(Hash::Sha256) {
                leaf.scheme = Scheme::Pkcs1(Hash::Sha384);
            }
        })
}

/// A small certificate of no use.
#[must_use]
pub fn filler(pki: &Pki, number: u32) -> Certificate {
    let key = pki.keys.key("ecc_attacker");
    CertificateBuilder::self_signed(name::authority(&format!("filler {number}")), &key)
        .valid(clock::LEAF_START, clock::LEAF_END)
        .without_key_identifiers()
        .issue()
}

fn root_builder_2(keys: &KeyRing) -> CertificateBuilder {
    root("azure-imds test Root CA 02", &keys.key("root_2"))
}

fn ecc_issuing(key: &Key, root: &Certificate) -> CertificateBuilder {
    issuing(name::name(&[(oid::COMMON_NAME, "azure-imds test ECC CA 01")]), key, root)
}

fn short_leaf(key: &Key, issuer: &Certificate) -> CertificateBuilder {
    CertificateBuilder::new(name::name(&[(oid::COMMON_NAME, "metadata.azure.com")]), key, issuer)
        .without(oid::SUBJECT_KEY_IDENTIFIER)
        .valid(clock::LEAF_START, clock::LEAF_END)
        .names(&["metadata.azure.com"])
        .extension(extension::key_usage(usage::DIGITAL_SIGNATURE))
        .extension(extension::end_entity())
        .extension(extension::purposes(&[oid::SERVER_AUTH]))
}
