"""Runs clients.mjs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def run(case: str, options: object = None, **environment: str) -> dict[str, object]:
    """The outcome of one case."""
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules").exists():
        pytest.skip("there is no Node of version 20 or later")
    command = [node, "clients.mjs", case, json.dumps(options or {})]
    surroundings = {**os.environ, **environment}
    done = subprocess.run(command, cwd=HERE, env=surroundings, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    outcome: dict[str, object] = json.loads(done.stdout)
    return outcome
