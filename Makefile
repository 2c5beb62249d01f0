# `make demo` and `make test` need Python 3.11 to 3.13 and nothing else: they make their own virtual environment.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
WORKERS ?= auto
OLDEST ?= 3.2.448

.PHONY: demo test docs site bench dist sbom sign clean

$(VENV)/installed: setup.cfg pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14) and "Python 3.11 to 3.13 is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[pii,parquet,test]'
	touch $@

demo: $(VENV)/installed
	@for estate in aws azure kubernetes; do for half in insecure secure; do \
	  [ -d examples/$$estate/$$half ] || continue; \
	  echo; echo "== examples/$$estate/$$half"; \
	  $(BIN)/checkov-aiml scan -d examples/$$estate/$$half --check 'CKV_AIML_*' --compact --quiet; \
	  code=$$?; echo "exit code $$code"; \
	  case $$half-$$code in insecure-1|secure-0) ;; *) exit 1 ;; esac; \
	done; done

test: $(VENV)/installed $(VENV)-oldest/installed
	$(BIN)/ruff check .
	$(BIN)/python -m pytest -n $(WORKERS)
	$(VENV)-oldest/bin/python -m pytest -n $(WORKERS) tests/terraform tests/kubernetes tests/options

# The oldest Checkov of the supported range, beside the newest in $(VENV).
$(VENV)-oldest/installed: setup.cfg pyproject.toml $(VENV)/installed
	$(PYTHON) -m venv $(VENV)-oldest
	$(VENV)-oldest/bin/python -m pip install --quiet --editable '.[pii,parquet,test]' 'checkov==$(OLDEST)'
	touch $@

docs: $(VENV)/installed
	$(BIN)/python -m checkov_aiml.documentation docs
	$(BIN)/python scripts/include_recipes.py
	$(BIN)/python scripts/architecture_model.py

# The documentation as a site in build/site; it needs no network, and any web server shows it.
site: $(VENV)/installed
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet --config-file mkdocs.conf

bench: $(VENV)/installed
	$(BIN)/python benchmarks/load_time.py
	$(BIN)/python benchmarks/whole_scan.py
	$(BIN)/python benchmarks/manifests.py
	$(BIN)/python benchmarks/pii.py

# The same bytes for the same commit and setuptools.
dist: $(VENV)/installed
	$(BIN)/python scripts/make_distributions.py dist

# What an installation brings along, as CycloneDX JSON beside the wheel.
sbom: dist
	$(BIN)/python scripts/make_sbom.py dist/*.whl dist/checkov-aiml.cdx.json

# A signed copy in build/signed for Checkov's --external-checks-public-key: make sign KEY=private.pem
sign:
	$(PYTHON) scripts/sign_checks.py $(or $(KEY),$(error name the private key: make sign KEY=private.pem))

clean:
	rm -rf $(VENV) $(VENV)-oldest build dist *.egg-info
