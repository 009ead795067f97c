//! The parts of the service that a VM can ask: their paths, versions, and how long they may take.

use core::fmt;
#[cfg(feature = "client")]
use core::time::Duration;

use crate::metadata::api_version::ApiVersion;

/// A part of the metadata service.
///
/// Source: [endpoint categories][docs]. Each has limits, versions and ways to fail of its own.
///
/// [docs]: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service#endpoint-categories
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Category {
    /// Signed documents, since 2018-10-01.
    Attested,
    /// Tokens of managed identities, since 2018-02-01.
    Identity,
    /// What the VM is, since 2017-03-01.
    Instance,
    /// Load balancer and public addresses, since 2020-10-01.
    LoadBalancer,
    /// Maintenance to come, since 2017-03-01, with versions of its own.
    ScheduledEvents,
    /// The list of versions, which has no version itself.
    Versions,
}

impl Category {
    /// All parts.
    pub const ALL: &'static [Self] =
        &[Self::Attested, Self::Identity, Self::Instance, Self::LoadBalancer, Self::ScheduledEvents, Self::Versions];

    /// The first segment of its path, after `/metadata/`.
    ///
    /// ```
    /// use azure_imds::metadata::Category;
    ///
    /// assert_eq!(Category::ScheduledEvents.segment(), "scheduledevents");
    /// ```
    #[must_use]
    pub const fn segment(self) -> &'static str {
        match self {
            Self::Attested => "attested",
            Self::Identity => "identity",
            Self::Instance => "instance",
            Self::LoadBalancer => "loadbalancer",
            Self::ScheduledEvents => "scheduledevents",
            Self::Versions => "versions",
        }
    }

    /// The versions that it is known to accept, oldest first; none for the list of versions.
    ///
    /// ```
    /// use azure_imds::ApiVersion;
    /// use azure_imds::metadata::Category;
    ///
    /// assert_eq!(Category::LoadBalancer.versions().first(), Some(&ApiVersion::new(2020, 10, 1)));
    /// assert!(Category::Versions.versions().is_empty());
    /// ```
    #[must_use]
    pub fn versions(self) -> &'static [ApiVersion] {
        let first = match self {
            Self::Attested => ApiVersion::new(2018, 10, 1),
            Self::Identity => ApiVersion::new(2018, 2, 1),
            Self::Instance => return ApiVersion::INSTANCE,
            Self::LoadBalancer => ApiVersion::new(2020, 10, 1),
            Self::ScheduledEvents => return ApiVersion::SCHEDULED_EVENTS,
            Self::Versions => return &[],
        };
        let start = ApiVersion::INSTANCE.partition_point(|version| *version < first);
        ApiVersion::INSTANCE.get(start..).unwrap_or_default()
    }

    /// Whether a version is none from before it: documented or not, since the service takes more than are documented.
    #[cfg(feature = "emulator")]
    pub(crate) fn has_begun(self, version: ApiVersion) -> bool {
        self.versions().first().is_none_or(|first| version >= *first)
    }

    /// The version asked for unless the caller says otherwise; `None` for the list of versions.
    ///
    /// The newest documented one, but for tokens the first: their answer has not changed, and every cloud accepts it.
    #[must_use]
    pub fn default_version(self) -> Option<ApiVersion> {
        match self {
            Self::Identity => self.versions().first().copied(),
            _ => self.versions().last().copied(),
        }
    }

    /// The time for one attempt. The first reading of scheduled events ever switches them on, which may take two
    /// minutes; a token may have to be made first.
    #[cfg(feature = "client")]
    pub(crate) const fn attempt_timeout(self) -> Duration {
        match self {
            Self::Identity => Duration::from_secs(15),
            Self::ScheduledEvents => Duration::from_secs(125),
            _ => Duration::from_secs(5),
        }
    }

    /// The time for a call with all its attempts: enough for the 70 seconds that an update of the service takes.
    #[cfg(feature = "client")]
    pub(crate) const fn deadline(self) -> Duration {
        match self {
            Self::ScheduledEvents => Duration::from_secs(200),
            _ => Duration::from_secs(90),
        }
    }
}

/// The first segment of its path.
impl fmt::Display for Category {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.segment())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_begin_where_the_category_does() {
        let first = |category: Category| category.versions().first().map(alloc::string::ToString::to_string);
        assert_eq!(first(Category::Attested).as_deref(), Some("2018-10-01"));
        assert_eq!(first(Category::Identity).as_deref(), Some("2018-02-01"));
        assert_eq!(first(Category::LoadBalancer).as_deref(), Some("2020-10-01"));
        assert_eq!(first(Category::Versions), None);
        assert_eq!(Category::Identity.default_version(), Some(ApiVersion::new(2018, 2, 1)));
        assert_eq!(Category::ScheduledEvents.default_version(), Some(ApiVersion::new(2020, 7, 1)));
        assert_eq!(Category::Instance.default_version(), Some(ApiVersion::NEWEST));
    }
}
