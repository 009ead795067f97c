#!/usr/bin/env bash
# Runs cargo for a target without an operating system: .ci/cargo-target.sh wasm32-unknown-unknown build -p azure-imds
#
# The target's standard library comes from rustup. Where rustup cannot download it, Debian's compiler and the source of
# its standard library (rustc-web, rust-web-src) build it, in a target folder of their own: two compilers that share one
# rebuild what the other built. What is missing is installed where SETUP=yes. With `.ci/cargo-target.sh --check TARGET`
# only that is done, and exit status 3 says that there is no way to build for the target.
#
# With `.ci/cargo-target.sh --small TARGET` the standard library (`core` and `alloc`) is compiled along, for size, and a
# panic stops at once without making a text. Its source is rustup's component rust-src, or Debian's.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

check=false small=false
case ${1:-} in
  --check) check=true ;;
  --small) small=true ;;
esac
if $check || $small; then shift; fi
target=${1:?which target?}
shift

no_way() {
  echo "$1" >&2
  exit 3
}

have_target() { [[ -d $(rustc --print target-libdir --target "$target" 2>/dev/null) ]]; }

add_target() { "$here/rustup.sh" target add "$target"; }

have_debian() { [[ -x /usr/bin/rustc && -d "$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust/library" ]]; }

add_debian() {
  echo "no $target by rustup: its standard library is built from Debian's rustc-web and rust-web-src" >&2
  "$here/apt.sh" rustc-web rust-web-src >&2
}

have_source() { [[ -d $(rustc --print sysroot)/lib/rustlib/src/rust/library ]]; }

add_source() { "$here/rustup.sh" component add rust-src; }

# Flags of the compiler that a stable release takes only when told so.
if $small; then
  export RUSTC_BOOTSTRAP=1
  export RUSTFLAGS="${RUSTFLAGS:-} -Zunstable-options -Cpanic=immediate-abort"
  parts=(-Zbuild-std=core,alloc -Zbuild-std-features=optimize_for_size)
  if have_source || { add_source && have_source; }; then
    export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/small"
    exec cargo "$@" --target "$target" "${parts[@]}"
  fi
elif have_target || { add_target && have_target; }; then
  if ! $check; then exec cargo "$@" --target "$target"; fi
  exit 0
fi

have_debian || add_debian || no_way "neither rustup nor Debian's packages have the standard library for $target"
if $check; then exit 0; fi

sysroot=$(rustc --print sysroot)
host=$(rustc -vV | sed -n 's/^host: //p')
case $target in
  wasm32-unknown-unknown) export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$sysroot/lib/rustlib/$host/bin/rust-lld" ;;
esac
if ! $small; then parts=(-Zbuild-std=core,alloc); fi
export RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-target}/debian-rustc"
exec cargo "$@" --target "$target" "${parts[@]}"
