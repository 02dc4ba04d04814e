# make report, make test, make lab, make check: each sets itself up first. On Windows without make: see README.md.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: report test lab check bench picture lock clean

report: $(READY)  ## the reports of the newest dataset
	@$(BIN)/bwk report || [ $$? -eq 1 ]  # 1: there is a report, and rows that need mending are listed; 3: there is none

test: $(READY)  ## all tests
	$(BIN)/python -m pytest

lab: $(READY)  ## JupyterLab on the notebooks
	$(BIN)/jupyter lab notebooks

check: $(READY)  ## style, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(READY)  ## side-by-side timings
	$(BIN)/python -m benchmarks

picture: $(READY)  ## the board's page in the README (needs chromium)
	$(BIN)/python -m tests.example.picture

lock:  ## new versions in requirements.txt (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header -o requirements.txt

$(READY): requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; try: make PYTHON=python3.12")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)

clean:  ## everything that the commands made, but not your data and reports
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis data/processed/.tabellen data/processed/.cache
