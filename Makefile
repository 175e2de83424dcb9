# Two commands matter: `make demo` and `make test`. `make help` lists the others.
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
DATA ?= $(or $(TAILORBIRD_DATA),../shared/data)

# Compiled modules are kept between runs, also where the environment says otherwise: the suites start much faster.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test test-engines check bench peers lock example-online-retail clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 28

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Tailorbird needs Python 3.11 or newer; set PYTHON=python3.x"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing: on Debian, apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.demo: $(BIN)/uv requirements/local.lock pyproject.toml
	@echo "installing Tailorbird from the lock file"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/local.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

.venv/.dev: $(BIN)/uv requirements/dev.lock pyproject.toml
	@echo "installing Tailorbird and its tools from the lock file"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@ .venv/.demo

.venv/.engines: .venv/.dev requirements/engines.lock
	@echo "installing the slow engines"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/engines.lock
	@touch $@

setup: .venv/.dev ## create .venv from the lock file

demo: .venv/.demo ## the whole pipeline on the example shop; options: make demo ARGS=--no-model
	@$(BIN)/tailorbird demo $(ARGS)

test: .venv/.dev ## every test that needs no slow engine
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest -n auto --dist worksteal -m "not engines" tests

test-engines: .venv/.engines ## what needs ClickHouse (chdb), Spark (Java 17) or Splink
	@$(BIN)/python -m pytest -m engines tests

check: .venv/.dev ## the fast suite: style, types, import contracts, tidy test, unit tests
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow and not e2e and not engines" \
	  --durations 10 --durations-min 0.5 tests

.venv-peers/.done: $(BIN)/uv requirements/peers.lock
	@echo "installing the peers of the benchmarks"
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-peers
	@$(BIN)/uv pip install --quiet --python .venv-peers/bin/python --require-hashes -r requirements/peers.lock
	@touch $@

peers: .venv-peers/.done ## .venv-peers with what the benchmarks are measured against (FastAPI, Feast, guardrails-ai, Presidio, GrowthBook, MABWiser, tea-tasting)

