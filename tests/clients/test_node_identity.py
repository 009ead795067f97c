"""@azure/identity for Node."""

from __future__ import annotations

import node
import pytest
from conftest import SYSTEM, USER, Serve
from table import BY_ADDRESS, BY_ENVIRONMENT, npm
from tokens import accepted

CLIENT = npm("@azure/identity", f"{BY_ENVIRONMENT}; {BY_ADDRESS}")

RESOURCE = "https://management.azure.com"

SELECTORS = [
    ({}, SYSTEM),
    ({"clientId": USER[0]["clientId"]}, USER[0]),
    ({"objectId": USER[1]["objectId"]}, USER[1]),
    ({"resourceId": USER[0]["resourceId"]}, USER[0]),
]


@pytest.mark.parametrize(("selector", "identity"), SELECTORS)
def test_selectors(serve: Serve, selector: dict[str, str], identity: dict[str, str]) -> None:
    """tokens of the system-assigned identity and by client_id, object_id, msi_res_id; the second from its cache"""
    server = serve(identity={"systemAssigned": SYSTEM, "userAssigned": USER})
    found = node.run("managed", selector, AZURE_POD_IDENTITY_AUTHORITY_HOST=server.url)
    assert found.get("cached") is True, found
    claims = accepted(server, str(found["token"]), RESOURCE)
    assert claims["oid"] == identity["objectId"]
    assert abs(int(str(found["expires"])) // 1000 - int(str(claims["exp"]))) <= 5


def test_errors(serve: Serve) -> None:
    """no identity, two identities and no selector"""
    for identity, said in [
        ({"systemAssigned": None}, "Identity not found"),
        ({"systemAssigned": None, "userAssigned": USER}, "Multiple user assigned identities exist"),
    ]:
        server = serve(identity=identity)
        found = node.run("managed", AZURE_POD_IDENTITY_AUTHORITY_HOST=server.url)
        assert found["error"] == "CredentialUnavailableError"
        assert said in str(found["message"])


@pytest.mark.parametrize("status", [404, 500])
def test_retries(serve: Serve, status: int) -> None:
    """404 and 500 once, retried"""
    server = serve(f"token:{status}")
    found = node.run("managed", AZURE_POD_IDENTITY_AUTHORITY_HOST=server.url)
    assert "token" in found, found
    assert [status for *_, status in server.asked("/oauth2/token")] == [status, 200]


def test_throttled(serve: Serve) -> None:
    """429 without Retry-After, which it does not retry but reports"""
    server = serve("token:429x*")
    found = node.run("managed", AZURE_POD_IDENTITY_AUTHORITY_HOST=server.url)
    assert "Temporarily throttled" in str(found.get("message")), found


def test_default_credential(at_metadata_address: Serve) -> None:
    """DefaultAzureCredential, which probes without the Metadata field and without a query"""
    server = at_metadata_address()
    found = node.run("default")
    assert accepted(server, str(found.get("token")), RESOURCE)["oid"] == SYSTEM["objectId"], found
    assert server.asked("/oauth2/token")[0] == ("GET", "/metadata/identity/oauth2/token", 400)
