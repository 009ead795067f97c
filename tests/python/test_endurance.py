"""Many calls: nothing of them stays, once what can be collected is."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from itertools import combinations
from statistics import median

import azure_imds
import pytest
import wire
from azure_imds import Client
from azure_imds.emulator import serving

CALLS, ROUNDS = 200, 6
LEFT = 0.5
"""Blocks of Python's memory that a call may leave behind: one that keeps an object keeps at least one."""


def left(call: Callable[[], object]) -> float:
    """The median of the slopes between any two rounds: one odd count does not move it."""
    counts = []
    for _ in range(ROUNDS + 2):
        for _ in range(CALLS):
            call()
        gc.collect()
        counts.append(sys.getallocatedblocks())
    slopes = [(last - first) / (to - since) for (since, first), (to, last) in combinations(enumerate(counts[2:]), 2)]
    return median(slopes) / CALLS


def answer(_request: azure_imds.Request) -> azure_imds.Response:
    return azure_imds.Response(200, [("Server", "IMDS/1.1.1.1")], b'{"compute":{"name":"web-1"}}')


def test_a_client_does_not_grow() -> None:
    client = Client(transport=answer, paced=False)
    assert left(client.instance) < LEFT


def test_control_what_keeps_a_small_object_of_each_call_is_noticed() -> None:
    client, kept = Client(transport=answer, paced=False), []
    assert left(lambda: kept.append(object()) or client.instance()) > LEFT  # type: ignore[func-returns-value]


@pytest.mark.parametrize("limits", [True, False])
def test_a_server_does_not_grow(limits: bool) -> None:
    with serving(limits=limits) as emulator:
        assert left(lambda: wire.ask(emulator.url, wire.NAME)) < LEFT
