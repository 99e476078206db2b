# `make check` is what CI runs before the tests; PYTHON names the interpreter of the environment.
PYTHON ?= .venv/bin/python
# Without a cache, as in CI, two workers halve the time of mypy.
export MYPY_NUM_WORKERS ?= 2

.PHONY: check format test messages fuzz train-env
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

# Looks for inputs that break a promise of tests/fuzz/targets.py, so long for each target; `TARGET=`
# names one. Needs requirements-fuzz.txt.
SECONDS ?= 60
TARGET ?= all
fuzz:
	$(PYTHON) -m tests.fuzz $(TARGET) $(SECONDS)

# The trainers, in an environment of their own, for `pytest -m train`; SYSTEM_PYTHON is 3.11 to 3.13.
TRAIN_ENV ?= .venv-train
SYSTEM_PYTHON ?= python3
train-env:
	$(SYSTEM_PYTHON) -m venv $(TRAIN_ENV)
	$(TRAIN_ENV)/bin/pip install -q -r requirements-train.txt
	$(TRAIN_ENV)/bin/pip install -q --no-deps --target $(TRAIN_ENV)/readers -r requirements-train-readers.txt
	$(TRAIN_ENV)/bin/pip uninstall -q -y torchvision torchaudio
	cp tests/trainers/rig/no_torchaudio.py "$$($(TRAIN_ENV)/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/torchaudio.py"
	HF_HUB_OFFLINE=1 $(TRAIN_ENV)/bin/llamafactory-cli version
