#!/usr/bin/env bash
# Runs real clients, unmodified, against the emulator: tests/clients/check.sh [arguments of pytest]
#
# It sets up what it needs: pinned Python packages in .venv-clients/, pinned Node packages in tests/clients/node_modules/,
# Debian's cloud-init and waagent unpacked, not installed, under target/clients/; where SETUP=yes, tools of the machine. The
# clients run in a network namespace of their own: 169.254.169.254 is there on loopback, and nothing else can be reached.
# AZURE_IMDS_SERVE names another command that serves the emulator than the example `serve`; PYTHON another interpreter
# than python3.11.
set -euo pipefail
cd "$(dirname "$0")/../.."

python=${PYTHON:-python3.11}
venv=$PWD/.venv-clients
here=tests/clients
pinned=$here/requirements.txt
debian=$PWD/target/clients

install_tools() {
  .ci/need.sh cc openssl
  local missing=()
  command -v curl >/dev/null || missing+=(curl)
  command -v jq >/dev/null || missing+=(jq)
  command -v ip >/dev/null || missing+=(iproute2)
  command -v npm >/dev/null || missing+=(npm)
  command -v "$python" >/dev/null || missing+=("$python" "$python-venv")
  if ((${#missing[@]})); then .ci/apt.sh "${missing[@]}"; fi
}

install_python() {
  if cmp -s "$pinned" "$venv/pinned"; then return; fi
  echo "installing: what $pinned pins, in .venv-clients/"
  "$python" -m venv --clear "$venv" 2>/dev/null || {
    .ci/apt.sh "$(basename "$python")-venv"
    "$python" -m venv --clear "$venv"
  }
  "$venv/bin/pip" install -q --disable-pip-version-check --no-deps -r "$pinned"
  cp "$pinned" "$venv/pinned"
}

install_node() {
  if cmp -s "$here/package-lock.json" "$here/node_modules/.pinned"; then return; fi
  echo "installing: what $here/package-lock.json pins, in $here/node_modules/"
  npm ci --prefix "$here" --ignore-scripts --no-audit --no-fund --loglevel error
  cp "$here/package-lock.json" "$here/node_modules/.pinned"
}

# Unpacked only: installed, they would take over the machine at its next start.
install_debian() {
  if [[ -d $debian/unpacked ]]; then return; fi
  command -v apt-get >/dev/null || return 0 # The tests say what they miss.
  echo "unpacking: Debian's cloud-init and waagent, in target/clients/"
  rm -rf "$debian/packages"
  mkdir -p "$debian/packages"
  local try
  for try in first second; do
    if (cd "$debian/packages" && apt-get download -qq cloud-init waagent 2>/dev/null); then break; fi
    if [[ $try == second ]]; then return 0; fi
    .ci/apt.sh ca-certificates || return 0 # Brings the lists up to date.
  done
  mkdir "$debian/unpacked.part"
  local package
  for package in "$debian"/packages/*.deb; do dpkg-deb -x "$package" "$debian/unpacked.part"; done
  mv "$debian/unpacked.part" "$debian/unpacked"
}

build_server() {
  local examples=${CARGO_TARGET_DIR:-$PWD/target}/debug/examples
  # The same features as those of the other tests, so that nothing is built twice.
  cargo build -q --workspace --all-features --example ureq --example serve
  export AZURE_IMDS_SERVE=${AZURE_IMDS_SERVE:-$examples/serve} AZURE_IMDS_CLIENT=$examples/ureq
}

in_namespace() {
  unshare --net --map-root-user bash -c \
    'ip link set lo up && ip address add 169.254.169.254/32 dev lo && exec "$@"' bash "$@"
}

install_tools
install_python
install_node
install_debian
build_server
export AZURE_IMDS_DEBIAN=$debian PYTHONDONTWRITEBYTECODE=1

run=("$venv/bin/python" -m pytest -c "$here/pytest.ini" --rootdir "$here" "${@:-$here}")
if in_namespace true 2>/dev/null; then
  in_namespace "${run[@]}"
else
  .ci/skip.sh "clients that have 169.254.169.254 built in" "no network namespace can be made here"
  "${run[@]}"
fi
