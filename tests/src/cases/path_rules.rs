//! Issuers that go beyond what they were given the right to, and paths that cost too much.

use crate::asn1::{self, element, sequence, set, tag};
use crate::certificate::{Certificate, CertificateBuilder};
use crate::clock::midnight;
use crate::extension::{self, general_name};
use crate::key::Key;
use crate::pki::{self, Pki};
use crate::signed_data::Document;
use crate::suite::Importance::{self, Critical, High, Low, Medium};
use crate::suite::{Case, VERIFIED};
use crate::{claims::Claims, name, oid};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [leafs_as_issuers(pki), lengths(pki), constraints(pki), budgets(pki), crowds(pki)].concat()
}

fn case(
    pki: &Pki,
    id: &str,
    verdict: &'static str,
    importance: Importance,
    flaws: &'static [&'static str],
    description: &str,
) -> Case {
    pki.case(&format!("chain::{id}"), verdict, importance, flaws, description)
}

/// X4: everybody who has a certificate would be a CA.
fn leafs_as_issuers(pki: &Pki) -> Vec<Case> {
    let by = |id: &str, description: &str, issuer: CertificateBuilder| {
        let issuer = issuer.issue();
        let leaf = pki.leaf_of(&issuer).with(|leaf| leaf.key = pki.keys.key("attacker")).issue();
        case(pki, id, "issuer_not_ca", Critical, &["X4", "28"], description)
            .document(&pki.signed_by(&leaf).bag(&[&leaf, &issuer]))
    };
    // The owner of a web site: a name of his own, a key that may sign certificates or not.
    let owner =
        || pki.leaf().with(|owner| owner.subject = name::service("www.example.com")).names(&["www.example.com"]);
    let signing = || owner().extension(extension::key_usage(extension::usage::KEY_CERT_SIGN));
    let direct = || pki.authority().extension(extension::key_usage(extension::usage::KEY_CERT_SIGN));
    let mut cases = vec![
        by("leaf_as_issuer", "An end entity issues a certificate of the service.", owner()),
        by(
            "leaf_as_issuer_without_constraints",
            "The same without basicConstraints (GHSA-2328-f5f3-gj25).",
            owner().without(oid::BASIC_CONSTRAINTS),
        ),
        by("leaf_as_issuer_cert_sign", "The same with a key that may sign certificates.", signing()),
        by(
            "leaf_as_issuer_cert_sign_without_constraints",
            "The same with such a key and without basicConstraints.",
            signing().without(oid::BASIC_CONSTRAINTS),
        ),
        by(
            "leaf_as_issuer_without_usage",
            "The same with neither keyUsage nor basicConstraints (CVE-2021-3450).",
            owner().without(oid::BASIC_CONSTRAINTS).without(oid::KEY_USAGE),
        ),
        by("leaf_of_service_as_issuer", "The service's own leaf issues another.", pki.leaf()),
    ];
    let below_root = [
        (
            "issuer_end_entity",
            "An issuer under the root that is an end entity by its basicConstraints.",
            direct().extension(extension::end_entity()),
        ),
        (
            "issuer_without_constraints",
            "An issuer under the root without basicConstraints.",
            direct().without(oid::BASIC_CONSTRAINTS),
        ),
    ];
    cases.extend(below_root.map(|(id, description, issuer)| {
        let issuer = issuer.issue().named(id);
        case(pki, id, "issuer_not_ca", Critical, &["X4", "28"], description)
            .document(&pki.signed_by(&pki.leaf_of(&issuer).issue()))
            .issuers(&[&issuer])
    }));
    cases
}

