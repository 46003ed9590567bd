# The verbs of this repository. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help env demo test check fix pages pictures bench servers image lock clean

help: ## list the verbs
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

env: $(STAMP) ## make .venv from the hash-locked requirements; .venv/bin/tracewhy runs afterwards

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "tracewhy needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Set PYTHON=..." >&2; exit 1; }
	@test -x $(BIN)/python || { echo "Making $(VENV)..."; $(PYTHON) -m venv $(VENV); }
	@echo "Installing the locked requirements into $(VENV) (once; about a minute)..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: env ## a small shop under load, broken and asked why; FAULT=name breaks it otherwise, FAULT=list lists; SLACK=local asks in a local Slack
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
