//! Graphs of CAs that certify each other, with every single certificate broken in every way, and name constraints in
//! every combination: accepted is what some way through whole certificates leads to, and nothing else.

use std::collections::BTreeMap;

use azure_imds::layers::{self, Leaf};
use azure_imds::{Timestamp, Trust};
use azure_imds_tests::asn1::algorithm;
use azure_imds_tests::certificate::{Certificate, CertificateBuilder};
use azure_imds_tests::extension::{self, general_name, usage};
use azure_imds_tests::key::Key;
use azure_imds_tests::rng::SeededRng;
use azure_imds_tests::{clock, name, oid};

/// Who certifies whom.
type Edges = &'static [(&'static str, &'static str)];

/// The graphs; the first column is the name, and every CA of the second is an anchor in turn. The leaf is `EE`.
const GRAPHS: &[(&str, &[&str], Edges)] = &[
    ("line", &["R"], &[("R", "A"), ("A", "EE")]),
    ("two roots", &["R", "S"], &[("R", "A"), ("S", "A"), ("A", "EE")]),
    ("two CAs", &["R"], &[("R", "A"), ("R", "B"), ("A", "C"), ("B", "C"), ("C", "EE")]),
    // RFC 4158, figure 7.
    (
        "two CAs that certify each other",
        &["R"],
        &[("R", "A"), ("R", "C"), ("A", "C"), ("C", "A"), ("A", "B"), ("C", "B"), ("B", "EE")],
    ),
    // RFC 4158, section 2.4: hierarchies and meshes around a bridge.
    (
        "bridge",
        &["W", "X", "Y", "Z", "bridge"],
        &[
            ("W", "bridge"),
            ("bridge", "W"),
            ("X", "bridge"),
            ("bridge", "X"),
            ("Y", "bridge"),
            ("bridge", "Y"),
            ("Z", "bridge"),
            ("bridge", "Z"),
            ("W", "F"),
            ("F", "G"),
            ("G", "F"),
            ("Y", "P"),
            ("Y", "Q"),
            ("P", "Q"),
            ("Q", "P"),
            ("X", "L"),
            ("L", "N"),
            ("N", "EE"),
        ],
    ),
    ("six CAs", &["R"], &[("R", "A"), ("A", "B"), ("B", "C"), ("C", "D"), ("D", "E"), ("E", "F"), ("F", "EE")]),
    (
        "seven CAs",
        &["R", "A"],
        &[("R", "A"), ("A", "B"), ("B", "C"), ("C", "D"), ("D", "E"), ("E", "F"), ("F", "G"), ("G", "EE")],
    ),
];

/// CAs that may stand between leaf and anchor.
const DEPTH: usize = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Defect {
    Ended,
    NotBegun,
    OtherNames,
    OtherPurpose,
    NoBasicConstraints,
    NoCa,
    NoKeyCertSign,
    Sha1,
    Forged,
}

const DEFECTS: [Defect; 9] = [
    Defect::Ended,
    Defect::NotBegun,
    Defect::OtherNames,
    Defect::OtherPurpose,
    Defect::NoBasicConstraints,
    Defect::NoCa,
    Defect::NoKeyCertSign,
    Defect::Sha1,
    Defect::Forged,
];

impl Defect {
    /// Whether it is one in the leaf too.
    fn spoils_the_leaf(self) -> bool {
        !matches!(self, Self::NoBasicConstraints | Self::NoCa | Self::NoKeyCertSign)
    }

