//! Tokens of managed identities: RS256 JWTs of an issuer that is plainly the emulator's own.

use alloc::collections::VecDeque;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use rsa::pkcs8::EncodePublicKey as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::choices::Choices;
use super::chosen::{Chosen, Selector};
use super::machine::Machine;
use super::random::Seed;
use super::sign::key;
use crate::error::UsageError;
use crate::time::Timestamp;

/// Tokens that the service remembers.
const CACHED: usize = 64;

/// Seconds that a token is valid before it was issued.
const EARLY: Duration = Duration::from_secs(300);

/// What one token is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct TokenOrder<'a> {
    pub(super) machine: &'a Machine,
    pub(super) chosen: Chosen<'a>,
    pub(super) selector: Selector<'a>,
    pub(super) resource: &'a str,
    pub(super) bypass_cache: bool,
    pub(super) origin: &'a str,
    pub(super) now: Timestamp,
}

/// Issues tokens, and remembers a few.
#[derive(Clone)]
pub(super) struct Issuer {
    seed: Seed,
    key: Option<Arc<Key>>,
    cache: VecDeque<Cached>,
    issued: u64,
}

struct Key {
    key: RsaPrivateKey,
    id: String,
}

#[derive(Clone)]
struct Cached {
    client_id: String,
    resource: String,
    issuer: String,
    token: String,
    issued_at: Timestamp,
    expires_on: Timestamp,
}

/// The service's answer; all of it text.
#[derive(Serialize)]
struct TokenAnswer<'a> {
    access_token: &'a str,
    client_id: &'a str,
    expires_in: String,
    expires_on: String,
    ext_expires_in: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    msi_res_id: Option<&'a str>,
    not_before: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    object_id: Option<&'a str>,
    resource: &'a str,
    token_type: &'static str,
}

#[derive(Serialize)]
struct JwtHeader<'a> {
    alg: &'static str,
    kid: &'a str,
    typ: &'static str,
}

#[derive(Serialize)]
struct JwtClaims<'a> {
    appid: &'a str,
    aud: &'a str,
    exp: u64,
    iat: u64,
    idtyp: &'static str,
    iss: &'a str,
    nbf: u64,
    oid: &'a str,
    sub: &'a str,
    tid: &'a str,
    uti: String,
    ver: &'static str,
    xms_mirid: String,
}

impl Issuer {
    pub(super) const fn new(seed: Seed) -> Self {
        Self { seed, key: None, cache: VecDeque::new(), issued: 0 }
    }

    /// The answer with a token.
    ///
    /// # Errors
    ///
    /// `authority_unusable`; none is known to happen.
    pub(super) fn answer(&mut self, order: &TokenOrder<'_>, choices: &Choices) -> Result<Vec<u8>, UsageError> {
        let cached = self.token(order, choices)?;
        let answer = TokenAnswer {
            access_token: &cached.token,
            client_id: order.chosen.client_id,
            expires_in: cached.expires_on.duration_since(order.now).as_secs().to_string(),
            expires_on: cached.expires_on.unix().to_string(),
            ext_expires_in: choices.token_life.as_secs().saturating_sub(1).to_string(),
            msi_res_id: match order.selector {
                Selector::ResourceId(id) => Some(id),
                _ => None,
            },
            not_before: (cached.issued_at - EARLY).unix().to_string(),
            object_id: match order.selector {
                Selector::ObjectId(id) => Some(id),
                _ => None,
            },
            resource: order.resource,
            token_type: "Bearer",
        };
        // A struct of text always serialises.
        Ok(serde_json::to_vec(&answer).unwrap_or_default())
    }

