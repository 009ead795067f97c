"""A crowd of strangers at the door keeps nobody out.

Nothing here depends on time: the addresses of the strangers hang for good.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Any

import azure_imds
import crowd
import mint
import pytest

STRANGERS = 150
AT_ONCE = 4
FOR_EVER = 3600


@pytest.fixture(scope="module")
def made() -> crowd.Crowd:
    return crowd.crowd(STRANGERS, held=10, missing=30, issuers=10)


def code(verify: Any) -> str:
    try:
        verify()
    except azure_imds.VerifyError as error:
        return error.code
    return "verified"


def kinds(made: crowd.Crowd, *kinds: str) -> list[str]:
    return [document.text for document in made.documents if document.kind in kinds]


def test_strangers_hold_68_threads_and_nobody_else(made: crowd.Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    with crowd.served(made) as origin, ThreadPoolExecutor(STRANGERS) as pool:
        monkeypatch.setenv("http_proxy", origin)
        verifier = azure_imds.Verifier(anchors=made.anchor, issuers=made.held, cache_dir=None, fetch_timeout=FOR_EVER)
        waiting: list[Future[str]] = [
            pool.submit(code, lambda text=text: verifier.verify(text, nonce=mint.NONCE))
            for text in kinds(made, "stranger")
        ]
        finished = as_completed(waiting, 120)
        refused = [next(finished).result() for _ in range(STRANGERS - AT_ONCE - 64)]
        assert Counter(refused) == {"fetch_overflow": len(refused)}
        # All places are taken now, and the requests of four never end.
        for text in kinds(made, "held", "missing"):
            assert verifier.verify(text, nonce=mint.NONCE)
        asked = crowd.figures(origin)
        assert asked["left_without_an_answer"] <= AT_ONCE and asked["answered"] == 10
        assert asked["most_open"] <= AT_ONCE + 1
        crowd.end(origin)
        assert all(future.result(120) != "verified" for future in waiting)


def test_strangers_have_four_requests_and_hold_up_no_task(made: crowd.Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(origin: str) -> None:
        verifier = azure_imds.AsyncVerifier(
            anchors=made.anchor, issuers=made.held, cache_dir=None, fetch_timeout=FOR_EVER
        )
        strangers = [asyncio.create_task(verifier.verify(text, nonce=mint.NONCE)) for text in kinds(made, "stranger")]
        genuine = [verifier.verify(text, nonce=mint.NONCE) for text in kinds(made, "held", "missing")]
        assert all(await asyncio.wait_for(asyncio.gather(*genuine), 120))
        assert not any(task.done() for task in strangers)
        asked = await asyncio.to_thread(crowd.figures, origin)
        assert asked["left_without_an_answer"] <= AT_ONCE and asked["answered"] == 10
        for task in strangers:
            task.cancel()
        await asyncio.gather(*strangers, return_exceptions=True)

    with crowd.served(made) as origin:
        monkeypatch.setenv("http_proxy", origin)
        asyncio.run(run(origin))
