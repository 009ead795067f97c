//! `compute`: what the machine is.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::storage::StorageProfile;
use super::text::{optional_text, tags, text};

/// `/metadata/instance/compute`, in the order in which the service writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Compute {
    /// `additionalCapabilities`.
    pub additional_capabilities: AdditionalCapabilities,
    /// `azEnvironment`, such as `AzurePublicCloud`.
    #[serde(deserialize_with = "text")]
    pub az_environment: String,
    /// `customData`: retired, always empty.
    #[serde(deserialize_with = "text")]
    pub custom_data: String,
    /// `evictionPolicy`: `Deallocate` or `Delete` on Spot machines.
    #[serde(deserialize_with = "text")]
    pub eviction_policy: String,
    /// `extendedLocation`: the edge zone.
    pub extended_location: ExtendedLocation,
    /// `host`: the dedicated host.
    pub host: Named,
    /// `hostGroup`: the group of dedicated hosts.
    pub host_group: Named,
    /// `interconnectGroupId`: not documented; absent if not given.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub interconnect_group_id: Option<String>,
    /// `interconnectSubgroupId`: not documented; absent if not given.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub interconnect_subgroup_id: Option<String>,
    /// `isHostCompatibilityLayerVm`: `true` or `false`.
    #[serde(deserialize_with = "text")]
    pub is_host_compatibility_layer_vm: String,
    /// `isVmInStandbyPool`: not documented; absent if not given.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub is_vm_in_standby_pool: Option<String>,
    /// `licenseType`, with Azure Hybrid Benefit.
    #[serde(deserialize_with = "text")]
    pub license_type: String,
    /// `location`: the region.
    #[serde(deserialize_with = "text")]
    pub location: String,
    /// `name`.
    #[serde(deserialize_with = "text")]
    pub name: String,
    /// `offer` of the image.
    #[serde(deserialize_with = "text")]
    pub offer: String,
    /// `osProfile`.
    pub os_profile: OsProfile,
    /// `osType`: `Linux` or `Windows`.
    #[serde(deserialize_with = "text")]
    pub os_type: String,
    /// `physicalZone`, such as `eastus2-AZ01`.
    #[serde(deserialize_with = "text")]
    pub physical_zone: String,
    /// `placementGroupId`, in scale sets.
    #[serde(deserialize_with = "text")]
    pub placement_group_id: String,
    /// `plan`: what the image was sold under.
    pub plan: PlanParts,
    /// `platformFaultDomain`: digits.
    #[serde(deserialize_with = "text")]
    pub platform_fault_domain: String,
    /// `platformSubFaultDomain`.
    #[serde(deserialize_with = "text")]
    pub platform_sub_fault_domain: String,
    /// `platformUpdateDomain`: digits.
    #[serde(deserialize_with = "text")]
    pub platform_update_domain: String,
    /// `priority`: `Regular`, `Low`, `Spot`, or empty.
    #[serde(deserialize_with = "text")]
    pub priority: String,
    /// `provider`.
    #[serde(deserialize_with = "text")]
    pub provider: String,
    /// `publicKeys`: SSH keys.
    pub public_keys: Vec<PublicKey>,
    /// `publisher` of the image.
    #[serde(deserialize_with = "text")]
    pub publisher: String,
    /// `resourceGroupName`.
    #[serde(deserialize_with = "text")]
    pub resource_group_name: String,
    /// `resourceId`; empty to have it follow from subscription, group and name.
    #[serde(deserialize_with = "text")]
    pub resource_id: String,
    /// `securityProfile`.
    pub security_profile: SecurityProfile,
    /// `sku` of the image; also in the attested document.
    #[serde(deserialize_with = "text")]
    pub sku: String,
    /// `storageProfile`.
    pub storage_profile: StorageProfile,
    /// `subscriptionId`.
    #[serde(deserialize_with = "text")]
    pub subscription_id: String,
    /// `systemFaultDomain`: not documented; absent if not given.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub system_fault_domain: Option<String>,
    /// `tags` by name. A map, a list, or the service's text is read.
    #[serde(deserialize_with = "tags")]
    pub tags: BTreeMap<String, String>,
    /// `tagsList`. Where given it takes the place of `tags`: recordings have both, and this one loses nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags_list: Option<Vec<Tag>>,
    /// `userData`: base64, as set.
    #[serde(deserialize_with = "text")]
    pub user_data: String,
    /// `version` of the image, the concrete one.
    #[serde(deserialize_with = "text")]
    pub version: String,
    /// `virtualMachineScaleSet`: of flexible orchestration only.
    pub virtual_machine_scale_set: Named,
    /// `vmId`: a UUID.
    #[serde(deserialize_with = "text")]
    pub vm_id: String,
    /// `vmScaleSetName`.
    #[serde(deserialize_with = "text")]
    pub vm_scale_set_name: String,
    /// `vmSize`.
    #[serde(deserialize_with = "text")]
    pub vm_size: String,
    /// `zone`: `1`, `2`, `3` or empty.
    #[serde(deserialize_with = "text")]
    pub zone: String,
}

