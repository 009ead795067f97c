#!/usr/bin/env bash
# Installs Debian packages where SETUP=yes, and says so before it does; says what is missing elsewhere.
#
#   .ci/apt.sh PACKAGE...
set -euo pipefail

if ! command -v apt-get >/dev/null; then
  echo "missing, and this machine has no apt-get: install by hand what Debian calls: $*" >&2
  exit 1
fi
as_root=()
if [[ $(id -u) != 0 ]]; then as_root=(sudo); fi
command="${as_root[*]}${as_root:+ }apt-get install $*"
if [[ ${SETUP:-} != yes ]]; then
  echo "missing: $command. With SETUP=yes this is done for you." >&2
  exit 1
fi
echo "installing: $command" >&2
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
