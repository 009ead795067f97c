//! Project Wycheproof: every applicable signature gets the right verdict, and the vectors are all there.

use azure_imds_tests::corpora::wycheproof::{self, Tally};

fn check(tally: &Tally, accepted: usize, refused: usize, refused_by_the_list: usize) {
    assert!(tally.wrong.is_empty(), "{:?}", tally.wrong);
    let found = (tally.accepted, tally.refused, tally.refused_by_the_list);
    assert_eq!(found, (accepted, refused, refused_by_the_list));
}

#[test]
fn rsa_pkcs1() {
    check(&wycheproof::pkcs1(), 68, 3017, 21);
}

#[test]
fn rsa_pss() {
    let tally = wycheproof::pss();
    check(&tally, 775, 674, 755);
    assert_eq!(tally.accepted_by_the_list, 2);
}

#[test]
fn ecdsa() {
    check(&wycheproof::ecdsa(), 1004, 1552, 0);
}
