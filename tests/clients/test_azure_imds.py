"""The client of this repository, as its example with ureq drives it."""

from __future__ import annotations

import os
import subprocess

from conftest import Serve
from table import BY_ADDRESS, Client

CLIENT = Client("azure-imds (Rust, the example ureq)", "this", f"`AZURE_IMDS_ENDPOINT`; {BY_ADDRESS}")


def run(**environment: str) -> str:
    """What the example prints."""
    surroundings = {**os.environ, **environment}
    command = [os.environ["AZURE_IMDS_CLIENT"]]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_reads_the_instance(serve: Serve) -> None:
    """the instance and its tags, after 429 and 500"""
    server = serve("instance:429,500", compute={"name": "own", "vmSize": "Standard_B1s", "tags": {"a": "b:c"}})
    assert run(AZURE_IMDS_ENDPOINT=server.url) == 'Some("own") of size Some("Standard_B1s")\na = b:c\n'
    assert [status for *_, status in server.asked()] == [429, 500, 200, 200]


def test_finds_it_by_itself(at_metadata_address: Serve) -> None:
    """the same without being told where"""
    at_metadata_address()
    assert run().startswith('Some("clients-vm")')
