//! What the doctor can find: the table of codes, each with what to do about it.

use crate::error::coded;

coded! {
    /// What was found.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(super) enum Found: Finding;

    /// The service answers.
    Answers => "answers",
        "nothing to do";
    /// The service answers with something that can't be used.
    AnswerUnusable => "answer_unusable", retry Depends,
        "ask again; if it stays so, open a support request for the VM";
    /// The program runs in a container, whose network may not lead to the service.
    Container => "container",
        "let the container use the host's network, or allow 169.254.169.254 in the cluster's network policy";
    /// Another address than the VM's own service was asked.
    EndpointOverridden => "endpoint_overridden",
        "unset it to ask the VM's own service";
    /// On Windows, the adapter of a failover cluster takes the requests to the service.
    FailoverClusterRoute => "failover_cluster_route",
        "add a route to 169.254.169.254/32 by the primary network interface";
    /// The `Metadata` header was lost on the way to the service.
    MetadataHeaderLost => "metadata_header_lost",
        "find what removes headers between this program and 169.254.169.254";
    /// The answer has no compute section.
    NoCompute => "no_compute", retry Depends,
        "a classic VM has only network data; ask again, as the service may not be ready; if it stays so, add a tag to a VM \
         made after September 2016, and add or remove an extension or a data disk of an older one";
    /// The machine has no route to the service.
    NoRoute => "no_route",
        "add a route to 169.254.169.254/32 by the primary network interface, or turn DHCP on again for it";
    /// The firmware does not show the asset tag of an Azure VM.
    NotAnAzureMachine => "not_an_azure_machine",
        "run this on an Azure VM; elsewhere, name an emulator's address in AZURE_IMDS_ENDPOINT";
    /// Something other than Azure's metadata service answers.
    OtherService => "other_service",
        "this is not an Azure VM, or a container runtime or another cloud's service answers for the address";
    /// The answer lacks whole sections.
    PartialAnswer => "partial_answer", retry Always,
        "the service is not ready yet: ask again, or with extended=true, which fails until all is there; if a new version \
         stays without its data, add a tag to a VM made after September 2016, and add or remove an extension or a data \
         disk of an older one";
    /// A proxy answers in place of the service.
    ProxyAnswers => "proxy_answers",
        "exempt 169.254.169.254 from the transparent proxy";
    /// A proxy is set, and the service's address is not exempt from it.
    ProxySet => "proxy_set",
        "add 169.254.169.254 to NO_PROXY: this package never uses a proxy, but other programs do";
    /// Requests to the service leave by another network interface than the primary one.
    RouteByOtherInterface => "route_by_other_interface",
        "only the primary address of the primary network interface is answered: correct the route to 169.254.169.254/32";
    /// The VM belongs to a scale set, whose instances see changed tags late.
    ScaleSetTags => "scale_set_tags",
        "reboot, reimage or change a disk of the instance to see new tags";
    /// The service is throttling.
    Throttled => "throttled", retry Always,
        "too many programs ask at once: read the whole instance rather than single fields, and keep tokens";
    /// The service was not reached.
    Unreachable => "unreachable", retry Depends,
        "ask from the primary address of the VM's primary network interface, with DHCP on, and look for a firewall that \
         drops 169.254.169.254";
    /// The service is being updated.
    Updating => "updating", retry Always,
        "wait up to 70 seconds and ask again";
    /// The service does not accept the version asked for.
    VersionRefused => "version_refused",
        "ask for a version that the service names";
}
