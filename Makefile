# Each target makes .venv first where it isn't there. The lines behind `demo` and `test` stand in README.md too.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3

.PHONY: demo test test-fast test-cluster coverage setup hooks check rules bench lock format release clean

demo: setup
	$(BIN)/govreport demo

test: setup
	$(BIN)/pytest -n auto

test-fast: setup
	$(BIN)/pytest -n auto -m "not slow and not browser and not office and not corpus" -q

test-cluster: setup
	$(BIN)/pytest -m cluster tests/test_engine.py

coverage: setup
	$(BIN)/pytest -n auto --cov --cov-report=term

setup: $(VENV)/.ready

hooks: setup
	$(BIN)/prek install

$(VENV)/.ready: requirements.lock pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing $(VENV) && \
	  uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock && \
	  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
	  $(PYTHON) -m venv $(VENV) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@touch $@

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

rules: setup
	cd tests && ../$(BIN)/python -m rulebook ../docs/rules

bench: setup
	$(BIN)/pytest tests/bench --benchmark-enable --benchmark-only -q

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --extra dev pyproject.toml -o requirements.lock

release:
	@$(PYTHON) .ci/release.py "$(VERSION)"

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
