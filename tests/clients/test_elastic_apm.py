"""Elastic's agent for Python."""

from __future__ import annotations

from conftest import COMPUTE, Serve
from elasticapm.utils.cloud import azure_metadata
from table import BY_ADDRESS, pip

CLIENT = pip("elastic-apm", BY_ADDRESS)


def test_finds_the_machine(at_metadata_address: Serve) -> None:
    """the VM's cloud metadata, after a bare connection that it opens and closes"""
    server = at_metadata_address()
    assert azure_metadata() == {  # type: ignore[no-untyped-call]
        "account": {"id": COMPUTE["subscriptionId"]},
        "instance": {"id": COMPUTE["vmId"], "name": COMPUTE["name"]},
        "project": {"name": COMPUTE["resourceGroupName"]},
        "availability_zone": COMPUTE["zone"],
        "machine": {"type": COMPUTE["vmSize"]},
        "provider": "azure",
        "region": COMPUTE["location"],
    }
    assert [status for *_, status in server.asked()] == [200]