fn lengths(pki: &Pki) -> Vec<Case> {
    let below = |issuer: &Certificate| {
        pki::issuing(name::authority("azure-imds test CA too deep"), &pki.keys.key("root_g2"), issuer)
    };
    let length = |id: &str, description: &str, chain: &[&Certificate]| {
        let leaf = pki.leaf_of(chain[0]).issue();
        case(pki, id, "path_length", High, &["30"], description)
            .document(&pki.signed_by(&leaf).bag(&[&[&leaf], chain].concat()))
            .issuers(&[])
    };
    let deep = below(&pki.issuing).issue();
    let middle = pki.authority().extension(extension::authority(Some(1))).issue();
    let third = below(&middle).extension(extension::authority(None)).issue();
    let fourth =
        pki::issuing(name::authority("azure-imds test CA far too deep"), &pki.keys.key("attacker_ca"), &third).issue();
    let anchor = pki.anchor().extension(extension::authority(Some(0))).issue().named("anchor_path_length_0");
    let under_anchor = pki.authority_of(&anchor).issue();
    vec![
        length("length_0_exceeded", "An issuing CA of pathLen 0 certifies another CA.", &[&deep, &pki.issuing]),
        length("length_1_exceeded", "A CA of pathLen 1 has two CAs below it.", &[&fourth, &third, &middle]),
        length(
            "length_of_anchor_exceeded",
            "The anchor's own pathLen is 0, and there is a CA below it.",
            &[&under_anchor],
        )
        .anchors(&[&anchor]),
    ]
}

fn constraints(pki: &Pki) -> Vec<Case> {
    let dns = |name: &str| general_name::dns(name);
    let issuer = |id: &'static str, importance, description: &str, permitted: &[Vec<u8>], excluded: &[Vec<u8>]| {
        let issuer = pki.authority().extension(extension::name_constraints(permitted, excluded)).issue().named(id);
        let leaf = pki.leaf_of(&issuer).names(&["METADATA.azure.com"]).issue();
        case(pki, id, "name_constraint", importance, &["31"], description)
            .document(&pki.signed_by(&leaf))
            .issuers(&[&issuer])
    };
    let anchor = pki
        .anchor()
        .extension(extension::name_constraints(&[dns("example.com")], &[]))
        .issue()
        .named("anchor_other_name_permitted");
    let under_anchor = pki.authority_of(&anchor).issue();
    let leaf = pki.leaf_of(&under_anchor).issue();
    let upper = pki
        .authority()
        .extension(extension::authority(Some(1)))
        .extension(extension::name_constraints(&[], &[dns("azure.com")]))
        .issue();
    let lower =
        pki::issuing(name::authority("azure-imds test CA below constraints"), &pki.keys.key("root_g2"), &upper).issue();
    let below = pki.leaf_of(&lower).issue();
    let address =
        sequence(&[set(&[sequence(&[asn1::oid(oid::EMAIL_ADDRESS), element(tag::IA5_STRING, b"root@example.com")])])]);
    let addresses = pki
        .authority()
        .extension(extension::name_constraints(&[general_name::email("example.com")], &[]))
        .issue()
        .named("addresses_permitted");
    let addressed = |subject: &[u8]| pki.leaf_of(&addresses).with(|leaf| leaf.subject = subject.to_vec()).issue();
    vec![
        case(
            pki,
            "address_in_subject",
            "name_constraint",
            Medium,
            &["31", "X2"],
            "The issuer may certify some e-mail addresses alone, and the leaf's subject holds one. Such names are not \
                compared, so the certificate is refused.",
        )
        .document(&pki.signed_by(&addressed(&address)))
        .issuers(&[&addresses]),
        case(
            pki,
            "address_nowhere",
            VERIFIED,
            Low,
            &["31", "X2"],
            "The issuer may certify some e-mail addresses alone, and there is none.",
        )
        .document(&pki.signed_by(&addressed(&name::service("metadata.azure.com"))))
        .issuers(&[&addresses]),
        issuer("name_not_permitted", Critical, "The issuer may certify other names alone.", &[dns("example.com")], &[]),
        issuer(
            "name_excluded",
            Critical,
            "The issuer may not certify this name, here in upper case.",
            &[],
            &[dns("metadata.azure.com")],
        ),
        issuer("domain_excluded", High, "The issuer may not certify names of this domain.", &[], &[dns("azure.com")]),
        issuer(
            "name_permitted_and_excluded",
            High,
            "The domain is permitted, the name in it excluded.",
            &[dns("azure.com")],
            &[dns("metadata.azure.com")],
        ),
        issuer("everything_excluded", Medium, "All DNS names are excluded.", &[], &[dns("")]),
        case(
            pki,
            "domain_excluded_above",
            "name_constraint",
            High,
            &["31"],
            "The CA above the issuer may not certify names of this domain.",
        )
        .document(&pki.signed_by(&below).bag(&[&below, &lower, &upper]))
        .issuers(&[]),
        case(
            pki,
            "anchor_other_name_permitted",
            "name_constraint",
            Medium,
            &["31"],
            "The anchor's own name constraints permit other names alone.",
        )
        .document(&pki.signed_by(&leaf).bag(&[&leaf, &under_anchor]))
        .anchors(&[&anchor])
        .issuers(&[]),
    ]
}

