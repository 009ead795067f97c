#!/usr/bin/env bash
# Makes sure that tools are there, and does nothing where they are: .ci/need.sh cc openssl clippy rustfmt
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if ! command -v cargo >/dev/null; then
  echo "cargo is needed: install Rust by https://rustup.rs" >&2
  exit 1
fi
for tool in "$@"; do
  case $tool in
    cc) command -v cc >/dev/null || "$here/apt.sh" gcc libc6-dev ;;
    c++) command -v c++ >/dev/null || "$here/apt.sh" g++ ;;
    openssl) command -v openssl >/dev/null || "$here/apt.sh" openssl ;;
    clippy) cargo clippy --version >/dev/null 2>&1 || rustup component add clippy ;;
    rustfmt) cargo fmt --version >/dev/null 2>&1 || rustup component add rustfmt ;;
    *) echo "need.sh does not know how to get $tool" >&2; exit 2 ;;
  esac
done
