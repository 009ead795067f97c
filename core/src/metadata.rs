//! What the service says: its parts and versions, its answers, and the fields in them.

pub(crate) mod api_version;
pub(crate) mod category;
mod compute;
pub(crate) mod document;
pub(crate) mod error;
pub(crate) mod fields;
pub(crate) mod identity;
pub(crate) mod instance;
pub(crate) mod load_balancer;
pub(crate) mod path;
pub(crate) mod record;
pub(crate) mod scheduled_events;
pub mod schema;
pub(crate) mod tags;
pub(crate) mod versions;
