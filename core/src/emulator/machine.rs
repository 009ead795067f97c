//! The machine that is emulated: what the service says of it, as a document in the service's own words.
//!
//! A machine is laid over the default one, checked by the list of fields, and can be a recorded answer of
//! `/metadata/instance`, in JSON or TOML. Every leaf is text, as it is on the wire; numbers and booleans are read as
//! text. What the list does not know is kept and served as it is; [`Machine::unknown`] reports it.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use self::default::Defaults;
use self::expect::{Expect, Misfit};
pub(super) use self::form::{MachineFile, changes, laid, written};
pub use self::identity::{Identities, SystemAssigned, UserAssigned};
use crate::cloud::Cloud;
use crate::error::UsageError;
use crate::metadata::document::Value;
use crate::metadata::path::MetadataPath;
use crate::metadata::schema::Place;
use crate::quoted::Quoted;

mod default;
mod expect;
mod form;
mod identity;
mod text;

/// A virtual machine.
///
/// [`Machine::default`] is a small Linux machine in `eastus2` with a system-assigned identity and no load balancer.
/// Change it with [`set`](Self::set) and [`with`](Self::with), or start from [`classic`](Self::classic) or
/// [`scale_set_instance`](Self::scale_set_instance).
///
/// ```
/// use azure_imds::emulator::Machine;
///
/// let mut machine = Machine::default().with(r#"{"compute":{"storageProfile":{"dataDisks":[{"lun":"3"}]}}}"#)?;
/// machine.set("network/interface/0/macAddress", "000D3AB7733F")?;
/// assert_eq!(machine.text("compute/storageProfile/dataDisks/0/lun"), "3");
/// assert_eq!(machine.text("compute/storageProfile/dataDisks/0/caching"), "None"); // filled up
/// assert!(machine.set("compute/osProfile", "text").is_err());
/// # Ok::<(), azure_imds::UsageError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Machine {
    /// Created by the classic deployment model: no `compute`, and little in its attested document.
    pub classic: bool,
    /// Managed identities.
    pub identity: Identities,
    sections: Value,
    load_balancer: Option<Value>,
}

impl Default for Machine {
    fn default() -> Self {
        let sections = Defaults::new().sections();
        Self { classic: false, identity: Identities::default(), sections, load_balancer: None }
    }
}

impl Machine {
    /// A machine of the classic deployment model.
    #[must_use]
    pub fn classic() -> Self {
        Self { classic: true, identity: Identities::none(), ..Self::default() }
    }

    /// An instance of a scale set of uniform orchestration, named `<scale set>_<number>`.
    #[must_use]
    pub fn scale_set_instance(scale_set: &str, number: u32) -> Self {
        let mut machine = Self::default().named(&format!("{scale_set}_{number}"));
        machine.put("compute/vmScaleSetName", scale_set);
        machine.put("compute/placementGroupId", "00000000-0000-4000-8000-0000000000a1");
        machine.put("compute/osProfile/computerName", &format!("{scale_set}{number:06}"));
        machine
    }

