# `make help` tells what there is. Needs Python 3.11 or newer with venv; everything else comes into .venv.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export UV_PYTHON_DOWNLOADS := never
# The desk is several processes and the suite starts dozens: read from bytecode they come up three times as fast.
unexport PYTHONDONTWRITEBYTECODE
PYTHON ?= python3
# On two cores three fill the waits of one another.
PYTEST_WORKERS ?= 3
VENV := .venv
READY := $(VENV)/.ready

.PHONY: help run test test-proofs test-bench lint format openapi bench-faults bench-live bench-import bench-search bench-pages bench-ticker load fuzz fuzz-parsers

help: ## what you can make
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

# The lock and the project file decide what is in .venv; a changed one brings it up to date.
$(READY): pyproject.toml uv.lock infra/scripts/install.sh
	@bash infra/scripts/install.sh "$(PYTHON)" "$(VENV)"
	@touch $@

run: export DESK_DEMO ?= 1
run: $(READY) ## start the whole desk here, with demo data; Ctrl-C stops it
	@exec $(VENV)/bin/desk dev

test: $(READY) ## the suite, with its own servers on free ports; of exhaustive walks a sample
	@exec $(VENV)/bin/pytest -n $(PYTEST_WORKERS) --dist loadfile --no-loadscope-reorder -m "not proof" $(ARGS)

# Few and long: each goes to whoever is free, whatever file it is of.
test-proofs: $(READY) ## the exhaustive walks in full: every route as everybody, every screen for axe, every seed
	@exec $(VENV)/bin/pytest -n $(PYTEST_WORKERS) --dist worksteal -m proof $(ARGS)

test-bench: $(READY) ## that the benches measure what they say: each of them in small
	@exec $(VENV)/bin/pytest -n 2 --dist loadfile loadtests/tests $(ARGS)

bench-faults: $(READY) ## kill, freeze and cut off everything under a live desk; last line JSON (ARGS="--kills 100 --seed 7")
	@exec $(VENV)/bin/python -m loadtests.bench_faults $(ARGS)

# Parts of lint are files in infra/scripts/lint/, run in order; each says what is wrong and fails.
lint: $(READY) ## style, types, import contracts, templates, migration drift, contract drift
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH"; failed=; \
	for part in infra/scripts/lint/*.sh; do \
	  name=$$(basename $$part .sh); \
	  if said=$$(bash -e $$part 2>&1); then echo "ok   $${name#*-}"; else echo "FAIL $${name#*-}"; echo "$$said"; failed=1; fi; \
	done; [ -z "$$failed" ]

format: $(READY) ## let ruff format and mend what it can
	@$(VENV)/bin/ruff check --fix . ; $(VENV)/bin/ruff format .

bench-live: $(READY) ## leads on every screen, cost of a delivery beside others, memory; last line JSON (ARGS="--quick")
	@exec $(VENV)/bin/python -m loadtests.bench_live $(ARGS)

bench-ticker: $(READY) ## what 500 countdowns cost a browser; last line JSON (ARGS="--rows 500")
	@exec $(VENV)/bin/python -m loadtests.bench_ticker $(ARGS)

bench-search: $(READY) ## the market at 100,000 and 1,000,000 cars: engine, pages, a plain way beside; last line JSON (ARGS="--listings 100000")
	@exec $(VENV)/bin/python -m loadtests.bench_search $(ARGS)

bench-import: $(READY) ## sheets into stock: rows a second, memory, kills; last line JSON (ARGS="--rows 1000,100000 --kills 50")
	@exec $(VENV)/bin/python -m loadtests.bench_import $(ARGS)

load: .venv-load/.ready ## locust over a desk that runs: screens, leads, readers (ARGS="--host http://127.0.0.1:8080 --users 150")
	@exec .venv-load/bin/locust -f loadtests/locustfile.py --headless --only-summary --host http://127.0.0.1:8080 --users 150 --spawn-rate 20 --run-time 60s $(ARGS)

.venv-load/.ready: pyproject.toml uv.lock infra/scripts/install.sh
	@bash infra/scripts/install.sh "$(PYTHON)" .venv-load load
	@touch $@

fuzz: $(READY) ## 100,000 malformed requests over every route; last line JSON, any 5xx fails
	@exec $(VENV)/bin/python -m loadtests.fuzz_requests $(ARGS)

fuzz-parsers: $(READY) ## spoiled sheets and pictures through every parser; last line JSON (ARGS="--minutes 20")
	@exec $(VENV)/bin/python -m loadtests.fuzz_parsers $(ARGS)

bench-pages: $(READY) ## the market on a cheap phone: paints, shifts, bytes against their budgets; last line JSON (ARGS="--runs 5")
	@exec $(VENV)/bin/python -m loadtests.bench_pages $(ARGS)
