# ruff: noqa: E501 - lines are as long as they are printed.
"""The documentation's own commands for Linux, run as they are printed.

Inside the namespace not even the address is changed; on loopback nothing else is.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from conftest import COMPUTE, Serve, Server
from table import Client

CLIENT = Client("curl, jq, base64, openssl", "the machine's", "169.254.169.254, and by another host in the URL")

INTERFACE = {
    "ipv4": {
        "ipAddress": [{"privateIpAddress": "10.1.0.4", "publicIpAddress": "203.0.113.7"}],
        "subnet": [{"address": "10.1.0.0", "prefix": "24"}],
    },
    "ipv6": {"ipAddress": []},
    "macAddress": "000D3AF806EC",
}

# Command, and the answer.
SAMPLES = [
    (
        'curl -H Metadata:true --noproxy "*" '
        '"http://169.254.169.254/metadata/instance/compute/vmId?api-version=2017-08-01&format=text"',
        COMPUTE["vmId"],
    ),
    (
        'curl -H Metadata:true --noproxy "*" '
        '"http://169.254.169.254/metadata/instance/compute/platformFaultDomain?api-version=2017-08-01&format=text"',
        "0",
    ),
    (
        'curl -H Metadata:true --noproxy "*" '
        '"http://169.254.169.254/metadata/instance/compute/azEnvironment?api-version=2018-10-01&format=text"',
        "AzurePublicCloud",
    ),
    (
        'curl -H Metadata:true --noproxy "*" "http://169.254.169.254/metadata/instance/network/interface/0/ipv4'
        '/ipAddress/0/publicIpAddress?api-version=2017-08-01&format=text"',
        "203.0.113.7",
    ),
    (
        'curl -H Metadata:true --noproxy "*" "http://169.254.169.254/metadata/instance?api-version=2017-08-01&format=text"',
        "compute/\nnetwork/",
    ),
    (
        'curl -H Metadata:true --noproxy "*" "http://169.254.169.254/metadata/instance/network?api-version=2017-08-01"',
        {"interface": [INTERFACE]},
    ),
]

# The keys that the documentation prints for /metadata/instance/compute at 2020-09-01.
COMPUTE_KEYS = """
    azEnvironment isHostCompatibilityLayerVm licenseType location name offer osProfile osType
    placementGroupId plan platformFaultDomain platformUpdateDomain publicKeys publisher resourceGroupName resourceId
    securityProfile sku storageProfile subscriptionId tags version vmId vmScaleSetName vmSize zone
