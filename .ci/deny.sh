#!/usr/bin/env bash
# Prints -Dwarnings, unless the compiler is later than the one whose warnings the code is held to: it may know more of them.
set -euo pipefail

held=1.95
version=$(rustc --version | sed -n 's/^rustc \([0-9]*\.[0-9]*\).*/\1/p')
if [[ $(printf '%s\n' "$version" "$held" | sort -V | tail -n 1) == "$held" ]]; then
  echo -Dwarnings
else
  echo "rustc $version is later than $held: what it alone warns of is told, not refused" >&2
fi