impl Default for Compute {
    fn default() -> Self {
        Self {
            additional_capabilities: AdditionalCapabilities::default(),
            az_environment: "AzurePublicCloud".to_string(),
            custom_data: String::new(),
            eviction_policy: String::new(),
            extended_location: ExtendedLocation::default(),
            host: Named::default(),
            host_group: Named::default(),
            interconnect_group_id: None,
            interconnect_subgroup_id: None,
            is_host_compatibility_layer_vm: "false".to_string(),
            is_vm_in_standby_pool: None,
            license_type: String::new(),
            location: "eastus2".to_string(),
            name: "emulated-vm".to_string(),
            offer: "ubuntu-24_04-lts".to_string(),
            os_profile: OsProfile::default(),
            os_type: "Linux".to_string(),
            physical_zone: "eastus2-AZ01".to_string(),
            placement_group_id: String::new(),
            plan: PlanParts::default(),
            platform_fault_domain: "0".to_string(),
            platform_sub_fault_domain: String::new(),
            platform_update_domain: "0".to_string(),
            priority: String::new(),
            provider: "Microsoft.Compute".to_string(),
            public_keys: Vec::from([PublicKey::default()]),
            publisher: "canonical".to_string(),
            resource_group_name: "emulated-group".to_string(),
            resource_id: String::new(),
            security_profile: SecurityProfile::default(),
            sku: "server".to_string(),
            storage_profile: StorageProfile::default(),
            subscription_id: "00000000-0000-4000-8000-0000000000f1".to_string(),
            system_fault_domain: None,
            tags: BTreeMap::default(),
            tags_list: None,
            user_data: String::new(),
            version: "24.04.202510010".to_string(),
            virtual_machine_scale_set: Named::default(),
            vm_id: "00000000-0000-4000-8000-000000000001".to_string(),
            vm_scale_set_name: String::new(),
            vm_size: "Standard_D2ds_v5".to_string(),
            zone: "1".to_string(),
        }
    }
}

/// `additionalCapabilities`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct AdditionalCapabilities {
    /// `hibernationEnabled`: `true` or `false`.
    #[serde(deserialize_with = "text")]
    pub hibernation_enabled: String,
}

impl Default for AdditionalCapabilities {
    fn default() -> Self {
        Self { hibernation_enabled: "false".to_string() }
    }
}

/// `extendedLocation`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ExtendedLocation {
    /// `name`.
    #[serde(deserialize_with = "text")]
    pub name: String,
    /// `type`: `edgeZone`.
    #[serde(deserialize_with = "text")]
    pub r#type: String,
}

/// An object with nothing but an ARM identifier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Named {
    /// `id`.
    #[serde(deserialize_with = "text")]
    pub id: String,
}

/// `osProfile`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct OsProfile {
    /// `adminUsername`.
    #[serde(deserialize_with = "text")]
    pub admin_username: String,
    /// `computerName`.
    #[serde(deserialize_with = "text")]
    pub computer_name: String,
    /// `disablePasswordAuthentication`: `true` or `false`, empty on Windows.
    #[serde(deserialize_with = "text")]
    pub disable_password_authentication: String,
}

impl Default for OsProfile {
    fn default() -> Self {
        Self {
            admin_username: "azureuser".to_string(),
            computer_name: "emulated-vm".to_string(),
            disable_password_authentication: "true".to_string(),
        }
    }
}

/// `plan`; all empty but for images of the marketplace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct PlanParts {
    /// `name`.
    #[serde(deserialize_with = "text")]
    pub name: String,
    /// `product`.
    #[serde(deserialize_with = "text")]
    pub product: String,
    /// `publisher`.
    #[serde(deserialize_with = "text")]
    pub publisher: String,
}

/// One of `publicKeys`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct PublicKey {
    /// `keyData`.
    #[serde(deserialize_with = "text")]
    pub key_data: String,
    /// `path`.
    #[serde(deserialize_with = "text")]
    pub path: String,
}

impl Default for PublicKey {
    fn default() -> Self {
        Self {
            key_data: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA azureuser\n"
                .to_string(),
            path: "/home/azureuser/.ssh/authorized_keys".to_string(),
        }
    }
}

/// `securityProfile`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct SecurityProfile {
    /// `encryptionAtHost`: `true` or `false`.
    #[serde(deserialize_with = "text")]
    pub encryption_at_host: String,
    /// `secureBootEnabled`: `true` or `false`.
    #[serde(deserialize_with = "text")]
    pub secure_boot_enabled: String,
    /// `securityType`: `TrustedLaunch`, `ConfidentialVM` or empty.
    #[serde(deserialize_with = "text")]
    pub security_type: String,
    /// `virtualTpmEnabled`: `true` or `false`.
    #[serde(deserialize_with = "text")]
    pub virtual_tpm_enabled: String,
}

impl Default for SecurityProfile {
    fn default() -> Self {
        Self {
            encryption_at_host: "false".to_string(),
            secure_boot_enabled: "true".to_string(),
            security_type: "TrustedLaunch".to_string(),
            virtual_tpm_enabled: "true".to_string(),
        }
    }
}

/// One of `tagsList`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Tag {
    /// `name`.
    #[serde(deserialize_with = "text")]
    pub name: String,
    /// `value`.
    #[serde(deserialize_with = "text")]
    pub value: String,
}
