# The commands; each says with `make help` what it does.

# The first Python that is new enough and can make virtual environments.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.14 python3.11; do \
	$$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)

ENVIRONMENT = $(or $(PYTHON),python3) -m mskb.environment
VENV = .venv/bin/python

# The tests keep their database apart, so that they may run beside `make run`.
TEST_DATA = $(or $(DATA_DIR),.test-data)

# BROWSER=0 leaves the browser tests out; ARGS goes to pytest: make test ARGS="-k anchoring"
BROWSER ?= 1
ARGS ?=

# Two processes, each with a database of its own; ARGS="-n 0" runs all in one, as a debugger wants it.
SPREAD = -n 2 --no-loadscope-reorder

.PHONY: help run test check bench pictures requirements clean

help:
	@echo 'make run           install what is missing and serve on http://127.0.0.1:8000 (HOST, PORT, DATA_DIR,'
	@echo '                   DATABASE_URL; DEMO=0: without the demonstration corpus)'
	@echo 'make test          run the tests (ARGS="-k words" chooses; BROWSER=0 leaves the browser tests out)'
	@echo 'make check         format, lint, types, import contracts, templates, migrations, deploy checks'
	@echo 'make bench         run the benchmarks'
	@echo 'make pictures      take the pictures of the README again (static/pictures)'
	@echo 'make requirements  compile requirements*.txt from pyproject.toml (UPGRADE=1: newest versions)'
	@echo 'make clean         remove what the others made; asks before it removes data'

# exec: a signal to make reaches the program itself.
run:
	@$(ENVIRONMENT) requirements.txt
	@exec $(VENV) -m mskb.run

test:
	@$(ENVIRONMENT) requirements-dev.txt
	@if [ '$(BROWSER)' = 0 ]; then echo 'BROWSER=0: the browser tests are left out.'; else $(VENV) -m tests.chromium; fi
	@DATA_DIR='$(TEST_DATA)' exec $(VENV) -m pytest $(SPREAD) $(if $(filter 0,$(BROWSER)),-m 'not browser and not bench') $(ARGS)

check:
	@$(ENVIRONMENT) requirements-dev.txt
	$(VENV) -m ruff format --check .
	$(VENV) -m ruff check .
	DATA_DIR='$(TEST_DATA)' $(VENV) -m mypy
	.venv/bin/lint-imports
	.venv/bin/djlint templates --lint --quiet
	DATA_DIR='$(TEST_DATA)' $(VENV) -m tests.all_templates_load
	DATA_DIR='$(TEST_DATA)' $(VENV) manage.py makemigrations --check --dry-run
	DATA_DIR='$(TEST_DATA)' HTTPS=1 $(VENV) manage.py check --deploy --fail-level WARNING

bench:
	@$(ENVIRONMENT) requirements-dev.txt
	@DATA_DIR='$(TEST_DATA)' exec $(VENV) -m pytest -m bench -s tests/benchmarks $(ARGS)

pictures:
	@$(ENVIRONMENT) requirements-dev.txt
	@$(VENV) -m tests.chromium
	@$(VENV) -m tests.pictures

COMPILE = .venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --quiet --no-header \
	--no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)

requirements:
	@$(ENVIRONMENT) requirements.txt
	@$(VENV) -m pip install --quiet uv
	@$(COMPILE) --output-file requirements.txt > /dev/null
	@$(COMPILE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt > /dev/null

clean:
	rm -rf .venv .test-data .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache benchmarks*.json data/static data/static.collected
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@if [ ! -d data ]; then exit 0; \
	elif [ -e data/postgres/postmaster.pid ]; then echo 'data/ is in use: kept. Stop make run first.'; \
	elif [ ! -t 0 ]; then echo 'data/ holds the database: kept, as nobody can be asked. Remove it by hand.'; \
	else printf 'Remove data/ with the whole database? [y/N] '; read answer; \
		if [ "$$answer" = y ]; then rm -rf data; else echo 'data/ is kept.'; fi; fi
