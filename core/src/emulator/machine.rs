//! The machine that is emulated: everything the service knows about it, as plain data.
//!
//! Names and shapes are the service's own, so that a recorded answer of `/metadata/instance` can be pasted into a
//! configuration, in JSON or TOML. Every leaf is text, as it is on the wire; numbers and booleans are read as text.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec;

use serde::{Deserialize, Serialize};

pub use self::compute::{
    AdditionalCapabilities, Compute, ExtendedLocation, Named, OsProfile, PlanParts, PublicKey, SecurityProfile, Tag,
};
pub use self::identity::{Identities, SystemAssigned, UserAssigned};
pub use self::load_balancer::{AddressPair, InboundRule, LoadBalancer, TunnelInterface};
pub use self::network::{Interface, IpAddress, Ipv4, Ipv6, Network, PrivateAddress, Subnet};
pub use self::storage::{
    DataDisk, DiffDiskSettings, DiskEncryptionKey, EncryptionSettings, ImageReference, KeyEncryptionKey, ManagedDisk,
    OsDisk, ResourceDisk, StorageProfile, Uri,
};
use crate::cloud::Cloud;

mod compute;
mod identity;
mod load_balancer;
mod network;
mod storage;
mod text;

/// A virtual machine.
///
/// [`Machine::default`] is a small Linux machine in `eastus2` with a system-assigned identity and no load balancer.
/// Change any field, or start from [`classic`](Self::classic) or [`scale_set_instance`](Self::scale_set_instance).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Machine {
    /// Created by the classic deployment model: no `compute`, and little in its attested document.
    pub classic: bool,
    /// `/metadata/instance/compute`.
    pub compute: Compute,
    /// `/metadata/instance/network`.
    pub network: Network,
    /// What provisioning agents get with `extended=true`.
    pub extended: Extended,
    /// Managed identities.
    pub identity: Identities,
    /// `/metadata/loadbalancer`; none is the ordinary case, and answered with 404.
    pub load_balancer: Option<LoadBalancer>,
}

/// `extended`, which no document describes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Extended {
    /// `compute`.
    pub compute: ExtendedCompute,
}

/// `extended.compute`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ExtendedCompute {
    /// Whether custom data waits on the provisioning disk. A JSON boolean, unlike everything else.
    pub has_custom_data: bool,
    /// How the machine was provisioned ahead of time: `None`, `Savable`, `Running`, `OSDisk`.
    pub pps_type: String,
}

impl Default for ExtendedCompute {
    fn default() -> Self {
        Self { has_custom_data: false, pps_type: "None".to_string() }
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
        machine.compute.vm_scale_set_name = scale_set.to_string();
        machine.compute.placement_group_id = "00000000-0000-4000-8000-0000000000a1".to_string();
        machine.compute.os_profile.computer_name = format!("{scale_set}{number:06}");
        machine
    }

    /// The same machine under another name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.compute.name = name.to_string();
        self.compute.os_profile.computer_name = name.to_string();
        self.compute.storage_profile.os_disk.name = format!("{name}_OsDisk_1");
        self
    }

    /// The same machine with one more tag.
    #[must_use]
    pub fn tagged(mut self, name: &str, value: &str) -> Self {
        self.compute.tags.insert(name.to_string(), value.to_string());
        self
    }

    /// The same machine in another cloud.
    #[must_use]
    pub fn in_cloud(mut self, cloud: Cloud) -> Self {
        self.compute.az_environment = cloud.az_environment().to_string();
        self
    }

    /// The same machine with a user-assigned identity more.
    #[must_use]
    pub fn with_user_assigned(mut self, identity: UserAssigned) -> Self {
        self.identity.user_assigned.push(identity);
        self
    }

    /// The cloud that `azEnvironment` names; the public one if it names none.
    #[must_use]
    pub fn cloud(&self) -> Cloud {
        let named = |cloud: &&Cloud| cloud.az_environment().eq_ignore_ascii_case(&self.compute.az_environment);
        Cloud::ALL.iter().find(named).copied().unwrap_or(Cloud::Public)
    }

    /// The machine's ARM identifier: `resourceId`, or what follows from subscription, group and name.
    #[must_use]
    pub fn resource_id(&self) -> String {
        let compute = &self.compute;
        if !compute.resource_id.is_empty() {
            return compute.resource_id.clone();
        }
        let group = self.resource_group_id();
        let instance = compute.name.rsplit_once('_').filter(|_| !compute.vm_scale_set_name.is_empty());
        match instance {
            Some((set, number)) => {
                format!("{group}/providers/Microsoft.Compute/virtualMachineScaleSets/{set}/virtualMachines/{number}")
            }
            None => format!("{group}/providers/Microsoft.Compute/virtualMachines/{}", compute.name),
        }
    }

    /// The OS disk's ARM identifier: `managedDisk.id`, or what follows from subscription, group and the disk's name.
    #[must_use]
    pub fn os_disk_id(&self) -> String {
        let disk = &self.compute.storage_profile.os_disk;
        if !disk.managed_disk.id.is_empty() || disk.name.is_empty() {
            return disk.managed_disk.id.clone();
        }
        format!("{}/providers/Microsoft.Compute/disks/{}", self.resource_group_id(), disk.name)
    }

    /// The tags in the one order that both forms have: those of `tagsList` where it is given, else `tags` by name.
    #[must_use]
    pub fn tags(&self) -> vec::Vec<Tag> {
        match &self.compute.tags_list {
            Some(list) => list.clone(),
            None => {
                let tag = |(name, value): (&String, &String)| Tag { name: name.clone(), value: value.clone() };
                self.compute.tags.iter().map(tag).collect()
            }
        }
    }

    fn resource_group_id(&self) -> String {
        format!("/subscriptions/{}/resourceGroups/{}", self.compute.subscription_id, self.compute.resource_group_name)
    }
}
