//! The answers of each part of the service.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::choices::Choices;
use super::chosen::{Selector, choose};
use super::fault::Hand;
use super::incoming::{Incoming, Moment, Target};
use super::part::Part;
use super::render::{Answered, Style};
use super::route::{Destination, Kind};
use super::sign::{self, DocumentSigner, Order};
use super::token::{Issuer, TokenOrder};
use super::{Emulator, instance};
use crate::metadata::api_version::ApiVersion;
use crate::metadata::category::Category;
use crate::metadata::document::{Document, Value};
use crate::metadata::path::MetadataPath;
use crate::metadata::render;

/// One request on its way.
pub(super) struct Admitted<'a> {
    pub(super) now: Moment,
    pub(super) request: &'a Incoming,
    pub(super) target: &'a Target,
    pub(super) place: Destination<'a>,
    pub(super) hand: &'a Hand,
}

impl Emulator {
    /// The service's own answer, after the checks.
    pub(super) fn serve(&mut self, asked: &Admitted<'_>, style: &Style<'_>) -> Answered {
        let outcome = match asked.place.part {
            Part::Attested => self.attested(asked, style),
            Part::Info => self.info(asked, style),
            Part::Instance => self.instance(asked, style),
            Part::LoadBalancer => self.load_balancer(asked, style),
            Part::ScheduledEvents => self.scheduled_events(asked, style),
            Part::Token => self.token(asked, style),
            Part::Versions => format_of(asked, style).map(|_| versions(style.choices)),
            Part::Emulator | Part::Other => match asked.place.kind {
                Kind::Root => self.version(asked, style).and_then(|_| Err(style.not_found())),
                _ => Err(style.not_found()),
            },
        };
        outcome.unwrap_or_else(|refusal| refusal)
    }

    /// What the emulator itself adds: the certificates and keys that its documents and tokens need.
    pub(super) fn own_page(&mut self, request: &Incoming, place: &Destination<'_>) -> Answered {
        let page = |kind: &str, body: Vec<u8>| Answered { status: 200, kind: kind.into(), body, allow: None };
        if request.method != "GET" {
            return Answered {
                status: 405,
                allow: Some("GET"),
                ..page("text/plain; charset=utf-8", b"GET only".into())
            };
        }
        let mut names = place.rest.iter().map(String::as_str);
        let path = [names.next(), names.next(), names.next(), names.next(), names.next()];
        let found = match path {
            [Some("issuers"), Some(file), None, ..] => {
                self.authority().ok().and_then(|authority| authority.file(file)).map(|der| page(CERTIFICATE, der))
            }
            [Some("root.pem"), None, ..] => self
                .authority()
                .and_then(|authority| authority.root_pem())
                .ok()
                .map(|pem| page("application/x-pem-file", pem.into_bytes())),
            [Some("identity"), Some(tenant), ref rest @ ..] if tenant == self.machine.identity.tenant_id => {
                match rest {
                    [Some(".well-known"), Some("openid-configuration"), None] => {
                        Some(Answered::json(Issuer::configuration(&self.machine, &self.origin)))
                    }
                    [Some("keys"), None, ..] => self.issuer.keys().ok().map(Answered::json),
                    _ => None,
                }
            }
            _ => None,
        };
        found.unwrap_or_else(|| Answered {
            status: 404,
            ..page("text/plain; charset=utf-8", b"The emulator has no such page.".into())
        })
    }

    fn instance(&mut self, asked: &Admitted<'_>, style: &Style<'_>) -> OrRefusal<Answered> {
        let version = self.version(asked, style)?;
        let format = format_of(asked, style)?;
        let extended = asked.target.parameter("extended") == Some("true");
        if asked.hand.is_partial() && extended {
            return Err(style.error(self.choices.partial_extended, "Server error"));
        }
        let mut path = MetadataPath::root();
        for segment in asked.place.rest {
            path.push(segment).map_err(|_| style.not_found())?;
        }
        let partial;
        let tree = if asked.hand.is_partial() {
            partial = instance::tree(&self.machine, version, extended, true);
            &partial
        } else {
            self.tree(version, extended)
        };
        let value = path.select(tree).map_err(|_| style.not_found())?;
        match format {
            Format::Json => match render::render_json(value, &path) {
                Ok(json) => Ok(Answered::json(json)),
                Err(_) => Err(style.chosen(&style.choices.leaf_as_json)),
            },
            Format::Text => {
                let mut text = render::render_text(value);
                if style.choices.final_newline && !value.is_leaf() {
                    text.push('\n');
                }
                Ok(Answered::text(text, style.choices))
            }
        }
    }

    fn attested(&mut self, asked: &Admitted<'_>, style: &Style<'_>) -> OrRefusal<Answered> {
        let version = self.version(asked, style)?;
        if version < self.choices.attested_from {
            return Err(style.bad_version());
        }
        format_of(asked, style)?;
        let nonce = asked.target.parameter("nonce");
        let is_plain = |nonce: &str| nonce.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        if nonce.is_some_and(|nonce| nonce.is_empty() || nonce.len() > self.choices.nonce_limit || !is_plain(nonce)) {
            return Err(style.chosen(&self.choices.nonce));
        }
        let (machine, origin) = (&self.machine, self.origin.as_str());
        let order = Order { machine, version, nonce, now: asked.now.wall, origin, tamper: asked.hand.tamper() };
        let signer = DocumentSigner::ready(&mut self.signer, &self.seed);
        let document = signer.and_then(|signer| signer.document(&order));
        let document = document.map_err(|error| style.error(500, &format!("{error}")))?;
        let signature = sign::encoded(&document);
        Ok(Answered::json(format!("{{\"encoding\":\"pkcs7\",\"signature\":\"{signature}\"}}")))
    }

