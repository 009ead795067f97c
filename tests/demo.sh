#!/usr/bin/env bash
# The live flow against an emulated VM: read it, have a document signed and verified, approve an event, be refused.
set -euo pipefail
cd "$(dirname "$0")/.."

out=target/demo
nonce=$(od -An -N16 -tx1 /dev/urandom | tr -d " \n")
imds=.venv/bin/azure-imds
code_of='import json, sys; report = json.load(sys.stdin); print((report["error"] or {}).get("code", report["verdict"]))'
fetch='import sys, urllib.request as r; sys.stdout.buffer.write(r.build_opener(r.ProxyHandler({})).open(sys.argv[1]).read())'

title() {
  printf '\n\e[1m== %s\e[0m\n' "$1"
}

# run ARGUMENTS: shows the command, then what it says.
run() {
  printf '$ azure-imds %s\n\n' "$*"
  "$imds" "$@"
}

# say EXPECTED TITLE VERIFY-ARGUMENTS: verifies, shows the report, and stops unless it says what is expected.
say() {
  local expected=$1 heading=$2 status=0 report
  shift 2
  title "$heading"
  run verify "$@" || status=$?
  report=$("$imds" verify "$@" --json) || true
  if [[ $(.venv/bin/python -c "$code_of" <<<"$report") != "$expected" || $status -gt 1 ]]; then
    echo "demo: expected \"$expected\", exit status $status" >&2
    exit 1
  fi
}

mkdir -p "$out"
cat >"$out/machine.toml" <<'TOML'
[compute]
name = "web-7"
location = "westeurope"

[compute.tags]
env = "demo"
role = "web"
TOML

title "An emulated VM"
"$imds" serve --config "$out/machine.toml" --scenario user-reboot --fault attested:ok,tamper=flipped-content \
  >"$out/serve.log" &
emulator=$!
trap 'kill $emulator 2>/dev/null || true; wait $emulator 2>/dev/null || true' EXIT
for _ in $(seq 1000); do
  [[ -s $out/serve.log ]] && break
  kill -0 $emulator
  sleep 0.1
done
read -r AZURE_IMDS_ENDPOINT <"$out/serve.log"
export AZURE_IMDS_ENDPOINT
printf '$ azure-imds serve --config machine.toml ...\n\n%s\n' "$AZURE_IMDS_ENDPOINT"

title "What the VM is"
run get compute/name
run get network
title "Its tags"
run tags

title "A document that it asks Azure to sign, for the nonce $nonce"
printf '$ azure-imds attested --nonce %s >document.json\n' "$nonce"
"$imds" attested --nonce "$nonce" >"$out/document.json"
.venv/bin/python -c "$fetch" "$AZURE_IMDS_ENDPOINT/emulator/root.pem" >"$out/anchor.pem"
.venv/bin/python -c "$fetch" "$AZURE_IMDS_ENDPOINT/emulator/issuers/issuing.crt" >"$out/issuer.crt"
trust=(--anchors "$out/anchor.pem" --issuers "$out/issuer.crt")
say verified "Verified elsewhere, by whoever chose the nonce" "$out/document.json" --nonce "$nonce" "${trust[@]}"

title "A reboot is announced, approved, and starts"
run events
event=$("$imds" events --json | .venv/bin/python -c 'import json, sys; print(json.load(sys.stdin)["Events"][0]["EventId"])')
run events --approve "$event"
run events

title "The next document is changed on the way"
"$imds" attested >"$out/tampered.json"
say content_signature "Refused: not what was signed" "$out/tampered.json" --no-nonce "${trust[@]}"
say nonce_mismatch "Refused: the first document, for another nonce" "$out/document.json" --nonce 0000000000 "${trust[@]}"
say issuer_missing "Refused: the same document, trusting only Azure's roots" "$out/document.json" --nonce "$nonce" --no-fetch

printf '\n\e[1mOne VM read, one document verified, one event approved, three documents refused, each for its own reason.\e[0m\n'
