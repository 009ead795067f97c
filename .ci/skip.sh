#!/usr/bin/env bash
# Says that a check is skipped, and why: .ci/skip.sh NAME REASON. An error in continuous integration (CI=true).
set -euo pipefail

echo "skipped: $1: $2"
if [[ ${CI:-} == true ]]; then
  echo "error: nothing may be skipped where CI=true" >&2
  exit 1
fi
