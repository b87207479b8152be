# Everything a newcomer types; only Python >= 3.11 with its venv module, and make, must be there before.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3 python; do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.PHONY: help run demo test fuzz check bench locale pictures constraints clean

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: $(VENV)/.run ## install into .venv and start studytui in this checkout
	@$(BIN)/studytui --workspace .

demo: $(VENV)/.run ## try everything without a network, in a throw-away workspace
	@$(BIN)/studytui demo

test: $(VENV)/.test ## install into .venv and run the test suite
	@$(BIN)/python -m pytest

fuzz: $(VENV)/.test ## try the rules that hold for all input on thirty times as many examples
	@$(BIN)/python -m pytest -m hypothesis --hypothesis-profile=thorough

check: $(VENV)/.dev ## lint, types, architecture, translations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python tools/catalogue.py --check

bench: $(VENV)/.test ## print speed as ratios to a floor measured in the same run
	@$(BIN)/python -m benchmarks

locale: $(VENV)/.dev ## bring the Chinese catalogue up to date with the strings in the code
	@$(BIN)/python tools/catalogue.py

pictures: $(VENV)/.dev ## make the README's pictures from the running program
	@$(BIN)/python tools/pictures.py

constraints: ## pin what a fresh resolution of pyproject.toml gives today
	@rm -rf .venv-fresh && $(PYTHON) -m venv .venv-fresh
	@.venv-fresh/bin/python -m pip --quiet install -e '.[test,dev]'
	@.venv-fresh/bin/python -m pip freeze --exclude-editable | sort -f > constraints.txt
	@rm -rf .venv-fresh

clean: ## remove the environment and what the tools left
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "studytui needs Python 3.11 or newer; install it, or name it: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Could not create $(VENV). On Debian and Ubuntu: sudo apt install python3-venv"; exit 1; }

$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing studytui into $(VENV) (first time only) ..."
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(BIN)/python
	@$(PIP) install -c constraints.txt -e '.[test]'
	@touch $@ $(VENV)/.run

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	@$(PIP) install -c constraints.txt -e '.[test,dev]'
	@touch $@ $(VENV)/.run $(VENV)/.test
