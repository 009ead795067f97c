"""The table in README.md is the one that these tests make."""

from __future__ import annotations

import os

import pytest
from table import BEGIN, END, README, table


def test_table_is_what_was_run(request: pytest.FixtureRequest) -> None:
    """Every client, its version and what was run. AZURE_IMDS_WRITE_TABLE=1 writes it anew."""
    files = {item.path.name for item in request.session.items}
    if files != {path.name for path in README.parent.glob("test_*.py")}:
        pytest.skip("only some of the tests are run")
    assert request.session.testsfailed == 0, "a row stands only if everything in it passed"
    made = table(request.session.items)
    before, rest = README.read_text().split(BEGIN)
    written, after = rest.split(END)
    if os.environ.get("AZURE_IMDS_WRITE_TABLE") == "1":
        README.write_text(before + BEGIN + made + END + after)
    elif "?" not in made:
        assert written == made, "README.md's table is not this one: write it by AZURE_IMDS_WRITE_TABLE=1"
    else:
        pytest.skip("a client is not installed, so the table can't be compared")
