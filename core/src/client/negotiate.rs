//! Which version to ask for when the service refuses one.

use crate::metadata::api_version::ApiVersion;
use crate::metadata::category::Category;

/// Versions tried when the service refuses one and names none, as it did before 2020 and as Azure Stack Hub does.
const LADDER: [ApiVersion; 5] = [
    ApiVersion::new(2021, 2, 1),
    ApiVersion::new(2019, 6, 1),
    ApiVersion::new(2018, 10, 1),
    ApiVersion::new(2018, 2, 1),
    ApiVersion::new(2017, 4, 2),
];

/// Versions that one call tries at most.
const LIMIT: usize = 8;

/// The next version: the newest named below the last one refused, else the newest named; else one step down. Each is
/// tried once.
pub(super) fn next_version(category: Category, newest: &[ApiVersion], tried: &[ApiVersion]) -> Option<ApiVersion> {
    let refused = *tried.last()?;
    if tried.len() >= LIMIT {
        return None;
    }
    let is_known = |version: &ApiVersion| category.versions().first().is_some_and(|first| version >= first);
    // The versions named are those of instance metadata, whatever was asked.
    let newest = if category == Category::ScheduledEvents { &[] } else { newest };
    let named = newest.iter().copied().filter(|version| is_known(version) && !tried.contains(version));
    let below = named.clone().filter(|version| *version < refused).max();
    let steps = match category {
        Category::ScheduledEvents => ApiVersion::SCHEDULED_EVENTS,
        _ => &LADDER,
    };
    let step = || {
        let steps = steps.iter().copied().filter(|version| is_known(version) && !tried.contains(version));
        steps.filter(|version| *version < refused).max()
    };
    below.or_else(|| named.max()).or_else(step)
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use super::*;

    fn all(category: Category, first: ApiVersion, newest: &[ApiVersion]) -> Vec<ApiVersion> {
        let mut tried = vec![first];
        while let Some(next) = next_version(category, newest, &tried) {
            tried.push(next);
        }
        tried
    }

    #[test]
    fn takes_what_is_named_first() {
        let named = [ApiVersion::new(2020, 10, 1), ApiVersion::new(2020, 9, 1)];
        assert_eq!(next_version(Category::Instance, &named, &[ApiVersion::NEWEST]), Some(named[0]));
        assert_eq!(next_version(Category::LoadBalancer, &named, &[ApiVersion::NEWEST]), Some(named[0]));
        assert_eq!(
            next_version(Category::LoadBalancer, &named[1..], &[ApiVersion::NEWEST]),
            Some(ApiVersion::new(2021, 2, 1))
        );
        // An old version that is no longer accepted.
        assert_eq!(next_version(Category::Instance, &named, &[ApiVersion::new(2017, 3, 1)]), Some(named[0]));
    }

    #[test]
    fn steps_down_to_the_first() {
        let instance = all(Category::Instance, ApiVersion::NEWEST, &[]);
        assert_eq!((instance.len(), instance.last()), (6, Some(&ApiVersion::new(2017, 4, 2))));
        assert_eq!(all(Category::Attested, ApiVersion::NEWEST, &[]).last(), Some(&ApiVersion::new(2018, 10, 1)));
        let events = all(Category::ScheduledEvents, ApiVersion::new(2020, 7, 1), ApiVersion::INSTANCE);
        assert_eq!(events.len(), 7);
        assert_eq!(next_version(Category::Versions, &[], &[]), None);
    }

    #[test]
    fn ends() {
        let many: Vec<_> = (1..=28).map(|day| ApiVersion::new(2030, 1, day)).collect();
        assert_eq!(all(Category::Instance, ApiVersion::NEWEST, &many).len(), LIMIT);
    }
}
