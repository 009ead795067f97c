# `make test` is all of the parts, and sets up what they need. A single target says which tools it lacks, and installs
# them only with SETUP=yes, as in `make lint SETUP=yes`: Debian's by apt-get, Rust's by rustup. Pinned packages of Python and
# Node go to folders of this repository, whatever SETUP is.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test lint test-core test-vectors test-no-std test-docs test-python test-npm \
	test-parity test-differential test-clients test-reliability test-slow test-load test-checks test-fuzz \
	test-long bench bench-refusals build build-python build-npm generate issuers clean

PARTS := lint test-core test-vectors test-no-std test-docs test-python test-npm test-parity test-differential \
	test-clients test-reliability
SLOW_PARTS := test-load test-checks test-fuzz
FOR_TARGET := .ci/cargo-target.sh
PLAIN := -p azure-imds --no-default-features
LOAD := .ci/load.sh
SURFACE := cargo run -q -p azure-imds-tests --bin surface --

help: ## list the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 26

demo: build-python ## an emulated VM: read it, verify its document, approve an event, be refused
	@.ci/need.sh cc
	tests/demo.sh

# Runs parts in their order and tells how long each took.
define run_parts
@export SETUP=$${SETUP:-yes}; \
if [ "$$SETUP" = yes ]; then \
  echo "tools that are missing are installed by apt-get and rustup, each told before; SETUP=no only names them"; \
fi; \
all=$$SECONDS; \
for part in $(1); do \
  printf '\n== %s\n' "$$part"; \
  start=$$SECONDS; \
  $(MAKE) --no-print-directory "$$part" || { echo "== $$part: failed, $$((SECONDS - start)) s"; exit 1; }; \
  echo "== $$part: passed, $$((SECONDS - start)) s"; \
done; \
printf '\n== %s: all %d parts passed, %d s\n' "$@" $(words $(1)) "$$((SECONDS - all))"
endef

test: ## every part below up to test-reliability; installs the tools that are missing, unless SETUP=no
	$(call run_parts,$(PARTS))

test-slow: ## what takes minutes more: hostile load, the verifier without each of its checks, every fuzz target
	$(call run_parts,$(SLOW_PARTS))

lint: ## format and lints
	@.ci/need.sh cc clippy rustfmt
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --all-features -- $$(.ci/deny.sh)

test-core: ## unit, integration and documentation tests
	@.ci/need.sh cc openssl
	@[ -n "$${AZURE_IMDS_REAL_VECTORS:-}" ] || \
	  echo "skipped: real documents and the table against real certificates: AZURE_IMDS_REAL_VECTORS names no folder"
	cargo test --workspace --all-features

test-vectors: ## the shared vectors, and what is written out of the lists of fields and codes, are what their generators make
	@.ci/need.sh cc openssl
	cargo run -q -p azure-imds-tests --bin vectors -- --check
	cargo run -q -p azure-imds-tests --bin generate -- --check

test-no-std: ## the core compiles for wasm32 and for a machine without an operating system
	@.ci/need.sh cc
	@for features in "" client rustcrypto client,rustcrypto emulator client,emulator,rustcrypto; do \
	  echo "$(FOR_TARGET) wasm32-unknown-unknown check $(PLAIN) --features \"$$features\""; \
	  $(FOR_TARGET) wasm32-unknown-unknown check $(PLAIN) --features "$$features" || exit; \
	done
	@tree=$$(cargo tree --edges normal --prefix none $(PLAIN)) && \
	  ! grep -E '^(rsa|p256|p384|ecdsa|elliptic-curve|crypto-bigint) ' <<< "$$tree" || { echo "without its features the core has crates of the pure Rust algorithms" >&2; exit 1; }
	cargo test -q $(PLAIN) --test handed_in
	@status=0; $(FOR_TARGET) --check thumbv7em-none-eabi || status=$$?; \
	case $$status in \
	  0) echo "$(FOR_TARGET) thumbv7em-none-eabi build -p azure-imds"; $(FOR_TARGET) thumbv7em-none-eabi build -p azure-imds ;; \
	  3) .ci/skip.sh thumbv7em-none-eabi "neither rustup nor Debian has its standard library here" ;; \
	  *) exit $$status ;; \
	esac

test-docs: ## the documentation has no broken links, the public surface is core/surface.txt
	@.ci/need.sh cc
	RUSTDOCFLAGS="$$(.ci/deny.sh)" cargo doc --workspace --no-deps
	@status=0; echo "$(SURFACE) --check"; $(SURFACE) --check || status=$$?; \
	case $$status in \
	  0) ;; \
	  3) .ci/skip.sh surface "this compiler's JSON is not of the form that the reader knows" ;; \
	  *) exit $$status ;; \
	esac

test-python: ## the wheel: stubs, types, tests, the shared vectors
	bindings-py/check.sh test

test-npm: ## the npm package and the page: types, the shared vectors, a real browser
	bindings-wasm/check.sh test

test-parity: ## Rust, Python and JavaScript say the same of every document, member by member
	tests/parity/check.sh

test-differential: ## OpenSSL and Python's cryptography agree, or it is declared why not
	tests/differential/check.sh

test-clients: ## published clients and the documentation's own commands against the emulator
	tests/clients/check.sh

test-reliability: ## the tables of tests/RELIABILITY.md are what the corpora give
	@.ci/need.sh cc
	cargo run -q -p azure-imds-tests --bin reliability -- --check

test-load: ## hostile load on each of the three servers
	@.ci/need.sh cc
	$(LOAD) 20000 10

test-checks: ## each of the verifier's checks, when removed, makes a test fail
	@.ci/need.sh cc openssl
	cargo run -q -p azure-imds-tests --bin checks

test-fuzz: ## every fuzz target for ten seconds
	tests/fuzz/check.sh 10

test-long: ## what takes long: every mutation, every mutant, a million requests to each server, a minute a fuzz target
	@.ci/need.sh cc openssl
	cargo test -p azure-imds-tests --test load -- --ignored
	$(LOAD) 1000000 7200 --memory
	cargo test -p azure-imds-tests --test mutation -- --ignored
	cargo run -q -p azure-imds-tests --bin reliability -- --long --check
	@cargo mutants --version >/dev/null 2>&1 || { echo "installing: cargo-mutants by cargo"; cargo install -q --locked cargo-mutants; }
	cargo run -q -p azure-imds-tests --bin mutants -- --check
	tests/fuzz/check.sh 60

bench: ## how long a verification takes
	@.ci/need.sh cc
	cargo bench -p azure-imds

bench-refusals: build-python build-npm ## what a wrong signature costs in Rust, Python and Node
	.venv/bin/python tests/bench/refusals.py

build: build-python build-npm ## the core in release, the wheel installed in .venv/, the npm package and the page
	cargo build --release -p azure-imds

build-python:
	bindings-py/check.sh build

build-npm:
	bindings-wasm/check.sh build

generate: ## what comes from the rows and codes of the core (Python, JavaScript, docs), and core/surface.txt
	@.ci/need.sh cc
	cargo run -q -p azure-imds-tests --bin generate
	$(SURFACE)

issuers: build-python ## a bundle of the known issuers for builds: make issuers [FROM=folder]
	.venv/bin/azure-imds issuers update $(if $(FROM),--from "$(FROM)") --output bindings-py/python/azure_imds/issuers.pem

clean: ## remove what was built
	cargo clean
	rm -rf .venv .venv-clients .venv-differential bindings-py/.venv bindings-py/dist bindings-wasm/dist bindings-wasm/node_modules \
	  tests/node_modules tests/clients/node_modules
	find bindings-py -name __pycache__ -prune -exec rm -rf {} +