"""

PIPELINE = r"""
# Get the signature
curl --silent -H Metadata:True --noproxy "*" "http://169.254.169.254/metadata/attested/document?api-version=2020-09-01" | jq -r '.["signature"]' > signature
# Decode the signature
base64 -d signature > decodedsignature
# Get PKCS7 format
openssl pkcs7 -in decodedsignature -inform DER -out sign.pk7
# Get Public key out of pkc7
openssl pkcs7 -in decodedsignature -inform DER  -print_certs -out signer.pem
# Get the intermediate certificate
curl -s -o intermediate.cer "$(openssl x509 -in signer.pem -text -noout | grep " CA Issuers -" | awk -FURI: '{print $2}')"
openssl x509 -inform der -in intermediate.cer -out intermediate.pem
# Verify the contents
openssl smime -verify -in sign.pk7 -inform pem -noverify
"""

SUBJECTS = r"""
# Verify the subject name for the main certificate
openssl x509 -noout -subject -in signer.pem
# Verify the issuer for the main certificate
openssl x509 -noout -issuer -in signer.pem
#Validate the subject name for intermediate certificate
openssl x509 -noout -subject -in intermediate.pem
# Verify the issuer for the intermediate certificate
openssl x509 -noout -issuer -in intermediate.pem
"""

CHAIN = "openssl verify -verbose -CAfile /etc/ssl/certs/Baltimore_CyberTrust_Root.pem -untrusted intermediate.pem signer.pem"

# The one change: the emulator's root in the place of Baltimore's.
ROOT = "curl -s -o root.pem http://169.254.169.254/emulator/root.pem"
TO_OUR_ROOT = CHAIN.replace("/etc/ssl/certs/Baltimore_CyberTrust_Root.pem", "root.pem")


@pytest.fixture(params=["as printed", "on loopback"])
def server(request: pytest.FixtureRequest) -> Server:
    """A machine with a public address, where the commands look for it."""
    start: Serve = request.getfixturevalue("at_metadata_address" if request.param == "as printed" else "serve")
    return start(network={"interface": [INTERFACE]})


def run(server: Server, commands: str, folder: Path) -> tuple[str, str]:
    """Runs commands in bash, stopping at the first that fails; gives what they wrote."""
    origin = server.url.removesuffix(":80")
    script = "set -euo pipefail\n" + commands.replace("http://169.254.169.254", origin)
    done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout, done.stderr


def test_instance_samples(server: Server, tmp_path: Path) -> None:
    """samples 1, 2 and 4 to 6 of the instance metadata, the text format"""
    for command, expected in SAMPLES:
        out, _ = run(server, command, tmp_path)
        assert (out if isinstance(expected, str) else json.loads(out)) == expected, command


def test_whole_documents(server: Server, tmp_path: Path) -> None:
    """the first sample, sample 3, and the addresses of the parameters' section"""
    curl = 'curl -H Metadata:true --noproxy "*" "http://169.254.169.254/metadata/instance{}"'
    whole = json.loads(run(server, curl.format("?api-version=2020-09-01"), tmp_path)[0])
    compute = json.loads(run(server, curl.format("/compute?api-version=2020-09-01"), tmp_path)[0])
    assert sorted(whole) == ["compute", "network"]
    assert whole["compute"] == compute
    assert set(COMPUTE_KEYS.split()) <= set(compute)
    assert (compute["vmId"], compute["name"], compute["zone"]) == (COMPUTE["vmId"], "clients-vm", "2")
    asked = json.loads(run(server, curl.format("/compute?api-version=2019-06-04&format=json"), tmp_path)[0])
    assert asked["tagsList"] == []
    assert json.loads(run(server, curl.format("/network/interface/0?api-version=2020-09-01"), tmp_path)[0]) == INTERFACE


def test_missing_version(server: Server, tmp_path: Path) -> None:
    """the error that lists the newest versions"""
    out, _ = run(server, 'curl -H Metadata:true --noproxy "*" "http://169.254.169.254/metadata/instance"', tmp_path)
    error = json.loads(out)
    assert "api-version" in error["error"]
    assert error["newest-versions"] == sorted(error["newest-versions"], reverse=True)


def test_attested_sample(server: Server, tmp_path: Path) -> None:
    """the whole of attested sample 1: signature, intermediate by AIA, contents, chain to the emulator's own root"""
    out, errors = run(server, PIPELINE, tmp_path)
    assert "Verification successful" in errors
    contents = json.loads(out)
    assert contents["vmId"] == COMPUTE["vmId"]
    assert sorted(contents) == ["licenseType", "nonce", "plan", "sku", "subscriptionId", "timeStamp", "vmId"]
    signer, issuer, intermediate, root = run(server, SUBJECTS, tmp_path)[0].splitlines()
    assert "CN=metadata.azure.com" in signer.replace(" = ", "=")  # OpenSSL 3.2 and later leave out the spaces
    assert issuer.removeprefix("issuer=") == intermediate.removeprefix("subject=")
    assert "not Microsoft" in root
    run(server, ROOT, tmp_path)
    assert run(server, TO_OUR_ROOT, tmp_path)[0] == "signer.pem: OK\n"


def test_attested_sample_refuses(serve: Serve, tmp_path: Path) -> None:
    """the same with a changed content, an issuer that is not served, another root: all refused"""
    with pytest.raises(AssertionError, match="Verification failure"):
        run(serve("attested:tamper=flipped-content"), PIPELINE, tmp_path)
    with pytest.raises(AssertionError, match=r"(Unable to load|Could not find) certificate"):
        run(serve("attested:tamper=unknown-issuer"), PIPELINE, tmp_path)
    run(serve(), PIPELINE, tmp_path)
    run(serve(), ROOT, tmp_path)
    with pytest.raises(AssertionError, match=r"certificate signature failure|unable to get local issuer"):
        run(serve(), TO_OUR_ROOT, tmp_path)
