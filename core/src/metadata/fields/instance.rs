//! `/metadata/instance`: the sections of the answer.

use alloc::string::String;
use alloc::vec::Vec;

use super::compute::{Compute, Extended};
use super::network::Network;
use crate::metadata::api_version::ApiVersion;
use crate::metadata::document::Document;
use crate::metadata::record::{Unreadable, record};
use crate::metadata::tags::Tags;

record! {
    /// A field is absent when the answer lacks it, when it is `""`, and when it can't be read; the last kind is listed
    /// by [`Instance::unreadable`]. The answer itself stays as it came: [`Instance::document`].
    ///
    /// ```
    /// use azure_imds::metadata::MetadataPath;
    /// use azure_imds::{ApiVersion, Instance};
    ///
    /// let answer = r#"{"compute":{"name":"vm0","zone":""},"network":{"interface":[]}}"#;
    /// let instance = Instance::parse(answer, Some(ApiVersion::new(2021, 2, 1)))?;
    /// assert_eq!(instance.compute.name.as_deref(), Some("vm0"));
    /// assert_eq!(instance.compute.zone, None);
    /// assert_eq!(instance.text(&MetadataPath::parse("compute/name")?)?, "vm0");
    /// assert_eq!(instance.document().as_str(), answer);
    /// # Ok::<(), azure_imds::Error>(())
    /// ```
    ///
    /// Source: [instance metadata][docs].
    ///
    /// [docs]: https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service#instance-metadata
    #[derive(Clone, Debug, PartialEq, Eq)]
    Instance: "The answer of `/metadata/instance`" {
        compute: record(Compute) = "compute", "2017-04-02", "What the machine is"
            => "A classic VM has no `compute`; where it is missing otherwise, add a tag to a VM made after September \
                2016, and add or remove an extension or a data disk of an older one";
        network: record(Network) = "network", "2017-04-02", "How the machine is connected";
        extended: record(Extended) = "extended", unknown, "What provisioning agents ask for"
            => "Only with extended=true";
    } beside {
        /// The tags, from whichever form the answer has.
        pub tags: Tags;
        pub(in crate::metadata) document: Document;
        pub(in crate::metadata) version: Option<ApiVersion>;
        pub(in crate::metadata) absent: Vec<String>;
        pub(in crate::metadata) unreadable: Vec<Unreadable>;
    }
}
