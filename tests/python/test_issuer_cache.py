"""Fetched issuers on the disk: used by the next process, trusted by none, and never in the way."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import azure_imds
import mint
import pytest
from azure_imds import _issuer_cache
from azure_imds._issuer_cache import FILES, IssuerCache
from web import Page, Web, page, serving

NAME = f"{hashlib.sha256(mint.issuing().der).hexdigest()}.der"


def verify(web: Web, folder: Path | None) -> bool:
    """As a new process would."""
    verifier = azure_imds.Verifier(anchors=mint.root().der, allow_origins=[f"{web.origin}/certs"], cache_dir=folder)
    return verifier.explain(mint.signer(web.issuer_url).document(), nonce=mint.NONCE).verified


def test_the_next_process_makes_no_request(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "issuers"
    with serving(page(mint.issuing().pem)) as web:
        assert verify(web, folder) and verify(web, folder)
        assert len(web.asked) == 1
    assert [path.name for path in folder.iterdir()] == [NAME]
    assert (folder / NAME).read_bytes() == mint.issuing().der


def test_without_a_folder_nothing_is_kept(tmp_path: Path) -> None:
    with serving(page(mint.issuing().der)) as web:
        assert verify(web, None) and verify(web, None)
        assert len(web.asked) == 2
    assert list(tmp_path.rglob("*")) == []


def test_the_platforms_folder_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(page(mint.issuing().der)) as web:
        verifier = azure_imds.Verifier(anchors=mint.root().der, allow_origins=[f"{web.origin}/certs"])
        assert verifier.explain(mint.signer(web.issuer_url).document(), nonce=mint.NONCE).verified
    assert azure_imds.default_cache_dir() == tmp_path / "cache" / "azure-imds" / "issuers"
    assert (tmp_path / "cache" / "azure-imds" / "issuers" / NAME).is_file()
    monkeypatch.setenv("HOME", "/home/somebody")
    for odd in ("", "relative/path"):
        monkeypatch.setenv("XDG_CACHE_HOME", odd)
        assert azure_imds.default_cache_dir() == Path("/home/somebody/.cache/azure-imds/issuers")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert azure_imds.default_cache_dir() == Path("/home/somebody/Library/Caches/azure-imds/issuers")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    assert azure_imds.default_cache_dir() is None


def test_what_is_on_the_disk_is_not_trusted(tmp_path: Path) -> None:
    """An issuer put there by somebody else leads to no anchor, or is none, or is not read at all."""
    for content in (mint.namesake().der, b"", b"hello", mint.issuing().der[:-1], random.Random(1).randbytes(100)):
        (tmp_path / f"{hashlib.sha256(content).hexdigest()}.der").write_bytes(content)
    (tmp_path / NAME).write_bytes(mint.other_root().der)
    (tmp_path / "notes.txt").write_text("hello")
    with serving(page(mint.issuing().der)) as web:
        assert verify(web, tmp_path)
        assert len(web.asked) == 1
    verifier = azure_imds.Verifier(anchors=mint.other_root().der, cache_dir=tmp_path)
    assert not verifier.explain(mint.signer().document(), nonce=mint.NONCE).verified


def test_odd_files_are_passed_over(tmp_path: Path) -> None:
    names = iter(f"{number:064x}.der" for number in range(10))
    (tmp_path / next(names)).mkdir()
    os.mkfifo(tmp_path / next(names))
    (tmp_path / next(names)).symlink_to(tmp_path / "nothing")
    (tmp_path / next(names)).write_bytes(b"0" * 100_000)
    (tmp_path / "outside").write_bytes(mint.issuing().der)
    (tmp_path / NAME).symlink_to(tmp_path / "outside")
    assert list(IssuerCache(tmp_path).load()) == []


def fifo(path: Path) -> None:
    os.mkfifo(path)


def damaged(path: Path) -> None:
    path.write_bytes(mint.issuing().der[:-1])


def link(path: Path) -> None:
    (path.parent / "outside").write_bytes(b"not touched")
    path.symlink_to("outside")


def endless_link(path: Path) -> None:
    path.symlink_to("/dev/zero")


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2**33)


@pytest.mark.parametrize("plant", [damaged, fifo, link, endless_link, huge, Path.mkdir])
def test_what_stands_under_a_right_name_is_passed_over_and_repaired(
    plant: Callable[[Path], None], tmp_path: Path
) -> None:
    plant(tmp_path / NAME)
    verdicts: list[bool] = []

    def run() -> None:
        with serving(page(mint.issuing().der)) as web:
            verdicts.extend([verify(web, tmp_path), verify(web, tmp_path), len(web.asked) == 1])

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(60)
    assert verdicts == [True, True, True], "it hangs, or it was fetched twice"
    assert (tmp_path / NAME).read_bytes() == mint.issuing().der and not (tmp_path / NAME).is_symlink()
    if plant is link:
        assert (tmp_path / "outside").read_bytes() == b"not touched"


def test_opening_follows_no_link_and_waits_for_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though what stands there changes between looking and opening."""
    (tmp_path / "outside").write_bytes(mint.issuing().der)
    (tmp_path / "link").symlink_to("outside")
    os.mkfifo(tmp_path / "fifo")
    cache = IssuerCache(tmp_path)
    monkeypatch.setattr(cache, "_files", lambda: [tmp_path / name for name in ("link", "fifo")])
    contents: list[list[bytes | None]] = []
    read = _issuer_cache._content
    thread = threading.Thread(
        target=lambda: contents.append([read(tmp_path / "link"), read(tmp_path / "fifo"), *cache.load()]), daemon=True
    )
    thread.start()
    thread.join(60)
    assert contents == [[None, None]]


