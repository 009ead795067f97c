//! Several ways up, none of which holds: the reason must be that of the one that came furthest.

use crate::certificate::{Certificate, CertificateBuilder};
use crate::clock::midnight;
use crate::extension::{self, general_name};
use crate::name;
use crate::pki::{self, Pki};
use crate::scheme::{Hash, Scheme};
use crate::suite::Case;
use crate::suite::Importance::{self, High, Low, Medium};

/// The cases.
#[must_use]
pub fn cases(pki: &Pki) -> Vec<Case> {
    [algorithms(pki), namesakes(pki), ends(pki), given_up(pki), constraints(pki)].concat()
}

fn case(
    pki: &Pki,
    id: &str,
    verdict: &'static str,
    importance: Importance,
    description: &str,
    leaf: &Certificate,
    issuers: &[&Certificate],
) -> Case {
    pki.case(&format!("ways::{id}"), verdict, importance, &["28"], description)
        .document(&pki.signed_by(leaf))
        .issuers(issuers)
}

/// A CA above others, under the names and keys of these cases.
fn upper(pki: &Pki, common_name: &str, key: &str, issuer: &Certificate) -> CertificateBuilder {
    pki::issuing(name::authority(common_name), &pki.keys.key(key), issuer).extension(extension::authority(None))
}

fn by_sha1(builder: CertificateBuilder) -> Certificate {
    builder.with(|certificate| certificate.scheme = Scheme::Pkcs1(Hash::Sha1)).issue()
}

fn algorithms(pki: &Pki) -> Vec<Case> {
    let case = |id: &str, description: &str, leaf: &Certificate, issuers: &[&Certificate]| {
        case(pki, id, "certificate_signature_algorithm", High, description, leaf, issuers)
    };
    let bridge = upper(pki, "azure-imds test bridge", "root_g2", &pki.root).issue().named("bridge");
    let weak_bridge = by_sha1(upper(pki, "azure-imds test bridge", "root_g2", &pki.root)).named("bridge_by_sha1");
    let lower = |issuer: &Certificate| upper(pki, "azure-imds test CA below a bridge", "issuing_2", issuer);
    let weak = by_sha1(lower(&bridge)).named("below_bridge_by_sha1");
    let strong = lower(&bridge).issue().named("below_bridge");
    let leaf = pki.leaf_of(&weak).issue();
    // Two CAs that have certified the bridge, and were certified by it: names go round in circles.
    let [w, y] = [("W", "attacker"), ("Y", "attacker_ca")].map(|(letter, key)| {
        let name = format!("azure-imds test CA {letter}");
        upper(pki, &name, key, &bridge).issue().named(if letter == "W" { "circle_w" } else { "circle_y" })
    });
    let across = |id, issuer: &Certificate| upper(pki, "azure-imds test bridge", "root_g2", issuer).issue().named(id);
    let (over_w, over_y, over_x) = (across("bridge_by_w", &w), across("bridge_by_y", &y), across("bridge_by_x", &weak));
    vec![
        case(
            "lower_by_sha1",
            "Of two issuers the lower one is signed over SHA-1: the signature is right, its algorithm is not accepted.",
            &leaf,
            &[&weak, &bridge],
        ),
        case(
            "upper_by_sha1",
            "Of two issuers the upper one is signed over SHA-1, by the anchor itself.",
            &leaf,
            &[&strong, &weak_bridge],
        ),
        case(
            "bridges_by_sha1",
            "CAs certify each other in circles, and the one step that leads out of them to the anchor is signed over \
                SHA-1. The anchor is trusted: nothing may say that it is not.",
            &leaf,
            &[&weak, &bridge, &w, &y, &over_w, &over_y, &over_x],
        ),
        case(
            "by_sha1_and_nowhere",
            "The same CA has two certificates: one signed over SHA-1 below the anchor, one whose issuer is unknown.",
            &leaf,
            &[&weak, &bridge, &lower(&pki.attacker_ca).issue().named("below_attacker")],
        ),
    ]
}

fn namesakes(pki: &Pki) -> Vec<Case> {
    let with_namesake =
        |id: &str, verdict, importance, description: &str, namesake: &Certificate, issuers: &[&Certificate]| {
            let document = pki.document().bag(&[&pki.leaf, namesake]);
            case(pki, id, verdict, importance, description, &pki.leaf, issuers).document(&document)
        };
    let of_curve = pki::issuing(pki.issuing.subject.clone(), &pki.keys.key("ecc_attacker"), &pki.attacker_root)
        .issue()
        .named("namesake_of_a_curve");
    vec![
        with_namesake(
            "namesake_of_another_kind",
            "issuer_missing",
            High,
            "An embedded namesake of the issuer has a key of another kind, which can't have signed the leaf: the issuer is \
                missing.",
            &of_curve,
            &[],
        ),
        with_namesake(
            "namesake_of_another_kind_beside_the_issuer",
            "root_not_trusted",
            High,
            "The same, and the issuer itself is at hand and leads to a root that is not trusted.",
            &of_curve,
            &[&pki.issuing_xsign, &pki.root_2],
        ),
        with_namesake(
            "namesake_beside_the_issuer",
            crate::suite::VERIFIED,
            Medium,
            "The same, and the issuer leads to the anchor.",
            &of_curve,
            &[&pki.issuing],
        ),
    ]
}

