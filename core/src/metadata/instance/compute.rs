//! `compute`: what the machine is.

use super::storage::StorageProfile;
use super::tags::Tag;
use crate::cloud::Cloud;
use crate::guid;
use crate::metadata::record::record;

record! {
    /// `compute`: the machine, its image, its place.
    ///
    /// Fields that are newer than the answer's version are absent; [`schema`](crate::metadata::schema) tells which came when.
    Compute {
        /// Capabilities switched on for the machine.
        additional_capabilities: record(AdditionalCapabilities) = "additionalCapabilities";
        /// The cloud; see [`Compute::cloud`].
        az_environment: text = "azEnvironment";
        /// Always empty today; see `user_data`.
        custom_data: text = "customData";
        /// `Deallocate` or `Delete`, for Spot machines.
        eviction_policy: text = "evictionPolicy";
        /// The edge zone.
        extended_location: record(ExtendedLocation) = "extendedLocation";
        /// The dedicated host.
        host: record(ResourceReference) = "host";
        /// The dedicated host group.
        host_group: record(ResourceReference) = "hostGroup";
        /// The group of machines joined by one fabric. Not documented.
        interconnect_group_id: text = "interconnectGroupId";
        /// The part of that group. Not documented.
        interconnect_subgroup_id: text = "interconnectSubgroupId";
        /// Whether the machine runs on the host compatibility layer.
        is_host_compatibility_layer_vm: flag = "isHostCompatibilityLayerVm";
        /// Whether the machine waits in a standby pool. Not documented, so given as text.
        is_vm_in_standby_pool: text = "isVmInStandbyPool";
        /// The licence brought along.
        license_type: text = "licenseType";
        /// The region.
        location: text = "location";
        /// The machine's name.
        name: text = "name";
        /// The image's offer.
        offer: text = "offer";
        /// What the operating system was set up with.
        os_profile: record(OsProfile) = "osProfile";
        /// `Linux` or `Windows`.
        os_type: text = "osType";
        /// The physical zone, the same for all subscriptions.
        physical_zone: text = "physicalZone";
        /// The placement group of a scale set.
        placement_group_id: text = "placementGroupId";
        /// The marketplace plan the image was sold under.
        plan: record(PurchasePlan) = "plan";
        /// The fault domain.
        platform_fault_domain: number = "platformFaultDomain";
        /// The fault domain within the fault domain.
        platform_sub_fault_domain: number = "platformSubFaultDomain";
        /// The update domain.
        platform_update_domain: number = "platformUpdateDomain";
        /// `Regular`, `Low` or `Spot`.
        priority: text = "priority" | "Priority";
        /// The resource provider.
        provider: text = "provider";
        /// The SSH keys given at creation.
        public_keys: list(PublicKey) = "publicKeys";
        /// The image's publisher.
        publisher: text = "publisher";
        /// The resource group.
        resource_group_name: text = "resourceGroupName";
        /// The machine's resource id. Never compare it with case.
        resource_id: text = "resourceId";
        /// What protects the machine.
        security_profile: record(SecurityProfile) = "securityProfile";
        /// The image's SKU.
        sku: text = "sku";
        /// Image and disks.
        storage_profile: record(StorageProfile) = "storageProfile";
        /// The subscription.
        subscription_id: text = "subscriptionId";
        /// A fault domain as the platform counts. Not documented.
        system_fault_domain: text = "systemFaultDomain";
        /// The tags in one text; see [`Tags`](crate::Tags).
        tags: text = "tags";
        /// The tags one by one; see [`Tags`](crate::Tags).
        tags_list: list(Tag) = "tagsList";
        /// The user data, base64.
        user_data: text = "userData";
        /// The image's version.
        version: text = "version";
        /// The flexible scale set.
        virtual_machine_scale_set: record(ResourceReference) = "virtualMachineScaleSet";
        /// The machine's UUID; see [`Compute::vm_id_matches`].
        vm_id: text = "vmId";
        /// The scale set's name.
        vm_scale_set_name: text = "vmScaleSetName";
        /// The size.
        vm_size: text = "vmSize";
        /// The availability zone.
        zone: text = "zone";
    }
}

record! {
    /// `compute.additionalCapabilities`.
    AdditionalCapabilities {
        /// Whether the machine may hibernate.
        hibernation_enabled: flag = "hibernationEnabled";
    }
}

record! {
    /// `compute.extendedLocation`: the edge zone.
    ExtendedLocation {
        /// The edge zone's name.
        name: text = "name";
        /// Its type.
        type_name: text = "type";
    }
}