@pytest.mark.parametrize("count", [16, 64, 1000])
def test_planted_namesakes_change_no_verdict(count: int, tmp_path: Path) -> None:
    """Certificates of the right name with the key identifier that the signer names, and other keys."""
    folder = tmp_path / "issuers"
    folder.mkdir()
    forged = [mint.forged_issuing(number).der for number in range(16)]
    for number in range(count):
        # Each is another file, and beyond the first 16 none is read as a certificate.
        content = forged[number] if number < 16 else forged[number % 16] + number.to_bytes(4, "big")
        (folder / f"{hashlib.sha256(content).hexdigest()}.der").write_bytes(content)
    with serving(page(mint.issuing().der)) as web:
        assert verify(web, folder) and len(web.asked) == 1
        assert verify(web, folder) and len(web.asked) == 1, "the right one is on the disk, the newest"
    assert len(list(folder.iterdir())) <= FILES


def test_files_of_the_future_do_not_push_out_others(tmp_path: Path) -> None:
    for number in range(FILES):
        content = number.to_bytes(4, "big")
        path = tmp_path / f"{hashlib.sha256(content).hexdigest()}.der"
        path.write_bytes(content)
        os.utime(path, (4_000_000_000, 4_000_000_000))
    IssuerCache(tmp_path).store([mint.issuing().der])
    assert next(IssuerCache(tmp_path).load()) == mint.issuing().der


def test_what_was_left_unfinished_is_removed_after_an_hour(tmp_path: Path) -> None:
    for name, age in ((".old.tmp", 4000), (".new.tmp", 10), ("mine.tmp", 4000)):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    IssuerCache(tmp_path).store([])
    assert sorted(path.name for path in tmp_path.iterdir()) == [".new.tmp", "mine.tmp"]


