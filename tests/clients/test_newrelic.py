"""New Relic's agent for Python."""

from __future__ import annotations

from conftest import COMPUTE, Serve
from newrelic.common.utilization import AzureUtilization
from table import BY_ADDRESS, pip

CLIENT = pip("newrelic", BY_ADDRESS)


def test_finds_the_machine(at_metadata_address: Serve) -> None:
    """the VM's location, name, vmId and vmSize by the oldest version, 2017-03-01"""
    at_metadata_address()
    assert AzureUtilization.detect() == {name: COMPUTE[name] for name in ("location", "name", "vmId", "vmSize")}
