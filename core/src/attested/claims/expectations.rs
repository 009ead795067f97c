//! What a caller expects of a document, and the time at which it is judged.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use super::Plan;
use super::nonce::Nonce;
use crate::cloud::Cloud;
use crate::error::UsageError;
use crate::time::Timestamp;

/// The time at which a document is judged.
///
/// ```
/// # #[cfg(all(feature = "emulator", feature = "rustcrypto"))] {
/// use azure_imds::attested::{At, TimeBasis};
/// # use azure_imds::emulator::{Emulator, Incoming, Machine, Moment};
/// # use azure_imds::{Instant, Trust, Verifier};
/// use azure_imds::{Expectations, Nonce, SignedDocument, Timestamp};
///
/// # let mut emulator = Emulator::new(Machine::default(), [7; 32]);
/// # let now = Moment::new(Instant::ORIGIN, Timestamp::from_unix(1_790_000_000));
/// # let target = "/metadata/attested/document?api-version=2021-02-01&nonce=9f8c2e7145d04a6fb3c1e8a27d905b6e";
/// # let answer = emulator.handle(now, &Incoming::get(target)).response.body;
/// # let authority = emulator.authority()?;
/// # let anchors = Trust::builder_without_anchors().anchors(&authority.root_der()?)?;
/// # let verifier = Verifier::new(anchors.issuers(&authority.issuing_der()?)?.build());
/// let document = SignedDocument::parse(&answer)?; // signed by an emulator that `verifier` trusts
/// let expectations = Expectations::new(Nonce::new("9f8c2e7145d04a6fb3c1e8a27d905b6e")?);
///
/// let years_later = Timestamp::parse_rfc3339("2031-01-01T00:00:00Z")?;
/// let error = verifier.verify(&document, &expectations, years_later).unwrap_err();
/// assert_eq!(error.code(), "certificate_expired");
///
/// let archived = verifier.verify(&document, &expectations, At::SigningTime)?;
/// assert_eq!(archived.time_basis(), TimeBasis::SigningTime(archived.created_on()));
/// # }
/// # Ok::<(), azure_imds::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum At {
    /// At this time, chain and document alike. For admission: the present.
    Time(Timestamp),
    /// At the time at which the document says it was created, for the chain alone; that the document expired is not
    /// held against it. For archives, never for admission.
    SigningTime,
}

impl From<Timestamp> for At {
    fn from(time: Timestamp) -> Self {
        Self::Time(time)
    }
}

/// What a caller expects of a document. Comes with each call.
///
/// # Times
///
/// A document says when it was created and when it expires. It is accepted, by the clock that gives `now`, while
///
/// ```text
/// createdOn - skew <= now <= min(expiresOn, createdOn + 6 h) + skew
/// now <= createdOn + max_age                                           if a maximum age is given
/// ```
///
/// and refused at any time if `expiresOn` is before `createdOn`, or after `createdOn + 6 h + skew`. All bounds are
/// inclusive, to the second.
///
/// So without a nonce and a maximum age, a document is good for at most 6 h 5 min after its creation with the default
/// skew, and for at most 7 h with the largest. The skew is not added to a maximum age; a document from the future,
/// which can only be within the skew, has the age zero. Certificates are held to their own times, without any skew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectations {
    pub(in crate::attested) nonce: Nonce,
    pub(in crate::attested) clouds: Vec<Cloud>,
    pub(in crate::attested) skew: Duration,
    pub(in crate::attested) max_age: Option<Duration>,
    pub(in crate::attested) vm_id: Option<String>,
    pub(in crate::attested) subscription_id: Option<String>,
    pub(in crate::attested) sku: Option<String>,
    pub(in crate::attested) plan: Option<Plan>,
}

impl Expectations {
    /// How much the clocks may differ, unless the caller says otherwise: five minutes.
    pub const DEFAULT_SKEW: Duration = Duration::from_secs(5 * 60);
    /// How much a caller may let the clocks differ: an hour.
    pub const SKEW_LIMIT: Duration = Duration::from_secs(60 * 60);