fn ends(pki: &Pki) -> Vec<Case> {
    let ended = pki::issuing(pki.issuing.subject.clone(), &pki.issuing.key, &pki.attacker_root)
        .valid(midnight(2020, 1, 1), midnight(2024, 1, 1))
        .issue()
        .named("issuing_ended");
    let case = |id: &str, verdict, description: &str, issuers: &[&Certificate]| {
        case(pki, id, verdict, Medium, description, &pki.leaf, issuers)
    };
    vec![
        case(
            "ended_and_missing",
            "issuer_missing",
            "The issuer has two certificates: one that has ended, and one that is valid and whose issuer is missing.",
            &[&ended, &pki.issuing_xsign],
        ),
        case(
            "missing_and_not_trusted",
            "root_not_trusted",
            "The issuer has two certificates: the root of one is missing, that of the other is at hand and not trusted.",
            &[&pki.issuing, &pki.issuing_xsign, &pki.root_2],
        )
        .anchors(&[&pki.ecc_root]),
    ]
}

/// A way that was given up beside another, and one that leads back to its own name.
fn given_up(pki: &Pki) -> Vec<Case> {
    let issuing_by = |issuer: &Certificate| pki::issuing(pki.issuing.subject.clone(), &pki.issuing.key, issuer);
    let constraint = extension::name_constraints(&[general_name::dns("example.com")], &[]);
    let constrained = issuing_by(&pki.root).extension(constraint).issue().named("issuing_of_other_names");
    let mut above: Vec<Certificate> = Vec::new();
    for label in ["long_way_1", "long_way_2", "long_way_3", "long_way_4", "long_way_5", "long_way_6", "long_way_7"] {
        let issuer = above.last().unwrap_or(&pki.attacker_root);
        above.push(upper(pki, &format!("azure-imds test {label}"), "attacker_ca", issuer).issue().named(label));
    }
    let long = issuing_by(above.last().unwrap_or(&pki.attacker_root)).issue().named("issuing_of_a_long_way");
    let issuers: Vec<&Certificate> = above.iter().chain([&long, &constrained]).collect();
    let namesake = pki::issuing(pki.issuing.subject.clone(), &pki.keys.key("attacker_ca"), &pki.attacker_root)
        .issue()
        .named("impostor_of_issuing");
    let bridge = upper(pki, "azure-imds test bridge", "root_g2", &namesake).issue().named("bridge_by_impostor");
    let below_bridge = issuing_by(&bridge).issue().named("issuing_below_bridge");
    let case = |id: &str, verdict, description: &str, issuers: &[&Certificate]| {
        case(pki, id, verdict, Medium, description, &pki.leaf, issuers)
    };
    vec![
        case(
            "constrained_and_too_long",
            "name_constraint",
            "The issuer has two certificates: one leads to the anchor and is constrained to other names, the other leads \
                on and on. The reason is that of the way that came to the anchor.",
            &issuers,
        ),
        case("too_long", "path_budget", "The same without the one that leads to the anchor.", &issuers[..8]),
        case(
            "constrained_and_denied",
            "name_constraint",
            "The issuer has two certificates: one leads to the anchor and is constrained to other names, the other is \
                shut out.",
            &[&constrained, &pki.issuing_xsign],
        )
        .deny(&[&pki.issuing_xsign.der]),
        case(
            "back_to_a_name",
            "certificate_signature",
            "The issuer was signed by a CA that names the issuer as its own, and was signed by another key: nothing goes \
                round in circles, a signature is wrong.",
            &[&below_bridge, &bridge],
        ),
        case(
            "round_in_circles",
            "path_invalid",
            "The same, where the issuer did sign that CA: the two have certified each other, and nobody else has.",
            &[
                &below_bridge,
                &upper(pki, "azure-imds test bridge", "root_g2", &below_bridge).issue().named("bridge_below"),
            ],
        ),
    ]
}

fn constraints(pki: &Pki) -> Vec<Case> {
    let names = name::authority("azure-imds tests");
    let below = |id: &'static str, permitted: &[Vec<u8>], excluded: &[Vec<u8>], importance, description: &str| {
        let issuer = pki.authority().extension(extension::name_constraints(permitted, excluded)).issue().named(id);
        let leaf = pki.leaf_of(&issuer).issue();
        case(pki, id, "name_constraint", importance, description, &leaf, &[&issuer])
    };
    vec![
        below(
            "directory_names_excluded",
            &[],
            &[general_name::directory(&names)],
            Low,
            "The issuer may not certify one directory name, which nobody has. Such names are not compared, so the \
                certificate is refused.",
        ),
        below(
            "directory_names_permitted",
            &[general_name::directory(&names)],
            &[],
            Low,
            "The issuer may certify some directory names alone. Such names are not compared, so the certificate is \
                refused.",
        ),
    ]
}
