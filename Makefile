# Two commands: `make demo` and `make test`. Everything else is for those who develop Palabre.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.PHONY: demo test check services browser bench pictures words clean

demo: $(VENV)/run.stamp words
	PALABRE_DEMO=1 PALABRE_URL=http://127.0.0.1:$(PORT) $(BIN)/python manage.py demo --port $(PORT)

test: $(VENV)/dev.stamp words
	$(BIN)/python -m pytest -n auto --maxschedchunk 4

check: $(VENV)/dev.stamp words
	$(BIN)/python -m tests.checks

services: $(VENV)/dev.stamp words
	tests/services.sh $(BIN)/python

browser: $(VENV)/dev.stamp words
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m 'browser or commands' tests/browser tests/checks

bench: $(VENV)/dev.stamp words
	$(BIN)/python -m tests.benchmarks

# The documents' pictures, from the demonstration, in Chromium.
pictures: $(VENV)/dev.stamp words
	$(BIN)/python -m tests.pictures

# Translations: .po files are kept, .mo files are made from them, without gettext.
words: $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))

%.mo: %.po | $(VENV)/run.stamp
	$(BIN)/pybabel -q compile -i $< -o $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Palabre needs Python 3.11 or later; set PYTHON=… to one.")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/run.stamp

clean:
	rm -rf $(VENV) var locale/*/LC_MESSAGES/*.mo
