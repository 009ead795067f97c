//! Step 8 of the verification: the claims against what is expected of them.

use alloc::format;
use alloc::string::ToString;

use super::check::{Check, Recorder};
use super::evaluation::Conditions;
use crate::attested::claims::Claims;
use crate::attested::claims::expectations::At;
use crate::quoted::Quoted;

/// Step 8 after the claims are read.
pub(super) fn check_claims(conditions: &Conditions<'_>, claims: &Claims, recorder: &mut Recorder) {
    let Conditions { expectations, at, .. } = conditions;
    match expectations.nonce.expected() {
        Some(expected) => {
            let compared = claims.check_nonce(expected);
            recorder.note(Check::Nonce, compared, |()| "the one asked for".to_string());
        }
        None => recorder.not_checked(Check::Nonce, expectations.unchecked_nonce_advice()),
    }
    let window = claims.check_window(*at, expectations.skew);
    if *at == At::SigningTime && window.is_ok() {
        recorder.not_checked(Check::Window, "judged at its signing time: whether it has expired is open");
    } else {
        recorder.note(Check::Window, window, |()| format!("{} to {}", claims.created_on, claims.expires_on));
    }
    let expected = |given: bool| if given { "" } else { "not asked for" };
    match expectations.max_age {
        Some(limit) => {
            let age = claims.check_age(*at, limit);
            recorder.note(Check::MaxAge, age, |age| format!("{} s old, at most {} s", age.as_secs(), limit.as_secs()));
        }
        None => recorder.not_checked(Check::MaxAge, expected(false)),
    }
    let checks = [
        (Check::VmId, expectations.vm_id.as_deref().map(|it| (claims.check_vm_id(it), it))),
        (
            Check::SubscriptionId,
            expectations.subscription_id.as_deref().map(|it| (claims.check_subscription_id(it), it)),
        ),
        (Check::Sku, expectations.sku.as_deref().map(|it| (claims.check_sku(it), it))),
        (Check::Plan, expectations.plan.as_ref().map(|it| (claims.check_plan(it), it.name.as_str()))),
    ];
    for (check, asked) in checks {
        match asked {
            Some((result, value)) => {
                recorder.note(check, result, |()| Quoted::from(value).to_string());
            }
            None => recorder.not_checked(check, expected(false)),
        }
    }
}
