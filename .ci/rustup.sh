#!/usr/bin/env bash
# Adds to the Rust toolchain where SETUP=yes, and says so before it does; says what is missing elsewhere.
#
#   .ci/rustup.sh component add clippy
set -euo pipefail

if ! command -v rustup >/dev/null; then
  echo "missing, and this machine has no rustup: rustup $*" >&2
  exit 1
fi
if [[ ${SETUP:-} != yes ]]; then
  echo "missing: rustup $*. With SETUP=yes this is done for you." >&2
  exit 1
fi
echo "installing: rustup $*" >&2
timeout 300 rustup "$@" >&2
