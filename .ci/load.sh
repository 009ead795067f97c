#!/usr/bin/env bash
# Puts load on the servers of all three languages: .ci/load.sh REQUESTS SECONDS (each at most) [--memory]
#
# With --memory a server that keeps taking more memory fails; what it takes is told in any case.
# What is not built yet is built. VENV names another folder than .venv, ONLY one of python, node, rust.
set -euo pipefail
cd "$(dirname "$0")/.."

requests=$1
seconds=$2
more=("${@:3}")
venv=${VENV:-.venv}
target=${CARGO_TARGET_DIR:-target}
options=(serve --no-limits --verbose)
spare=0

if ! [[ -d /proc/self/fd ]]; then
  .ci/skip.sh "load on the servers" "this system has no /proc to see what they take"
  exit 0
fi

load() {
  [[ ${ONLY:-$1} == "$1" ]] || return 0
  echo "+ ${*:2} ${options[*]}"
  # With as many file descriptors as a process usually gets: fewer than there are connections in a crowd.
  "$target/debug/load" --requests "$requests" --seconds "$seconds" --spare "$spare" "${more[@]}" -- \
    bash -c 'ulimit -S -n 1024 && exec "$@"' serve "${@:2}" "${options[@]}"
}

[[ -x $venv/bin/azure-imds ]] || bindings-py/check.sh build
[[ -f bindings-wasm/dist/cli.js ]] || bindings-wasm/check.sh build
cargo build -q -p azure-imds-tests --bin load
cargo build -q --workspace --all-features --example serve
load python "$venv/bin/azure-imds"
load node node bindings-wasm/dist/cli.js
options=("${options[@]:1}")
spare=200 # hyper does not see that a client has left which sent more behind a request that hangs; the example waits
load rust "$target/debug/examples/serve"
