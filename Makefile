# Everything runs in .venv with the versions of requirements-dev.txt; `make` alone lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.installed
BIN := $(VENV)/bin
DEMO := build/demo
# What the demo migrates, and which of its modules it builds and compares: those that run on any
# machine. `migrate test -C build/demo` takes the CUDA and HIP modules too.
SRC ?= fixtures/norm
OPERATORS ?= fastnorm.jit.module_norm fastnorm.jit.module_activation fastnorm.jit.module_quant
WORKERS ?= 2

.PHONY: help demo test lint campaign corpus cases upstream replay pythons gpu bench docs wheel clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

$(STAMP): requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

# Exit code 1 of `run` means that something needs a human; the demo's operators must all be Equal.
demo: $(STAMP) ## migrate fixtures/norm, build both sides, compare them
	@rm -rf $(DEMO) && mkdir -p $(dir $(DEMO))
	$(BIN)/migrate run $(SRC) --out $(DEMO) || [ $$? -eq 1 ]
	$(BIN)/migrate build -C $(DEMO) $(OPERATORS)
	$(BIN)/migrate diff -C $(DEMO) > $(DEMO).patch || [ $$? -eq 1 ]
	$(BIN)/migrate test -C $(DEMO) $(OPERATORS)
	$(BIN)/migrate report -C $(DEMO) --html -o $(DEMO).html || [ $$? -eq 1 ]
	@echo "the migrated tree: $(DEMO)    the diff to review: $(DEMO).patch    the page: $(DEMO).html"

lint: $(STAMP) ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/mypy

test: lint ## lint, then unit, golden and e2e tests; GPU tests run where there is a device
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

campaign: $(STAMP) ## the long campaigns in full, figures to docs/results
	$(BIN)/python -m pytest -m campaign

$(VENV)/.corpus: $(STAMP) tests/corpus/requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps -r tests/corpus/requirements.txt
	@touch $@

# SWEEP takes the sweep's own options: make corpus SWEEP="--trees mamba --no-compile"
corpus: $(VENV)/.corpus ## sweep the open-source trees under MIGRATE_CORPUS, write docs/results/corpus.md
	PYTHONPATH=tests/corpus $(BIN)/python -m sweep $(SWEEP)

# CASES takes the command's own options: make cases CASES="--trees pytorch_scatter --fixtures"
cases: $(VENV)/.corpus ## how far generated cases get: fixtures and open trees, write docs/results/cases.md
	PYTHONPATH=tests/corpus $(BIN)/python -m reach $(CASES)

upstream: $(VENV)/.corpus ## run upstream's own tests against both builds, write docs/results/upstream.md
	PYTHONPATH=tests/corpus $(BIN)/python -m upstream $(TREES)

replay: $(VENV)/.corpus ## record, replay and shadow the trees' own tests, write docs/results/replay.md
	PYTHONPATH=tests/corpus $(BIN)/python -m replay $(TREES)

pythons: $(STAMP) ## one wheel under each Python and torch that is here, write docs/results/pythons.md
	$(BIN)/python -m pytest -m campaign tests/ship

gpu: $(STAMP) ## compare the fixtures' CUDA modules on a GPU, write docs/results/gpu.md
	$(BIN)/python tests/gpu/record.py

bench: $(VENV)/.corpus ## measure the fixtures' builds and calls, write docs/results/bench.md
	PYTHONPATH=tests/corpus $(BIN)/python -m bars $(BARS)

docs: $(STAMP) ## write the generated pages, build the site in build/site
	$(BIN)/python -m migrate.codes_page docs
	$(BIN)/python -m migrate.rules_page > docs/rules.md
	$(BIN)/python -m migrate.cli.page > docs/reference/cli.md
	$(BIN)/python -m mkdocs build --strict

wheel: $(STAMP) ## build dist/*.whl
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean: ## remove what make made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
