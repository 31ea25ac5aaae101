# `make demo` and `make test` do all their set-up; they need python3, pip, make and git.
SHELL := /bin/bash
PYTHON := .venv/bin/python
# The uv on PATH, or one put in .uv/ (git-ignored) with the machine's own pip.
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)

.PHONY: demo test check bench screenshots lock format clean
demo: .venv/ready
	@$(PYTHON) -m config.demo $(ARGS)

# Four runs, two at a time, because two cores are what there surely is: the longest begin first.
# PostgreSQL meets whatever a database has a part in: the kernel, its rules, races, counts, search,
# every address of the site, and one journey. What is marked `once` is about words and screens, and
# the long walks are long: `make soak` takes all of them there.
RUNS := on-postgresql tests-on-sqlite journeys-on-sqlite rules-on-sqlite
IN_A_BROWSER := tests/journeys tests/test_demo.py tests/test_reading_age.py
LONG_WALKS := $(addprefix tests/house_rules/test_,secrets.py nothing_leaks.py \
  hostile_addresses.py) tests/test_awkward_input.py
PYTEST := $(PYTHON) -m pytest
test: .venv/ready
ifdef ARGS
	TEST_DATABASE=sqlite $(PYTEST) $(ARGS)
	TEST_DATABASE=postgresql $(PYTEST) $(ARGS)
else
	@echo "Two databases, without and with a browser: each run is shown when it has ended."
	@$(MAKE) --no-print-directory --jobs=2 --keep-going --output-sync=target $(RUNS)
endif

.PHONY: $(RUNS)
rules-on-sqlite:
	@TEST_DATABASE=sqlite $(PYTEST) tests/house_rules
tests-on-sqlite:
	@TEST_DATABASE=sqlite $(PYTEST) $(addprefix --ignore=,$(IN_A_BROWSER) tests/house_rules)
on-postgresql:
	@TEST_DATABASE=postgresql $(PYTEST) -m "not once" $(addprefix --ignore=,$(LONG_WALKS))
journeys-on-sqlite:
	@TEST_DATABASE=sqlite $(PYTEST) $(IN_A_BROWSER)

# The large counts: docs/soak.md says what they show. The walk for leaks is ten walks, two at a time.
SOAKS := $(filter-out %soak_leaks.py,$(wildcard benchmarks/soak*.py))
.PHONY: soak
soak: .venv/ready
	TEST_DATABASE=sqlite $(PYTHON) -m pytest -q $(SOAKS) $(ARGS)
	TEST_DATABASE=postgresql $(PYTHON) -m pytest -q $(SOAKS) $(ARGS)
	TEST_SIZE=large TEST_DATABASE=sqlite $(PYTHON) -m pytest -q tests
	TEST_SIZE=large TEST_DATABASE=postgresql $(PYTHON) -m pytest -q tests
	@$(MAKE) --no-print-directory --jobs=2 leaks

# Ten walks of 10,000 requests; `make leaks-3` alone takes the third, about ten minutes of a core.
LEAKS := $(addprefix leaks-,1 2 3 4 5 6 7 8 9 10)
.PHONY: leaks $(LEAKS)
leaks: $(LEAKS)
$(LEAKS): leaks-%:
	LEAK_PART=$*/10 TEST_DATABASE=sqlite $(PYTHON) -m pytest -q -s benchmarks/soak_leaks.py $(ARGS)

check: .venv/ready
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/djlint --lint --quiet templates
	.venv/bin/mypy config publishing programme updates participation website

bench: .venv/ready
	$(PYTHON) -m benchmarks.markdown
	$(PYTHON) -m benchmarks.promises
	$(PYTHON) -m benchmarks.search

# Every public page of the example on a phone and a desk, light and dark, and the update in print.
screenshots: .venv/ready
	$(PYTHON) -m benchmarks.screenshots $(ARGS)

format: .venv/ready
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

lock: | $(UV)
	$(UV) pip compile --quiet --universal --generate-hashes --no-header pyproject.toml --extra notify -o requirements.txt
	$(UV) pip compile --quiet --universal --generate-hashes --no-header pyproject.toml --group dev -o requirements-dev.txt

clean:
	rm -rf .venv .uv var staticfiles

.venv/ready: requirements-dev.txt .python-version | writable $(UV)
	@$(UV) venv --quiet --quiet --allow-existing .venv || \
	  { echo "This needs Python $$(cat .python-version): install it, or go online once so that uv can." >&2; exit 1; }
	@$(UV) pip sync --quiet --require-hashes --python $(PYTHON) requirements-dev.txt
	@touch $@

.uv/bin/uv: | writable
	@python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .uv "uv>=0.9,<1" \
	  || { python3 -m venv .uv && .uv/bin/pip install --quiet "uv>=0.9,<1"; }

.PHONY: writable
writable:
	@test -w . || { echo "Cannot write to $(CURDIR): copy the project to a folder that you own." >&2; exit 1; }
