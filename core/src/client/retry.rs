//! When a failed attempt is made again: by what failed, within the caller's deadline.

use core::time::Duration;

use crate::instant::{Instant, whole_millis};

/// The time between attempts while the service is being updated.
const UPDATE_SPACING: Duration = Duration::from_secs(10);
/// What an update may take.
const UPDATE_LIMIT: Duration = Duration::from_secs(70);
/// The longest wait between two attempts, and the longest that a server can ask for.
const WAIT_LIMIT: Duration = Duration::from_secs(60);
/// The shortest wait that a server can ask for.
const WAIT_LEAST: Duration = Duration::from_secs(1);
/// The time before a document with a fresh nonce is asked for again.
const FRESH_SPACING: Duration = Duration::from_secs(1);

/// How long calls may take and how often they are tried. Times count in whole milliseconds.
///
/// The defaults follow Microsoft's guidance: [errors of the instance service][instance] and [of tokens][tokens].
///
/// [instance]: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service#errors-and-debugging
/// [tokens]: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#retry-guidance
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// For connecting: 2 seconds.
    pub connect_timeout: Duration,
    /// For one attempt. By default 5 seconds; for a token 15, for scheduled events 125, as the first reading ever may
    /// take two minutes.
    pub attempt_timeout: Option<Duration>,
    /// For a call with all its attempts and waits; never overrun. By default 90 seconds, for scheduled events 200.
    pub deadline: Option<Duration>,
    /// Bytes of an answer: 1 MiB.
    pub max_body: usize,
    /// Attempts after the first when the service is throttling or in trouble: 4.
    pub retries: u32,
    /// Attempts after the first when the service can't be reached: 2.
    pub transport_retries: u32,
    /// The first wait, doubled each time up to a minute: 1 second.
    pub backoff: Duration,
    /// Chooses each wait between its length and half as much again: a random number of the caller's. With 0 the waits
    /// are as short as they may be.
    pub jitter: u64,
    /// Asks for another version when the service refuses one: yes.
    pub negotiates: bool,
    /// Keeps the calls of this client within what the service allows a VM, five a second, for tokens 20 and five at
    /// once: yes.
    pub paced: bool,
    /// Asks only once for a field that stays the same while the machine runs: yes.
    pub remembers: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(2),
            attempt_timeout: None,
            deadline: None,
            max_body: 1024 * 1024,
            retries: 4,
            transport_retries: 2,
            backoff: Duration::from_secs(1),
            jitter: 0,
            negotiates: true,
            paced: true,
            remembers: true,
        }
    }
}

impl Policy {
    /// For programs that run while the VM is being set up, when the service may be away for minutes: tries for 20
    /// minutes.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use azure_imds::Client;
    /// use azure_imds::client::Policy;
    ///
    /// let mut policy = Policy::provisioning();
    /// policy.connect_timeout = Duration::from_millis(500);
    /// let client = Client::new().with_policy(policy);
    /// # let _ = client;
    /// ```
    #[must_use]
    pub fn provisioning() -> Self {
        Self {
            deadline: Some(Duration::from_secs(20 * 60)),
            retries: u32::MAX,
            transport_retries: u32::MAX,
            ..Self::default()
        }
    }
}

/// What a failed attempt asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// Nothing: the same request would fail the same way.
    No,
    /// A growing wait; of the server's own length if it says so.
    Backoff { after: Option<Duration> },
    /// The spacing of an update of the service.
    Updating,
    /// A growing wait, as often as an unreachable service is tried.
    Unreached,
    /// A short wait until the service has made a new document.
    Fresh,
}

/// Counts the failures of one call.
#[derive(Clone, Debug, Default)]
pub(super) struct Schedule {
    backoffs: u32,
    unreached: u32,
    updating_since: Option<Instant>,
}

