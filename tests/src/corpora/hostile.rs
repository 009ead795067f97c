//! Inputs that are made to cost: nesting, lengths that lie, long lists, crowds of CAs, keys of absurd sizes.

use azure_imds::attested::TrustBuilder;
use azure_imds::{Expectations, Nonce, Timestamp, Trust, Verifier};

use crate::asn1::{self, element, integer, length, octet_string, sequence, tag};
use crate::certificate::{Certificate, CertificateBuilder};
use crate::claims::{Claims, NONCE};
use crate::clock::{self, midnight};
use crate::extension::{self, general_name, usage};
use crate::input;
use crate::key::Key;
use crate::name;
use crate::oid;
use crate::pki::{self, Pki};
use crate::signed_data::{Document, attribute, content_type, message_digest};

/// An input, and the issuers that are at hand for it.
#[derive(Clone, Debug)]
pub struct Hostile {
    /// What is hostile about it.
    pub name: String,
    /// The document, as it is handed in.
    pub input: Vec<u8>,
    issuers: Vec<Certificate>,
    anchors: Vec<Certificate>,
}

/// The size up to which an input is looked at.
const LIMIT: usize = 64 * 1024;

/// Bytes of DER whose base64 is just within the limit.
const ROOM: usize = 48_000;

impl Hostile {
    /// A verifier that has the issuers at hand.
    ///
    /// # Panics
    ///
    /// If an issuer can't be read.
    #[must_use]
    pub fn verifier(&self) -> Verifier {
        let add = |trust: TrustBuilder, it: &Certificate| trust.anchors(&it.der).expect("an anchor");
        let trust = self.anchors.iter().fold(Trust::builder_without_anchors(), add);
        let add = |trust: TrustBuilder, it: &Certificate| trust.issuers(&it.der).expect("an issuer");
        Verifier::new(self.issuers.iter().fold(trust, add).build())
    }
}

/// What is asked of every input.
///
/// # Panics
///
/// Never.
#[must_use]
pub fn expectations() -> Expectations {
    Expectations::new(Nonce::new(NONCE).expect("a nonce"))
}

/// The time of every input.
#[must_use]
pub const fn now() -> Timestamp {
    Timestamp::from_unix(clock::NOW.unsigned_abs())
}

/// What is not hostile: a document as Azure writes it, to compare with.
#[must_use]
pub fn ordinary(pki: &Pki) -> Hostile {
    Hostile {
        name: "a document as Azure writes it".into(),
        input: pki.document().der(),
        issuers: vec![pki.issuing.clone()],
        anchors: vec![pki.root.clone()],
    }
}

/// All of them.
#[must_use]
pub fn inputs(pki: &Pki) -> Vec<Hostile> {
    let bare = |(name, input): (String, Vec<u8>)| Hostile {
        name,
        input,
        issuers: vec![pki.issuing.clone(), pki.ecc_issuing.clone()],
        anchors: vec![pki.root.clone(), pki.ecc_root.clone()],
    };
    let mut inputs: Vec<Hostile> =
        [nested(), lengths(pki), identifiers(pki), sets(pki), texts(pki), names(pki), keys(pki)]
            .concat()
            .into_iter()
            .map(bare)
            .collect();
    let crowded =
        |name: &str, input: Vec<u8>, issuers: Vec<Certificate>| Hostile { issuers, ..bare((name.into(), input)) };
    let constrained = many_constraints(pki);
    let many = many_names(pki, &constrained);
    inputs.push(crowded(
        "2048 names, 2048 constraints",
        Document::new(&many, Claims::default()).der(),
        vec![constrained],
    ));
    let crowd: Vec<_> = (0..100).map(|number| authority(number, number + 1, "crowd", Some(&pki.ecc_root))).collect();
    let leaf = leaf_of(pki, &crowd[0].subject, &pki.ecc_issuing.key);
    inputs.push(crowded("100 issuers of one name", Document::new(&leaf, Claims::default()).der(), crowd));
    let ring: Vec<_> = (0..100).map(|number| authority(number, (number + 1) % 100, "ring", None)).collect();
    let leaf = leaf_of(pki, &ring[0].subject, &key(0));
    let document = Document::new(&leaf, Claims::default());
    inputs.push(crowded("ring of 31 CAs inside", document.clone().bag(&bag(&leaf, &ring[..31])).der(), Vec::new()));
    inputs.push(crowded("ring of 100 CAs at hand", document.der(), ring));
    let mesh: Vec<_> = (0..5).flat_map(|of| (0..6).map(move |by| authority(of, by, "mesh", None))).collect();
    let leaf = leaf_of(pki, &mesh[0].subject, &key(0));
    let document = Document::new(&leaf, Claims::default());
    inputs.push(crowded("mesh of 30 cross-signs inside", document.bag(&bag(&leaf, &mesh)).der(), Vec::new()));
    for (name, leaf, crowd) in spenders(pki) {
        let document = Document::new(&leaf, Claims::default());
        let inside = document.clone().bag(&bag(&leaf, &crowd)).der();
        inputs.push(crowded(&format!("16 signature checks, {name}, inside"), inside, Vec::new()));
        inputs.push(crowded(&format!("16 signature checks, {name}, at hand"), document.der(), crowd));
    }
    let (leaf, wall) = wall(pki);
    let document = Document::new(&leaf, Claims::default()).bag(&bag(&leaf, &wall));
    inputs.push(crowded("162 ways to a top of 25,000 names", document.der(), Vec::new()));
    let crowded_names: Vec<_> = (0..20).map(full).collect();
    let document = Document::new(&pki.short_leaf, Claims::default()).bag(&bag(&pki.short_leaf, &crowded_names));
    inputs.push(crowded("20 certificates of as many parts as may be", document.der(), Vec::new()));
    inputs
}

