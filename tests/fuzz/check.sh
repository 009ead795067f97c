#!/usr/bin/env bash
# Fuzzes every target, or those that are named: tests/fuzz/check.sh SECONDS [TARGET...]
#
# The flags are those of `cargo fuzz run --sanitizer none`, but for one that makes the build slower. Only sanitizers need
# a nightly toolchain; what counts coverage is part of the stable compiler.
set -euo pipefail
cd "$(dirname "$0")"
../../.ci/need.sh cc c++

seconds=${1:?how many seconds a target?}
shift
targets=("$@")
if [[ ${#targets[@]} == 0 ]]; then
  mapfile -t targets < <(sed -n '/^\[\[bin\]\]/,/^path/s/^name = "\(.*\)"/\1/p' Cargo.toml)
fi

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}"
host=$(rustc -vV | sed -n 's/^host: //p')
flags=(-Cpasses=sancov-module -Cdebug-assertions --cfg fuzzing)
for argument in level=4 inline-8bit-counters pc-table trace-compares; do
  flags+=("-Cllvm-args=-sanitizer-coverage-$argument")
done
start=$SECONDS
RUSTFLAGS="${flags[*]}" cargo build --release --target "$host" --bins --example seeds
built=$CARGO_TARGET_DIR/$host/release
"$built/examples/seeds" 2>&1 | tail -n 1
echo "built in $((SECONDS - start)) s"

failed=()
for target in "${targets[@]}"; do
  mkdir -p "corpus/$target" "artifacts/$target"
  log=artifacts/$target/log
  status=0
  "$built/$target" "corpus/$target" -artifact_prefix="artifacts/$target/" -max_total_time="$seconds" -timeout=60 \
    -print_final_stats=1 >"$log" 2>&1 || status=$?
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  echo "$target: ${runs:-no} runs in $seconds s"
  if [[ $status == 0 && ${runs:-0} -gt 0 ]]; then continue; fi
  failed+=("$target")
  grep '^INFO: Seed: ' "$log" || true
  tail -n 40 "$log"
  input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
  echo "error: $target broke with exit status $status on tests/fuzz/${input:-an input that was not written}"
  echo "repeat it: $built/$target tests/fuzz/${input:-}"
done
if [[ ${#failed[@]} != 0 ]]; then
  echo "error: fuzzing broke: ${failed[*]}"
  exit 1
fi
