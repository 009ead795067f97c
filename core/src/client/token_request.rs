//! What a token is asked for.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use crate::error::UsageError;
use crate::metadata::identity::IdentitySelector;
use crate::quoted::Quoted;

/// Bytes of a resource.
const RESOURCE_LIMIT: usize = 2_048;

/// A token's resource, and the identity that it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    resource: String,
    selector: IdentitySelector,
    bypasses_cache: bool,
}

impl TokenRequest {
    /// A token for that resource, of the system-assigned identity or of the only one there is.
    ///
    /// The resource is the App ID URI of what the token is shown to, as in `https://management.azure.com/`; a slash at
    /// its end matters.
    ///
    /// # Errors
    ///
    /// `resource_malformed` if it is empty, longer than 2,048 bytes, or holds anything but printable ASCII.
    ///
    /// ```
    /// use azure_imds::client::TokenRequest;
    ///
    /// assert!(TokenRequest::new("https://management.azure.com/").is_ok());
    /// assert!(TokenRequest::new("").is_err());
    /// ```
    pub fn new(resource: &str) -> Result<Self, UsageError> {
        let reason = if resource.is_empty() {
            "it is empty"
        } else if resource.len() > RESOURCE_LIMIT {
            "it is too long"
        } else if !resource.bytes().all(|byte| byte.is_ascii_graphic()) {
            "it holds a space, a control character or a character outside ASCII"
        } else {
            return Ok(Self {
                resource: resource.to_owned(),
                selector: IdentitySelector::default(),
                bypasses_cache: false,
            });
        };
        Err(UsageError::ResourceMalformed { resource: Quoted::from(resource), reason })
    }

    /// Chooses the identity.
    #[must_use]
    pub fn with_identity(mut self, selector: IdentitySelector) -> Self {
        self.selector = selector;
        self
    }

    /// Has a new token made instead of the one that the service keeps.
    #[must_use]
    pub const fn bypassing_cache(mut self) -> Self {
        self.bypasses_cache = true;
        self
    }

    /// Names and values of the query, not yet encoded.
    pub(super) fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = vec![("resource", self.resource.clone())];
        parameters.extend(self.selector.parameter().map(|(name, value)| (name, value.to_owned())));
        if self.bypasses_cache {
            parameters.push(("bypass_cache", "true".to_owned()));
        }
        parameters
    }
}
