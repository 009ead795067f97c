//! `/metadata/identity`: the answers about managed identities.

use alloc::string::String;
use alloc::vec::Vec;

use crate::metadata::identity::moment;
use crate::metadata::record::{Unreadable, record};

record! {
    /// The token itself is shown by [`AccessToken::secret`] alone, and by no other output of this type. The answer's
    /// text is not kept.
    ///
    /// Source: [get a token using HTTP][docs].
    ///
    /// [docs]: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
    #[derive(Clone, PartialEq, Eq)]
    AccessToken: "The answer of `/metadata/identity/oauth2/token`" {
        client_id: text = "client_id", "2018-02-01", "The identity's client id";
        expires_in: span = "expires_in", "2018-02-01", "Seconds of life left when the answer was given"
            => "Tokens come from a cache, so it shrinks";
        expires_on: time(moment) = "expires_on", "2018-02-01", "When the token ends";
        ext_expires_in: span = "ext_expires_in", "2018-02-01",
            "Seconds for which it may be used while the issuer can't be reached";
        not_before: time(moment) = "not_before", "2018-02-01", "When the token begins";
        resource: text = "resource", "2018-02-01", "What the token is for";
        token_type: text = "token_type", "2018-02-01", "Bearer";
    } beside {
        pub(in crate::metadata) secret: String;
        pub(in crate::metadata) unreadable: Vec<Unreadable>;
    }
}

record! {
    IdentityInfo: "The answer of `/metadata/identity/info`" {
        tenant_id: text = "tenantId", "2018-02-01", "The tenant of the machine's identities";
    }
}
