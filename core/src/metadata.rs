//! What the service says: its parts and versions, its answers, and the fields in them.

pub(crate) mod api_version;
pub(crate) mod category;
mod compute;
pub(crate) mod document;
pub(crate) mod error;
pub(crate) mod fields;
mod form;
pub(crate) mod identity;
pub(crate) mod instance;
pub(crate) mod load_balancer;
pub(crate) mod path;
pub(crate) mod record;
pub(crate) mod render;
pub(crate) mod scheduled_events;
pub mod schema;
pub(crate) mod tags;
pub(crate) mod versions;

pub use self::api_version::ApiVersion;
pub use self::category::Category;
pub use self::compute::vm_id_matches;
pub use self::document::{Document, Value};
pub use self::error::ServiceError;
pub use self::fields::{
    AccessToken, AdditionalCapabilities, AddressBlock, BlobReference, Compute, DataDisk, DiffDiskSettings,
    DiskEncryptionKey, EncryptionSettings, Extended, ExtendedCompute, ExtendedLocation, IdentityInfo, ImageReference,
    InboundRule, Instance, Interface, Ipv4, Ipv4Address, Ipv6, Ipv6Address, KeyEncryptionKey, LoadBalancer,
    ManagedDisk, Network, OsDisk, OsProfile, OutboundRule, PublicIpAddress, PublicKey, PurchasePlan, ResourceDisk,
    ResourceReference, ScheduledEvent, ScheduledEvents, SecurityProfile, StorageProfile, Tag, TunnelInterface,
};
pub use self::identity::IdentitySelector;
pub use self::load_balancer::without_brackets;
pub use self::path::{MetadataPath, PathFault};
pub use self::record::{
    FieldValue, Member, Record, RecordField, RecordKind, RecordType, RecordValues, Since, Unreadable,
};
pub use self::render::{render_json, render_text};
pub use self::scheduled_events::{
    EventDuration, EventId, EventSource, EventStatus, EventType, EventsWatch, approval_body, event_affects,
};
pub use self::tags::{Tags, TagsSource};
pub use self::versions::Versions;
