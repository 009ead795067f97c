//! `compute.storageProfile`: image and disks.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::compute::Named;
use super::text::{optional_text, text};

/// `storageProfile`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct StorageProfile {
    /// `dataDisks`.
    pub data_disks: Vec<DataDisk>,
    /// `imageReference`.
    pub image_reference: ImageReference,
    /// `osDisk`.
    pub os_disk: OsDisk,
    /// `resourceDisk`: the temporary one.
    pub resource_disk: ResourceDisk,
}

/// `imageReference`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ImageReference {
    /// `communityGalleryImageId`.
    #[serde(deserialize_with = "text")]
    pub community_gallery_image_id: String,
    /// `exactVersion`.
    #[serde(deserialize_with = "text")]
    pub exact_version: String,
    /// `id`, of images of one's own.
    #[serde(deserialize_with = "text")]
    pub id: String,
    /// `offer`.
    #[serde(deserialize_with = "text")]
    pub offer: String,
    /// `publisher`.
    #[serde(deserialize_with = "text")]
    pub publisher: String,
    /// `sharedGalleryImageId`.
    #[serde(deserialize_with = "text")]
    pub shared_gallery_image_id: String,
    /// `sku`.
    #[serde(deserialize_with = "text")]
    pub sku: String,
    /// `version` as it was asked for, often `latest`.
    #[serde(deserialize_with = "text")]
    pub version: String,
}

impl Default for ImageReference {
    fn default() -> Self {
        Self {
            community_gallery_image_id: String::new(),
            exact_version: "24.04.202510010".to_string(),
            id: String::new(),
            offer: "ubuntu-24_04-lts".to_string(),
            publisher: "canonical".to_string(),
            shared_gallery_image_id: String::new(),
            sku: "server".to_string(),
            version: "latest".to_string(),
        }
    }
}

/// `osDisk`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct OsDisk {
    /// `caching`.
    #[serde(deserialize_with = "text")]
    pub caching: String,
    /// `createOption`.
    #[serde(deserialize_with = "text")]
    pub create_option: String,
    /// `diffDiskSettings`.
    pub diff_disk_settings: DiffDiskSettings,
    /// `diskSizeGB`: digits.
    #[serde(rename = "diskSizeGB", deserialize_with = "text")]
    pub disk_size_gb: String,
    /// `encryptionSettings`.
    pub encryption_settings: EncryptionSettings,
    /// `image`.
    pub image: Uri,
    /// `managedDisk`.
    pub managed_disk: ManagedDisk,
    /// `name`.
    #[serde(deserialize_with = "text")]
    pub name: String,
    /// `osType`.
    #[serde(deserialize_with = "text")]
    pub os_type: String,
    /// `vhd`.
    pub vhd: Uri,
    /// `writeAcceleratorEnabled`: `true` or `false`.
    #[serde(deserialize_with = "text")]
    pub write_accelerator_enabled: String,
}

impl Default for OsDisk {
    fn default() -> Self {
        Self {
            caching: "ReadWrite".to_string(),
            create_option: "FromImage".to_string(),
            diff_disk_settings: DiffDiskSettings::default(),
            disk_size_gb: "30".to_string(),
            encryption_settings: EncryptionSettings::default(),
            image: Uri::default(),
            managed_disk: ManagedDisk { storage_account_type: "Premium_LRS".to_string(), ..ManagedDisk::default() },
            name: "emulated-vm_OsDisk_1".to_string(),
            os_type: "Linux".to_string(),
            vhd: Uri::default(),
            write_accelerator_enabled: "false".to_string(),
        }
    }
}

