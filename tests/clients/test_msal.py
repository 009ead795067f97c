"""msal for Python."""

from __future__ import annotations

import pytest
import requests
from conftest import SYSTEM, USER, Serve
from msal import ManagedIdentityClient, SystemAssignedManagedIdentity, UserAssignedManagedIdentity
from table import BY_ENVIRONMENT, pip
from tokens import accepted

CLIENT = pip("msal", BY_ENVIRONMENT)

RESOURCE = "https://vault.azure.net"

SELECTORS = [
    (SystemAssignedManagedIdentity(), SYSTEM),
    (UserAssignedManagedIdentity(client_id=USER[0]["clientId"]), USER[0]),
    (UserAssignedManagedIdentity(object_id=USER[1]["objectId"]), USER[1]),
    (UserAssignedManagedIdentity(resource_id=USER[1]["resourceId"]), USER[1]),
]


def client(identity: object) -> ManagedIdentityClient:
    """A client that uses no proxy."""
    session = requests.Session()
    session.trust_env = False
    return ManagedIdentityClient(identity, http_client=session)


@pytest.mark.parametrize(("selector", "identity"), SELECTORS)
def test_selectors(serve: Serve, monkeypatch: pytest.MonkeyPatch, selector: object, identity: dict[str, str]) -> None:
    """tokens of the system-assigned identity and by client_id, object_id, msi_res_id; the second from its cache"""
    server = serve(identity={"systemAssigned": SYSTEM, "userAssigned": USER})
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", server.url)
    asking = client(selector)
    answer = asking.acquire_token_for_client(resource=RESOURCE)
    assert accepted(server, answer["access_token"], RESOURCE)["oid"] == identity["objectId"]
    assert (answer["token_type"], answer["token_source"]) == ("Bearer", "identity_provider")
    assert asking.acquire_token_for_client(resource=RESOURCE)["token_source"] == "cache"


def test_errors(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """no identity, two identities and no selector, 429"""
    for identity, faults, said in [
        ({"systemAssigned": None}, [], "Identity not found"),
        ({"systemAssigned": None, "userAssigned": USER}, [], "Multiple user assigned identities exist"),
        ({}, ["token:429x*"], "Temporarily throttled"),
    ]:
        server = serve(*faults, identity=identity)
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", server.url)
        answer = client(SystemAssignedManagedIdentity()).acquire_token_for_client(resource=RESOURCE)
        assert said in answer["error_description"], answer
