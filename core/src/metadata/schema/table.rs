//! The table itself.

use super::{Field, Wire};
use crate::metadata::api_version::ApiVersion;

const V2017_04_02: Option<ApiVersion> = Some(ApiVersion::new(2017, 4, 2));
const V2017_08_01: Option<ApiVersion> = Some(ApiVersion::new(2017, 8, 1));
const V2017_12_01: Option<ApiVersion> = Some(ApiVersion::new(2017, 12, 1));
const V2018_04_02: Option<ApiVersion> = Some(ApiVersion::new(2018, 4, 2));
const V2018_10_01: Option<ApiVersion> = Some(ApiVersion::new(2018, 10, 1));
const V2019_02_01: Option<ApiVersion> = Some(ApiVersion::new(2019, 2, 1));
const V2019_03_11: Option<ApiVersion> = Some(ApiVersion::new(2019, 3, 11));
const V2019_06_01: Option<ApiVersion> = Some(ApiVersion::new(2019, 6, 1));
const V2019_06_04: Option<ApiVersion> = Some(ApiVersion::new(2019, 6, 4));
const V2020_06_01: Option<ApiVersion> = Some(ApiVersion::new(2020, 6, 1));
const V2020_07_15: Option<ApiVersion> = Some(ApiVersion::new(2020, 7, 15));
const V2020_09_01: Option<ApiVersion> = Some(ApiVersion::new(2020, 9, 1));
const V2020_10_01: Option<ApiVersion> = Some(ApiVersion::new(2020, 10, 1));
const V2020_12_01: Option<ApiVersion> = Some(ApiVersion::new(2020, 12, 1));
const V2021_01_01: Option<ApiVersion> = Some(ApiVersion::new(2021, 1, 1));
const V2021_02_01: Option<ApiVersion> = Some(ApiVersion::new(2021, 2, 1));
const V2021_03_01: Option<ApiVersion> = Some(ApiVersion::new(2021, 3, 1));
const V2021_05_01: Option<ApiVersion> = Some(ApiVersion::new(2021, 5, 1));
const V2021_10_01: Option<ApiVersion> = Some(ApiVersion::new(2021, 10, 1));
const V2021_11_01: Option<ApiVersion> = Some(ApiVersion::new(2021, 11, 1));
const V2021_11_15: Option<ApiVersion> = Some(ApiVersion::new(2021, 11, 15));
const V2021_12_13: Option<ApiVersion> = Some(ApiVersion::new(2021, 12, 13));
const V2023_07_01: Option<ApiVersion> = Some(ApiVersion::new(2023, 7, 1));
const V2023_11_15: Option<ApiVersion> = Some(ApiVersion::new(2023, 11, 15));
const UNDOCUMENTED: Option<ApiVersion> = None;

const RESOURCE_ID: &str = "The service mixes upper and lower case in resource ids: never compare them with case";
const CLASSIC: &str = "A classic VM has no `compute`; a VM made before September 2016 shows it only after an update, such \
                       as a new tag, extension or disk";
const TAGS_STALE: &str = "An instance of a scale set keeps its old tags until it is restarted or reimaged, or its disks \
                          change";
const ULTRA: &str = "Empty for all but Ultra disks";

/// Rows read `path: Wire, since, "about"`, then ` => "note"`, then `, fixed`.
macro_rules! fields {
    ($($path:literal: $wire:ident, $since:ident, $about:literal $(=> $note:expr)? $(, $fixed:ident)?;)+) => {
        &[$(Field {
            path: $path,
            wire: Wire::$wire,
            since: $since,
            fixed: fields!(@fixed $($fixed)?),
            about: $about,
            note: fields!(@note $($note)?),
        },)+]
    };
    (@fixed) => { false };
    (@fixed fixed) => { true };
    (@note) => { None };
    (@note $note:expr) => { Some($note) };
}

