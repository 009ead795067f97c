//! Which of a machine's identities a request is for.

use super::machine::Identities;

/// Which identity is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Selector<'a> {
    /// The one there is.
    Any,
    /// By client identifier.
    ClientId(&'a str),
    /// By object identifier.
    ObjectId(&'a str),
    /// By ARM identifier.
    ResourceId(&'a str),
}

/// Why there is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoToken {
    Several,
    Unknown,
}

impl NoToken {
    /// The service's words.
    pub(super) const fn message(self) -> &'static str {
        match self {
            Self::Several => {
                "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity \
                 in the token request"
            }
            Self::Unknown => "Identity not found",
        }
    }
}

/// The identity that was chosen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chosen<'m> {
    pub(super) client_id: &'m str,
    pub(super) object_id: &'m str,
    pub(super) resource_id: Option<&'m str>,
}

/// Chooses as the service does: the one named, else the system-assigned one, else the only user-assigned one.
pub(super) fn choose<'m>(identities: &'m Identities, selector: Selector<'_>) -> Result<Chosen<'m>, NoToken> {
    let system = identities.system_assigned.as_ref().map(|identity| Chosen {
        client_id: &identity.client_id,
        object_id: &identity.object_id,
        resource_id: None,
    });
    let mut all = system.into_iter().chain(identities.user_assigned.iter().map(|identity| Chosen {
        client_id: &identity.client_id,
        object_id: &identity.object_id,
        resource_id: Some(&identity.resource_id),
    }));
    let found = match selector {
        Selector::ClientId(id) => all.find(|it| it.client_id.eq_ignore_ascii_case(id)),
        Selector::ObjectId(id) => all.find(|it| it.object_id.eq_ignore_ascii_case(id)),
        Selector::ResourceId(id) => all.find(|it| it.resource_id.is_some_and(|own| own.eq_ignore_ascii_case(id))),
        Selector::Any => match (all.next(), identities.user_assigned.len()) {
            (Some(_), 2..) if identities.system_assigned.is_none() => return Err(NoToken::Several),
            (first, _) => first,
        },
    };
    found.ok_or(NoToken::Unknown)
}
