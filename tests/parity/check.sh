#!/usr/bin/env bash
# Holds Rust, Python and JavaScript against each other: each answers the same questions, and no member may differ.
#
# What the packages are built from decides whether they are built anew: bindings-py/check.sh and bindings-wasm/check.sh
# build them. VENV names another folder than .venv. Corpus and answers go to parity/ in the target folder.
set -euo pipefail
cd "$(dirname "$0")/../.."

venv=${VENV:-.venv}
folder=${CARGO_TARGET_DIR:-target}/parity

# is_old MADE SOURCE...: whether a file is not there, or older than anything it is made from.
is_old() {
  local made=$1
  shift
  [[ ! -e $made ]] || [[ -n $(find Cargo.toml Cargo.lock core/src core/Cargo.toml "$@" \
    -type f -not -name '*.pyc' -newer "$made" -print -quit) ]]
}

.ci/need.sh cc openssl
wheel=$(compgen -G "$venv/wheel/*.whl" || true)
if is_old "${wheel:-none}" bindings-py/{src,python,Cargo.toml}; then bindings-py/check.sh build; fi
if is_old bindings-wasm/dist/package.json bindings-wasm/{src,js,tool,Cargo.toml}; then bindings-wasm/check.sh build; fi

cargo run -q -p azure-imds-tests --bin parity -- ask
rm -f "$folder"/{,forms-}{python,node}.json
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" tests/python/parity.py "$folder"/{corpus,python}.json &
answering=$!
node tests/node/parity.mjs "$folder"/{corpus,node}.json
wait "$answering"
cargo run -q -p azure-imds-tests --bin parity -- compare