/// One of `dataDisks`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct DataDisk {
    /// `bytesPerSecondThrottle`: of Ultra disks.
    #[serde(deserialize_with = "text")]
    pub bytes_per_second_throttle: String,
    /// `caching`.
    #[serde(deserialize_with = "text")]
    pub caching: String,
    /// `createOption`.
    #[serde(deserialize_with = "text")]
    pub create_option: String,
    /// `diskCapacityBytes`: of Ultra disks.
    #[serde(deserialize_with = "text")]
    pub disk_capacity_bytes: String,
    /// `diskSizeGB`: digits.
    #[serde(rename = "diskSizeGB", deserialize_with = "text")]
    pub disk_size_gb: String,
    /// `image`.
    pub image: Uri,
    /// `isSharedDisk`: of Ultra disks.
    #[serde(deserialize_with = "text")]
    pub is_shared_disk: String,
    /// `isUltraDisk`: `true` or `false`.
    #[serde(deserialize_with = "text")]
    pub is_ultra_disk: String,
    /// `lun`: digits.
    #[serde(deserialize_with = "text")]
    pub lun: String,
    /// `managedDisk`.
    pub managed_disk: ManagedDisk,
    /// `name`.
    #[serde(deserialize_with = "text")]
    pub name: String,
    /// `opsPerSecondThrottle`: of Ultra disks.
    #[serde(deserialize_with = "text")]
    pub ops_per_second_throttle: String,
    /// `vhd`.
    pub vhd: Uri,
    /// `writeAcceleratorEnabled`: `true` or `false`.
    #[serde(deserialize_with = "text")]
    pub write_accelerator_enabled: String,
}

impl Default for DataDisk {
    fn default() -> Self {
        Self {
            bytes_per_second_throttle: String::new(),
            caching: "None".to_string(),
            create_option: "Attach".to_string(),
            disk_capacity_bytes: String::new(),
            disk_size_gb: "128".to_string(),
            image: Uri::default(),
            is_shared_disk: String::new(),
            is_ultra_disk: "false".to_string(),
            lun: "0".to_string(),
            managed_disk: ManagedDisk::default(),
            name: String::new(),
            ops_per_second_throttle: String::new(),
            vhd: Uri::default(),
            write_accelerator_enabled: "false".to_string(),
        }
    }
}

/// `diffDiskSettings` of an ephemeral disk.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct DiffDiskSettings {
    /// `enableFullCaching`: not documented; absent if not given.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub enable_full_caching: Option<String>,
    /// `option`: `Local` or empty.
    #[serde(deserialize_with = "text")]
    pub option: String,
    /// `placement`: not documented; absent if not given.
    #[serde(deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub placement: Option<String>,
}

/// `encryptionSettings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct EncryptionSettings {
    /// `diskEncryptionKey`.
    pub disk_encryption_key: DiskEncryptionKey,
    /// `enabled`: `true` or `false`.
    #[serde(deserialize_with = "text")]
    pub enabled: String,
    /// `keyEncryptionKey`.
    pub key_encryption_key: KeyEncryptionKey,
}

impl Default for EncryptionSettings {
    fn default() -> Self {
        Self {
            disk_encryption_key: DiskEncryptionKey::default(),
            enabled: "false".to_string(),
            key_encryption_key: KeyEncryptionKey::default(),
        }
    }
}

/// `diskEncryptionKey`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct DiskEncryptionKey {
    /// `secretUrl`.
    #[serde(deserialize_with = "text")]
    pub secret_url: String,
    /// `sourceVault`.
    pub source_vault: Named,
}

/// `keyEncryptionKey`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct KeyEncryptionKey {
    /// `keyUrl`.
    #[serde(deserialize_with = "text")]
    pub key_url: String,
    /// `sourceVault`.
    pub source_vault: Named,
}

/// `managedDisk`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ManagedDisk {
    /// `id`; empty on the OS disk to have it follow from subscription, group and name.
    #[serde(deserialize_with = "text")]
    pub id: String,
    /// `storageAccountType`.
    #[serde(deserialize_with = "text")]
    pub storage_account_type: String,
}

/// `resourceDisk`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ResourceDisk {
    /// `size`: kB, `0` if there is none.
    #[serde(deserialize_with = "text")]
    pub size: String,
}

impl Default for ResourceDisk {
    fn default() -> Self {
        Self { size: "78643200".to_string() }
    }
}

/// An object with nothing but an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Uri {
    /// `uri`.
    #[serde(deserialize_with = "text")]
    pub uri: String,
}
