#!/usr/bin/env bash
# Builds and tests the Python package in .venv/ at the top of the repository.
#
#   bindings-py/check.sh build   makes .venv/ with the pinned tools, builds the wheel, installs it
#   bindings-py/check.sh test    does that, then: format, lint, stubs against the module, types, tests
#
# PYTHON names another interpreter than python3.11, VENV another folder than .venv. Further arguments of `test` are given
# to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python3.11}
venv=${VENV:-.venv}
pinned=bindings-py/requirements-dev.txt

make_venv() {
  .ci/need.sh cc
  command -v "$python" >/dev/null || .ci/apt.sh "$python"
  if ! [[ -x $venv/bin/pip ]]; then
    "$python" -m venv --clear "$venv" 2>/dev/null || {
      .ci/apt.sh "$(basename "$python")-venv"
      "$python" -m venv --clear "$venv"
    }
  fi
  if ! cmp -s "$pinned" "$venv/pinned"; then
    echo "installing: what $pinned pins, in $venv/"
    "$venv/bin/pip" install -q --disable-pip-version-check -r "$pinned"
    cp "$pinned" "$venv/pinned"
  fi
}

# The release profile: what is tested is what is used.
build() {
  make_venv
  rm -rf "$venv/wheel"
  "$venv/bin/maturin" build -q --locked --release --manifest-path bindings-py/Cargo.toml \
    --interpreter "$venv/bin/python" --out "$venv/wheel"
  # Not bin/pip: in a copied folder that names the environment that was copied, and installs there.
  local pip=("$venv/bin/python" -m pip install -q --disable-pip-version-check)
  "${pip[@]}" --no-deps --force-reinstall "$venv"/wheel/*.whl
  "${pip[@]}" "$venv"/wheel/*.whl # what it depends on
}

run() {
  echo "+ $*"
  "$venv/bin/python" -m "$@"
}

check() {
  local settings=bindings-py/pyproject.toml
  run ruff format --check --config "$settings" bindings-py/python tests/python
  run ruff check --config "$settings" bindings-py/python tests/python
  # One class that the stub says as two; tests/python/test_codes.py compares its members.
  run mypy.stubtest azure_imds._native --allowlist <(echo azure_imds._native.Report)
  run mypy --config-file "$settings" bindings-py/python tests/python
  run pytest -c "$settings" --rootdir . tests/python "$@"
}

case ${1:-} in
  build) build ;;
  test)
    build
    check "${@:2}"
    ;;
  *)
    sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
