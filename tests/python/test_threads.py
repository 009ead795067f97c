"""A verifier is shared by threads, and lets others run while it computes."""

from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import azure_imds
import mint
from azure_imds import _native

THREADS, ROUNDS = 16, 25


def test_threads_share_a_verifier(verifier: azure_imds.Verifier) -> None:
    documents = {nonce: mint.signer().document(nonce) for nonce in ("1", "2", "3")}
    start = threading.Barrier(THREADS)

    def verdicts(number: int) -> list[str]:
        start.wait()
        found = []
        for round in range(ROUNDS):
            asked, given = str(1 + (number + round) % 3), str(1 + number % 3)
            try:
                found.append(verifier.verify(documents[given], nonce=asked).nonce or "")
            except azure_imds.VerifyError as error:
                assert asked != given
                found.append(error.code)
        return found

    with ThreadPoolExecutor(THREADS) as pool:
        for number, found in enumerate(pool.map(verdicts, range(THREADS))):
            given = str(1 + number % 3)
            expected = [given if (number + round) % 3 == number % 3 else "nonce_mismatch" for round in range(ROUNDS)]
            assert found == expected


def test_other_threads_run_meanwhile() -> None:
    """With a switch interval of a minute, a thread gets its turn only when another lets go by itself."""
    verifier = _native.Verifier({"anchors": mint.root().der, "issuers": mint.issuing().der, "fetch": False}, None, 1)
    document = mint.signer().document().encode()
    enough = threading.Event()
    steps: set[str] = set()

    def work() -> None:
        for _ in range(20_000):
            if enough.is_set():
                break
            verification = verifier.start(document, mint.NONCE, {}, int(time.time()), True)
            steps.add(verification.poll(0)[0])

    interval = sys.getswitchinterval()
    sys.setswitchinterval(60)
    try:
        worker = threading.Thread(target=work)
        worker.start()
        turns = 0
        while worker.is_alive() and turns < 50:
            time.sleep(0)
            turns += 1
        enough.set()
        worker.join()
    finally:
        sys.setswitchinterval(interval)
    assert steps == {"done"}
    assert turns == 50
