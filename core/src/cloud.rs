//! The Azure clouds, and the domain in which each one's metadata service signs.

use core::fmt;
use core::str::FromStr;

use crate::error::UsageError;
use crate::quoted::Quoted;

/// An Azure cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Cloud {
    /// The global cloud, `AzurePublicCloud`.
    Public,
    /// Azure Government of the United States, `AzureUSGovernmentCloud`.
    UsGov,
    /// Azure in China, run by 21Vianet, `AzureChinaCloud`.
    China,
    /// Azure Germany, `AzureGermanCloud`; closed in 2021.
    Germany,
}

impl Cloud {
    /// All clouds.
    pub const ALL: &'static [Self] = &[Self::Public, Self::UsGov, Self::China, Self::Germany];

    /// The short name: `public`, `usgov`, `china` or `germany`.
    ///
    /// ```
    /// use azure_imds::Cloud;
    ///
    /// assert_eq!(Cloud::Public.name(), "public");
    /// assert_eq!("public".parse(), Ok(Cloud::Public));
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::UsGov => "usgov",
            Self::China => "china",
            Self::Germany => "germany",
        }
    }

    /// The value of `compute.azEnvironment` in this cloud.
    #[must_use]
    pub const fn az_environment(self) -> &'static str {
        match self {
            Self::Public => "AzurePublicCloud",
            Self::UsGov => "AzureUSGovernmentCloud",
            Self::China => "AzureChinaCloud",
            Self::Germany => "AzureGermanCloud",
        }
    }

    /// The cloud that `compute.azEnvironment` names, in any case; nothing for a name that is not known.
    ///
    /// ```
    /// use azure_imds::Cloud;
    ///
    /// assert_eq!(Cloud::of_environment("AzurePublicCloud"), Some(Cloud::Public));
    /// assert_eq!(Cloud::of_environment("Mars"), None);
    /// ```
    #[must_use]
    pub fn of_environment(az_environment: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|cloud| cloud.az_environment().eq_ignore_ascii_case(az_environment))
    }

    /// The domain that the names of a document's signer lie in, in lower case.
    ///
    /// Source: [attested data, "public cloud and sovereign clouds"][docs].
    ///
    /// [docs]: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service#attested-data
    #[must_use]
    pub const fn metadata_domain(self) -> &'static str {
        match self {
            Self::Public => "metadata.azure.com",
            Self::UsGov => "metadata.azure.us",
            Self::China => "metadata.azure.cn",
            Self::Germany => "metadata.microsoftazure.de",
        }
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Reads the short name.
impl FromStr for Cloud {
    type Err = UsageError;

    fn from_str(text: &str) -> Result<Self, UsageError> {
        Self::ALL
            .iter()
            .copied()
            .find(|cloud| cloud.name() == text)
            .ok_or_else(|| UsageError::CloudUnknown { name: Quoted::from(text) })
    }
}
