//! Stories of who is missing, of several who might be: their address is asked first.

use super::*;

/// The verdict, and which addresses are asked, of a web that has nothing: the signer's issuer, and the one above.
fn asked(issuers: &[&Certificate], issuer: &Certificate) -> (&'static str, Vec<String>) {
    let trust = issuers.iter().fold(anchors(&[&PKI.root, &ROOT_CA]), |it, at_hand| it.issuers(&at_hand.der).unwrap());
    let input = signed_below(issuer, &[ISSUING]);
    let mut web = Web::default();
    let report = web.drive(&mut Verification::new(&Verifier::new(trust.build()), &input, expectations(), now()));
    (code(&report), web.asked().iter().map(ToString::to_string).collect())
}

fn below_root_g2() -> CertificateBuilder {
    pki::issuing(name::authority("azure-imds test Issuing CA 04"), &ISSUING_CA.key, &PKI.root_g2)
        .extension(addresses(&[ROOT]))
}

#[test]
fn an_issuer_that_has_ended_is_missing() {
    let ended = below_root_g2().valid(clock::LEAF_START - clock::DAY, clock::LEAF_START).issue();
    assert_eq!(asked(&[&ended], &ended), ("certificate_expired", [ISSUING, ROOT].map(str::to_owned).to_vec()));
}

#[test]
fn a_root_that_nobody_trusts_is_missing_though_it_is_at_hand() {
    let issuing = below_root_g2().issue();
    let found = asked(&[&issuing, &PKI.root_g2], &issuing);
    assert_eq!(found, ("root_not_trusted", [ROOT, ISSUING].map(str::to_owned).to_vec()));
}
