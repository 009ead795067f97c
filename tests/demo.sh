#!/usr/bin/env bash
# Verifies a document minted on the spot, refuses three that are not right, and says so: `make demo`.
set -euo pipefail
cd "$(dirname "$0")/.."

out=target/demo
nonce=$((RANDOM * 32768 + RANDOM))
sample=tests/vectors/specification_sample.json

cargo build -q -p azure-imds-tests --bin mint
mint=${CARGO_TARGET_DIR:-target}/debug/mint

code_of='import json, sys; report = json.load(sys.stdin); print((report["error"] or {}).get("code", report["verdict"]))'

# say EXPECTED TITLE VERIFY-ARGUMENTS: runs it, shows its report, and stops unless it says what is expected.
say() {
  local expected=$1 title=$2 status=0 report
  shift 2
  printf '\n\e[1m== %s\e[0m\n$ azure-imds verify %s\n\n' "$title" "$*"
  .venv/bin/azure-imds verify "$@" || status=$?
  report=$(.venv/bin/azure-imds verify "$@" --json) || true
  if [[ $(.venv/bin/python -c "$code_of" <<<"$report") != "$expected" || $status -gt 1 ]]; then
    echo "demo: expected \"$expected\", exit status $status" >&2
    exit 1
  fi
}

printf 'Minting a document and a certification authority of its own, with the nonce %s ...\n' "$nonce"
"$mint" --nonce "$nonce" --out "$out"
trust=(--anchors "$out/anchor.pem" --issuers "$out/issuers.pem")

say verified "The document, with its nonce" "$out/document.json" --nonce "$nonce" "${trust[@]}"
say nonce_mismatch "The same document, with another nonce" "$out/document.json" --nonce 0000000000 "${trust[@]}"
say content_signature "The same document with one byte changed" "$out/tampered.json" --nonce "$nonce" "${trust[@]}"
say issuer_missing "The same document, trusting only Azure's roots" "$out/document.json" --nonce "$nonce" --no-fetch
say key_too_small "The sample in the service's documentation, which is signed rightly by nobody that counts" \
  "$sample" --no-nonce --at 2018-11-20T22:08:39Z

printf '\n\e[1mOne document verified, four refused, each for its own reason.\e[0m\n'
