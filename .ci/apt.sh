#!/usr/bin/env bash
# Installs Debian packages: .ci/apt.sh PACKAGE...
set -euo pipefail

if ! command -v apt-get >/dev/null; then
  echo "this machine has no apt-get: install by hand what Debian calls: $*" >&2
  exit 1
fi
as_root=()
if [[ $(id -u) != 0 ]]; then as_root=(sudo); fi
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
