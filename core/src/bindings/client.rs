//! A client, and what its calls ask for, out of named arguments.

use alloc::borrow::ToOwned as _;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::argument::{Argument, Arguments, Named};
use super::wanted;
use crate::client::{Client, ENDPOINT_VARIABLES, Endpoint, Policy, TokenRequest};
use crate::error::UsageError;
use crate::host::Host;
use crate::metadata::{ApiVersion, EventId, IdentitySelector};

const MADE_OF: &[&str] = &[
    "base_url",
    "version",
    "timeout_ms",
    "attempt_timeout_ms",
    "connect_timeout_ms",
    "max_body",
    "retries",
    "transport_retries",
    "backoff_ms",
    "negotiate",
    "paced",
    "provisioning",
    "cache",
    "environment",
];

/// The most that a double counts exactly.
const LARGEST: u64 = 1 << 53;

/// A token for `resource`, of the identity that `client_id`, `object_id` or `resource_id` names; `bypass_cache` has a
/// new one made.
///
/// # Errors
///
/// `argument_type`, `argument_value`, `resource_malformed`, `selector_ambiguous`, `selector_malformed`.
pub fn token_request(
    resource: Argument<'_>,
    arguments: Arguments<'_>,
    besides: &[&str],
) -> Result<TokenRequest, UsageError> {
    let given = &arguments;
    given.only(&["client_id", "object_id", "resource_id", "bypass_cache"], besides)?;
    let resource = Named::new(given.host(), "resource", &resource).text()?;
    let (client_id, object_id) = (given.text("client_id")?, given.text("object_id")?);
    let resource_id = given.text("resource_id")?;
    let identity = IdentitySelector::from_parts(client_id, object_id, resource_id)?;
    let request = TokenRequest::new(resource)?.with_identity(identity);
    let bypasses = given.flag("bypass_cache", false)?;
    Ok(if bypasses { request.bypassing_cache() } else { request })
}

/// The identifiers of one event or of several.
///
/// # Errors
///
/// `argument_type`, `event_id_malformed`.
pub fn event_ids(host: Host, events: Argument<'_>) -> Result<Vec<EventId>, UsageError> {
    let events = Named::new(host, "events", &events);
    match events.argument {
        Argument::Text(event_id) => Ok(alloc::vec![EventId::new(event_id)?]),
        _ => events.items(wanted::EVENTS)?.map(|event| EventId::new(event.text()?)).collect(),
    }
}

/// A client of the address, the version and the policy that were given. `environment` is an object of variables;
/// `jitter` a random number, and `besides` are names that the binding reads itself.
///
/// # Errors
///
/// `argument_type`, `argument_value`, `endpoint_malformed`, `version_malformed`.
pub fn client(arguments: Arguments<'_>, besides: &[&str], jitter: u64) -> Result<Client, UsageError> {
    let given = &arguments;
    given.only(MADE_OF, besides)?;
    let environment = given.find("environment").map_or(Ok(Vec::new()), variables)?;
    let client = match given.text("base_url")? {
        Some(address) => Client::new().with_endpoint(Endpoint::parse(address)?),
        None => Client::from_environment(|name| {
            environment.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        })?,
    };
    let client = client.with_policy(Policy { jitter, ..policy(given)? });
    Ok(match given.text("version")? {
        Some(version) => client.with_version(ApiVersion::parse(version)?),
        None => client,
    })
}

fn policy(given: &Arguments<'_>) -> Result<Policy, UsageError> {
    let provisions = given.flag("provisioning", false)?;
    let mut policy = if provisions { Policy::provisioning() } else { Policy::default() };
    if let Some(span) = given.span("connect_timeout_ms")? {
        policy.connect_timeout = span;
    }
    policy.attempt_timeout = given.span("attempt_timeout_ms")?.or(policy.attempt_timeout);
    policy.deadline = given.span("timeout_ms")?.or(policy.deadline);
    if let Some(span) = given.span("backoff_ms")? {
        policy.backoff = span;
    }
    let count = |name, most| given.find(name).map(|it| it.count(most)).transpose();
    let as_u32 = |count| u32::try_from(count).unwrap_or(u32::MAX);
    if let Some(bytes) = count("max_body", LARGEST)? {
        policy.max_body = usize::try_from(bytes).unwrap_or(usize::MAX);
    }
    policy.retries = count("retries", u32::MAX.into())?.map_or(policy.retries, as_u32);
    policy.transport_retries = count("transport_retries", u32::MAX.into())?.map_or(policy.transport_retries, as_u32);
    policy.negotiates = given.flag("negotiate", policy.negotiates)?;
    policy.remembers = given.flag("cache", policy.remembers)?;
    policy.paced = given.flag("paced", policy.paced)?;
    Ok(policy)
}

/// Those variables that name an address. Others may hold anything.
fn variables(given: Named<'_>) -> Result<Vec<(String, String)>, UsageError> {
    let Argument::Members(members) = given.argument else { return Err(given.of_type(wanted::VARIABLES)) };
    let known = members.iter().filter(|(name, _)| ENDPOINT_VARIABLES.contains(&&**name));
    let named = known.map(|(name, value)| {
        let value = Named::verbatim(given.host, name, value).text()?;
        Ok((name.to_string(), value.to_owned()))
    });
    named.collect()
}
