/** What a VM is: `compute`, with its image and its disks, and `extended`. See `records.d.ts` for what is absent. */

/** `compute.additionalCapabilities`. */
export interface AdditionalCapabilities {
  /** Whether the machine may hibernate. */
  readonly hibernationEnabled: boolean | undefined;
}

/** `compute.extendedLocation`: the edge zone. */
export interface ExtendedLocation {
  /** The edge zone's name. */
  readonly name: string | undefined;
  /** Its type. */
  readonly typeName: string | undefined;
}

/** `compute.osProfile`: what the operating system was set up with. */
export interface OsProfile {
  /** The administrator's name. */
  readonly adminUsername: string | undefined;
  /** The host name given at creation. */
  readonly computerName: string | undefined;
  /** Whether passwords are refused at login; absent on Windows. */
  readonly disablePasswordAuthentication: boolean | undefined;
}

/** `compute.plan`: the marketplace plan an image was sold under. */
export interface PurchasePlan {
  /** The plan. */
  readonly name: string | undefined;
  /** The product. */
  readonly product: string | undefined;
  /** The publisher. */
  readonly publisher: string | undefined;
}

/** An element of `compute.publicKeys`. */
export interface PublicKey {
  /** The key in OpenSSH form; may end with a line feed. */
  readonly keyData: string | undefined;
  /** The file it was written to. */
  readonly path: string | undefined;
}

/** `compute.securityProfile`: what protects the machine. */
export interface SecurityProfile {
  /** Whether disks are encrypted at the host. */
  readonly encryptionAtHost: boolean | undefined;
  /** Whether Secure Boot is on. */
  readonly secureBootEnabled: boolean | undefined;
  /** `TrustedLaunch` or `ConfidentialVM`. */
  readonly securityType: string | undefined;
  /** Whether there is a virtual TPM. */
  readonly virtualTpmEnabled: boolean | undefined;
}

/**
 * An element of `compute.tagsList`.
 *
 * A tag without value has none here; see `Instance.tags`.
 */
export interface Tag {
  /** The tag's name. */
  readonly name: string | undefined;
  /** The tag's value. */
  readonly value: string | undefined;
}

/**
 * `compute`: the machine, its image, its place.
 *
 * Fields that are newer than the answer's version are absent; `explain` tells which came when.
 */