fn budgets(pki: &Pki) -> Vec<Case> {
    let crowd: Vec<_> = (0..120).map(|number| namesake(pki, number)).collect();
    let names =
        (0..256_u16).map(|number| general_name::dns(format!("r{number}.metadata.azure.com"))).collect::<Vec<_>>();
    let constraints = |path_length| {
        let permitted = (0..255_u16).map(|number| general_name::dns(format!("p{number}.test")));
        let permitted: Vec<_> = permitted.chain([general_name::dns("azure.com")]).collect();
        let excluded: Vec<_> = (0..256_u16).map(|number| general_name::dns(format!("x{number}.test"))).collect();
        (extension::name_constraints(&permitted, &excluded), extension::authority(Some(path_length)))
    };
    let constrained = |common_name: &str, path_length, issuer: &Certificate| {
        let (constraints, length) = constraints(path_length);
        pki::issuing(name::authority(common_name), &pki.keys.key("ecc_attacker"), issuer)
            .extension(constraints)
            .extension(length)
            .issue()
    };
    let upper = constrained("azure-imds test CA of many constraints", 1, &pki.ecc_root).named("many_constraints");
    let lower = constrained("azure-imds test CA of as many below", 0, &upper).named("many_constraints_below");
    let leaf =
        pki::leaf(&pki.keys.key("ecc_leaf_p256"), &lower).extension(extension::alternative_names(&names)).issue();
    let lone = pki.short_leaf().with(|leaf| leaf.issuer = crowd[0].subject.clone()).issue();
    vec![
        pki.short_case(
            "chain::crowd_of_namesakes",
            "signature_check_limit",
            High,
            &["34"],
            "120 issuers of one name, none of them the right one: each costs a signature check, and \
                there must be an end to it.",
        )
        .document(&Document::new(&lone, Claims::default()))
        .issuers(&crowd.iter().collect::<Vec<_>>()),
        pki.short_case(
            "chain::many_names_many_constraints",
            "path_budget",
            Low,
            &["34"],
            "256 names against 1024 name constraints of two CAs: quadratic work, of which there must be an end.",
        )
        .document(&Document::new(&leaf, Claims::default()))
        .issuers(&[&lower, &upper]),
    ]
}