    /// The same machine under another name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.put("compute/name", name);
        self.put("compute/osProfile/computerName", name);
        self.put("compute/storageProfile/osDisk/name", &format!("{name}_OsDisk_1"));
        self
    }

    /// The same machine with one more tag.
    ///
    /// ```
    /// use azure_imds::emulator::Machine;
    ///
    /// let machine = Machine::default().tagged("env", "test");
    /// assert!(machine.tags().contains(&("env", "test")));
    /// ```
    #[must_use]
    pub fn tagged(mut self, name: &str, value: &str) -> Self {
        let tag = Value::object([("name", Value::text(name)), ("value", Value::text(value))]);
        if let Some(Value::Object(compute)) = member_mut(&mut self.sections, "compute") {
            for (key, tags) in compute {
                match (key.as_str(), tags) {
                    ("tagsList", Value::Array(tags)) => tags.push(tag.clone()),
                    ("tags", Value::Object(tags)) => {
                        tags.retain(|(known, _)| known != name);
                        tags.push((name.to_string(), Value::text(value)));
                    }
                    _ => {}
                }
            }
        }
        self
    }

    /// The same machine in another cloud.
    #[must_use]
    pub fn in_cloud(mut self, cloud: Cloud) -> Self {
        self.put("compute/azEnvironment", cloud.az_environment());
        self
    }

    /// The same machine with a user-assigned identity more.
    #[must_use]
    pub fn with_user_assigned(mut self, identity: UserAssigned) -> Self {
        self.identity.user_assigned.push(identity);
        self
    }

    /// The same machine with changes in JSON laid over it: objects are merged, everything else is replaced. They are
    /// written as a machine's file is, such as `{"compute":{"tags":{"env":"test"}},"loadBalancer":{}}`.
    ///
    /// # Errors
    ///
    /// `configuration_malformed` for anything but a JSON object, and for a value that does not fit its place.
    ///
    /// ```
    /// use azure_imds::emulator::Machine;
    ///
    /// let machine = Machine::default().with(r#"{"compute":{"zone":"3"}}"#)?;
    /// assert_eq!(machine.text("compute/zone"), "3");
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    pub fn with(mut self, json: &str) -> Result<Self, UsageError> {
        for (key, value) in changes(json)? {
            self.lay(&key, value)?;
        }
        Ok(self)
    }

    /// Sets what is at a path, like `compute/zone` or `network/interface/0/macAddress`. An index one past the end adds
    /// an element. Paths of the load balancer begin with `loadBalancer`.
    ///
    /// # Errors
    ///
    /// `path_malformed`; `configuration_malformed` for a value that does not fit its place, and for a path that leads
    /// nowhere.
    pub fn set(&mut self, path: &str, value: impl Into<Value>) -> Result<(), UsageError> {
        let path = MetadataPath::parse(path)?;
        let segments: Vec<&str> = path.segments().collect();
        let defaults = Defaults::new();
        if let [LOAD_BALANCER, below @ ..] = segments.as_slice() {
            let blank = || defaults.blank(Place::LOAD_BALANCER, LOAD_BALANCER);
            let mut changed = self.load_balancer.clone().unwrap_or_else(blank);
            let expect = Expect::Known(Place::LOAD_BALANCER);
            let done = put(&mut changed, below, expect, &mut LOAD_BALANCER.to_string(), value.into(), &defaults);
            done.map_err(|misfit| malformed(misfit.below(LOAD_BALANCER)))?;
            self.load_balancer = Some(changed);
        } else {
            let mut changed = self.sections.clone();
            let expect = Expect::Known(Place::INSTANCE);
            put(&mut changed, &segments, expect, &mut String::new(), value.into(), &defaults).map_err(malformed)?;
            self.sections = changed;
        }
        Ok(())
    }

    /// A single value, as text; empty if there is none.
    #[must_use]
    pub fn text(&self, path: &str) -> &str {
        let found = path.split('/').try_fold(&self.sections, |value, segment| match value {
            Value::Array(elements) => elements.get(segment.parse::<usize>().ok()?),
            _ => value.member(segment),
        });
        found.and_then(Value::as_str).unwrap_or_default()
    }

    /// What the service knows of the machine: `compute`, `network`, `extended`, and what was given beside.
    #[must_use]
    pub const fn sections(&self) -> &Value {
        &self.sections
    }

    /// What `/metadata/loadbalancer` wraps; nothing is the ordinary case, and answered with 404.
    #[must_use]
    pub const fn load_balancer(&self) -> Option<&Value> {
        self.load_balancer.as_ref()
    }

    /// The paths of what the list of fields does not know, 64 at most. It is served as it was given.
    #[must_use]
    pub fn unknown(&self) -> Vec<MetadataPath> {
        let mut found = Vec::new();
        expect::unknown(&self.sections, Expect::Known(Place::INSTANCE), &mut Vec::new(), &mut found);
        if let Some(balancer) = &self.load_balancer {
            let mut segments = Vec::from([LOAD_BALANCER.to_string()]);
            expect::unknown(balancer, Expect::Known(Place::LOAD_BALANCER), &mut segments, &mut found);
        }
        found
    }

    /// The cloud that `azEnvironment` names; the public one if it names none.
    #[must_use]
    pub fn cloud(&self) -> Cloud {
        let named = self.text("compute/azEnvironment");
        let is_named = |cloud: &&Cloud| cloud.az_environment().eq_ignore_ascii_case(named);
        Cloud::ALL.iter().find(is_named).copied().unwrap_or(Cloud::Public)
    }

    /// The machine's ARM identifier: `resourceId`, or what follows from subscription, group and name.
    #[must_use]
    pub fn resource_id(&self) -> String {
        let (given, name) = (self.text("compute/resourceId"), self.text("compute/name"));
        if !given.is_empty() {
            return given.to_string();
        }
        let group = self.resource_group_id();
        let instance = name.rsplit_once('_').filter(|_| !self.text("compute/vmScaleSetName").is_empty());
        match instance {
            Some((set, number)) => {
                format!("{group}/providers/Microsoft.Compute/virtualMachineScaleSets/{set}/virtualMachines/{number}")
            }
            None => format!("{group}/providers/Microsoft.Compute/virtualMachines/{name}"),
        }
    }

    /// The OS disk's ARM identifier: `managedDisk.id`, or what follows from subscription, group and the disk's name.
    #[must_use]
    pub fn os_disk_id(&self) -> String {
        let given = self.text("compute/storageProfile/osDisk/managedDisk/id");
        let name = self.text("compute/storageProfile/osDisk/name");
        if !given.is_empty() || name.is_empty() {
            return given.to_string();
        }
        format!("{}/providers/Microsoft.Compute/disks/{name}", self.resource_group_id())
    }

    /// Names and values of the tags, in the one order that both forms have: those of `tagsList` where it is given,
    /// which loses nothing, else `tags` by name.
    #[must_use]
    pub fn tags(&self) -> Vec<(&str, &str)> {
        let compute = self.sections.member("compute").unwrap_or(&Value::Null);
        if let Some(Value::Array(list)) = compute.member("tagsList") {
            return list.iter().map(|tag| (member_text(tag, "name"), member_text(tag, "value"))).collect();
        }
        let Some(Value::Object(tags)) = compute.member("tags") else {
            return Vec::new();
        };
        let mut tags: Vec<_> =
            tags.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default())).collect();
        tags.sort_unstable();
        tags
    }

    /// Lays one part of a machine's file over what there is.
    pub(super) fn lay(&mut self, key: &str, value: Value) -> Result<(), UsageError> {
        let misfit = |expected, value: &Value| {
            malformed(Misfit { segments: Vec::from([key.to_string()]), expected, found: value.kind() })
        };
        match (key, value) {
            ("classic", Value::Bool(classic)) => self.classic = classic,
            ("classic", other) => return Err(misfit("true or false", &other)),
            ("identity", value) => self.identity = laid(&self.identity, value, key)?,
            (LOAD_BALANCER, Value::Null) => self.load_balancer = None,
            (LOAD_BALANCER, value) => {
                let read = Expect::Known(Place::LOAD_BALANCER).read(value);
                self.lay_load_balancer(read.map_err(|misfit| malformed(misfit.below(key)))?);
            }
            (key, value) => {
                let (name, expect) = section(key);
                let are_whole =
                    name == "compute" && matches!(value.member("tags"), Some(Value::String(_) | Value::Array(_)));
                let value = expect.read(value).map_err(|misfit| malformed(misfit.below(key)))?;
                // A text or a list of tags is held as an object, but replaces what there is, as texts and lists do.
                if are_whole && let Some(tags) = self.tags_mut() {
                    *tags = Value::object([]);
                }
                self.lay_section(name, value);
            }
        }
        Ok(())
    }

    /// Lays a section that is read over what there is of it.
    fn lay_section(&mut self, name: String, value: Value) {
        let sections = core::mem::replace(&mut self.sections, Value::Null);
        let value = Value::Object(Vec::from([(name, value)]));
        self.sections = Defaults::new().laid(Some(sections), value, Some(Place::INSTANCE), "");
    }

    fn lay_load_balancer(&mut self, value: Value) {
        let below = self.load_balancer.take();
        self.load_balancer = Some(Defaults::new().laid(below, value, Some(Place::LOAD_BALANCER), LOAD_BALANCER));
    }

    /// Sets a text that is known to fit.
    fn put(&mut self, path: &str, value: &str) {
        let done = self.set(path, value);
        debug_assert!(done.is_ok(), "{done:?}");
    }

    fn tags_mut(&mut self) -> Option<&mut Value> {
        member_mut(member_mut(&mut self.sections, "compute")?, "tags")
    }

    fn resource_group_id(&self) -> String {
        let (subscription, group) = (self.text("compute/subscriptionId"), self.text("compute/resourceGroupName"));
        format!("/subscriptions/{subscription}/resourceGroups/{group}")
    }
}

