"""Text from outside is shown as the shared table says, and the emulator needs nothing of the command line for it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from azure_imds._escaped import bounded, escaped

TABLE = json.loads((Path(__file__).parent.parent / "vectors" / "escaped.json").read_text(encoding="utf-8"))


def test_characters_are_shown_as_the_table_says() -> None:
    assert (TABLE["version"], len(TABLE["characters"])) == (1, 42)
    for row in TABLE["characters"]:
        assert escaped(row["character"]) == bounded(row["character"]) == row["shown"], row["is"]
    every = "".join(chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)
    assert hashlib.sha256(escaped(every).encode()).hexdigest() == TABLE["all"]


def test_halves_of_pairs_are_shown_and_nothing_is_lost_around_them() -> None:
    assert escaped("a\ud800\x1bb\udfff\U0001f600") == "a\\u{d800}\\u{1b}b\\u{dfff}\U0001f600"
    assert bounded("\udcff" * 3, 2) == "\\u{dcff}\\u{dcff}…"


def test_the_emulator_and_its_server_know_nothing_of_the_command_line() -> None:
    program = """
import pkgutil, sys
import azure_imds.emulator
for module in pkgutil.iter_modules(azure_imds.emulator.__path__):
    if module.name != "_fixture":
        __import__(f"azure_imds.emulator.{module.name}")
print(*(name for name in sys.modules if name.startswith(("azure_imds.cli", "click", "rich"))))
assert "azure_imds.emulator._program" in sys.modules and "azure_imds.emulator._connection" in sys.modules
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []
