# `make check` is what CI runs before the tests; PYTHON names the interpreter of the environment.
PYTHON ?= .venv/bin/python
# Without a cache, as in CI, two workers halve the time of mypy.
export MYPY_NUM_WORKERS ?= 2

.PHONY: check format test messages
check:
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(dir $(PYTHON))lint-imports

format:
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

test:
	$(PYTHON) -m pytest

# Brings the text catalogue up to date; then translate what is new in it.
messages:
	$(PYTHON) -m curation.ui.extract