export interface Compute {
  /** Capabilities switched on for the machine. */
  readonly additionalCapabilities: AdditionalCapabilities;
  /** The cloud; see `cloudOf`. */
  readonly azEnvironment: string | undefined;
  /** Always empty today; see `userData`. */
  readonly customData: string | undefined;
  /** `Deallocate` or `Delete`, for Spot machines. */
  readonly evictionPolicy: string | undefined;
  /** The edge zone. */
  readonly extendedLocation: ExtendedLocation;
  /** The dedicated host. */
  readonly host: ResourceReference;
  /** The dedicated host group. */
  readonly hostGroup: ResourceReference;
  /** The group of machines joined by one fabric. Not documented. */
  readonly interconnectGroupId: string | undefined;
  /** The part of that group. Not documented. */
  readonly interconnectSubgroupId: string | undefined;
  /** Whether the machine runs on the host compatibility layer. */
  readonly isHostCompatibilityLayerVm: boolean | undefined;
  /** Whether the machine waits in a standby pool. Not documented, so given as text. */
  readonly isVmInStandbyPool: string | undefined;
  /** The licence brought along. */
  readonly licenseType: string | undefined;
  /** The region. */
  readonly location: string | undefined;
  /** The machine's name. */
  readonly name: string | undefined;
  /** The image's offer. */
  readonly offer: string | undefined;
  /** What the operating system was set up with. */
  readonly osProfile: OsProfile;
  /** `Linux` or `Windows`. */
  readonly osType: string | undefined;
  /** The physical zone, the same for all subscriptions. */
  readonly physicalZone: string | undefined;
  /** The placement group of a scale set. */
  readonly placementGroupId: string | undefined;
  /** The marketplace plan the image was sold under. */
  readonly plan: PurchasePlan;
  /** The fault domain. */
  readonly platformFaultDomain: number | undefined;
  /** The fault domain within the fault domain. */
  readonly platformSubFaultDomain: number | undefined;
  /** The update domain. */
  readonly platformUpdateDomain: number | undefined;
  /** `Regular`, `Low` or `Spot`. */
  readonly priority: string | undefined;
  /** The resource provider. */
  readonly provider: string | undefined;
  /** The SSH keys given at creation. */
  readonly publicKeys: readonly PublicKey[];
  /** The image's publisher. */
  readonly publisher: string | undefined;
  /** The resource group. */
  readonly resourceGroupName: string | undefined;
  /** The machine's resource id. Never compare it with case. */
  readonly resourceId: string | undefined;
  /** What protects the machine. */
  readonly securityProfile: SecurityProfile;
  /** The image's SKU. */
  readonly sku: string | undefined;
  /** Image and disks. */
  readonly storageProfile: StorageProfile;
  /** The subscription. */
  readonly subscriptionId: string | undefined;
  /** A fault domain as the platform counts. Not documented. */
  readonly systemFaultDomain: string | undefined;
  /** The tags in one text; see `Instance.tags`. */
  readonly tags: string | undefined;
  /** The tags one by one; see `Instance.tags`. */
  readonly tagsList: readonly Tag[];
  /** The user data, base64. */
  readonly userData: string | undefined;
  /** The image's version. */
  readonly version: string | undefined;
  /** The flexible scale set. */
  readonly virtualMachineScaleSet: ResourceReference;
  /** The machine's UUID; see `vmIdMatches`. */
  readonly vmId: string | undefined;
  /** The scale set's name. */
  readonly vmScaleSetName: string | undefined;
  /** The size. */
  readonly vmSize: string | undefined;
  /** The availability zone. */
  readonly zone: string | undefined;
}

/**
 * `extended.compute`.
 *
 * Not documented.
 */
export interface ExtendedCompute {
  /** Whether custom data was given. */
  readonly hasCustomData: boolean | undefined;
  /** The kind of pre-provisioning: `None`, `Running`, `Savable` or `OSDisk`. */
  readonly ppsType: string | undefined;
}

/**
 * `extended`, which comes only with `extended=true`.
 *
 * Not documented.
 */
export interface Extended {
  /** How the machine is provisioned. */
  readonly compute: ExtendedCompute;
}

/** The address of a blob. */
export interface BlobReference {
  /** The address. */
  readonly uri: string | undefined;
}

/** An object that holds nothing but a resource id. */
export interface ResourceReference {
  /** The resource id. Never compare it with case. */
  readonly id: string | undefined;
}

/** A managed disk. */
export interface ManagedDisk {
  /** The disk's resource id. */
  readonly id: string | undefined;
  /** Its kind; may be empty although the disk has one. */
  readonly storageAccountType: string | undefined;
}

/** An element of `storageProfile.dataDisks`. */
export interface DataDisk {
  /** Bytes a second at most, of Ultra disks. */
  readonly bytesPerSecondThrottle: number | undefined;
  /** `None`, `ReadOnly` or `ReadWrite`. */
  readonly caching: string | undefined;
  /** How the disk came to be. */
  readonly createOption: string | undefined;
  /** Size in bytes, of Ultra disks. */
  readonly diskCapacityBytes: number | undefined;
  /** Size in GB. */
  readonly diskSizeGb: number | undefined;
  /** The source image of an unmanaged disk. */
  readonly image: BlobReference;
  /** Whether the disk is shared between machines, of Ultra disks. */
  readonly isSharedDisk: boolean | undefined;
  /** Whether it is an Ultra disk. */
  readonly isUltraDisk: boolean | undefined;
  /** The logical unit number. */
  readonly lun: number | undefined;
  /** The managed disk. */
  readonly managedDisk: ManagedDisk;
  /** The disk's name. */
  readonly name: string | undefined;
  /** Operations a second at most, of Ultra disks. */
  readonly opsPerSecondThrottle: number | undefined;
  /** The blob of an unmanaged disk. */
  readonly vhd: BlobReference;
  /** Whether Write Accelerator is on. */
  readonly writeAcceleratorEnabled: boolean | undefined;
}

