"""azure-identity for Python."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CredentialUnavailableError, DefaultAzureCredential, ManagedIdentityCredential
from conftest import SYSTEM, USER, Serve
from table import BY_ADDRESS, BY_ENVIRONMENT, pip
from tokens import accepted

CLIENT = pip("azure-identity", f"{BY_ENVIRONMENT}; {BY_ADDRESS}")

SCOPE = "https://management.azure.com/.default"
RESOURCE = "https://management.azure.com"

SELECTORS: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({}, SYSTEM),
    ({"client_id": USER[0]["clientId"]}, USER[0]),
    ({"identity_config": {"object_id": USER[1]["objectId"]}}, USER[1]),
    ({"identity_config": {"resource_id": USER[0]["resourceId"]}}, USER[0]),
]


@pytest.mark.parametrize(("selector", "identity"), SELECTORS)
def test_selectors(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, selector: dict[str, Any], identity: dict[str, str]
) -> None:
    """tokens of the system-assigned identity and by client_id, object_id, msi_res_id; the second from its cache"""
    server = serve(identity={"systemAssigned": SYSTEM, "userAssigned": USER})
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", server.url)
    credential = ManagedIdentityCredential(**selector)
    token = credential.get_token(SCOPE)
    claims = accepted(server, token.token, RESOURCE)
    assert (claims["oid"], claims["appid"]) == (identity["objectId"], identity["clientId"])
    assert abs(token.expires_on - int(str(claims["exp"]))) <= 5  # It adds the life left to its own clock.
    assert credential.get_token(SCOPE).token == token.token
    assert len(server.asked("/identity/")) == 3  # one token, the issuer's configuration and keys


def test_no_identity(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """no identity"""
    server = serve(identity={"systemAssigned": None})
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", server.url)
    with pytest.raises(CredentialUnavailableError, match="Identity not found"):
        ManagedIdentityCredential().get_token(SCOPE)
    with pytest.raises(CredentialUnavailableError, match="Identity not found"):
        ManagedIdentityCredential(client_id=USER[0]["clientId"]).get_token(SCOPE)


def test_ambiguous_identity(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """two identities and no selector"""
    server = serve(identity={"systemAssigned": None, "userAssigned": USER})
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", server.url)
    with pytest.raises(CredentialUnavailableError, match="Multiple user assigned identities exist"):
        ManagedIdentityCredential().get_token(SCOPE)


@pytest.mark.parametrize("fault", ["404", "410", "429", "500", "wireserver"])
def test_retries(serve: Serve, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """404, 410, 429 and 500 once, retried"""
    server = serve(f"token:{fault}")
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", server.url)
    accepted(server, ManagedIdentityCredential().get_token(SCOPE).token, RESOURCE)
    status = 500 if fault == "wireserver" else int(fault)
    assert [status for _, _, status in server.asked("/oauth2/token")] == [status, 200]


def test_other_answers(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """a proxy's page, Docker Desktop's 403, cut JSON"""
    for fault, error in [
        ("login", CredentialUnavailableError),
        ("docker", CredentialUnavailableError),
        ("bad-json", ClientAuthenticationError),
        ("403", ClientAuthenticationError),
    ]:
        server = serve(f"token:{fault}x*")
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", server.url)
        with pytest.raises(error):
            ManagedIdentityCredential().get_token(SCOPE)


def test_default_credential(at_metadata_address: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """DefaultAzureCredential, which probes without the Metadata field"""
    server = at_metadata_address()
    monkeypatch.setenv("PATH", "/nonexistent")  # No Azure CLI of this machine's.
    claims = accepted(server, DefaultAzureCredential().get_token(SCOPE).token, RESOURCE)
    assert claims["oid"] == SYSTEM["objectId"]
    assert [status for _, _, status in server.asked("/oauth2/token")] == [400, 200]
