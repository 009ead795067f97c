//! PKITS: every path that needs neither CRLs nor policies, and every message that is signed with RSA.

use azure_imds_tests::corpora::pkits::{self, STRICTER, UNREADABLE};

#[test]
fn every_path_gets_the_suites_verdict_or_is_listed() {
    let Some(folder) = pkits::folder() else { return };
    let paths = pkits::paths(&folder);
    assert_eq!(paths.len(), 87);
    let divergences: Vec<_> = paths.iter().filter_map(pkits::PathOutcome::divergence).collect();
    assert!(divergences.is_empty(), "{} of 87:\n{}", divergences.len(), divergences.join("\n"));
    assert!(STRICTER.iter().all(|(id, ..)| paths.iter().any(|path| path.id == *id)));
}

#[test]
fn every_message_verifies_and_none_with_an_octet_changed() {
    let Some(folder) = pkits::folder() else { return };
    let messages = pkits::messages(&folder);
    assert_eq!(messages.len(), 221);
    let wrong: Vec<_> = messages.iter().filter(|message| !message.is_right()).collect();
    assert!(wrong.is_empty(), "{} of 221: {wrong:#?}", wrong.len());
    assert_eq!(messages.iter().filter(|message| message.original == "passed").count(), 221 - UNREADABLE.len());
}