/** `storageProfile.imageReference`: the image as it was asked for. */
export interface ImageReference {
  /** The image in a community gallery. */
  readonly communityGalleryImageId: string | undefined;
  /** The version that `latest` stood for. */
  readonly exactVersion: string | undefined;
  /** A custom image's resource id. */
  readonly id: string | undefined;
  /** The offer. */
  readonly offer: string | undefined;
  /** The publisher. */
  readonly publisher: string | undefined;
  /** The image in a shared gallery. */
  readonly sharedGalleryImageId: string | undefined;
  /** The SKU. */
  readonly sku: string | undefined;
  /** The version; may be the word `latest`. */
  readonly version: string | undefined;
}

/** `osDisk.diffDiskSettings`: settings of an ephemeral disk. */
export interface DiffDiskSettings {
  /** Whether the whole disk is cached on the host. Not documented. */
  readonly enableFullCaching: boolean | undefined;
  /** `Local` for an ephemeral disk. */
  readonly option: string | undefined;
  /** Where the disk lies. Not documented. */
  readonly placement: string | undefined;
}

/** `encryptionSettings.diskEncryptionKey`. */
export interface DiskEncryptionKey {
  /** The secret's address. */
  readonly secretUrl: string | undefined;
  /** The vault that keeps it. */
  readonly sourceVault: ResourceReference;
}

/** `encryptionSettings.keyEncryptionKey`. */
export interface KeyEncryptionKey {
  /** The key's address. */
  readonly keyUrl: string | undefined;
  /** The vault that keeps it. */
  readonly sourceVault: ResourceReference;
}

/** `osDisk.encryptionSettings`: Azure Disk Encryption. */
export interface EncryptionSettings {
  /** The key of the disk. */
  readonly diskEncryptionKey: DiskEncryptionKey;
  /** Whether it is on. */
  readonly enabled: boolean | undefined;
  /** The key of the key. */
  readonly keyEncryptionKey: KeyEncryptionKey;
}

/** `storageProfile.osDisk`. */
export interface OsDisk {
  /** `None`, `ReadOnly` or `ReadWrite`. */
  readonly caching: string | undefined;
  /** How the disk came to be. */
  readonly createOption: string | undefined;
  /** Settings of an ephemeral disk. */
  readonly diffDiskSettings: DiffDiskSettings;
  /** Size in GB. */
  readonly diskSizeGb: number | undefined;
  /** Azure Disk Encryption. */
  readonly encryptionSettings: EncryptionSettings;
  /** The source image of an unmanaged disk. */
  readonly image: BlobReference;
  /** The managed disk. */
  readonly managedDisk: ManagedDisk;
  /** The disk's name. */
  readonly name: string | undefined;
  /** `Linux` or `Windows`. */
  readonly osType: string | undefined;
  /** The blob of an unmanaged disk. */
  readonly vhd: BlobReference;
  /** Whether Write Accelerator is on. */
  readonly writeAcceleratorEnabled: boolean | undefined;
}

/** `storageProfile.resourceDisk`: the local temporary disk. */
export interface ResourceDisk {
  /** Size in kB; zero without such a disk. */
  readonly size: number | undefined;
}

/** `compute.storageProfile`: since 2019-06-01. */
export interface StorageProfile {
  /** The data disks. */
  readonly dataDisks: readonly DataDisk[];
  /** The image as it was asked for. */
  readonly imageReference: ImageReference;
  /** The disk of the operating system. */
  readonly osDisk: OsDisk;
  /** The local temporary disk. */
  readonly resourceDisk: ResourceDisk;
}
