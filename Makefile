# The verbs of this repository. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(VENV)/.pip
RUNS := $(VENV)/.runs
STAMP := $(VENV)/.installed
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps
# All cores at once; pip would compile one file after the other, and those of tests as well.
COMPILE := $(BIN)/python -m compileall -q -j 0 -x '/tests?/' $(VENV)/lib

.NOTPARALLEL:
.PHONY: help env demo test check fix pages pictures bench servers image lock clean

help: ## list the verbs
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

env: $(STAMP) ## make .venv from the hash-locked requirements; .venv/bin/tracewhy runs afterwards

$(STAMP): $(PIP) requirements/dev.txt pyproject.toml
	@echo "Installing the locked requirements into $(VENV) (once; about a minute)..."
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@$(INSTALL) --no-build-isolation --editable .
	@$(COMPILE)
	@touch $(STAMP)

# What runs the program; what tests and checks it is left out.
$(RUNS): $(PIP) requirements/run.txt requirements/build.txt pyproject.toml
	@echo "Installing what tracewhy and its demo need into $(VENV) (once; about a minute)..."
	@$(INSTALL) --require-hashes -r requirements/run.txt -r requirements/build.txt
	@$(INSTALL) --no-build-isolation --editable .
	@$(COMPILE)
	@touch $(RUNS)

$(PIP): requirements/pip.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "tracewhy needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Set PYTHON=..." >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "Making $(VENV)..."; $(PYTHON) -m venv --clear $(VENV); }
	@$(INSTALL) --require-hashes -r requirements/pip.txt
	@touch $(PIP)

demo: $(if $(wildcard $(STAMP)),$(STAMP),$(RUNS)) ## a small shop under load, broken and asked why; FAULT=name breaks it otherwise, FAULT=list lists; SLACK=local asks in a local Slack
	@$(BIN)/tracewhy demo $(foreach each,$(FAULT),--fault $(each)) $(if $(SLACK),--slack $(SLACK))

test: env ## run every test, with branch coverage (real servers: run `make servers` first)
	@$(BIN)/python scripts/run_tests.py

check: env ## lint, types, import layers, formatting: what must be clean
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fix: env ## format, and mend what the linter can mend by itself
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

pages: env ## write the reference pages that are made from the code
	@$(BIN)/python scripts/reference_pages.py

pictures: env ## take the pictures of docs/pictures anew (needs `make servers`)
	@$(BIN)/python scripts/pictures.py

bench: env ## measure speed and memory; the figures belong in benchmarks/RESULTS.md
	@$(BIN)/python -m benchmarks

servers: ## build the real servers that tests talk to, into a cache outside the tree (needs Go and npm)
	@bash scripts/servers

image: env ## build the Dockerfile's image where there is no Docker, and try it (needs root, and Debian's mmdebstrap)
	@$(BIN)/python -m scripts.image

lock: env ## write the hash-locked requirements anew (needs uv)
	@bash scripts/lock

clean: ## remove what the other verbs made in the tree
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.* .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