/// The name of a section of the instance, and what may be in it.
fn section(key: &str) -> (String, Expect) {
    match Expect::Known(Place::INSTANCE).member(key) {
        Some((name, expect @ Expect::Known(_))) => (name, expect),
        _ => (key.to_string(), Expect::Section),
    }
}

/// Sets what is below a value at a path. `pattern` is the path of the value, `*` for an index.
fn put(
    target: &mut Value,
    segments: &[&str],
    expect: Expect,
    pattern: &mut String,
    value: Value,
    defaults: &Defaults,
) -> Result<(), Misfit> {
    let place = match expect {
        Expect::Known(place) => Some(place),
        _ => None,
    };
    let Some((first, rest)) = segments.split_first() else {
        *target = defaults.laid(None, expect.read(value)?, place, pattern);
        return Ok(());
    };
    if let (Value::Null, Some(place)) = (&*target, place) {
        *target = defaults.blank(place, pattern);
    }
    let nowhere = |expected, found| Misfit { segments: Vec::from([(*first).to_string()]), expected, found };
    let (inner, expect, step) = match target {
        Value::Object(members) => {
            let (name, expect) = expect.member(first).ok_or_else(|| nowhere("a key of the object", "another"))?;
            let at = members.iter().position(|(key, _)| *key == name);
            let at = at.unwrap_or_else(|| {
                members.push((name.clone(), Value::Null));
                members.len().saturating_sub(1)
            });
            (members.get_mut(at).map(|(_, inner)| inner), expect, name)
        }
        Value::Array(elements) => {
            let index = first.parse::<usize>().ok().filter(|index| *index <= elements.len());
            let index = index.ok_or_else(|| nowhere("an index of the array, or one more", "another"))?;
            if index == elements.len() {
                elements.push(Value::Null);
            }
            (elements.get_mut(index), expect.element().unwrap_or(Expect::Unknown), "*".to_string())
        }
        leaf => return Err(nowhere("an object or an array above", leaf.kind())),
    };
    if !pattern.is_empty() {
        pattern.push('/');
    }
    pattern.push_str(&step);
    let Some(inner) = inner else {
        return Ok(());
    };
    put(inner, rest, expect, pattern, value, defaults).map_err(|misfit| misfit.below(first))
}

fn malformed(misfit: Misfit) -> UsageError {
    let reason = format!("expected {}, found {}", misfit.expected, misfit.found);
    UsageError::ConfigurationMalformed { position: None, place: Quoted::from(&*misfit.path().to_string()), reason }
}

fn member_mut<'v>(value: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    match value {
        Value::Object(members) => members.iter_mut().find(|(known, _)| known == key).map(|(_, value)| value),
        _ => None,
    }
}

fn member_text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.member(key).and_then(Value::as_str).unwrap_or_default()
}

const LOAD_BALANCER: &str = "loadBalancer";
