"""OpenTelemetry's resource detector for Azure VMs, for Node."""

from __future__ import annotations

import node
from conftest import COMPUTE, Serve
from table import BY_ADDRESS, npm

CLIENT = npm("@opentelemetry/resource-detector-azure", BY_ADDRESS)


def test_detects(at_metadata_address: Serve) -> None:
    """the VM's attributes"""
    at_metadata_address()
    found = node.run("detect")
    assert found["cloud.platform"] in ("azure_vm", "azure.vm"), found
    assert (found["cloud.region"], found["host.id"]) == (COMPUTE["location"], COMPUTE["vmId"])
    assert (found["host.name"], found["host.type"]) == (COMPUTE["name"], COMPUTE["vmSize"])