    fn apply(self, certificate: CertificateBuilder) -> CertificateBuilder {
        match self {
            Self::Ended => certificate.valid(clock::LEAF_START, clock::NOW - 1),
            Self::NotBegun => certificate.valid(clock::NOW + 1, clock::LEAF_END),
            Self::OtherNames => {
                certificate.extension(extension::name_constraints(&[general_name::dns("bad.example.com")], &[]))
            }
            Self::OtherPurpose => certificate.extension(extension::purposes(&[oid::EMAIL_PROTECTION])),
            Self::NoBasicConstraints => certificate.without(oid::BASIC_CONSTRAINTS),
            Self::NoCa => certificate.extension(extension::end_entity()),
            Self::NoKeyCertSign => certificate.extension(extension::key_usage(usage::DIGITAL_SIGNATURE)),
            Self::Sha1 => certificate.with(|it| {
                it.inner_algorithm = Some(algorithm("1.2.840.10045.4.1"));
                it.outer_algorithm = it.inner_algorithm.clone();
            }),
            Self::Forged => certificate.with(|it| it.break_signature = true),
        }
    }
}

fn key(of: &str) -> Key {
    let mut rng = SeededRng::new(of.as_bytes(), "paths");
    Key::p256(p256::ecdsa::SigningKey::from_slice(&rng.bytes(32)).unwrap())
}

fn now() -> Timestamp {
    Timestamp::from_unix(clock::NOW.unsigned_abs())
}

fn authority(of: &str) -> CertificateBuilder {
    CertificateBuilder::self_signed(name::authority(of), &key(of))
        .valid(clock::LEAF_START, clock::LEAF_END)
        .extension(extension::authority(None))
        .extension(extension::key_usage(usage::KEY_CERT_SIGN))
}

fn certified((by, of): (&str, &str)) -> CertificateBuilder {
    let issuer = key(by);
    let certificate = match of {
        "EE" => CertificateBuilder::self_signed(name::service("metadata.azure.com"), &key(of))
            .valid(clock::LEAF_START, clock::LEAF_END)
            .names(&["metadata.azure.com"])
            .extension(extension::key_usage(usage::DIGITAL_SIGNATURE))
            .extension(extension::purposes(&[oid::SERVER_AUTH])),
        _ => authority(of),
    };
    certificate.extension(extension::authority_key(&issuer.identifier())).with(|it| {
        it.issuer = name::authority(by);
        it.signer = issuer;
    })
}

/// Whether whole certificates lead from the anchor to the leaf without passing anybody twice.
fn leads(edges: &[(&str, &str)], path: &[&str]) -> bool {
    let head = path[path.len() - 1];
    head == "EE"
        || edges.iter().any(|(by, of)| {
            *by == head
                && !path.contains(of)
                && path.len() <= DEPTH + usize::from(*of == "EE")
                && leads(edges, &[path, &[*of]].concat())
        })
}

#[test]
fn every_graph_gets_its_verdict() {
    let (mut cases, mut accepted, mut most) = (0, 0, 0);
    let mut wrong = Vec::new();
    for (graph, anchors, edges) in GRAPHS {
        let whole: BTreeMap<_, Certificate> = edges.iter().map(|edge| (*edge, certified(*edge).issue())).collect();
        let broken: Vec<_> = edges.iter().flat_map(|edge| DEFECTS.map(|defect| (*edge, defect))).collect();
        for broken in std::iter::once(None).chain(broken.into_iter().map(Some)) {
            let mut certificates = whole.clone();
            let mut left = edges.to_vec();
            if let Some((edge, defect)) = broken {
                certificates.insert(edge, defect.apply(certified(edge)).issue());
                left.retain(|it| *it != edge || edge.1 == "EE" && !defect.spoils_the_leaf());
            }
            for anchor in *anchors {
                let mut trust = Trust::builder_without_anchors().anchors(&authority(anchor).issue().der).unwrap();
                for ((_, of), certificate) in &certificates {
                    if *of != "EE" {
                        trust = trust.issuers(&certificate.der).unwrap();
                    }
                }
                let (_, leaf) = certificates.iter().find(|((_, of), _)| *of == "EE").unwrap();
                let (found, checks) = layers::chain(&trust.build(), &leaf.der, Leaf::Signer, now());
                let expected = leads(&left, &[anchor]);
                cases += 1;
                accepted += usize::from(expected);
                most = most.max(checks);
                if found.is_ok() != expected {
                    let found = found.map(|path| path.len()).map_err(|error| error.code());
                    wrong.push(format!("{graph}, anchor {anchor}, {broken:?}: expected {expected}, found {found:?}"));
                }
            }
        }
    }
    println!("{cases} graphs, {accepted} to be accepted; at most {most} signature checks");
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
    assert!((accepted, cases) > (100, 300));
}

