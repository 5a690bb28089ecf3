# Thin on purpose: every target is one line that a person could type.
# Everything is installed into .venv, from requirements.lock, without root.

PYTHON ?= python3
BIN := .venv/bin
export PYTHONSAFEPATH := 1
# As pip does: trust what this machine trusts, a company's proxy included.
export UV_SYSTEM_CERTS := 1

.DEFAULT_GOAL := help
.PHONY: help run demo test check bench lock clean

help:  ## say what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: .venv/.ready  ## set up everything and run the service until Ctrl-C
	$(BIN)/dyadwatch run

demo: .venv/.ready  ## replay a crisis of our own writing against local servers
	$(BIN)/dyadwatch demo

test: .venv/.ready-dev  ## set up everything and run the tests
	$(BIN)/python -m pytest -m 'not benchmark' --numprocesses auto --dist loadgroup

check: .venv/.ready-dev  ## lint, types, the import contract
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.ready-dev  ## measure; prints figures, asserts nothing about speed
	$(BIN)/uv pip install -q --python $(BIN)/python -c requirements.lock --group dev --group bench
	$(BIN)/python -m pytest -m benchmark -s tests/benchmarks

lock: .venv/.ready-dev  ## resolve the dependencies anew: names, versions and hashes, no address
	$(BIN)/uv pip compile -q pyproject.toml --group dev --group bench --group setup --universal --python-version 3.11 \
	  --generate-hashes --no-annotate --no-header --no-emit-index-url --upgrade -o requirements.lock

clean:  ## forget the environment
	rm -rf .venv

# uv installs the lock in seconds where pip takes more than a minute; pip fetches uv itself, by hash.
.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'dyadwatch needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3'; exit 1; }
	@$(PYTHON) -m venv .venv || \
	  { rm -rf .venv; echo 'This Python cannot make environments; install its venv module (Debian: python3-venv).'; exit 1; }
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r .venv/uv.txt

.venv/.ready: .venv/bin/uv requirements.lock pyproject.toml
	$(BIN)/uv pip install -q --python $(BIN)/python -c requirements.lock -e .
	@echo 'Compiling the arithmetic of the baselines, once: about half a minute.'
	@$(BIN)/python -m worker.warming
	@touch $@

.venv/.ready-dev: .venv/.ready
	$(BIN)/uv pip install -q --python $(BIN)/python -c requirements.lock --group dev
	@touch $@
