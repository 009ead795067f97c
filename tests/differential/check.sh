#!/usr/bin/env bash
# Holds the verifier against OpenSSL and Python's cryptography: tests/differential/check.sh [--all]
#
# Every vector and every mutant of the parity corpus; a disagreement without a declared reason fails. Installs pinned
# packages in .venv-differential/. PYTHON names another interpreter than python3.11; --all shows every disagreement that
# has no reason, not the first twenty.
set -euo pipefail
cd "$(dirname "$0")/../.."

python=${PYTHON:-python3.11}
venv=.venv-differential
here=tests/differential
pinned=$here/requirements.txt

.ci/need.sh cc openssl
command -v "$python" >/dev/null || .ci/apt.sh "$python" "$python-venv"
if ! cmp -s "$pinned" "$venv/pinned"; then
  echo "installing: what $pinned pins, in $venv/"
  "$python" -m venv --clear "$venv" 2>/dev/null || {
    .ci/apt.sh "$(basename "$python")-venv"
    "$python" -m venv --clear "$venv"
  }
  "$venv/bin/pip" install -q --disable-pip-version-check --no-deps -r "$pinned"
  cp "$pinned" "$venv/pinned"
fi

cargo run -q -p azure-imds-tests --bin parity -- ask
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" $here/differential.py "${CARGO_TARGET_DIR:-target}/parity" "$@"
