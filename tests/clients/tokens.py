"""What a resource does with a token: reads the issuer's keys, and checks the signature and the claims."""

from __future__ import annotations

import json
import urllib.request

import jwt
from conftest import TENANT, Server


def accepted(server: Server, token: str, audience: str) -> dict[str, object]:
    """The claims of a token that its issuer's keys verify."""
    issuer = f"{server.url}/emulator/identity/{TENANT}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{issuer}/.well-known/openid-configuration", timeout=5) as answer:
        configuration = json.load(answer)
    with opener.open(configuration["jwks_uri"], timeout=5) as answer:
        keys = jwt.PyJWKSet.from_dict(json.load(answer))
    key = keys[jwt.get_unverified_header(token)["kid"]]
    algorithms = configuration["id_token_signing_alg_values_supported"]
    claims: dict[str, object] = jwt.decode(token, key, algorithms, audience=audience, issuer=configuration["issuer"])
    return claims
