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
# Whom the functions believe that it is the database, if it is not who the system does: certificates of RDS, say.
CERTIFICATES ?=
ZIP          ?= build/csvgate-lambda.zip
LAYER        ?= build/csvgate-layer.zip
MACHINE      := $(patsubst arm64,aarch64,$(ARCHITECTURE))
# pip would hold what a library requires of Python against the one that it runs on.
WHEELS        = --only-binary=:all: --implementation cp --python-version $(RUNTIME:python%=%) \
                --platform manylinux_2_28_$(MACHINE) --platform manylinux2014_$(MACHINE) --ignore-requires-python

.DEFAULT_GOAL := help
.PHONY: help demo up down test test-ci proof lint checkov format bench bench-inspect bench-load bench-uploads manifests package layer images push sbom test-containers lock release changelog clean

help:  ## Show the targets.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 12

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "csvgate needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# What the product needs, pinned by hash; then the checkout itself.
$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "installing csvgate into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

# pip lets programs begin in a path with blanks, but for those that a wheel brings as they are.
$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@echo "installing the development tools into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	@sed -i '1s/^#!\([^"]* [^"]*\/python\)$$/#!\/usr\/bin\/env -S "\1"/' $(BIN)/aws
	@touch $@

demo: $(VENV)/.run  ## The main job once: from nothing to four receipts.
	@$(BIN)/csvgate demo

up: $(VENV)/.run  ## Start the local stack in the foreground; Ctrl-C stops it.
	@$(BIN)/csvgate up

down: $(VENV)/.run  ## Stop a local stack that was started with --detach.
	@$(BIN)/csvgate down

test: $(VENV)/.dev  ## The tests, but for those in a browser: seven to twelve minutes on two cores.
	@$(BIN)/python -m pytest -n $(JOBS) -m "not long and not browser"

# Hypothesis marks the tests of properties itself; the rest of what `test` runs would only be run a second time.
test-ci: $(VENV)/.dev  ## What `make test` leaves out, and properties with many examples: a browser, bursts, kills.
	@CSVGATE_TEST_PROFILE=ci $(BIN)/python -m pytest -n $(JOBS) -m "long or browser or hypothesis"

test-containers: $(VENV)/.dev  ## The images, compose.yaml and pods as they run; needs a Docker engine with Compose, .ci/containers brings one.
	@$(BIN)/python -m pytest -m containers tests/infra

proof: $(VENV)/.dev  ## csvgate beside the usual pipeline under the same kills and crashes; minutes, PROOF="--keys 6" for a short one.
	@$(BIN)/python -m benchmarks.proof $(if $(RENEW),--renew) $(PROOF)

lint: $(VENV)/.dev  ## Style, types, architecture, templates.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/cfn-lint

# Security rules of others for templates, modules, manifests and images; in an environment of its own, for it pins much.
CHECKED  ?= infra $(wildcard Dockerfile)
CHECKOV  := build/checkov

$(CHECKOV)/.done: requirements-checkov.lock
	@echo "installing checkov into $(CHECKOV) ..."
	@$(PYTHON) -m venv --clear $(CHECKOV)
	@$(CHECKOV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-checkov.lock
	@touch $@

checkov: $(CHECKOV)/.done  ## Security rules for what is deployed; CHECKED=infra/terraform for some of it.
	@for path in $(CHECKED); do \
	    $(CHECKOV)/bin/checkov --quiet --compact --skip-download --framework cloudformation terraform kubernetes dockerfile \
	        $$([ -d $$path ] && echo --directory || echo --file) $$path || exit 1; \
	done

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

OVERLAYS := $(patsubst infra/kubernetes/overlays/%,%,$(wildcard infra/kubernetes/overlays/*))

manifests:  ## Render the overlays of Kubernetes into plain manifests; needs kubectl.
	@$(foreach overlay,$(OVERLAYS),kubectl kustomize infra/kubernetes/overlays/$(overlay) > infra/kubernetes/rendered/$(overlay)/csvgate.yaml;)

# Their pins and hashes, as the lock has them for their Python; what it says of machines is about this one, not theirs.
PINS = awk -v names="$(LIBRARIES)" -v python="$(RUNTIME:python3.%=%)" \
       'BEGIN {split(names, all); for (each in all) wanted[all[each]]} \
       /^[a-z]/ {split($$0, name, "="); is_wanted = name[1] in wanted} \
       match($$0, /python_full_version (<|>=) .3[.][0-9]+/) { \
           split(substr($$0, RSTART, RLENGTH), version, "."); is_older = python + 0 < version[2] + 0; \
           is_wanted = is_wanted && is_older == ($$0 ~ /version </)} \
       /^[a-z]/ {sub(/ ;[^\\]*/, " ")} \
       is_wanted' requirements.lock

package: $(VENV)/.run  ## Build the Lambda zip into build/; ARCHITECTURE=x86_64 RUNTIME=python3.12 for others.
	@rm -rf $(basename $(ZIP))
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --target $(basename $(ZIP)) $(WHEELS) \
	    --no-deps --no-compile --require-hashes -r <($(PINS))
	@$(if $(CERTIFICATES),cp $(CERTIFICATES) $(basename $(ZIP))/certificates.pem)
	@$(BIN)/python -m csvgate.local.package $(ZIP) $(basename $(ZIP))

# Lambda keeps the modes, and its user is not the owner: whatever the umask here is, everybody may read.
layer: $(VENV)/.run  ## Build the layer by which functions tell a collector into build/; for others as above.
	@rm -rf $(basename $(LAYER)) $(LAYER)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --target $(basename $(LAYER))/python $(WHEELS) \
	    --no-deps --no-compile --require-hashes -r infra/containers/layer.lock
	@rm -rf $(basename $(LAYER))/python/bin
	@chmod -R u=rwX,go=rX $(basename $(LAYER))
	@find $(basename $(LAYER)) -exec touch -d 1980-01-01T00:00:00Z {} +
	@TZ=UTC $(BIN)/python -m zipfile -c $(LAYER) $(basename $(LAYER))/python

# Docker, or else Podman; ENGINE=podman chooses.
ENGINE ?= $(if $(shell command -v docker),docker,podman)
export ENGINE PYTHON_IMAGE

images:  ## Build the images upload, process and function; PYTHON_IMAGE=registry.example.com/python:3.13-slim, PLATFORM=linux/arm64.
	@infra/containers/build.sh

push:  ## Push the images to REGISTRY=registry.example.com/team, and write their digests into build/images.json.
	@infra/containers/push.sh $(REGISTRY)

sbom:  ## Write what is in each image into build/sbom/, as CycloneDX JSON.
	@rm -rf build/sbom build/.sbom
	@mkdir -p build/.sbom
	@for target in upload process function; do \
	    $(ENGINE) run --rm --entrypoint cat csvgate-$$target /opt/csvgate/sbom.cdx.json > build/.sbom/csvgate-$$target.cdx.json || exit 1; \
	done
	@mv build/.sbom build/sbom

release: $(VENV)/.dev  ## Build wheel and source archive into dist/; the same bytes every time.
	@rm -rf dist
	@$(BIN)/python -m hatchling build -d dist

changelog: $(VENV)/.dev  ## Move the fragments of changelog.d/ into CHANGELOG.md, under the version of src/csvgate/__init__.py.
	@$(BIN)/towncrier build --yes --version "$$($(BIN)/python -c 'import csvgate; print(csvgate.__version__)')"

lock: $(VENV)/bin/python  ## Renew the lock files from pyproject.toml.
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml --extra local --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --upgrade -o requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra local --group dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --upgrade -o requirements-dev.lock
	@echo checkov | $(BIN)/uv pip compile - --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --upgrade -o requirements-checkov.lock
	@$(BIN)/uv pip compile pyproject.toml --extra otel --extra parquet --extra postgres --extra web --extra zstd -c requirements.lock -c requirements-dev.lock --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --upgrade -o infra/containers/requirements.lock
	@for name in build function layer; do $(BIN)/uv pip compile infra/containers/$$name.in -c requirements-dev.lock --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet --upgrade -o infra/containers/$$name.lock; done

clean:  ## Remove everything that was built or installed.
	@rm -rf $(VENV) build dist .csvgate .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
