#!/usr/bin/env bash
# Does nothing where tools are there; names those that are missing, and installs them where SETUP=yes.
#
#   .ci/need.sh cc c++ openssl clippy rustfmt
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if ! command -v cargo >/dev/null; then
  echo "cargo is needed: install Rust by https://rustup.rs" >&2
  exit 1
fi
status=0
for tool in "$@"; do
  case $tool in
    cc) command -v cc >/dev/null || "$here/apt.sh" gcc libc6-dev || status=1 ;;
    c++) command -v c++ >/dev/null || "$here/apt.sh" g++ || status=1 ;;
    openssl) command -v openssl >/dev/null || "$here/apt.sh" openssl || status=1 ;;
    clippy) cargo clippy --version >/dev/null 2>&1 || "$here/rustup.sh" component add clippy || status=1 ;;
    rustfmt) cargo fmt --version >/dev/null 2>&1 || "$here/rustup.sh" component add rustfmt || status=1 ;;
    *) echo "need.sh does not know how to get $tool" >&2; exit 2 ;;
  esac
done
exit $status