/// A leaf below five layers of CAs of one name and key each, of which 162 ways lead to one certificate that says of its
/// issuer as much as there is room for.
fn wall(pki: &Pki) -> (Certificate, Vec<Certificate>) {
    let layer_name = |layer: u16| name::authority(&format!("layer {layer}"));
    let layer_of = |layer: u16| CertificateBuilder::self_signed(layer_name(layer), &key(300 + layer)).issue();
    let by = |layer: u16, serial: u8, issuer: &Certificate| {
        CertificateBuilder::new(layer_name(layer), &key(300 + layer), issuer)
            .valid(clock::LEAF_START, clock::LEAF_END)
            .with(|it| it.serial = Some(vec![1, serial]))
            .extension(extension::key_usage(usage::KEY_CERT_SIGN))
            .extension(extension::authority(None))
    };
    let mut wall = Vec::new();
    for (layer, width) in (0..).zip([3, 3, 3, 3, 2]) {
        wall.extend((0..width).map(|serial| by(layer, serial + 1, &layer_of(layer + 1)).issue()));
    }
    let names = element(0xa1, &[0x82, 0x00].repeat(25_000));
    let issuer = sequence(&[element(0x80, &[7; 20]), names, element(0x82, &[1])]);
    let authority_key = extension::Extension::new(oid::AUTHORITY_KEY_IDENTIFIER, issuer);
    let nobody = CertificateBuilder::self_signed(name::authority("nobody"), &key(399)).issue();
    wall.push(by(5, 1, &nobody).without(oid::AUTHORITY_KEY_IDENTIFIER).extension(authority_key).issue());
    (leaf_of(pki, &layer_name(0), &key(300)), wall)
}

/// Leafs and 30 issuers of their issuer's name, none of which is it, with the keys that cost the most: the budget of
/// signature checks is spent to the last.
fn spenders(pki: &Pki) -> Vec<(&'static str, Certificate, Vec<Certificate>)> {
    let wide = |bits: usize, exponent: u32, number: u8| {
        let modulus: Vec<u8> = (0..bits / 8).map(|place| if place == 0 { 0xc0 | number } else { 0xff }).collect();
        Key::public(crate::key::rsa_spki(&modulus, &exponent.to_be_bytes()))
    };
    let curve = |number: u8| Key::p384(p384::ecdsa::SigningKey::from_slice(&[number + 1; 48]).expect("scalar"));
    let leaf = |key: &str, signer: &Key| {
        pki.short_leaf_with(&pki.keys.key(key))
            .with(|leaf| {
                leaf.issuer = name::authority("spender");
                leaf.signer = signer.clone();
                leaf.scheme = signer.scheme();
            })
            .issue()
    };
    let crowd = |key: &dyn Fn(u8) -> Key| {
        let issuer = |number| {
            pki::issuing(name::authority("spender"), &key(number), &pki.ecc_root).without_key_identifiers().issue()
        };
        (0..30).map(issuer).collect::<Vec<_>>()
    };
    let (rsa, ecc) = (pki.keys.key("leaf_4096"), pki.keys.key("ecc_leaf_p384"));
    vec![
        ("P-384", leaf("ecc_leaf_p384", &ecc), crowd(&curve)),
        ("RSA-4096", leaf("leaf_4096", &rsa), crowd(&|number| wide(4096, 65_537, number))),
        ("RSA-4096, exponent of 32 bits", leaf("leaf_4096", &rsa), crowd(&|number| wide(4096, u32::MAX, number))),
        ("RSA-8192", leaf("leaf_4096", &rsa), crowd(&|number| wide(8192, 65_537, number))),
    ]
}

