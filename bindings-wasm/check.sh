#!/usr/bin/env bash
# Builds and tests the npm package and the page.
#
#   bindings-wasm/check.sh build   leaves the package in bindings-wasm/dist/, the page in bindings-wasm/dist/page/
#   bindings-wasm/check.sh test    does that, then: format, lint, types, tests in Node, in a browser, of the package
#   bindings-wasm/check.sh size    prints what takes how much of the verifier's module
#
# SLOWED=6 makes the browser of the tests six times as slow, which shows a test that reads before the page has answered.
set -euo pipefail
cd "$(dirname "$0")/.."

here=bindings-wasm
dist=$here/dist
target=${CARGO_TARGET_DIR:-target}
bin=$here/node_modules/.bin

need_node() {
  command -v node >/dev/null || .ci/apt.sh nodejs npm
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  if ((major < 20)); then
    echo "Node 20 or later is needed, this is $(node -v)" >&2
    exit 1
  fi
}

# What package-lock.json names, and nothing else.
install_tools() {
  need_node
  if ! cmp -s $here/package-lock.json $here/node_modules/.installed; then
    echo "installing: what $here/package-lock.json pins, in $here/node_modules/"
    npm ci --prefix $here --silent --no-audit --no-fund
    cp $here/package-lock.json $here/node_modules/.installed
  fi
}

# module NAME FEATURE: links a module, writes its JavaScript, makes it small.
module() {
  local name=$1 feature=$2 made optimised=$dist/wasm/$1_bg.wasm
  local no_paths="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}= --remap-path-prefix=$PWD="
  # No function may give a reference to JavaScript: the V8 of Node 20 ends the process when it takes back the optimisation
  # of a loop that calls one. The standard library as it comes says that it uses them; the linker is told what is used.
  local features=bulk-memory,multivalue,mutable-globals,nontrapping-fptoint,sign-ext
  local no_references="-Ctarget-feature=-reference-types -Clink-arg=--no-check-features -Clink-arg=--features=$features"
  # Multiplying 32 bits at a time is 1.4 times as fast in WebAssembly. A document is hashed in a hundredth of the time
  # that its signatures take: the short form of SHA-2 does.
  local arithmetic="--cfg sha2_backend_soft=\"compact\" --cfg cpubits=\"32\""
  RUSTFLAGS="$arithmetic -Cllvm-args=-inlinehint-threshold=0 $no_references $no_paths" \
    .ci/cargo-target.sh --small wasm32-unknown-unknown build -q --locked \
    -p azure-imds-bindings-wasm --profile wasm --no-default-features --features "$feature"
  made=$(find "$target" -path '*/wasm32-unknown-unknown/wasm/azure_imds_bindings_wasm.wasm' -printf '%T@ %p\n' |
    sort -n | tail -1 | cut -d' ' -f2-)
  "$target/debug/bindgen" "$made" $dist/wasm "$name"
  cp "$optimised" "$target/$name-with-names.wasm"
  # What is alike stands together, by name: that compresses better. The second pass finds what the first laid open.
  local allowed="--enable-bulk-memory --enable-sign-ext --enable-nontrapping-float-to-int --enable-mutable-globals
    --enable-multivalue"
  # shellcheck disable=SC2086
  $bin/wasm-opt -Oz --converge --reorder-functions-by-name --strip-target-features $allowed \
    "$optimised" -o "$optimised"
  # shellcheck disable=SC2086
  $bin/wasm-opt --gufa-optimizing -Oz --converge $allowed "$optimised" -o "$optimised"
}

build() {
  .ci/need.sh cc
  install_tools
  cargo build -q --locked -p azure-imds-bindings-wasm --no-default-features --features tool --bin bindgen
  rm -rf $dist
  module verifier verifier
  module web web
  module azure_imds whole
  node $here/tool/package.mjs
  link_for_tests
  node $here/page/build.mjs
}

# The tests import the package, and what drives the browser, by name.
link_for_tests() {
  mkdir -p tests/node_modules
  ln -sfn ../../$dist tests/node_modules/azure-imds
  for name in ajv playwright-core axe-core esbuild typescript; do
    ln -sfn ../../$here/node_modules/$name tests/node_modules/$name
  done
}

run() {
  echo "+ $*"
  "$@"
}

check() {
  command -v chromium >/dev/null || .ci/apt.sh chromium
  run $bin/prettier --log-level warn --config $here/.prettierrc.json --check "$here/{js,page,tool}/*.{js,mjs,ts,css}" \
    "tests/{node,browser}/**/*.{mjs,ts}"
  run $bin/tsc --noEmit -p $here
  run node --test --test-reporter=spec --test-timeout=1200000 tests/node/
  run node --test --test-reporter=spec --test-timeout=1200000 --test-concurrency=1 tests/browser/
}

case ${1:-} in
  build) build ;;
  test)
    build
    check
    ;;
  size) node $here/tool/size.mjs "$target/verifier-with-names.wasm" ;;
  *)
    sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
