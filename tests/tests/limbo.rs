//! x509-limbo: no chain is accepted that limbo refuses, and each that it accepts is accepted or listed with a reason.

use azure_imds_tests::corpora::limbo::{self, BY_NAMES, NOT_OFFERED, Outcome, STRICTER};

fn outcomes() -> Option<Vec<Outcome>> {
    limbo::cases().map(|cases| limbo::run_all(&cases))
}

#[test]
fn every_verdict_that_counts_is_limbos_or_listed() {
    let Some(outcomes) = outcomes() else { return };
    println!("{}", limbo::table(&outcomes));
    let counted: Vec<_> = outcomes.iter().filter(|outcome| outcome.counts).collect();
    assert_eq!((outcomes.len(), counted.len()), (208, 139));
    let divergences: Vec<_> = counted.iter().filter_map(|outcome| outcome.divergence()).collect();
    assert!(divergences.is_empty(), "{} of {}:\n{}", divergences.len(), counted.len(), divergences.join("\n"));
    let as_limbo = counted.iter().filter(|outcome| outcome.chain.is_ok() == outcome.expected).count();
    assert_eq!(as_limbo, 139 - STRICTER.len() - BY_NAMES.len() - NOT_OFFERED.len());
}

#[test]
fn every_entry_of_the_tables_is_a_case_that_counts() {
    let Some(outcomes) = outcomes() else { return };
    let ids = STRICTER.iter().chain(BY_NAMES).map(|(id, ..)| *id).chain(NOT_OFFERED.iter().map(|(id, _)| *id));
    for id in ids {
        assert!(outcomes.iter().any(|outcome| outcome.id == id && outcome.counts), "{id}");
    }
}

#[test]
fn chains_of_real_sites_pass() {
    let Some(outcomes) = outcomes() else { return };
    let online: Vec<_> = outcomes.iter().filter(|outcome| outcome.namespace() == "online").collect();
    assert_eq!(online.len(), 14);
    for outcome in online {
        assert!(outcome.chain.is_ok(), "{outcome:?}");
    }
}

#[test]
fn no_case_costs_more_than_sixteen_signature_checks() {
    let Some(outcomes) = outcomes() else { return };
    let most = outcomes.iter().map(|outcome| outcome.signature_checks).max();
    assert!(most <= Some(16), "{most:?}");
}
