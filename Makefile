# Everything a developer types. Every target first brings the environment up to date (local/set_up.sh), which takes
# no time where nothing changed. Needed on the machine: Python 3.11 to 3.14 with venv, make, git; npm for what develops
# and checks the portal.

PORT ?= 8080
PYTHON ?=
IN_VENV = PATH="$(CURDIR)/.venv/bin:$$PATH"
RUN_PYTHON = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help environment run test import lint format bench mutation openapi client pictures guessing lock deploy clean

help: ## This list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

environment:
	@PYTHON="$(PYTHON)" sh local/set_up.sh

run: environment ## The whole stack on this machine until Ctrl-C; PORT=8081 for another port
	@exec $(RUN_PYTHON) -m local --port "$(PORT)"

test: environment ## The tests; ARGS="tests/unit -k pin" for some of them
	@$(RUN_PYTHON) -m pytest $(ARGS)

import: environment ## Load FILE=members.csv into the running stack (make itself ends with 2 whenever a row was refused)
	@test -n "$(FILE)" || { echo "Name the file: make import FILE=members.csv" >&2; exit 2; }
	@$(RUN_PYTHON) -m ops import --local "$(FILE)"

# npm's own copy of the lock file is as new as what it has installed.
node_modules/.package-lock.json: package.json package-lock.json .npmrc
	@npm ci --ignore-scripts --silent
	@touch $@

lint: environment ## ruff, mypy, cfn-lint and sam validate; biome and tsc where npm is there
	@$(RUN_PYTHON) -m ruff check
	@$(RUN_PYTHON) -m ruff format --check
	@$(RUN_PYTHON) -m mypy
	@$(IN_VENV) cfn-lint template.yaml
	@$(IN_VENV) SAM_CLI_TELEMETRY=0 sam validate --lint
	@sh local/lint_pages.sh

format: environment ## Format the code, and mend what ruff and biome can mend
	@$(RUN_PYTHON) -m ruff check --fix-only --quiet
	@$(RUN_PYTHON) -m ruff format
	@if command -v npm >/dev/null; then $(MAKE) --silent node_modules/.package-lock.json && npm run --silent format; fi

bench: environment ## The benchmarks
	@$(RUN_PYTHON) -m bench

mutation: environment ## Change the code that guards PINs and codes, and see whether the tests notice (half an hour)
	@$(RUN_PYTHON) -m tools.mutation $(ARGS)

openapi: environment ## Write docs/openapi.json from the code
	@$(RUN_PYTHON) -m tools.openapi

client: node_modules/.package-lock.json ## Write the typed client in portal/client from docs/openapi.json (needs npm)
	@npm run --silent client

pictures: environment ## Make the pictures in docs/, and those of every screen of the portal in .local/screens (needs Chromium)
	@$(RUN_PYTHON) -m tools.pictures
	@$(RUN_PYTHON) -m tools.screens

guessing: environment ## Write the tables of guesses in docs/security.md from the code
	@$(RUN_PYTHON) -m tools.guessing --write

LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links $(ARGS)
lock: environment ## Compile requirements from pyproject.toml; ARGS=--upgrade for newer versions
	@$(LOCK) --group dev pyproject.toml -o requirements/dev.txt
	@$(LOCK) pyproject.toml -c requirements/dev.txt -o layers/common/requirements.txt
	@$(LOCK) --group emails -c requirements/dev.txt -o functions/emails/requirements.txt
	@$(LOCK) --group letters -c requirements/dev.txt -o functions/letters/requirements.txt
	@$(LOCK) --group local-cloud -o requirements/local-cloud.txt

deploy: environment ## Build and deploy what is committed: ENV=staging or ENV=production (see samconfig.toml)
	@$(RUN_PYTHON) -m tools.deploy "$(ENV)"

clean: ## Remove everything that make has made
	@rm -rf .venv .local .aws-sam .hypothesis .mypy_cache .pytest_cache .ruff_cache node_modules
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
