# The words a user types. Each does its set-up first; what is there already costs nothing.
PYTHON ?= python3
VENV := .venv/bin
HOST := localcloud/cloudflare/host

.PHONY: help setup up compare down test check bench format

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## everything that is needed, below this folder
	@$(PYTHON) -m tools.setup

up: setup ## starts the local cloud, deploys the stack dev to it, shows where it answers
	@$(VENV)/python -m tools.up

compare: setup ## measures both, prices them, counts what ties to each; ARGS="--seconds 60" goes to the lab
	@$(VENV)/python -m tools.compare $(ARGS)

down: setup ## destroys the stack dev, stops the local cloud
	@$(VENV)/python -m tools.down

test: setup ## all tests
	@$(VENV)/python -m tools.test

check: setup ## formatting, lint, strict types, import rules
	$(VENV)/ruff format --check .
	$(VENV)/ruff check .
	$(VENV)/mypy
	$(VENV)/lint-imports
	node_modules/.bin/tsc -p $(HOST)

format: setup ## formats the Python sources
	$(VENV)/ruff format .
	$(VENV)/ruff check --fix .

bench: setup ## measures against the bars, with wrk
	@$(VENV)/python -m bench
