# `make demo` and `make test` do all their set-up; they need python3, pip, make and git.
SHELL := /bin/bash
PYTHON := .venv/bin/python
# The uv on PATH, or one put in .uv/ (git-ignored) with the machine's own pip.
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)

.PHONY: demo test check bench lock format clean
demo: .venv/ready
	@$(PYTHON) -m config.demo $(ARGS)

# Both databases at once, one core each; what PostgreSQL's run says is shown after the other's.
# What axe sees, and the demonstration, do not depend on the database: once is enough.
test: .venv/ready
	@log=$$(mktemp); \
	TEST_DATABASE=postgresql $(PYTHON) -m pytest --ignore=tests/journeys/test_accessibility.py \
	  --ignore=tests/test_demo.py $(ARGS) > $$log 2>&1 & postgresql=$$!; \
	TEST_DATABASE=sqlite $(PYTHON) -m pytest $(ARGS); sqlite=$$?; \
	wait $$postgresql; postgresql=$$?; cat $$log; rm $$log; \
	exit $$(( sqlite || postgresql ))

# The large counts, about 15 minutes: docs/soak.md says what they show.
.PHONY: soak
soak: .venv/ready
	TEST_DATABASE=sqlite $(PYTHON) -m pytest -q benchmarks/soak.py $(ARGS)
	TEST_DATABASE=postgresql $(PYTHON) -m pytest -q benchmarks/soak.py $(ARGS)

check: .venv/ready
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/djlint --lint --quiet templates
	.venv/bin/mypy config publishing programme updates website

bench: .venv/ready
	$(PYTHON) -m benchmarks.markdown

format: .venv/ready
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

lock: | $(UV)
	$(UV) pip compile --quiet --universal --generate-hashes --no-header pyproject.toml -o requirements.txt
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