/// Absent, inside the domain or network of this test, or outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Nowhere,
    Inside,
    Outside,
}

const PLACES: [Place; 3] = [Place::Nowhere, Place::Inside, Place::Outside];

impl Place {
    fn pick<T>(self, inside: T, outside: T) -> Option<T> {
        match self {
            Self::Nowhere => None,
            Self::Inside => Some(inside),
            Self::Outside => Some(outside),
        }
    }
}

/// Whether a name breaks a permitted or an excluded subtree of its own kind. The subtrees do not overlap.
fn breaks(name: Place, permitted: Place, excluded: Place) -> bool {
    name != Place::Nowhere && (permitted != Place::Nowhere && permitted != name || excluded == name)
}

#[test]
fn name_constraints_hold_for_every_combination() {
    let dns = |place: Place| place.pick(general_name::dns("localhost"), general_name::dns("example.com"));
    let network = |place: Place| {
        place
            .pick(&[127, 0, 0, 0, 255, 255, 255, 0], &[1, 1, 1, 0, 255, 255, 255, 0])
            .map(|it| general_name::address(it))
    };
    let (mut cases, mut accepted, mut wrong) = (0, 0, Vec::new());
    for number in 0..3_usize.pow(6) * 3 {
        let digit = |place: u32| PLACES[number / 3_usize.pow(place) % 3];
        let [dns_name, address, dns_permitted, dns_excluded, net_permitted, net_excluded] =
            [0, 1, 2, 3, 4, 5].map(digit);
        let where_to = number / 3_usize.pow(6);
        let permitted: Vec<_> = [dns(dns_permitted), network(net_permitted)].into_iter().flatten().collect();
        let excluded: Vec<_> = [dns(dns_excluded), network(net_excluded)].into_iter().flatten().collect();
        let constrain = |certificate: CertificateBuilder, here: usize| {
            if where_to == here && permitted.len() + excluded.len() > 0 {
                certificate.extension(extension::name_constraints(&permitted, &excluded))
            } else {
                certificate
            }
        };
        let names = [
            dns_name.pick(general_name::dns("test.localhost"), general_name::dns("bad.example.com")),
            address.pick(&[127, 0, 0, 1], &[1, 1, 1, 1]).map(|it| general_name::address(it)),
        ];
        let names: Vec<_> = names.into_iter().flatten().collect();
        let mut leaf = certified(("B", "EE")).without(oid::SUBJECT_ALT_NAME);
        if !names.is_empty() {
            leaf = leaf.extension(extension::alternative_names(&names));
        }
        let trust = Trust::builder_without_anchors().anchors(&constrain(authority("R"), 0).issue().der).unwrap();
        let trust = trust.issuers(&constrain(certified(("R", "A")), 1).issue().der).unwrap();
        let trust = trust.issuers(&constrain(certified(("A", "B")), 2).issue().der).unwrap();
        let (found, _) = layers::chain(&trust.build(), &leaf.issue().der, Leaf::Signer, now());
        let expected = !breaks(dns_name, dns_permitted, dns_excluded) && !breaks(address, net_permitted, net_excluded);
        cases += 1;
        accepted += usize::from(expected);
        let found = found.map(|path| path.len()).map_err(|error| error.code());
        if found != if expected { Ok(4) } else { Err("name_constraint") } {
            wrong.push(format!(
                "{dns_name:?} {address:?} permitted {dns_permitted:?} {net_permitted:?} excluded {dns_excluded:?} \
                 {net_excluded:?} at {where_to}: expected {expected}, found {found:?}"
            ));
        }
    }
    println!("{cases} combinations, {accepted} to be accepted");
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
}