impl Schedule {
    /// The moment of the next attempt, or `None` if there is none before the deadline.
    pub(super) fn next(&mut self, policy: &Policy, again: Again, now: Instant, deadline: Instant) -> Option<Instant> {
        let wait = match again {
            Again::No => return None,
            Again::Fresh => FRESH_SPACING,
            Again::Updating => {
                let since = *self.updating_since.get_or_insert(now);
                // The last attempt is made when the update must be over, not just before.
                if now >= since + UPDATE_LIMIT {
                    return None;
                }
                UPDATE_SPACING
            }
            Again::Backoff { after } => {
                let wait = grown(policy, count(&mut self.backoffs, policy.retries)?);
                after.map_or(wait, |after| after.clamp(WAIT_LEAST, WAIT_LIMIT))
            }
            Again::Unreached => grown(policy, count(&mut self.unreached, policy.transport_retries)?),
        };
        let next = now + wait;
        (next < deadline).then_some(next)
    }
}

/// The number of the failure, from 0, unless that is the last one allowed.
fn count(failures: &mut u32, limit: u32) -> Option<u32> {
    let number = *failures;
    if number >= limit {
        return None;
    }
    *failures = number.saturating_add(1);
    Some(number)
}

/// The wait after the failure of that number: doubled each time, and up to half as long again by the caller's jitter.
fn grown(policy: &Policy, number: u32) -> Duration {
    let doubled = whole_millis(policy.backoff).saturating_mul(1_u64.checked_shl(number).unwrap_or(u64::MAX));
    let wait = doubled.min(whole_millis(WAIT_LIMIT));
    let half = wait.checked_div(2).unwrap_or_default();
    let extra = scattered(policy.jitter, number).checked_rem(half.saturating_add(1)).unwrap_or_default();
    Duration::from_millis(wait.saturating_add(if policy.jitter == 0 { 0 } else { extra }))
}

/// A number that differs from one failure to the next, by the finalizer of SplitMix64. It need not be secret.
const fn scattered(jitter: u64, number: u32) -> u64 {
    let step = (number as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut mixed = jitter.wrapping_add(step);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use super::*;

    const FAR: Instant = Instant::from_millis(u64::MAX);

    /// The moments of all attempts after the first, each failing as soon as it is made.
    fn moments(policy: &Policy, again: Again, deadline: Instant) -> Vec<u64> {
        let (mut schedule, mut now) = (Schedule::default(), Instant::default());
        let mut moments = vec![];
        while let Some(next) = schedule.next(policy, again, now, deadline) {
            moments.push(next.millis());
            now = next;
            assert!(moments.len() < 1_000);
        }
        moments
    }

    #[test]
    fn an_update_is_waited_for_seventy_seconds() {
        let expected: Vec<u64> = (1..=7).map(|turn| turn * 10_000).collect();
        assert_eq!(moments(&Policy::default(), Again::Updating, FAR), expected);
        assert_eq!(
            moments(&Policy::default(), Again::Updating, Instant::from_millis(30_001)),
            [10_000, 20_000, 30_000]
        );
    }

    #[test]
    fn slow_answers_do_not_cost_the_last_attempt() {
        let (mut schedule, mut now, mut last) = (Schedule::default(), Instant::from_millis(300), 0);
        while let Some(next) = schedule.next(&Policy::default(), Again::Updating, now, FAR) {
            last = next.millis();
            now = next + Duration::from_millis(300);
        }
        assert!((70_300..80_300).contains(&last), "{last}");
    }

    #[test]
    fn waits_grow_and_end() {
        let policy = Policy::default();
        assert_eq!(moments(&policy, Again::Backoff { after: None }, FAR), [1_000, 3_000, 7_000, 15_000]);
        assert_eq!(moments(&policy, Again::Unreached, FAR), [1_000, 3_000]);
        assert!(moments(&policy, Again::No, FAR).is_empty());
        let jittered = Policy { jitter: 7, ..Policy::default() };
        let waits = moments(&jittered, Again::Backoff { after: None }, FAR);
        assert!(waits.len() == 4 && (15_000..=22_500).contains(&waits[3]) && waits[3] != 15_000, "{waits:?}");
        let long = Policy { retries: 70, ..Policy::default() };
        assert_eq!(moments(&long, Again::Backoff { after: None }, FAR).len(), 70);
    }

    #[test]
    fn a_servers_wish_is_clamped() {
        for (after, wait) in [(0, 1_000), (1, 1_000), (7, 7_000), (60, 60_000), (u64::MAX, 60_000)] {
            let moments = moments(&Policy::default(), Again::Backoff { after: Some(Duration::from_secs(after)) }, FAR);
            assert_eq!(moments[0], wait);
        }
    }
}
