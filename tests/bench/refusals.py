"""What a wrong signature costs in Rust, Python and Node, in turns: `.venv/bin/python tests/bench/refusals.py`.

The same document in all three, refused at its signature. In Node WebAssembly computes, which takes several times as
long; so it is also compared with the module alone, without the JavaScript around it.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "python"))

import azure_imds  # noqa: E402
import suite  # noqa: E402

REFUSED = "attested::signature::content_changed"
TURNS = 7
SLICE_NS = 500_000_000


def by_rust() -> float:
    command = ["cargo", "bench", "-q", "-p", "azure-imds", "--bench", "verify", "--", "refusal"]
    return float(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def by_python() -> float:
    vector = suite.vector(REFUSED)
    verifier, times = vector.verifier(), []
    end = time.perf_counter_ns() + SLICE_NS
    while time.perf_counter_ns() < end:
        begun = time.perf_counter_ns()
        for _ in range(100):
            try:
                verifier.verify(vector.document, **vector.arguments)
            except azure_imds.VerifyError as error:
                assert error.code == "content_signature"
            else:
                raise AssertionError("the document is accepted")
        times.append((time.perf_counter_ns() - begun) / 100_000)
    return statistics.median(times)


def by_node() -> tuple[float, float]:
    command = ["node", str(ROOT / "tests" / "bench" / "refusals.mjs")]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    whole, module = json.loads(ran.stdout)
    return whole, module


def main() -> None:
    """Prints the medians, and the ratios of the same turns."""
    rust, python, node, module = zip(*((by_rust(), by_python(), *by_node()) for _ in range(TURNS)), strict=True)
    rows = [
        ("Rust", rust, rust, ""),
        ("Python", python, rust, "of Rust"),
        ("the module in Node", module, rust, "of Rust"),
        ("Node", node, module, "of the module"),
        ("Node", node, rust, "of Rust"),
    ]
    for name, times, others, of in rows:
        ratio = statistics.median(one / other for one, other in zip(times, others, strict=True))
        print(f"{name:<20}{statistics.median(times):8.1f} µs  {ratio:6.2f} {of}".rstrip())


if __name__ == "__main__":
    main()
