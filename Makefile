# The developer's commands. Every target first updates the environment (local/set_up.sh), which takes no time if
# nothing changed. Prerequisites: Python 3.11 to 3.14 with venv, make and git; npm to develop and check the portal.

PORT ?= 8080
PYTHON ?=
IN_VENV = PATH="$(CURDIR)/.venv/bin:$$PATH"
RUN_PYTHON = .venv/bin/python
# uv trusts the certificates that the system trusts, as pip and npm do: a company's own too.
export UV_SYSTEM_CERTS ?= true

.DEFAULT_GOAL := help
.PHONY: help environment run test test-all import lint lint-cloud format bench mutation openapi client pictures guessing cost drill lock deploy rollback clean

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

environment:
	@PYTHON="$(PYTHON)" sh local/set_up.sh

run: environment ## Run the whole stack on this machine until Ctrl-C; PORT=8081 for another port, BRAND=folder for a brand
	@exec $(RUN_PYTHON) -m local --port "$(PORT)" $(if $(BRAND),--brand "$(BRAND)")

# The part of the tests that ARGS names runs whole, and in one process.
test: environment ## What a change needs at once, a few minutes; ARGS="tests/unit -k pin" for some of the tests
	@$(RUN_PYTHON) -m pytest $(or $(ARGS),--part quick --numprocesses auto --dist worksteal)

# In one process: the stack and DynamoDB Local are started once, and xdist would drop tests that share a name, as those
# of one schema do under pytest 9.2.
test-all: environment ## Every test, or ARGS="--part races" for one part: quick, races, stack, pages, slow
	@$(RUN_PYTHON) -m pytest $(ARGS)

import: environment ## Load FILE=members.csv into the running stack (make exits with 2 if a row was rejected)
	@test -n "$(FILE)" || { echo "Name a file: make import FILE=members.csv" >&2; exit 2; }
	@$(RUN_PYTHON) -m ops import --local "$(FILE)"

# npm's copy of the lock file has the date of the installation.
node_modules/.package-lock.json: package.json package-lock.json .npmrc
	@npm ci --ignore-scripts --silent
	@touch $@

lint: environment ## Run ruff, mypy and import-linter; biome and tsc if npm is installed
	@$(RUN_PYTHON) -m ruff check
	@$(RUN_PYTHON) -m ruff format --check
	@$(RUN_PYTHON) -m mypy
	@$(IN_VENV) lint-imports >.local/imports.log || { cat .local/imports.log; exit 1; }
	@sh local/lint_pages.sh

lint-cloud: environment ## Run cfn-lint, sam validate and checkov on the templates as they are deployed (a minute)
	@sh local/set_up.sh cloud-lint
	@$(RUN_PYTHON) -m tools.cloud_lint

format: environment ## Format the code, and fix what ruff and biome can fix
	@$(RUN_PYTHON) -m ruff check --fix-only --quiet
	@$(RUN_PYTHON) -m ruff format
	@if command -v npm >/dev/null; then $(MAKE) --silent node_modules/.package-lock.json && npm run --silent format; fi

bench: environment ## Measure the built functions, some minutes; GROWTH=1 with a million members, PEERS=1 with other services
	@$(RUN_PYTHON) -m bench $(PARTS) $(if $(GROWTH),--million) $(if $(PEERS),--peers)

mutation: environment ## Run mutation tests on the code that guards PINs and codes (half an hour)
	@$(RUN_PYTHON) -m tools.mutation $(ARGS)

openapi: environment ## Write docs/openapi.json from the code
	@$(RUN_PYTHON) -m tools.openapi

client: environment node_modules/.package-lock.json ## Write portal/client from docs/openapi.json, and the sentences of the API for the portal (needs npm)
	@npm run --silent client
	@$(RUN_PYTHON) -m tools.api_sentences

pictures: environment ## Make the pictures in docs/, and one of every portal screen in .local/screens (needs Chromium)
	@$(RUN_PYTHON) -m tools.pictures

guessing: environment ## Write the guessing tables in docs/security.md from the code
	@$(RUN_PYTHON) -m tools.guessing --write

cost: environment ## Write the tables of cost and quotas in docs/scaling.md
	@$(RUN_PYTHON) -m tools.cost --write

drill: environment ## Play a drill for operators on a local stack: NAME=restore, rotation, leak or return
	@$(RUN_PYTHON) -m tools.drills "$(NAME)"

LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links $(ARGS)
lock: environment ## Compile the requirements from pyproject.toml; ARGS=--upgrade for newer versions
	@$(LOCK) --group dev pyproject.toml -o requirements/dev.txt
	@$(LOCK) pyproject.toml -c requirements/dev.txt -o layers/common/requirements.txt
	@$(LOCK) --group argon2-build -o layers/common/argon2-build.txt
	@$(LOCK) --group account -c requirements/dev.txt -o functions/account/requirements.txt
	@$(LOCK) --group bulk_import -c requirements/dev.txt -o functions/bulk_import/requirements.txt
	@$(LOCK) --group emails -c requirements/dev.txt -o functions/emails/requirements.txt
	@$(LOCK) --group letters -c requirements/dev.txt -o functions/letters/requirements.txt
	@$(LOCK) --group passkeys -c requirements/dev.txt -o functions/passkeys/requirements.txt
	@$(LOCK) --group local-cloud -o requirements/local-cloud.txt
	@$(LOCK) --group cloud-lint -o requirements/cloud-lint.txt

deploy: environment ## Deploy the current commit: ENV=staging or production; PARAMETERS=<id> for those of a deployment; YES=1 asks nothing
	@$(RUN_PYTHON) -m tools.deployment deploy "$(ENV)" --parameters "$(PARAMETERS)" $(if $(YES),--yes)

rollback: environment ## Let an earlier deployment answer again: ENV=production VERSION=<id>; without VERSION list them; PART=portal or functions
	@$(RUN_PYTHON) -m tools.deployment rollback "$(ENV)" "$(VERSION)" $(if $(PART),--part "$(PART)")

clean: ## Remove everything that make created
	@rm -rf .venv .local .aws-sam .hypothesis .mypy_cache .pytest_cache .ruff_cache node_modules
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
