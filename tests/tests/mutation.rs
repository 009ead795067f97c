//! Valid documents changed in every single place; a sample in each run, all of it on demand.

use azure_imds_tests::corpora::mutation::{self, Subject, Tally};
use azure_imds_tests::key_ring::KeyRing;
use azure_imds_tests::pki::Pki;

/// So many changes are passed over for each that the sample makes. Prime, so that every bit of a byte gets its turn.
const STEP: usize = 11;

fn check(step: usize) {
    let pki = Pki::new(KeyRing::parse(include_str!("../vectors/keys.json")));
    for subject in mutation::subjects(&pki) {
        assert_eq!(subject.refusal(&subject.der), None, "{}", subject.name);
        let tally = subject.run(step);
        println!("{}: {} bytes, {} changes: {:?}", subject.name, subject.der.len(), tally.count(), tally.refused);
        nothing_accepted(&subject, &tally);
        if step == 1 {
            assert_eq!(tally.count(), 11 * subject.der.len());
        }
    }
}

fn nothing_accepted(subject: &Subject, tally: &Tally) {
    assert!(tally.accepted.is_empty(), "{}: accepted {:?}", subject.name, tally.accepted);
}

#[test]
fn a_sample_of_all_changes_is_refused() {
    check(STEP);
}

#[test]
#[ignore = "takes minutes: cargo test -p azure-imds-tests --test mutation -- --ignored"]
fn every_change_is_refused() {
    check(1);
}