@pytest.mark.parametrize("place", ["file", "below a file", "/proc/nothing", "x" * 5000, "nul\0"])
def test_a_folder_that_can_not_be_used_is_no_error(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    folder = tmp_path / place.replace("below a ", "") / ("below" if "below" in place else "")
    with serving(page(mint.issuing().der)) as web:
        assert verify(web, folder)


def test_a_full_disk_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with serving(page(mint.issuing().der)) as web:
        assert verify(web, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_bounded(tmp_path: Path) -> None:
    contents = [number.to_bytes(4, "big") for number in range(FILES + 10)]
    cache = IssuerCache(tmp_path)
    for number, content in enumerate(contents):
        cache.store([content])
        path = tmp_path / f"{hashlib.sha256(content).hexdigest()}.der"
        os.utime(path, (number, number))
    cache.store([])
    assert list(cache.load()) == contents[: -FILES - 1 : -1]
    assert len(list(tmp_path.iterdir())) == FILES


def test_processes_write_at_once(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from azure_imds._issuer_cache import IssuerCache\n"
        "cache = IssuerCache(pathlib.Path(sys.argv[1]))\n"
        "for _ in range(50):\n"
        "    cache.store([bytes([n]) * 1000 for n in range(50)])\n"
        "    assert all(len(content) == 1000 for content in cache.load())\n"
    )
    started = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    assert len(list(IssuerCache(tmp_path).load())) == 50


def test_a_link_in_the_place_of_the_folder_is_left_alone(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ".draft.tmp").write_bytes(b"somebody's")
    os.utime(elsewhere / ".draft.tmp", (0, 0))
    (elsewhere / NAME).write_bytes(mint.issuing().der)
    (tmp_path / "issuers").symlink_to(elsewhere)
    cache = IssuerCache(tmp_path / "issuers")
    assert list(cache.load()) == []
    cache.store([mint.root().der])
    assert sorted(path.name for path in elsewhere.iterdir()) == sorted([".draft.tmp", NAME])


def planted(monkeypatch: pytest.MonkeyPatch, change: Callable[[list[os.DirEntry[str]]], None]) -> None:
    """Lists every folder by name, after a change to it that the listing does not show."""
    real = os.scandir

    @contextlib.contextmanager
    def scandir(folder: Path) -> Iterator[Iterator[os.DirEntry[str]]]:
        with real(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
        change(listed)
        yield iter(listed)

    monkeypatch.setattr(os, "scandir", scandir)


def test_a_file_that_another_process_removes_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = IssuerCache(tmp_path)
    cache.store([b"one", b"two", b"three"])
    planted(monkeypatch, lambda listed: os.unlink(listed[0].path))
    assert len(list(cache.load())) == 2


def test_files_of_other_names_hide_none_of_a_right_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = IssuerCache(tmp_path)
    cache.store([mint.issuing().der])
    for number in range(20):
        (tmp_path / f"!{number}").touch()
    planted(monkeypatch, lambda listed: None)
    monkeypatch.setattr(_issuer_cache, "_ENTRIES", 10)
    assert list(cache.load()) == [mint.issuing().der]
    monkeypatch.setattr(_issuer_cache, "_LOOKED_AT", 20)
    assert list(cache.load()) == [], "the listing is bounded"


def test_a_file_that_can_not_be_removed_keeps_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, remove = IssuerCache(tmp_path), Path.unlink
    for number in range(FILES + 3):
        (tmp_path / f"{number:064x}.der").touch()
        os.utime(tmp_path / f"{number:064x}.der", (number, number))

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path.name == f"{2:064x}.der":
            raise PermissionError(1, "Operation not permitted")
        remove(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    cache.store([])
    assert len(list(tmp_path.iterdir())) == FILES + 1


def test_what_one_task_fetched_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release, stored = threading.Event(), []
    monkeypatch.setattr(IssuerCache, "store", lambda _cache, certificates: stored.append(list(certificates)))

    def patient(request: Page) -> None:
        assert release.wait(60)
        page(mint.issuing().der)(request)

    async def run(web: Web) -> list[azure_imds.Report]:
        origins = [f"{web.origin}/certs"]
        verifier = azure_imds.AsyncVerifier(
            anchors=mint.root().der, allow_origins=origins, cache_dir=tmp_path, fetch_timeout=600
        )
        document = mint.signer(web.issuer_url).document()
        tasks = [asyncio.create_task(verifier.explain(document, nonce=mint.NONCE)) for _ in range(5)]
        await asyncio.sleep(0)  # each has asked, or waits for the one that has
        release.set()
        return await asyncio.gather(*tasks)

    with serving(patient) as web:
        reports = asyncio.run(run(web))
        assert all(report.verified for report in reports) and len(web.asked) == 1
    assert sorted(fetch.remembered for report in reports for fetch in report.fetches) == [False, True, True, True, True]
    assert stored == [[mint.issuing().der]]
