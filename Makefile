# The whole developer interface. CI calls the same targets.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
JOBS   ?= 2
SHELL  := /bin/bash

# What the functions need beside boto3, as pipeline.yaml has them by default: wheels for their machine, not for this one.
ARCHITECTURE ?= arm64
RUNTIME      ?= python3.13
LIBRARIES    ?= psycopg psycopg-binary pyyaml typing-extensions
MACHINE      := $(patsubst arm64,aarch64,$(ARCHITECTURE))
WHEELS        = --only-binary=:all: --implementation cp --python-version $(RUNTIME:python%=%) \
                --platform manylinux_2_28_$(MACHINE) --platform manylinux2014_$(MACHINE)

.DEFAULT_GOAL := help
.PHONY: help demo up down test test-ci proof lint format bench bench-inspect bench-load bench-uploads package lock clean

help:  ## Show the targets.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 12

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "csvgate needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# What the product needs, pinned by hash; then the checkout itself.
$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "installing csvgate into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@echo "installing the development tools into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.run  ## The main job once: from nothing to four receipts.
	@$(BIN)/csvgate demo

up: $(VENV)/.run  ## Start the local stack in the foreground; Ctrl-C stops it.
	@$(BIN)/csvgate up

down: $(VENV)/.run  ## Stop a local stack that was started with --detach.
	@$(BIN)/csvgate down

test: $(VENV)/.dev  ## The tests, but for those in a browser: some five minutes on two cores.
	@$(BIN)/python -m pytest -n $(JOBS) -m "not long and not browser"

test-ci: $(VENV)/.dev  ## All tests, with many examples, in a browser, and the long runs: bursts, kills.
	@CSVGATE_TEST_PROFILE=ci $(BIN)/python -m pytest -n $(JOBS) -m "long or not long"

proof: $(VENV)/.dev  ## csvgate beside the usual pipeline under the same kills and crashes; minutes, PROOF="--keys 6" for a short one.
	@$(BIN)/python -m benchmarks.proof $(if $(RENEW),--renew) $(PROOF)

lint: $(VENV)/.dev  ## Style, types, architecture, templates.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/cfn-lint

format: $(VENV)/.dev  ## Format the code.
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/.dev  ## Measure what is claimed about speed; minutes.
	@$(BIN)/python -m benchmarks

bench-inspect: $(VENV)/.dev  ## Measure csvgate inspect beside its peers; BENCH="--scale 0.01" for a trial.
	@$(BIN)/python -m benchmarks.inspect $(BENCH)

bench-load: $(VENV)/.dev  ## Measure loading into PostgreSQL beside psql, and into DynamoDB; BENCH="--rows 120000 --rounds 1 --sizes 10" for a trial.
	@$(BIN)/python -m benchmarks.load $(BENCH)
	@$(if $(BENCH),,$(BIN)/python -m benchmarks.load_dynamodb)

bench-uploads: $(VENV)/.dev  ## Measure uploads through the service beside signed PUTs; BENCH="--files 4 --rounds 1" for a trial.
	@$(BIN)/python -m benchmarks.uploads $(BENCH)

package: $(VENV)/.run  ## Build the Lambda zip into build/; ARCHITECTURE=x86_64 RUNTIME=python3.12 for others.
	@rm -rf build/libraries
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --target build/libraries $(WHEELS) \
	    --no-deps --no-compile --require-hashes -c requirements.lock $(LIBRARIES)
	@$(BIN)/python -m csvgate.local.package build/csvgate-lambda.zip build/libraries

lock: $(VENV)/bin/python  ## Renew the lock files from pyproject.toml.
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml --extra local --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --upgrade -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra local --group dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --upgrade -o requirements-dev.lock

clean:  ## Remove everything that was built or installed.
	@rm -rf $(VENV) build dist .csvgate .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
