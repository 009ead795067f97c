//! Managed identities.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::text::text;

/// The managed identities of a machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct Identities {
    /// The tenant that they belong to.
    #[serde(deserialize_with = "text")]
    pub tenant_id: String,
    /// The identity that lives and dies with the machine.
    pub system_assigned: Option<SystemAssigned>,
    /// Identities that were assigned to it.
    pub user_assigned: Vec<UserAssigned>,
}

impl Default for Identities {
    fn default() -> Self {
        Self {
            tenant_id: "00000000-0000-4000-8000-0000000000e1".to_string(),
            system_assigned: Some(SystemAssigned::default()),
            user_assigned: Vec::default(),
        }
    }
}

impl Identities {
    /// No identity at all, in the ordinary tenant.
    ///
    /// ```
    /// use azure_imds::emulator::Identities;
    ///
    /// assert!(Identities::none().system_assigned.is_none());
    /// ```
    #[must_use]
    pub fn none() -> Self {
        Self { system_assigned: None, ..Self::default() }
    }
}

/// The system-assigned identity.
///
/// ```
/// use azure_imds::emulator::{Identities, SystemAssigned};
///
/// assert_eq!(Identities::default().system_assigned, Some(SystemAssigned::default()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct SystemAssigned {
    /// Its client identifier.
    #[serde(deserialize_with = "text")]
    pub client_id: String,
    /// The object identifier of its service principal.
    #[serde(deserialize_with = "text")]
    pub object_id: String,
}

impl Default for SystemAssigned {
    fn default() -> Self {
        Self {
            client_id: "00000000-0000-4000-8000-0000000000c0".to_string(),
            object_id: "00000000-0000-4000-8000-0000000000b0".to_string(),
        }
    }
}

/// A user-assigned identity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
#[non_exhaustive]
pub struct UserAssigned {
    /// Its client identifier.
    #[serde(deserialize_with = "text")]
    pub client_id: String,
    /// The object identifier of its service principal.
    #[serde(deserialize_with = "text")]
    pub object_id: String,
    /// Its ARM identifier.
    #[serde(deserialize_with = "text")]
    pub resource_id: String,
}

impl UserAssigned {
    /// An identity of these identifiers.
    ///
    /// ```
    /// use azure_imds::emulator::{Machine, UserAssigned};
    ///
    /// let identity = UserAssigned::new("00000000-0000-4000-8000-0000000000c1", "", "");
    /// let machine = Machine::default().with_user_assigned(identity.clone());
    /// assert_eq!(machine.identity.user_assigned, [identity]);
    /// ```
    #[must_use]
    pub fn new(client_id: impl Into<String>, object_id: impl Into<String>, resource_id: impl Into<String>) -> Self {
        Self { client_id: client_id.into(), object_id: object_id.into(), resource_id: resource_id.into() }
    }
}