/// The right issuer is there and comes last. The document costs one check; each of the others one, that of its key on
/// the leaf; and the right one two, that one and the anchor's on it. 16 are allowed.
fn crowds(pki: &Pki) -> Vec<Case> {
    let right = crowded(pki, &pki.ecc_issuing.key).issue().named("crowd_right");
    let broken =
        crowded(pki, &crowd_key(12)).with(|authority| authority.break_signature = true).issue().named("crowd_broken");
    let leaf = pki.short_leaf().with(|leaf| leaf.issuer.clone_from(&right.subject));
    let document = Document::new(&leaf.issue(), Claims::short());
    let case = |id: &str, verdict, importance, description: &str, others: &[Certificate]| {
        // Issuers are tried in the order of their DER.
        assert!(others.iter().all(|other| other.der < right.der), "{id}: the right issuer is not the last");
        pki.short_case(&format!("chain::crowd_{id}"), verdict, importance, &["34"], description)
            .document(&document)
            .issuers(&others.iter().chain([&right]).collect::<Vec<_>>())
    };
    let others = |count| (0..count).map(|number| namesake(pki, number)).collect::<Vec<_>>();
    let limit = "signature_check_limit";
    let own_identifier = |number| {
        let key = crowd_key(number);
        let label = Box::leak(format!("crowd_named_{number:03}").into_boxed_str());
        crowded(pki, &key).extension(extension::subject_key(&key.identifier())).issue().named(label)
    };
    let named: Vec<_> = (0..100).map(own_identifier).collect();
    let ring = ring();
    let ring_leaf = pki
        .short_leaf()
        .with(|leaf| {
            leaf.issuer.clone_from(&ring[0].subject);
            leaf.signer = ring[0].key.clone();
        })
        .issue();
    vec![
        pki.short_case(
            "chain::crowd_with_key_identifiers",
            VERIFIED,
            High,
            &["34", "X1"],
            "A hundred issuers of one name, each with its own key identifier: the leaf names the right one's, which \
                is tried first.",
        )
        .document(&document)
        .issuers(&named.iter().chain([&right]).collect::<Vec<_>>()),
        pki.short_case(
            "chain::ring_of_one_name",
            limit,
            High,
            &["34", "X1"],
            "Thirty CAs of one name with keys of their own, each certified by the next, in a ring: by names alone \
                there are millions of ways through it.",
        )
        .document(&Document::new(&ring_leaf, Claims::short()).bag(&[&ring_leaf]))
        .issuers(&ring.iter().collect::<Vec<_>>()),
        case(
            "before_the_right_one",
            limit,
            High,
            "20 issuers of one name come before the right one: there is an end to it before that one is reached.",
            &others(20),
        ),
        case(
            "of_17_checks",
            limit,
            Medium,
            "Fourteen issuers of one name before the right one: 17 signature checks with the document's own.",
            &others(14),
        ),
        case(
            "of_16_checks",
            VERIFIED,
            Medium,
            "The same with thirteen, one of which the anchor has not signed: 16.",
            &[others(12), vec![broken.clone()]].concat(),
        ),
    ]
}

/// CAs that share a name, each certified by the next.
fn ring() -> Vec<Certificate> {
    let subject = name::name(&[(oid::COMMON_NAME, "ring")]);
    (0..30)
        .map(|number| {
            let next = crowd_key(200 + (number + 1) % 30);
            CertificateBuilder::self_signed(subject.clone(), &crowd_key(200 + number))
                .with(|authority| authority.signer = next.clone())
                .extension(extension::authority_key(&next.identifier()))
                .valid(midnight(2025, 8, 1), midnight(2029, 6, 3))
                .extension(extension::authority(None))
                .extension(extension::key_usage(extension::usage::KEY_CERT_SIGN))
                .issue()
                .named(Box::leak(format!("ring_{number}").into_boxed_str()))
        })
        .collect()
}

/// A CA that shares its name and its key identifier with a hundred others.
fn namesake(pki: &Pki, number: u16) -> Certificate {
    crowded(pki, &crowd_key(number)).issue().named(Box::leak(format!("crowd_{number:03}").into_boxed_str()))
}

fn crowd_key(number: u16) -> Key {
    let mut rng = crate::rng::SeededRng::new(&number.to_be_bytes(), "crowd");
    Key::p256(p256::ecdsa::SigningKey::from_slice(&rng.bytes(32)).expect("scalar"))
}

fn crowded(pki: &Pki, key: &Key) -> CertificateBuilder {
    let subject = name::name(&[(oid::COMMON_NAME, "crowd")]);
    CertificateBuilder::new(subject, key, &pki.ecc_root)
        .valid(midnight(2025, 8, 1), midnight(2029, 6, 3))
        .extension(extension::authority(Some(0)))
        .extension(extension::key_usage(extension::usage::KEY_CERT_SIGN))
        .extension(extension::subject_key(&pki.ecc_issuing.key.identifier()))
}