bench: .venv/.dev ## benchmarks side by side with peers; options: make bench DATA=folder INSTALL=--install
	@$(BIN)/python benchmarks/messages.py
	@$(BIN)/python benchmarks/campaign.py
	@$(BIN)/python benchmarks/cold_start.py $(INSTALL)
	@if test -f .venv-peers/.done; then $(BIN)/python benchmarks/intake.py; \
	  else echo "intake: left out, its peers are not installed; get them with: make peers"; fi
	@$(BIN)/python benchmarks/log_start.py
	@$(BIN)/python benchmarks/features.py
	@$(BIN)/python benchmarks/validate.py
	@$(BIN)/python benchmarks/readout.py
	@$(BIN)/python benchmarks/aa.py
	@if command -v redis-server >/dev/null; then $(BIN)/python benchmarks/profiles.py; \
	  else echo "profiles: left out, its peer is not installed; on Debian: apt-get install redis-server"; fi
	@if test -f .venv-peers/.done; then $(BIN)/python benchmarks/online.py; \
	  else echo "online: left out, its peers are not installed; get them with: make peers"; fi
	@$(BIN)/python benchmarks/bias.py
	@if test -f $(DATA)/pii/sentences.json.gz; then $(BIN)/python benchmarks/masking.py --data $(DATA)/pii/sentences.json.gz; \
	  else echo "masking: left out, there is no $(DATA)/pii/sentences.json.gz; set DATA to its folder"; fi
	@if test -f $(DATA)/icecat/products.jsonl.gz; then \
	  $(BIN)/python benchmarks/facts_catalog.py --data $(DATA)/icecat/products.jsonl.gz; \
	  else echo "facts_catalog: left out, there is no $(DATA)/icecat/products.jsonl.gz; set DATA to its folder"; fi
	@if test -f $(DATA)/hillstrom/hillstrom.csv.gz; then $(BIN)/python benchmarks/uplift_hillstrom.py --data $(DATA)/hillstrom/hillstrom.csv.gz; \
	  else echo "uplift_hillstrom: left out, there is no $(DATA)/hillstrom/hillstrom.csv.gz; set DATA to its folder"; fi
	@if test -f $(DATA)/e2e/dev.csv.gz; then $(BIN)/python benchmarks/facts_e2e.py --data $(DATA)/e2e/dev.csv.gz; \
	  else echo "facts_e2e: left out, there is no $(DATA)/e2e/dev.csv.gz; set DATA to its folder"; fi
	@if test -f $(DATA)/icecat/products.jsonl.gz && test -f $(DATA)/e2e/dev.csv.gz; then \
	  $(BIN)/python benchmarks/grounding.py --products $(DATA)/icecat/products.jsonl.gz --restaurants $(DATA)/e2e/dev.csv.gz; \
	  else echo "grounding: left out, it needs products and restaurants in $(DATA); set DATA to its folder"; fi
	@if test -f .venv-peers/.done; then $(BIN)/python benchmarks/decisions.py; \
	  else echo "decisions: left out, its peer is not installed; get it with: make peers"; fi
	@if test -f $(DATA)/upworthy/packages.parquet; then $(BIN)/python benchmarks/bandit_upworthy.py --data $(DATA)/upworthy/packages.parquet; \
	  else echo "bandit_upworthy: left out, there is no $(DATA)/upworthy/packages.parquet; set DATA to its folder"; fi
	@$(BIN)/python benchmarks/choices.py
	@if test -f $(DATA)/upworthy/packages.parquet; then $(BIN)/python benchmarks/srm_upworthy.py --data $(DATA)/upworthy/packages.parquet; \
	  else echo "srm_upworthy: left out, there is no $(DATA)/upworthy/packages.parquet; set DATA to its folder"; fi
	@if test -f $(DATA)/upworthy/pairs.csv.gz; then $(BIN)/python benchmarks/headlines.py --train $(DATA)/upworthy/pairs.csv.gz; \
	  else echo "headlines: left out, there is no $(DATA)/upworthy/pairs.csv.gz; set DATA to its folder"; fi
	@if test -f $(DATA)/online-retail/online_retail.parquet; then \
	  $(BIN)/python benchmarks/recommend.py --data $(DATA)/online-retail/online_retail.parquet; \
	  else echo "recommend: left out, there is no $(DATA)/online-retail/online_retail.parquet; set DATA to its folder"; fi
	@if test -f $(DATA)/open-bandit/bts-all.csv.gz; then $(BIN)/python benchmarks/ope_open_bandit.py --data $(DATA)/open-bandit; \
	  else echo "ope_open_bandit: left out, there is no $(DATA)/open-bandit/bts-all.csv.gz; set DATA to its folder"; fi
	@if test -d $(DATA)/attacks; then $(BIN)/python benchmarks/injection.py --data $(DATA)/attacks; \
	  else echo "injection: left out, there is no $(DATA)/attacks; set DATA to its folder"; fi
	@if test -d $(DATA)/pii; then $(BIN)/python benchmarks/pii.py --data $(DATA)/pii; \
	  else echo "pii: left out, there is no $(DATA)/pii; set DATA to its folder"; fi
	@if test -f $(DATA)/online-retail/online_retail.parquet; then $(BIN)/python benchmarks/import_rows.py --data $(DATA); \
	  else echo "import_rows: left out, there is no $(DATA)/online-retail/online_retail.parquet; set DATA to its folder"; fi
	@if $(BIN)/tailorbird models list | grep -q '\.gguf$$'; then \
	  $(BIN)/python benchmarks/local_copy.py --briefs 1 --locales en-GB; \
	  else echo "local_copy: left out, the model is not in the cache; get it with: $(BIN)/tailorbird models pull"; fi

lock: $(BIN)/uv ## resolve the lock files; newest versions: make lock UPGRADE=--upgrade
	@for extras in core: "local:--extra local" "dev:--extra local --extra postgres --extra redis --extra uplift --extra bandit --group dev" \
	    "engines:--all-extras --group dev --group engines" "peers:--extra postgres --extra redis --group peers"; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    $${extras#*:} pyproject.toml -o requirements/$${extras%%:*}.lock $(UPGRADE) || exit 1; done

example-online-retail: .venv/.dev ## the win-back on real invoices (set DATA=folder); nobody was treated: an A/A test
	@test -f $(DATA)/online-retail/online_retail.parquet || { echo "no $(DATA)/online-retail/online_retail.parquet: set DATA to the folder that holds it"; exit 1; }
	@export TAILORBIRD_DATA=$(abspath $(DATA)) && \
	  $(BIN)/tailorbird import examples/online-retail --before 2010-10-01 && \
	  $(BIN)/tailorbird plan examples/online-retail && \
	  $(BIN)/tailorbird run examples/online-retail --yes $(ARGS) && \
	  $(BIN)/tailorbird import examples/online-retail && \
	  $(BIN)/tailorbird report examples/online-retail && \
	  $(BIN)/tailorbird report examples/online-retail --plant-lift 0.3 -o examples/online-retail/.tailorbird/reports/planted.html

clean: ## remove derived files
	@rm -rf .venv .venv-peers tailorbird-demo examples/*/.tailorbird .pytest_cache .mypy_cache .ruff_cache
