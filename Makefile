# PetStudio's commands. `make run` and `make test` need Python 3.11 or newer and nothing else.
.POSIX:

PYTHON ?= python3
BIN = .venv/bin
PEERS = .venv-peers/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --no-input
READY = .venv/ready
PEERS_READY = .venv-peers/ready
TABLES = input augmentation operations waiting startup charts window
SITE = 'import sysconfig; print(sysconfig.get_path("purelib"))'

help:
	@echo 'make run    set up, then start the window on the sample project (in the terminal without a screen)'
	@echo 'make test   set up, then run all checks and tests'
	@echo 'make fast   the fast tests alone'
	@echo 'make check  formatting, lint, types and layers'
	@echo 'make bench  speed and memory against fastai, timm and a plain loop, as tables; some minutes'
	@echo 'make bench-full   the same at full size; most of an hour on two cores'
	@echo 'make clean  remove what make has made'
	@echo 'PYTHON=python3.12 chooses the Python for the set-up.'

run: $(READY)
	$(BIN)/petstudio demo

# In three processes: one that has trained and decoded for a quarter of an hour is slow at windows.
test: check
	$(BIN)/pytest tests/ui
	$(BIN)/pytest tests/contract tests/e2e tests/faults tests/packaging
	$(BIN)/pytest tests/unit

fast: $(READY)
	$(BIN)/pytest tests/unit tests/contract -m 'not slow'

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: tables
	@$(PEERS)/python benchmarks/peers_table.py --quick

bench-full: tables
	@$(PEERS)/python benchmarks/peers_table.py --full

tables: $(PEERS_READY)
	@for name in $(TABLES); do $(BIN)/python benchmarks/$$name.py || exit 1; done

# The peers of the benchmarks, in an environment of their own that sees torch and the rest of .venv
# through a .pth file; without --no-deps pip would add fastai's text packages and perhaps a torch.
peers: $(PEERS_READY)

$(PEERS_READY): benchmarks/peers.txt $(READY)
	$(BIN)/python -m venv --clear .venv-peers
	$(BIN)/python -c $(SITE) > "$$($(PEERS)/python -c $(SITE))/petstudio-venv.pth"
	$(PEERS)/python -m pip --disable-pip-version-check --no-input install \
		--no-deps -c pins.txt -r benchmarks/peers.txt
	$(PEERS)/python -W ignore -c 'import fastai.vision.all, psutil, timm'
	@touch $(PEERS_READY)

# Done again only when the pins or the project's own description change.
$(READY): pins.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'PetStudio needs Python 3.11 or newer; choose one with PYTHON=python3.12.' >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP) install -c pins.txt setuptools
	$(PIP) install -c pins.txt --no-build-isolation -e '.[dev]'
	@touch $(READY)

clean:
	rm -rf .venv .venv-peers build dist petstudio.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	rm -rf .import_linter_cache
	find petstudio plugins resources tests -name __pycache__ -prune -exec rm -rf {} +

# The README's pictures, from a real run in the real window; takes some minutes.
screenshots: $(READY)
	$(BIN)/python docs/screenshots.py

# Gather the texts of the window for translators and compile what they wrote.
messages: $(READY)
	$(BIN)/python languages/messages.py

# The plots of docs/schedules.md, and those of docs/concepts that show rates.
plots: $(READY)
	$(BIN)/python docs/plots.py

.PHONY: help run test fast check bench bench-full tables peers screenshots plots messages clean