/// A certificate with 64 parts in each name and 64 extensions, all as short as can be.
fn full(number: u16) -> Certificate {
    let parts: Vec<_> = (0..64).map(|_| name::part("2.5.4.3", "x")).collect();
    let subject = sequence(&parts.iter().map(|part| asn1::set(&[part])).collect::<Vec<_>>());
    (0..64)
        .fold(CertificateBuilder::self_signed(subject, &key(number)).without_key_identifiers(), |it, number| {
            it.repeat(extension::Extension::new(Box::leak(format!("1.2.{number}").into_boxed_str()), asn1::null()))
        })
        .valid(midnight(2025, 8, 1), midnight(2029, 6, 3))
        .issue()
}

fn bag<'a>(leaf: &'a Certificate, others: &'a [Certificate]) -> Vec<&'a Certificate> {
    std::iter::once(leaf).chain(others).collect()
}

/// One tag inside the other, with the right lengths and without any.
fn nested() -> Vec<(String, Vec<u8>)> {
    let mut inputs = Vec::new();
    for (name, outer) in [("SEQUENCE", 0x30), ("SET", 0x31), ("[0]", 0xa0), ("constructed OCTET STRING", 0x24)] {
        let mut der = Vec::new();
        while der.len() < LIMIT - 8 {
            // Written from within, so backwards.
            der.extend(length(der.len()).iter().rev());
            der.push(outer);
        }
        der.reverse();
        der[0] = 0x30;
        inputs.push((format!("nested {name}"), der));
        for size in [LIMIT, 1024 * 1024] {
            inputs.push((
                format!("nested {name}, indefinite, {size} bytes"),
                [0x30, 0x80].into_iter().chain([outer, 0x80].repeat(size / 2 - 1)).collect(),
            ));
        }
    }
    inputs
}