    /// This nonce, a document of the public cloud, a clock tolerance of 300 seconds, and nothing else.
    #[must_use]
    pub fn new(nonce: Nonce) -> Self {
        Self {
            nonce,
            clouds: alloc::vec![Cloud::Public],
            skew: Self::DEFAULT_SKEW,
            max_age: None,
            vm_id: None,
            subscription_id: None,
            sku: None,
            plan: None,
        }
    }

    /// Accepts documents of these clouds instead of the public one.
    ///
    /// # Errors
    ///
    /// `clouds_empty`.
    ///
    /// ```
    /// use azure_imds::{Cloud, Expectations, NONCE_NOT_CHECKED};
    ///
    /// let expectations = Expectations::new(NONCE_NOT_CHECKED);
    /// assert!(expectations.clone().clouds(&[Cloud::Public, Cloud::China]).is_ok());
    /// assert_eq!(expectations.clouds(&[]).unwrap_err().code(), "clouds_empty");
    /// ```
    pub fn clouds(mut self, clouds: &[Cloud]) -> Result<Self, UsageError> {
        if clouds.is_empty() {
            return Err(UsageError::CloudsEmpty);
        }
        self.clouds = clouds.to_vec();
        Ok(self)
    }

    /// Lets this machine's clock differ from Azure's by so much, in whole seconds, instead of five minutes. See
    /// [Times](Self#times).
    ///
    /// # Errors
    ///
    /// `skew_too_large` for more than an hour.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use azure_imds::{Expectations, NONCE_NOT_CHECKED};
    ///
    /// let expectations = Expectations::new(NONCE_NOT_CHECKED);
    /// assert!(expectations.clone().skew(Duration::from_secs(60)).is_ok());
    /// assert_eq!(expectations.skew(Duration::from_secs(7_200)).unwrap_err().code(), "skew_too_large");
    /// ```
    pub fn skew(mut self, skew: Duration) -> Result<Self, UsageError> {
        let skew = Duration::from_secs(skew.as_secs());
        if skew > Self::SKEW_LIMIT {
            return Err(UsageError::SkewTooLarge { skew, limit: Self::SKEW_LIMIT });
        }
        self.skew = skew;
        Ok(self)
    }

    /// Accepts no document created longer ago. The skew is not added: see [Times](Self#times).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use azure_imds::{Expectations, NONCE_NOT_CHECKED};
    ///
    /// let expectations = Expectations::new(NONCE_NOT_CHECKED).max_age(Duration::from_secs(600));
    /// # let _ = expectations;
    /// ```
    #[must_use]
    pub const fn max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// Accepts a document of this VM alone. Upper and lower case are one.
    #[must_use]
    pub fn vm_id(mut self, vm_id: &str) -> Self {
        self.vm_id = Some(vm_id.to_string());
        self
    }

    /// Accepts a document of this subscription alone. Upper and lower case are one.
    #[must_use]
    pub fn subscription_id(mut self, subscription_id: &str) -> Self {
        self.subscription_id = Some(subscription_id.to_string());
        self
    }

    /// Accepts a document of this image SKU alone.
    #[must_use]
    pub fn sku(mut self, sku: &str) -> Self {
        self.sku = Some(sku.to_string());
        self
    }

    /// Accepts a document of this marketplace plan alone.
    #[must_use]
    pub fn plan(mut self, plan: Plan) -> Self {
        self.plan = Some(plan);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attested::claims::nonce::NONCE_NOT_CHECKED;

    #[test]
    fn nothing_is_switched_off_by_an_empty_argument() {
        let expectations = Expectations::new(NONCE_NOT_CHECKED);
        assert_eq!(Nonce::new("").unwrap_err().code(), "nonce_empty");
        assert_eq!(expectations.clone().clouds(&[]).unwrap_err().code(), "clouds_empty");
        let skew = |skew| expectations.clone().skew(skew).map(|expectations| expectations.skew);
        assert_eq!(skew(Duration::from_secs(3601)).unwrap_err().code(), "skew_too_large");
        assert_eq!(skew(Duration::MAX).unwrap_err().code(), "skew_too_large");
        assert_eq!(skew(Duration::from_millis(3_600_999)), Ok(Duration::from_secs(3600)), "in whole seconds");
    }
}