    fn load_balancer(&self, asked: &Admitted<'_>, style: &Style<'_>) -> OrRefusal<Answered> {
        let version = self.version(asked, style)?;
        if !Category::LoadBalancer.has_begun(version) {
            return Err(style.bad_version());
        }
        format_of(asked, style)?;
        match instance::load_balancer(&self.machine) {
            Some(balancer) => Ok(Answered::json(Value::object([("loadbalancer", balancer)]).to_json())),
            None => Err(style.error(404, NO_LOAD_BALANCER)),
        }
    }

    fn scheduled_events(&mut self, asked: &Admitted<'_>, style: &Style<'_>) -> OrRefusal<Answered> {
        let text = asked.target.parameter("api-version").ok_or_else(|| style.bad_version())?;
        let version = ApiVersion::parse(text).ok().filter(|version| ApiVersion::SCHEDULED_EVENTS.contains(version));
        let version = version.ok_or_else(|| style.chosen(&self.choices.events_version))?;
        format_of(asked, style)?;
        if asked.request.method != "POST" {
            return Ok(Answered::json(self.timeline.document(asked.now, version).to_json()));
        }
        let bad = || style.chosen(&self.choices.bad_approval);
        let body = Document::from_bytes(&asked.request.body).map_err(|_| bad())?;
        let Some(Value::Array(requests)) = body.root().member("StartRequests") else {
            return Err(bad());
        };
        let ids: Option<Vec<&str>> =
            requests.iter().map(|request| request.member("EventId").and_then(Value::as_str)).collect();
        let ids = ids.ok_or_else(bad)?;
        self.timeline.approve(asked.now, &ids).map_err(|_| style.chosen(&self.choices.unknown_event))?;
        Ok(Answered::json(self.choices.approval_body.clone()))
    }

    fn token(&mut self, asked: &Admitted<'_>, style: &Style<'_>) -> OrRefusal<Answered> {
        self.identity_version(asked, style)?;
        let parameter = |name| asked.target.parameter(name);
        let by_resource = parameter("msi_res_id").or_else(|| parameter("mi_res_id"));
        let selector = match (parameter("client_id"), parameter("object_id"), by_resource) {
            (None, None, None) => Selector::Any,
            (Some(id), None, None) => Selector::ClientId(id),
            (None, Some(id), None) => Selector::ObjectId(id),
            (None, None, Some(id)) => Selector::ResourceId(id),
            _ => return Err(style.chosen(&self.choices.identity_selectors)),
        };
        let resource = parameter("resource").filter(|resource| !resource.is_empty());
        let resource = resource.ok_or_else(|| style.chosen(&self.choices.identity_no_resource))?;
        let chosen = choose(&self.machine.identity, selector);
        let chosen = chosen.map_err(|error| style.error(400, error.message()))?;
        let order = TokenOrder {
            machine: &self.machine,
            chosen,
            selector,
            resource,
            bypass_cache: parameter("bypass_cache") == Some("true"),
            origin: &self.origin,
            now: asked.now.wall,
        };
        let answer = self.issuer.answer(&order, &self.choices);
        answer.map(Answered::json).map_err(|error| style.error(500, &format!("{error}")))
    }

    fn info(&self, asked: &Admitted<'_>, style: &Style<'_>) -> OrRefusal<Answered> {
        self.identity_version(asked, style)?;
        let tenant = Value::text(&self.machine.identity.tenant_id);
        Ok(Answered::json(Value::object([("tenantId", tenant)]).to_json()))
    }

    /// The version asked for, if it is one of those that most of the service accepts.
    fn version(&self, asked: &Admitted<'_>, style: &Style<'_>) -> OrRefusal<ApiVersion> {
        let text = asked.target.parameter("api-version");
        text.and_then(|text| self.accepted(text)).ok_or_else(|| style.bad_version())
    }

    fn identity_version(&self, asked: &Admitted<'_>, style: &Style<'_>) -> OrRefusal<()> {
        let Some(text) = asked.target.parameter("api-version") else {
            return Err(style.chosen(&self.choices.identity_no_version));
        };
        match self.accepted(text) {
            Some(version) if Category::Identity.has_begun(version) => Ok(()),
            _ => Err(style.error(400, "Invalid 'api-version' requested")),
        }
    }

    fn accepted(&self, text: &str) -> Option<ApiVersion> {
        ApiVersion::parse(text).ok().filter(|version| self.choices.accepts(*version))
    }
}

/// What a request asks for, or the refusal.
type OrRefusal<T> = Result<T, Answered>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Text,
}

fn format_of(asked: &Admitted<'_>, style: &Style<'_>) -> OrRefusal<Format> {
    match asked.target.parameter("format") {
        None | Some("json") => Ok(Format::Json),
        Some("text") => Ok(Format::Text),
        Some(_) => Err(style.chosen(&style.choices.bad_format)),
    }
}

fn versions(choices: &Choices) -> Answered {
    let versions = choices.listed().map(|version| Value::String(format!("{version}")));
    Answered::json(Value::object([("apiVersions", Value::Array(versions.collect()))]).to_json())
}

const CERTIFICATE: &str = "application/pkix-cert";

const NO_LOAD_BALANCER: &str = "No load balancer metadata is found. Please check if your VM is using any non-basic SKU load balancer and retry later.";