/// A document in which the length of every element, one after the other, is a giant.
fn lengths(pki: &Pki) -> Vec<(String, Vec<u8>)> {
    let der = pki.short(Claims::short()).der();
    let giants: [&[u8]; 4] = [
        &[0x84, 0xff, 0xff, 0xff, 0xff],
        &[0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        &[0xfe],
        &[0x83, 0xff, 0xff, 0xff],
    ];
    let mut inputs = Vec::new();
    for place in (1..der.len()).step_by(3) {
        for giant in giants {
            inputs.push((format!("giant length at {place}"), [&der[..place], giant, &der[place + 1..]].concat()));
        }
    }
    inputs
}

fn identifiers(pki: &Pki) -> Vec<(String, Vec<u8>)> {
    let long = element(tag::OID, &[vec![0x2a], vec![0x01; ROOM], vec![0x01]].concat());
    let arc = element(tag::OID, &[vec![0x2a], vec![0xff; ROOM], vec![0x7f]].concat());
    let zeros = element(tag::OID, &[vec![0x2a], vec![0x80; ROOM], vec![0x01]].concat());
    let mut inputs = Vec::new();
    for (name, identifier) in [("arcs", long), ("digits of one arc", arc), ("leading zeros", zeros)] {
        let content_info = sequence(&[identifier.clone(), element(tag::explicit(0), &[])]);
        inputs.push((format!("identifier of 48,000 {name}: content type"), content_info));
        let digest = pki.short(Claims::short()).digest_algorithm(&sequence(std::slice::from_ref(&identifier)));
        inputs.push((format!("identifier of 48,000 {name}: digest"), digest.der()));
        let attributes = vec![content_type(oid::DATA), sequence(&[identifier, asn1::set(&[integer(1)])])];
        inputs.push((
            format!("identifier of 48,000 {name}: attribute"),
            pki.short(Claims::short()).attributes(attributes).der(),
        ));
    }
    inputs
}

/// Sets of thousands of elements in the order opposite to that of DER, and in order.
fn sets(pki: &Pki) -> Vec<(String, Vec<u8>)> {
    let count = ROOM / 6;
    let numbers = |reversed: bool| -> Vec<Vec<u8>> {
        let mut all: Vec<_> = (0..count).map(|number| octet_string(&(number as u32).to_be_bytes())).collect();
        if reversed {
            all.reverse();
        }
        all
    };
    let mut inputs = Vec::new();
    for (order, reversed) in [("in order", false), ("reversed", true)] {
        let short = || pki.short(Claims::short());
        let digest = crate::signed_data::sha256(&Claims::short().render().into_bytes());
        let with = |more: Vec<Vec<u8>>| {
            short().signer(|signer| {
                signer.attributes = Some([vec![content_type(oid::DATA), message_digest(&digest)], more].concat());
            })
        };
        let many: Vec<_> = numbers(reversed)
            .iter()
            .map(|it| sequence(&[asn1::oid(oid::UNKNOWN), asn1::set(&[it])]))
            .take(2_000)
            .collect();
        inputs.push((
            format!("digest algorithms, {order}"),
            short().with(|it| it.digest_algorithms = numbers(reversed)).der(),
        ));
        inputs.push((format!("signed attributes, {order}"), with(many).der()));
        inputs.push((
            format!("values of an attribute, {order}"),
            with(vec![attribute(oid::UNKNOWN, &numbers(reversed))]).der(),
        ));
        inputs.push((
            format!("certificates, {order}"),
            short().with(|it| it.certificates = Some(numbers(reversed))).der(),
        ));
        inputs.push((
            format!("unsigned attributes, {order}"),
            short().signer(|it| it.unsigned = Some(numbers(reversed))).der(),
        ));
        inputs.push((format!("signers, {order}"), {
            let mut parts = short().parts();
            let last = parts.len() - 2;
            parts[last] = asn1::set(&numbers(reversed));
            sequence(&[asn1::oid(oid::SIGNED_DATA), element(tag::explicit(0), &sequence(&parts))])
        }));
        let mut names: Vec<Vec<u8>> = numbers(reversed)
            .iter()
            .take(1_500)
            .map(|it| {
                sequence(&[
                    asn1::oid(oid::COMMON_NAME),
                    element(tag::PRINTABLE_STRING, format!("{:06x}", it[5] as usize * 256 + it[4] as usize).as_bytes()),
                ])
            })
            .collect();
        if reversed {
            names.reverse();
        }
        let leaf = pki.short_leaf().with(|it| it.subject = sequence(&[asn1::set(&names)])).issue();
        inputs.push((format!("parts of a name, {order}"), Document::new(&leaf, Claims::short()).der()));
    }
    inputs
}

/// JSON and the texts around a document.
fn texts(pki: &Pki) -> Vec<(String, Vec<u8>)> {
    let signed = |content: Vec<u8>| Document::new(&pki.short_leaf, content).der();
    let keys = |count: usize| (0..count).map(|number| format!("\"{number}\":0")).collect::<Vec<_>>().join(",");
    let mut inputs = Vec::new();
    let room = ROOM - 2_000;
    for (name, text) in [
        ("lists", format!("{{\"a\":{}", "[".repeat(room))),
        ("objects", "{\"a\":".repeat(room / 5)),
        ("keys", format!("{{{}}}", keys(room / 10))),
        ("one key twice", format!("{{\"{0}\":0,\"{0}\":0}}", "k".repeat(room / 2 - 16))),
        ("digits", format!("{{\"vmId\":{}}}", "9".repeat(room))),
        ("escapes", format!("{{\"vmId\":\"{}\"}}", "\\u001b".repeat(room / 6))),
        ("white space", format!("{{{}}}", " ".repeat(room))),
        ("no end", format!("{{\"vmId\":\"{}", "x".repeat(room))),
    ] {
        inputs.push((format!("claims of many {name}"), signed(text.clone().into_bytes())));
        inputs.push((format!("envelope of many {name}"), text.into_bytes()));
    }
    let der = pki.short(Claims::short()).der();
    inputs.push(("base64 of zeros".into(), vec![b'A'; LIMIT]));
    inputs.push(("base64 of padding".into(), vec![b'='; LIMIT]));
    inputs.push(("base64 of line ends".into(), [b"MII".to_vec(), b"\r\n".repeat(LIMIT / 2 - 2)].concat()));
    inputs.push(("white space".into(), vec![b' '; LIMIT]));
    inputs.push((
        "PEM without end".into(),
        ["-----BEGIN PKCS7-----\n".to_owned(), "A\n".repeat(LIMIT / 2 - 20)].concat().into_bytes(),
    ));
    inputs.push(("PEM of dashes".into(), vec![b'-'; LIMIT]));
    inputs.push(("PEM with a header".into(), input::pem(&"P".repeat(LIMIT / 4), &der).into_bytes()));
    inputs.push(("a megabyte".into(), vec![b'A'; 1024 * 1024]));
    inputs
}

/// Certificates whose names and extensions are long.
fn names(pki: &Pki) -> Vec<(String, Vec<u8>)> {
    let document = |leaf: CertificateBuilder| Document::new(&leaf.issue(), Claims::short()).der();
    let long = "x".repeat(ROOM - 4_000);
    let parts: Vec<_> = (0..1_500).map(|_| (oid::COMMON_NAME, "control \u{1b}[2J")).collect();
    vec![
        (
            "long common name".into(),
            document(pki.short_leaf().with(|leaf| leaf.subject = name::name(&[(oid::COMMON_NAME, &long)]))),
        ),
        ("1500 common names".into(), document(pki.short_leaf().with(|leaf| leaf.subject = name::name(&parts)))),
        ("long alternative name".into(), document(pki.short_leaf().names(&[&long]))),
        ("long address of the issuer".into(), document(pki.short_leaf().extension(extension::issuer_address(&long)))),
        (
            "1500 extensions".into(),
            document((0..1_500).fold(pki.short_leaf(), |leaf, number| {
                leaf.repeat(extension::Extension::new(
                    Box::leak(format!("1.3.6.1.4.1.32473.{number}").into_boxed_str()),
                    integer(1),
                ))
            })),
        ),
    ]
}

/// Keys whose arithmetic would take long, were there any.
fn keys(pki: &Pki) -> Vec<(String, Vec<u8>)> {
    let rsa = |modulus: usize, exponent: usize| {
        let number = |bits: usize| element(tag::INTEGER, &[vec![0], vec![0xff; bits / 8]].concat());
        let key = sequence(&[number(modulus), number(exponent)]);
        let info = sequence(&[asn1::algorithm_null(oid::RSA), asn1::bit_string(&key)]);
        let leaf = pki.leaf_with(&pki.keys.key("leaf").with_spki(info)).issue();
        pki.signed_by(&leaf).der()
    };
    vec![
        ("modulus of 16,384 bits".into(), rsa(16_384, 24)),
        ("modulus of 300,000 bits".into(), rsa(300_000, 24)),
        ("exponent of 4,096 bits".into(), rsa(2_048, 4_096)),
        ("modulus and exponent of 4,096 bits".into(), rsa(4_096, 4_096)),
    ]
}

fn many_constraints(pki: &Pki) -> Certificate {
    let subtrees: Vec<_> = (0..2_048).map(|number| general_name::dns(format!("x{number}.test"))).collect();
    pki::issuing(name::authority("azure-imds test CA of many constraints"), &key(0), &pki.ecc_root)
        .extension(extension::name_constraints(&[], &subtrees))
        .issue()
}

fn many_names(pki: &Pki, issuer: &Certificate) -> Certificate {
    let names: Vec<_> = (0..2_048).map(|number| general_name::dns(format!("{number}.metadata.azure.com"))).collect();
    pki::leaf(&pki.keys.key("ecc_leaf_p256"), issuer).extension(extension::alternative_names(&names)).issue()
}

fn leaf_of(pki: &Pki, issuer: &[u8], by: &Key) -> Certificate {
    pki.short_leaf()
        .with(|leaf| {
            leaf.issuer = issuer.to_vec();
            leaf.signer = by.clone();
        })
        .issue()
}

/// A CA of a shared name with the key of one number, certified by that of another or by a root.
fn authority(number: u16, by: u16, common_name: &str, root: Option<&Certificate>) -> Certificate {
    let subject = name::name(&[(oid::COMMON_NAME, common_name)]);
    let builder = match root {
        Some(root) => CertificateBuilder::new(subject, &key(number), root),
        None => CertificateBuilder::self_signed(subject, &key(number)).with(|it| it.signer = key(by)),
    };
    builder
        .valid(midnight(2025, 8, 1), midnight(2029, 6, 3))
        .extension(extension::authority(None))
        .extension(extension::key_usage(usage::KEY_CERT_SIGN))
        .issue()
}

fn key(number: u16) -> Key {
    let mut rng = crate::rng::SeededRng::new(&number.to_be_bytes(), "hostile");
    Key::p256(p256::ecdsa::SigningKey::from_slice(&rng.bytes(32)).expect("scalar"))
}
