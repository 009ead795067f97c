"""What is in the package as it is installed."""

from __future__ import annotations

from importlib import metadata, resources

import azure_imds
import mint
import pytest


def test_the_package_is_typed_and_says_its_version() -> None:
    files = resources.files("azure_imds")
    assert all((files / name).is_file() for name in ("py.typed", "_native.pyi"))
    assert metadata.version("azure-imds") == azure_imds.version()


def test_public_names_are_in_order_and_public() -> None:
    assert len(set(azure_imds.__all__)) == len(azure_imds.__all__)
    for name in azure_imds.__all__:
        value = getattr(azure_imds, name)
        assert not (isinstance(value, type) and value.__module__ == "azure_imds._native"), name


def test_issuers_that_the_package_was_built_with_are_at_hand(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("package")
    monkeypatch.setattr(resources, "files", lambda _name: folder)
    assert azure_imds.bundled_issuers() == ()
    (folder / "issuers.pem").write_bytes(b"# one\n" + mint.issuing().pem)
    assert azure_imds.bundled_issuers() == (mint.issuing().der,)
    verifier = azure_imds.Verifier(anchors=mint.root().der, fetch=False)
    assert verifier.verify(mint.signer().document(), nonce=mint.NONCE).vm_id == mint.VM_ID