#[rustfmt::skip]
pub(super) const FIELDS: &[Field] = fields! {
    "compute": Object, V2017_04_02, "what the machine is" => CLASSIC;
    "compute/additionalCapabilities": Object, V2021_11_01, "capabilities switched on for the machine";
    "compute/additionalCapabilities/hibernationEnabled": Flag, V2021_11_01, "whether the machine may hibernate";
    "compute/azEnvironment": Text, V2018_10_01, "the cloud, such as AzurePublicCloud"
        => "Compare without case", fixed;
    "compute/customData": Text, V2019_02_01, "formerly the data given at creation"
        => "Always empty today; use userData";
    "compute/evictionPolicy": Text, V2020_12_01, "what happens to a Spot machine that is evicted: Deallocate or Delete"
        => "Empty for all but Spot machines";
    "compute/extendedLocation": Object, V2021_03_01, "the edge zone";
    "compute/extendedLocation/name": Text, V2021_03_01, "the edge zone's name";
    "compute/extendedLocation/type": Text, V2021_03_01, "its type, such as edgeZone";
    "compute/host": Object, V2021_11_15, "the dedicated host" => "Of host and hostGroup at most one has an id";
    "compute/host/id": Text, V2021_11_15, "the dedicated host's resource id" => RESOURCE_ID;
    "compute/hostGroup": Object, V2021_11_15, "the dedicated host group"
        => "Of host and hostGroup at most one has an id";
    "compute/hostGroup/id": Text, V2021_11_15, "the dedicated host group's resource id" => RESOURCE_ID;
    "compute/interconnectGroupId": Text, UNDOCUMENTED, "the group of machines joined by one fabric";
    "compute/interconnectSubgroupId": Text, UNDOCUMENTED, "the part of that group";
    "compute/isHostCompatibilityLayerVm": Flag, V2020_06_01, "whether the machine runs on the host compatibility layer";
    "compute/isVmInStandbyPool": Text, UNDOCUMENTED, "whether the machine waits in a standby pool"
        => "Recorded as empty on ordinary machines";
    "compute/licenseType": Text, V2020_09_01, "the licence brought along, such as Windows_Server or RHEL_BYOS"
        => "Empty without Azure Hybrid Benefit";
    "compute/location": Text, V2017_04_02, "the region, such as westeurope", fixed;
    "compute/name": Text, V2017_04_02, "the machine's name; in a uniform scale set the set's name, _ and a number", fixed;
    "compute/offer": Text, V2017_04_02, "the image's offer" => "Empty for images that are not of the marketplace", fixed;
    "compute/osProfile": Object, V2020_07_15, "what the operating system was set up with";
    "compute/osProfile/adminUsername": Text, V2020_07_15, "the administrator's name";
    "compute/osProfile/computerName": Text, V2020_07_15, "the host name given at creation", fixed;
    "compute/osProfile/disablePasswordAuthentication": Flag, V2020_10_01, "whether passwords are refused at login"
        => "Empty on Windows";
    "compute/osType": Text, V2017_04_02, "Linux or Windows", fixed;
    "compute/physicalZone": Text, V2023_11_15, "the physical zone, such as useast-AZ01, the same for all subscriptions"
        => "`zone` is the logical one, numbered for each subscription anew", fixed;
    "compute/placementGroupId": Text, V2017_08_01, "the placement group of a scale set";
    "compute/plan": Object, V2018_04_02, "the marketplace plan the image was sold under"
        => "Present with empty values for other images";
    "compute/plan/name": Text, V2018_04_02, "the plan's name";
    "compute/plan/product": Text, V2018_04_02, "the plan's product";
    "compute/plan/publisher": Text, V2018_04_02, "the plan's publisher";
    "compute/platformFaultDomain": Number, V2017_04_02, "the fault domain";
    "compute/platformSubFaultDomain": Number, V2021_10_01, "the fault domain within the fault domain"
        => "Empty on most machines";
    "compute/platformUpdateDomain": Number, V2017_04_02, "the update domain" => "Empty on some newer machines";
    "compute/priority": Text, V2020_12_01, "Regular, Low or Spot"
        => "Empty on most ordinary machines; one sample of the documentation misspells the key as Priority";
    "compute/provider": Text, V2018_10_01, "the resource provider, Microsoft.Compute", fixed;
    "compute/publicKeys": Array, V2018_04_02, "the SSH keys given at creation"
        => "Empty on Windows and with passwords";
    "compute/publicKeys/*/keyData": Text, V2018_04_02, "the key in OpenSSH form" => "May end with a line feed";
    "compute/publicKeys/*/path": Text, V2018_04_02, "the file it was written to";
    "compute/publisher": Text, V2017_04_02, "the image's publisher" => "Its case varies", fixed;
    "compute/resourceGroupName": Text, V2017_08_01, "the resource group"
        => "Changes when the machine is moved; compare without case";
    "compute/resourceId": Text, V2019_03_11, "the machine's resource id" => RESOURCE_ID;
    "compute/securityProfile": Object, V2020_06_01, "what protects the machine";
    "compute/securityProfile/encryptionAtHost": Flag, V2021_11_01, "whether disks are encrypted at the host";
    "compute/securityProfile/secureBootEnabled": Flag, V2020_06_01, "whether Secure Boot is on";
    "compute/securityProfile/securityType": Text, V2021_12_13, "TrustedLaunch or ConfidentialVM"
        => "Empty for standard security";
    "compute/securityProfile/virtualTpmEnabled": Flag, V2020_06_01, "whether there is a virtual TPM";
    "compute/sku": Text, V2017_04_02, "the image's SKU" => "Empty for custom images", fixed;
    "compute/storageProfile": Object, V2019_06_01, "image and disks";
    "compute/storageProfile/dataDisks": Array, V2019_06_01, "the data disks";
    "compute/storageProfile/dataDisks/*/bytesPerSecondThrottle": Number, V2021_05_01, "bytes a second at most" => ULTRA;
    "compute/storageProfile/dataDisks/*/caching": Text, V2019_06_01, "None, ReadOnly or ReadWrite";
    "compute/storageProfile/dataDisks/*/createOption": Text, V2019_06_01, "Attach, Empty, FromImage and the like";
    "compute/storageProfile/dataDisks/*/diskCapacityBytes": Number, V2021_05_01, "size in bytes" => ULTRA;
    "compute/storageProfile/dataDisks/*/diskSizeGB": Number, V2019_06_01, "size in GB";
    "compute/storageProfile/dataDisks/*/image": Object, V2019_06_01, "the source image of an unmanaged disk";
    "compute/storageProfile/dataDisks/*/image/uri": Text, V2019_06_01, "its address";
    "compute/storageProfile/dataDisks/*/isSharedDisk": Flag, V2021_05_01, "whether the disk is shared between machines"
        => ULTRA;
    "compute/storageProfile/dataDisks/*/isUltraDisk": Flag, V2021_05_01, "whether it is an Ultra disk";
    "compute/storageProfile/dataDisks/*/lun": Number, V2019_06_01, "the logical unit number";
    "compute/storageProfile/dataDisks/*/managedDisk": Object, V2019_06_01, "the managed disk";
    "compute/storageProfile/dataDisks/*/managedDisk/id": Text, V2019_06_01, "the disk's resource id" => RESOURCE_ID;
    "compute/storageProfile/dataDisks/*/managedDisk/storageAccountType": Text, V2019_06_01, "such as Premium_LRS"
        => "May be empty although the disk has one";
    "compute/storageProfile/dataDisks/*/name": Text, V2019_06_01, "the disk's name";
    "compute/storageProfile/dataDisks/*/opsPerSecondThrottle": Number, V2021_05_01, "operations a second at most"
        => ULTRA;
    "compute/storageProfile/dataDisks/*/vhd": Object, V2019_06_01, "the blob of an unmanaged disk";
    "compute/storageProfile/dataDisks/*/vhd/uri": Text, V2019_06_01, "its address";
    "compute/storageProfile/dataDisks/*/writeAcceleratorEnabled": Flag, V2019_06_01, "whether Write Accelerator is on";
    "compute/storageProfile/imageReference": Object, V2019_06_01, "the image as it was asked for";
    "compute/storageProfile/imageReference/communityGalleryImageId": Text, V2023_07_01, "the image in a community gallery";
    "compute/storageProfile/imageReference/exactVersion": Text, V2023_07_01, "the version that `latest` stood for"
        => "Documented for gallery images, seen for marketplace images as well";
    "compute/storageProfile/imageReference/id": Text, V2019_06_01, "a custom image's resource id" => RESOURCE_ID;
    "compute/storageProfile/imageReference/offer": Text, V2019_06_01, "the offer";
    "compute/storageProfile/imageReference/publisher": Text, V2019_06_01, "the publisher";
    "compute/storageProfile/imageReference/sharedGalleryImageId": Text, V2023_07_01, "the image in a shared gallery";
    "compute/storageProfile/imageReference/sku": Text, V2019_06_01, "the SKU";
    "compute/storageProfile/imageReference/version": Text, V2019_06_01, "the version"
        => "May be the word `latest`; compute/version has the number";
    "compute/storageProfile/osDisk": Object, V2019_06_01, "the disk of the operating system";
    "compute/storageProfile/osDisk/caching": Text, V2019_06_01, "None, ReadOnly or ReadWrite";
    "compute/storageProfile/osDisk/createOption": Text, V2019_06_01, "Attach, Empty, FromImage and the like";
    "compute/storageProfile/osDisk/diffDiskSettings": Object, V2019_06_01, "settings of an ephemeral disk";
    "compute/storageProfile/osDisk/diffDiskSettings/enableFullCaching": Flag, UNDOCUMENTED,
        "whether the whole disk is cached on the host";
    "compute/storageProfile/osDisk/diffDiskSettings/option": Text, V2019_06_01, "Local for an ephemeral disk";
    "compute/storageProfile/osDisk/diffDiskSettings/placement": Text, UNDOCUMENTED, "where an ephemeral disk lies";
    "compute/storageProfile/osDisk/diskSizeGB": Number, V2019_06_01, "size in GB";
    "compute/storageProfile/osDisk/encryptionSettings": Object, V2019_06_01, "Azure Disk Encryption";
    "compute/storageProfile/osDisk/encryptionSettings/diskEncryptionKey": Object, V2021_11_01, "the key of the disk";
    "compute/storageProfile/osDisk/encryptionSettings/diskEncryptionKey/secretUrl": Text, V2021_11_01,
        "the secret's address";
    "compute/storageProfile/osDisk/encryptionSettings/diskEncryptionKey/sourceVault": Object, V2021_11_01,
        "the vault that keeps it";
    "compute/storageProfile/osDisk/encryptionSettings/diskEncryptionKey/sourceVault/id": Text, V2021_11_01,
        "the vault's resource id" => RESOURCE_ID;
    "compute/storageProfile/osDisk/encryptionSettings/enabled": Flag, V2019_06_01, "whether it is on";
    "compute/storageProfile/osDisk/encryptionSettings/keyEncryptionKey": Object, V2021_11_01, "the key of the key";
    "compute/storageProfile/osDisk/encryptionSettings/keyEncryptionKey/keyUrl": Text, V2021_11_01, "the key's address";
    "compute/storageProfile/osDisk/encryptionSettings/keyEncryptionKey/sourceVault": Object, V2021_11_01,
        "the vault that keeps it";
    "compute/storageProfile/osDisk/encryptionSettings/keyEncryptionKey/sourceVault/id": Text, V2021_11_01,
        "the vault's resource id" => RESOURCE_ID;
    "compute/storageProfile/osDisk/image": Object, V2019_06_01, "the source image of an unmanaged disk";
    "compute/storageProfile/osDisk/image/uri": Text, V2019_06_01, "its address";
    "compute/storageProfile/osDisk/managedDisk": Object, V2019_06_01, "the managed disk";
    "compute/storageProfile/osDisk/managedDisk/id": Text, V2019_06_01, "the disk's resource id" => RESOURCE_ID;
    "compute/storageProfile/osDisk/managedDisk/storageAccountType": Text, V2019_06_01, "such as Premium_LRS"
        => "May be empty although the disk has one";
    "compute/storageProfile/osDisk/name": Text, V2019_06_01, "the disk's name";
    "compute/storageProfile/osDisk/osType": Text, V2019_06_01, "Linux or Windows";
    "compute/storageProfile/osDisk/vhd": Object, V2019_06_01, "the blob of an unmanaged disk";
    "compute/storageProfile/osDisk/vhd/uri": Text, V2019_06_01, "its address";
    "compute/storageProfile/osDisk/writeAcceleratorEnabled": Flag, V2019_06_01, "whether Write Accelerator is on";
    "compute/storageProfile/resourceDisk": Object, V2021_02_01, "the local temporary disk";
    "compute/storageProfile/resourceDisk/size": Number, V2021_02_01, "size in kB" => "0 without such a disk";
    "compute/subscriptionId": Text, V2017_08_01, "the subscription" => "Changes when the machine is moved";
    "compute/systemFaultDomain": Text, UNDOCUMENTED, "a fault domain as the platform counts";
    "compute/tags": Text, V2017_08_01, "the tags as `name:value;name:value`"
        => "Ambiguous when a name holds a colon or anything holds a semicolon: use tagsList";
    "compute/tagsList": Array, V2019_06_04, "the tags" => TAGS_STALE;
    "compute/tagsList/*/name": Text, V2019_06_04, "a tag's name";
    "compute/tagsList/*/value": Text, V2019_06_04, "a tag's value";
    "compute/userData": Text, V2021_01_01, "the user data in base64, as it was set" => "Not for secrets: any process \
        of the machine can read it";
    "compute/version": Text, V2017_04_02, "the image's version, as a number", fixed;
    "compute/virtualMachineScaleSet": Object, V2021_03_01, "the flexible scale set";
    "compute/virtualMachineScaleSet/id": Text, V2021_03_01, "the flexible scale set's resource id"
        => "Empty for uniform scale sets; see vmScaleSetName";
    "compute/vmId": Text, V2017_04_02, "the machine's UUID"
        => "SMBIOS before 2.6 shows its first three groups with their bytes in reverse", fixed;
    "compute/vmScaleSetName": Text, V2017_12_01, "the scale set's name";
    "compute/vmSize": Text, V2017_04_02, "the size, such as Standard_D2s_v3", fixed;
    "compute/zone": Text, V2017_12_01, "the availability zone, a digit" => "Empty outside of zones", fixed;
    "extended": Object, UNDOCUMENTED, "what provisioning agents ask for" => "Only with extended=true";
    "extended/compute": Object, UNDOCUMENTED, "how the machine is provisioned";
    "extended/compute/hasCustomData": Bool, UNDOCUMENTED, "whether custom data was given";
    "extended/compute/ppsType": Text, UNDOCUMENTED, "the kind of pre-provisioning: None, Running, Savable or OSDisk";
    "network": Object, V2017_04_02, "how the machine is connected";
    "network/interface": Array, V2017_04_02, "the network interfaces"
        => "Their order says nothing: the primary one is not always the first";
    "network/interface/*/interfaceCompartmentID": Text, UNDOCUMENTED, "the network compartment of the interface";
    "network/interface/*/interfaceCompartmentVersion": Text, UNDOCUMENTED, "its version";
    "network/interface/*/ipv4": Object, V2017_04_02, "IPv4";
    "network/interface/*/ipv4/ipAddress": Array, V2017_04_02, "the addresses, that of the primary configuration first";
    "network/interface/*/ipv4/ipAddress/*/privateIpAddress": Text, V2017_04_02, "the address in the network";
    "network/interface/*/ipv4/ipAddress/*/publicIpAddress": Text, V2017_04_02, "the address on the Internet"
        => "Empty for addresses of the Standard SKU and of load balancers: ask the load balancer metadata";
    "network/interface/*/ipv4/ipAddressBlock": Array, UNDOCUMENTED, "blocks delegated to the interface";
    "network/interface/*/ipv4/ipAddressBlock/*/address": Text, UNDOCUMENTED, "a block's first address";
    "network/interface/*/ipv4/ipAddressBlock/*/prefix": Number, UNDOCUMENTED, "its prefix length";
    "network/interface/*/ipv4/subnet": Array, V2017_04_02, "the subnet, one entry";
    "network/interface/*/ipv4/subnet/*/address": Text, V2017_04_02, "the subnet's first address";
    "network/interface/*/ipv4/subnet/*/prefix": Number, V2017_04_02, "its prefix length";
    "network/interface/*/ipv6": Object, V2017_04_02, "IPv6";
    "network/interface/*/ipv6/ipAddress": Array, V2017_04_02, "the addresses";
    "network/interface/*/ipv6/ipAddress/*/privateIpAddress": Text, V2017_04_02, "the address in the network"
        => "There is no public IPv6 address here: ask the load balancer metadata";
    "network/interface/*/ipv6/ipAddressBlock": Array, UNDOCUMENTED, "blocks delegated to the interface";
    "network/interface/*/ipv6/ipAddressBlock/*/address": Text, UNDOCUMENTED, "a block's first address";
    "network/interface/*/ipv6/ipAddressBlock/*/prefix": Number, UNDOCUMENTED, "its prefix length";
    "network/interface/*/macAddress": Text, V2017_04_02, "twelve hexadecimal digits in upper case, without separators";
};
