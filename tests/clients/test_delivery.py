"""What an answer can't say by itself, as it comes over the wire: each fault of delivery, seen by curl."""

from __future__ import annotations

import subprocess
import time

import pytest
from conftest import Serve

# A fault, curl's exit status, bytes of the body (None for any), seconds at least.
FAULTS = [
    ("ok", 0, 19, 0.0),
    ("delay=300", 0, 19, 0.3),
    ("drop", 52, 0, 0.0),  # An empty reply.
    ("hang", 28, 0, 1.0),  # Timed out, as are the next two.
    ("slow=5", 28, None, 1.0),
    ("endless", 28, None, 1.0),
    ("slow=40", 0, 19, 0.3),
    ("truncate", 18, 9, 0.0),  # Less than was announced.
    ("truncate=3", 18, 3, 0.0),
]


@pytest.mark.parametrize(("fault", "status", "size", "seconds"), FAULTS)
def test_faults(serve: Serve, fault: str, status: int, size: int | None, seconds: float) -> None:
    """a fault"""
    server = serve(f"instance:{fault}", compute={"tags": {"purpose": "nineteen!!!"}})
    url = f"{server.url}/metadata/instance/compute/tags?api-version=2021-02-01&format=text"
    command = ["curl", "-s", "-m", "1", "-H", "Metadata: true", url]
    start = time.monotonic()
    done = subprocess.run(command, capture_output=True, timeout=10)
    passed = time.monotonic() - start
    assert done.returncode == status
    assert b"purpose:nineteen!!!".startswith(done.stdout[: size or 0])
    assert size is None or len(done.stdout) == size
    assert passed >= seconds
    if fault == "endless":
        assert len(done.stdout) > 10_000
    again = subprocess.run(command, capture_output=True, timeout=10)
    assert (again.returncode, again.stdout) == (0, b"purpose:nineteen!!!")
