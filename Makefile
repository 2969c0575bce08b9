# Rettsvar. `make` tells what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TERMS ?=
DATA ?= data
# A file's tests stay in one process, which starts its own servers; the longest files come first (tests/conftest.py).
APART := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# Else every process that a test starts would compile the whole desk anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test check bench lock screens clean

help: ## What can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: $(VENV)/.run ## Start the desk with the demo (TERMS=folder loads the companies' documents)
	@RETTSVAR_DATA_DIR="$(DATA)" $(if $(TERMS),RETTSVAR_TERMS_PATH="$(abspath $(TERMS))") $(BIN)/rettsvar demo

test: $(VENV)/.test ## Everything: style, types, and all tests on SQLite, PostgreSQL and in a browser
	@sh scripts/debian-packages.sh
	@$(MAKE) --no-print-directory check
	@RETTSVAR_TEST_STRICT=1 $(BIN)/python -m pytest -q -m slow $(APART)

check: $(VENV)/.test ## The fast part: style, types, and the tests that start nothing
	@$(BIN)/ruff check .
	@$(MAKE) --no-print-directory -j2 -Otarget types fast

.PHONY: types fast
types:
	@$(BIN)/mypy .
fast:
	@$(BIN)/python -m pytest -q -m "not slow" --numprocesses auto

bench: $(VENV)/.test ## Benchmarks, each against a baseline in the same run
	@for one in benchmarks/*.py; do echo "== $$one"; $(BIN)/python "$$one" || exit 1; done

screens: $(VENV)/.test ## Screenshots of the main pages in light, dark and at 320 px, into .screens/
	@$(BIN)/python -m tests.journeys.screens

lock: ## Renew the locks (needs uv)
	@for extra in "" test; do \
	  uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	    --universal --python-version 3.11 --extra build $${extra:+--extra $$extra} -o requirements$${extra:+-$$extra}.lock \
	    pyproject.toml; done

clean: ## Remove what was made, but not data/
	@rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .screens

$(VENV)/.run: requirements.lock pyproject.toml
	@sh scripts/set-up.sh $(PYTHON) $(VENV) requirements.lock
	@touch $@

$(VENV)/.test: requirements-test.lock pyproject.toml
	@sh scripts/set-up.sh $(PYTHON) $(VENV) requirements-test.lock
	@touch $@ $(VENV)/.run