    /// The OpenID configuration: what a resource reads to learn the keys.
    pub(super) fn configuration(machine: &Machine, origin: &str) -> String {
        #[derive(Serialize)]
        struct OpenIdConfiguration<'a> {
            authorization_endpoint: String,
            id_token_signing_alg_values_supported: [&'a str; 1],
            issuer: &'a str,
            jwks_uri: String,
            response_types_supported: [&'a str; 1],
            subject_types_supported: [&'a str; 1],
            token_endpoint: String,
        }
        let issuer = issuer(machine, origin);
        let configuration = OpenIdConfiguration {
            // Required by OpenID Connect Discovery; nobody can sign in there.
            authorization_endpoint: format!("{issuer}/authorize"),
            id_token_signing_alg_values_supported: ["RS256"],
            issuer: &issuer,
            jwks_uri: format!("{issuer}/keys"),
            response_types_supported: ["id_token"],
            subject_types_supported: ["pairwise"],
            token_endpoint: format!("{origin}/metadata/identity/oauth2/token"),
        };
        serde_json::to_string(&configuration).unwrap_or_default()
    }

    /// The public key, RFC 7517: modulus and exponent, nothing that is private.
    ///
    /// # Errors
    ///
    /// `authority_unusable`; none is known to happen.
    pub(super) fn keys(&mut self) -> Result<String, UsageError> {
        #[derive(Serialize)]
        struct Jwk<'a> {
            alg: &'a str,
            e: String,
            kid: &'a str,
            kty: &'a str,
            n: String,
            r#use: &'a str,
        }
        #[derive(Serialize)]
        struct Jwks<'a> {
            keys: [Jwk<'a>; 1],
        }
        let key = self.key()?;
        let jwk = Jwk {
            alg: "RS256",
            e: Base64UrlUnpadded::encode_string(&key.key.e_bytes()),
            kid: &key.id,
            kty: "RSA",
            n: Base64UrlUnpadded::encode_string(&key.key.n_bytes()),
            r#use: "sig",
        };
        Ok(serde_json::to_string(&Jwks { keys: [jwk] }).unwrap_or_default())
    }

    /// Makes the key now.
    ///
    /// # Errors
    ///
    /// `authority_unusable`; none is known to happen.
    pub(super) fn make_key(&mut self) -> Result<(), UsageError> {
        self.key().map(drop)
    }

    #[cfg(test)]
    pub(super) const fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// Forgets the tokens given: identities or the issuer have changed.
    pub(super) fn forget(&mut self) {
        self.cache.clear();
    }

    fn token(&mut self, order: &TokenOrder<'_>, choices: &Choices) -> Result<Cached, UsageError> {
        let issuer = issuer(order.machine, order.origin);
        let is_it = |cached: &Cached| {
            cached.client_id == order.chosen.client_id && cached.resource == order.resource && cached.issuer == issuer
        };
        let is_fresh = |cached: &&Cached| {
            cached.issued_at <= order.now && cached.expires_on.duration_since(order.now) > choices.token_renewal
        };
        if !order.bypass_cache
            && let Some(cached) = self.cache.iter().find(|cached| is_it(cached)).filter(is_fresh)
        {
            return Ok(cached.clone());
        }
        let expires_on = order.now + choices.token_life;
        let token = self.jwt(order, &issuer, expires_on)?;
        let cached = Cached {
            client_id: order.chosen.client_id.to_string(),
            resource: order.resource.to_string(),
            issuer: issuer.clone(),
            token,
            issued_at: order.now,
            expires_on,
        };
        self.cache.retain(|cached| !is_it(cached));
        if self.cache.len() >= CACHED {
            self.cache.pop_front();
        }
        self.cache.push_back(cached.clone());
        Ok(cached)
    }

    fn jwt(&mut self, order: &TokenOrder<'_>, issuer: &str, expires_on: Timestamp) -> Result<String, UsageError> {
        let key = self.key()?;
        self.issued = self.issued.saturating_add(1);
        let mut unique = Sha256::new();
        unique.update(self.seed);
        unique.update(self.issued.to_be_bytes());
        let header = JwtHeader { alg: "RS256", kid: &key.id, typ: "JWT" };
        let claims = JwtClaims {
            appid: order.chosen.client_id,
            aud: order.resource,
            exp: expires_on.unix(),
            iat: order.now.unix(),
            idtyp: "app",
            iss: issuer,
            nbf: (order.now - EARLY).unix(),
            oid: order.chosen.object_id,
            sub: order.chosen.object_id,
            tid: &order.machine.identity.tenant_id,
            uti: Base64UrlUnpadded::encode_string(unique.finalize().first_chunk::<16>().unwrap_or(&[0; 16])),
            ver: "1.0",
            xms_mirid: order.chosen.resource_id.map_or_else(|| order.machine.resource_id(), ToString::to_string),
        };
        let encode = |json: Result<Vec<u8>, _>| Base64UrlUnpadded::encode_string(&json.unwrap_or_default());
        let message = format!("{}.{}", encode(serde_json::to_vec(&header)), encode(serde_json::to_vec(&claims)));
        let digest = Sha256::digest(&message);
        let signature = key.key.sign(Pkcs1v15Sign::new::<Sha256>(), &digest);
        let signature = signature.map_err(|error| UsageError::AuthorityUnusable { reason: error.to_string() })?;
        Ok(format!("{message}.{}", Base64UrlUnpadded::encode_string(&signature)))
    }

    fn key(&mut self) -> Result<Arc<Key>, UsageError> {
        if let Some(key) = &self.key {
            return Ok(Arc::clone(key));
        }
        let key = key(&self.seed, "tokens")?;
        let spki = key.as_public_key().to_public_key_der();
        let spki = spki.map_err(|error| UsageError::AuthorityUnusable { reason: error.to_string() })?;
        let id = Base64UrlUnpadded::encode_string(&Sha256::digest(spki.as_bytes()));
        let key = Arc::new(Key { key, id });
        self.key = Some(Arc::clone(&key));
        Ok(key)
    }
}

/// Shows no key and no token.
impl core::fmt::Debug for Issuer {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter
            .debug_struct("Issuer")
            .field("cached", &self.cache.len())
            .field("issued", &self.issued)
            .finish_non_exhaustive()
    }
}

/// The issuer that tokens name. No token of Azure's has one like it.
pub(super) fn issuer(machine: &Machine, origin: &str) -> String {
    format!("{origin}/emulator/identity/{}", machine.identity.tenant_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emulator::chosen::choose;
    use crate::metadata::document::{Document, Value};
    use crate::metadata::fields::AccessToken;
    use crate::metadata::record::Record as _;

    /// What an answer has beside the rows of the list: the token, and the two identifiers that it may be asked by.
    const BESIDE: &[&str] = &["access_token", "msi_res_id", "object_id"];

    #[test]
    fn an_answer_has_each_row_of_the_list_and_no_other_key() {
        let machine = Machine::default();
        let selector = Selector::ObjectId(&machine.identity.system_assigned.as_ref().unwrap().object_id);
        let order = TokenOrder {
            machine: &machine,
            chosen: choose(&machine.identity, selector).unwrap(),
            selector,
            resource: "https://management.azure.com/",
            bypass_cache: false,
            origin: "http://127.0.0.1:8080",
            now: Timestamp::from_unix(1_790_000_000),
        };
        let answer = Issuer::new([7; 32]).answer(&order, &Choices::default()).unwrap();
        let answer = Document::from_bytes(&answer).unwrap();
        let Value::Object(members) = answer.root() else { panic!("not an object") };
        let keys = members.iter().map(|(key, _)| key.as_str()).filter(|key| !BESIDE.contains(key));
        let mut rows: Vec<&str> = AccessToken::TYPE.fields.iter().map(|row| row.wire_name).collect();
        rows.sort_unstable();
        assert_eq!(keys.collect::<Vec<_>>(), rows);
    }
}