record! {
    /// `compute.osProfile`: what the operating system was set up with.
    OsProfile {
        /// The administrator's name.
        admin_username: text = "adminUsername";
        /// The host name given at creation.
        computer_name: text = "computerName";
        /// Whether passwords are refused at login; absent on Windows.
        disable_password_authentication: flag = "disablePasswordAuthentication";
    }
}

record! {
    /// `compute.plan`: the marketplace plan an image was sold under.
    PurchasePlan {
        /// The plan.
        name: text = "name";
        /// The product.
        product: text = "product";
        /// The publisher.
        publisher: text = "publisher";
    }
}

record! {
    /// An element of `compute.publicKeys`.
    PublicKey {
        /// The key in OpenSSH form; may end with a line feed.
        key_data: text = "keyData";
        /// The file it was written to.
        path: text = "path";
    }
}

record! {
    /// An object that holds nothing but a resource id.
    ResourceReference {
        /// The resource id. Never compare it with case.
        id: text = "id";
    }
}

record! {
    /// `compute.securityProfile`: what protects the machine.
    SecurityProfile {
        /// Whether disks are encrypted at the host.
        encryption_at_host: flag = "encryptionAtHost";
        /// Whether Secure Boot is on.
        secure_boot_enabled: flag = "secureBootEnabled";
        /// `TrustedLaunch` or `ConfidentialVM`.
        security_type: text = "securityType";
        /// Whether there is a virtual TPM.
        virtual_tpm_enabled: flag = "virtualTpmEnabled";
    }
}

impl Compute {
    /// The cloud that `azEnvironment` names, in any case; nothing if it is absent or names none that is known.
    #[must_use]
    pub fn cloud(&self) -> Option<Cloud> {
        let name = self.az_environment.as_deref()?;
        Cloud::ALL.iter().copied().find(|cloud| cloud.az_environment().eq_ignore_ascii_case(name))
    }

    /// Whether the UUID that the machine's own SMBIOS shows is this `vmId`; see [`vm_id_matches`].
    #[must_use]
    pub fn vm_id_matches(&self, smbios: &str) -> bool {
        self.vm_id.as_deref().is_some_and(|vm_id| vm_id_matches(vm_id, smbios))
    }
}

/// Whether two texts name the same VM, in either order of bytes.
///
/// SMBIOS before version 2.6 stores the first three groups of a UUID in reverse order of bytes, and some tools show
/// them so: `12345678-9abc-...` becomes `78563412-bc9a-...`. Case, braces and white space around do not count. Texts
/// that are no UUID match nothing.
#[must_use]
pub fn vm_id_matches(vm_id: &str, smbios: &str) -> bool {
    match (guid::read(trim(vm_id)), guid::read(trim(smbios))) {
        (Some(one), Some(other)) => one == other || guid::other_order(one) == other,
        _ => false,
    }
}

fn trim(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smbios_in_both_orders() {
        let vm_id = "12345678-9abc-def0-1122-334455667788";
        for smbios in [
            vm_id,
            "12345678-9ABC-DEF0-1122-334455667788\n",
            "{12345678-9abc-def0-1122-334455667788}",
            "78563412-bc9a-f0de-1122-334455667788",
            "78563412-BC9A-F0DE-1122-334455667788",
        ] {
            assert!(vm_id_matches(vm_id, smbios) && vm_id_matches(smbios, vm_id), "{smbios}");
        }
        for other in [
            "",
            "12345678-9abc-def0-1122-334455667789",
            "78563412-9abc-def0-1122-334455667788",
            "78563412-bc9a-f0de-2211-334455667788",
            "123456789abcdef01122334455667788",
            "12345678-9abc-def0-1122-33445566778é",
        ] {
            assert!(!vm_id_matches(vm_id, other), "{other}");
        }
        assert!(!vm_id_matches("", ""));
        assert!(!Compute::default().vm_id_matches(vm_id));
    }

    #[test]
    fn clouds_in_any_case() {
        let compute = |name: &str| Compute { az_environment: Some(name.into()), ..Compute::default() };
        assert_eq!(compute("AZUREUSGOVERNMENTCLOUD").cloud(), Some(Cloud::UsGov));
        assert_eq!(compute("AzurePublicCloud").cloud(), Some(Cloud::Public));
        assert_eq!(compute("AzureMoonCloud").cloud(), None);
        assert_eq!(Compute::default().cloud(), None);
    }
}
