# One command per chore. `make` alone sets everything up in .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
BIN := $(VENV)/bin
PLUGINS := sales marketing service callcenter method-strategic method-meddic
STAMP := $(VENV)/.installed

.PHONY: all demo test check bench drill docs messages clean

all: $(STAMP)

$(STAMP): pyproject.toml constraints.txt $(PLUGINS:%=plugins/%/pyproject.toml)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[mail,postgresql,reports,web,dev]' \
		$(PLUGINS:%=--editable plugins/%)
	touch $@

demo: $(STAMP)  ## the main job on realistic data, in a folder of its own
	rm -rf build/demo
	$(BIN)/crm demo --into build/demo

test: $(STAMP)  ## every test, on SQLite and PostgreSQL
	$(BIN)/python -m pytest -n auto --dist worksteal

check: $(STAMP)  ## lint, types, architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)  ## ratios to a raw-driver floor; `make bench SIZE=full` for 1M contacts, 10M interactions
	$(BIN)/python -m bench $(if $(SIZE),--size $(SIZE))

drill: $(STAMP)  ## the long proofs: kills, scale, scores beside a library's
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[drill]'
	$(BIN)/python -m pytest -m drill -s

docs: $(STAMP)  ## the reference of hooks, from their specifications
	$(BIN)/python docs/generate_hooks.py

messages: $(STAMP)  ## extract the messages, update the Chinese catalogue, compile it; names what is not translated
	$(BIN)/python crmcore/locale/messages.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build
