# The README's two commands are `make demo` and `make test`. Each makes its own virtual
# environment in .venv, installs what requirements.lock pins (with hashes) and runs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO_WORKSPACE ?= demo-workspace

.PHONY: demo test lint types layers check lock

demo: $(STAMP)
	$(BIN)/xenotime run april-2025 --workspace $(DEMO_WORKSPACE)

test: $(STAMP)
	$(BIN)/python -m pytest

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

layers: $(STAMP)
	$(BIN)/lint-imports

check: test lint types layers

# The lock names versions and hashes and no index address. UV may be any recent uv.
UV ?= uv
lock:
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(UV) pip compile --quiet --upgrade --generate-hashes \
		--no-emit-index-url --no-emit-find-links --universal --python-version 3.11 \
		--extra dev pyproject.toml --output-file requirements.lock

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Xenotime needs Python 3.11 or newer; '$(PYTHON)' is older or missing."; \
		echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot make virtual environments (it lacks ensurepip)."; \
		echo "On Debian or Ubuntu: sudo apt install python3-venv"; \
		echo "Then repeat: make $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--no-build-isolation --editable .
	@touch $(STAMP)
