"""OpenTelemetry's resource detector for Azure VMs, for Python."""

from __future__ import annotations

from conftest import COMPUTE, Serve
from opentelemetry.resource.detector.azure.vm import AzureVMResourceDetector
from table import BY_ADDRESS, pip

CLIENT = pip("opentelemetry-resource-detector-azure", BY_ADDRESS)


def test_detects(at_metadata_address: Serve) -> None:
    """the VM's attributes, within its 200 milliseconds"""
    server = at_metadata_address()
    found = AzureVMResourceDetector().detect().attributes
    assert found["cloud.platform"] == "azure_vm"
    assert found["cloud.region"] == COMPUTE["location"]
    assert found["host.id"] == found["service.instance.id"] == COMPUTE["vmId"]
    assert (found["host.name"], found["host.type"]) == (COMPUTE["name"], COMPUTE["vmSize"])
    assert str(found["cloud.resource_id"]).endswith("/virtualMachines/clients-vm")
    assert [status for *_, status in server.asked()] == [200]


def test_finds_nothing(at_metadata_address: Serve) -> None:
    """a service that is being updated"""
    at_metadata_address("instance:410x*")
    assert not AzureVMResourceDetector().detect().attributes
