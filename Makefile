# `make setup` first; `make help` lists the rest. Only `setup` installs packages of the system: the others say what is missing.
# What .venv lacks each target installs by itself.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.NOTPARALLEL:
.DEFAULT_GOAL := help

SWIFT ?= swift
# The Python that .venv is made from. Debian's own comes first: the Swift test embeds libpython3-dev, which belongs to it.
PYTHON ?= $(or $(wildcard /usr/bin/python3),python3)
# A checkout of the testbed for `setup`, `demo` and `test` to use too; it is only read.
TESTBED ?=
# Not every shell expands the ~ of OUT=~/report.
$(foreach name,TESTBED OUT DATA SHOTS BEFORE,$(if $(filter ~/%,$($(name))),\
    $(eval override $(name) := $(patsubst ~/%,$(HOME)/%,$($(name))))))
ifneq ($(TESTBED),)
override TESTBED := $(shell realpath -m -- '$(TESTBED)')
export TESTBED
# It is only read: no __pycache__ in it either.
export PYTHONDONTWRITEBYTECODE := 1
endif
RECORDS ?= 20000
OUT ?= report
SHOTS ?= .build/browser

CLOCK := tools/clock
LIBRARY := .build/library/libctr_models.so
LIBRARY_BUILD := .build/library/build

.PHONY: help setup ready has-system has-browser has-testbed has-before library demo test patterns browser exercise readme docs quality choices models bench bits faults fuzz sanitize soak lint format wheel clean

help:
	@cat <<-'END'
	make setup    first: install what is missing of Debian's packages, and Python's in .venv; BROWSER=1 Chromium too
	make demo     build, and compare Wide & Deep with the LR; RECORDS=20000 OUT=report
	make test     build, and run every Swift, C and Python test
	make patterns run all that the testbed does with a model and print a row for each, beside the LR; TESTBED=DIR
	make browser  press every button of the testbed's training page in Chromium; TESTBED=DIR SHOTS=.build/browser
	make exercise do the exercise as docs/exercise.md says, and write its figures and pictures; TESTBED=DIR
	make quality  Wide & Deep beside its peers on several data sets, an hour; QUICK=1 SEEDS=5 DATASETS= MODELS= DATA=DIR
	make choices  what each choice of the model is worth, taken back one by one; SEEDS=2 DATASETS= CHOICES= DATA=DIR
	make models   each model beside what it has without what it adds; QUICK=1 SEEDS=5 MODELS= DATASETS= DATA=DIR PAGES=1
	make bench    training and prediction beside torch, Keras, others, an earlier checkout; QUICK=1 ROUNDS=5 SECTIONS= TESTBED= BEFORE=
	make bits     whether files, predictions, explanations are those of an earlier checkout, to the bit; BEFORE=DIR DATA=DIR
	make faults   let disks fill, processes be killed, memory run out and more, many times each; print what came of it
	make fuzz     feed the library made-up files, tables, options and calls, to find faults; SECONDS=60 TARGETS="…"
	make sanitize Swift tests, threads and Python tests under sanitizers; PARTS="address undefined thread python"
	make soak     16 threads train, predict, save and load; memory, handles and latencies; SECONDS=300
	make readme   run every command of the READMEs to its end, most of them smaller, an hour; TESTBED=DIR
	make docs     .build/docs, the Swift library's documentation by DocC: every public type, with examples
	make library  $(LIBRARY), self-contained
	make wheel    dist/*.whl, the Python package with the library inside
	make lint     swift format, ruff, mypy, import-linter, deptry
	make format   let swift format and ruff rewrite the sources
	make clean    remove what was built; .venv stays
	TESTBED=DIR   with setup, demo, test, patterns and browser: use that checkout of the testbed too
	PYTHON=…      the Python to make .venv from, now $(PYTHON)
	END

# --- What has to be there -------------------------------------------------------------------------------------------

SYSTEM := SWIFT="$(SWIFT)" PYTHON="$(PYTHON)" tools/system

setup: has-testbed
	@$(SYSTEM) install swift python $(if $(BROWSER),browser)
	$(MAKE) --no-print-directory ready $(if $(BROWSER),.venv/ready-host .venv/ready-browser)

# What the other targets begin with.
ready: has-testbed has-system .venv/ready-test $(if $(TESTBED),.venv/ready-host)

has-system:
	@$(SYSTEM) check swift python

has-browser: has-testbed
	@[[ -n "$${TESTBED:-}" ]] || { echo "make $(MAKECMDGOALS) wants TESTBED=DIR, a checkout of the testbed" >&2; exit 1; }
	$(SYSTEM) check browser

has-testbed:
	@if [[ -n "$${TESTBED:-}" && ! -d "$$TESTBED/src/search_engine" ]]; then
	    echo "TESTBED=$$TESTBED is no checkout of the testbed: it has no src/search_engine" >&2; exit 1
	fi

# pyproject.toml is the one list of Python packages; the adapter itself runs from the checkout, uninstalled.
.venv/ready-%: pyproject.toml
	@.venv/bin/python -m pip --version > /dev/null 2>&1 ||
	    { rm -rf .venv; $(CLOCK) "Making .venv" "$(PYTHON)" -m venv .venv; }
	.venv/bin/python - $* > .venv/requirements-$*.txt <<-'END'
	import importlib, importlib.util, sys
	has_tomllib = importlib.util.find_spec("tomllib")  # since Python 3.11
	toml = importlib.import_module("tomllib" if has_tomllib else "pip._vendor.tomli")
	project = toml.load(open("pyproject.toml", "rb"))["project"]
	print(*project["dependencies"], *project["optional-dependencies"][sys.argv[1]], sep="\n")
	END
	$(CLOCK) "Installing Python packages into .venv ($*)" \
	    .venv/bin/python -m pip install --disable-pip-version-check --use-pep517 -r .venv/requirements-$*.txt
	touch $@

# --- The library ----------------------------------------------------------------------------------------------------

# One self-contained file: the Swift runtime inside, only the header's functions outside. These flags are
# here, not in Package.swift, so that other packages can depend on ours. lld, because gold leaves Swift's local symbols in
# the dynamic table. The build folder keeps the unstripped library.
library:
	@$(SYSTEM) check swift
	built=$(LIBRARY_BUILD)/release/libctr_models.so
	[[ "$$built" -nt bridge/exports.map ]] || rm -f "$$built"
	$(CLOCK) "Building the library" \
	    $(SWIFT) build -c release --product ctr_models --scratch-path $(LIBRARY_BUILD) --disable-local-rpath \
	    -Xswiftc -static-stdlib -Xswiftc -use-ld=lld -Xlinker --version-script=bridge/exports.map \
	    -Xlinker -soname -Xlinker libctr_models.so
	if [[ "$$built" -nt $(LIBRARY) ]]; then
	    strip --strip-unneeded -o $(LIBRARY).new "$$built"
	    mv $(LIBRARY).new $(LIBRARY)
	fi

wheel: ready library
	@export CTR_MODELS_LIBRARY=$(LIBRARY)
	$(CLOCK) "Building the wheel" .venv/bin/python -m pip wheel --disable-pip-version-check --no-deps \
	    --no-build-isolation -w dist .
	ls dist/*.whl

# --- Demo, tests and linters ----------------------------------------------------------------------------------------

demo: ready library
	@.venv/bin/python -m testbed_adapter compare --records $(RECORDS) --out "$(OUT)" $${TESTBED:+--testbed "$$TESTBED"}

test: ready library
	@$(CLOCK) "Building the Swift tests" $(SWIFT) build --build-tests
	$(SWIFT) test --skip-build
	.venv/bin/python -m pytest -n 2 --dist worksteal

# `test` runs the same checks, smaller. RECORDS counts here only if it is given.
patterns: ready library
	@.venv/bin/python -m Tests.host.patterns $(if $(filter-out file,$(origin RECORDS)),--records $(RECORDS))

# Minutes, a browser and a checkout: not part of `test`.
browser: has-browser ready .venv/ready-host .venv/ready-browser library
	@SHOTS="$(SHOTS)" .venv/bin/python -m pytest -s Tests/browser/training_page.py

# From an empty home: the testbed and this project as they are, everything installed and built anew.
exercise: has-browser ready .venv/ready-host .venv/ready-browser
	@home=$(CURDIR)/.build/exercise
	rm -rf "$$home"
	mkdir -p "$$home"
	cp -a "$$TESTBED" "$$home/test_bed"
	git clone -q . "$$home/ctr-models"
	env -u TESTBED -u PYTHONDONTWRITEBYTECODE .venv/bin/python -m Tests.browser.exercise \
	    docs/exercise/exercise.zh-CN.md.j2 --home "$$home" --write

# `test` leaves out what takes minutes, a checkout or the peers.
readme: ready library
	@README_TESTBED="$${TESTBED:?make readme wants TESTBED=DIR, a checkout of the testbed}" \
	    .venv/bin/python -m pytest -v --durations=0 --durations-min=1 Tests/packaging/test_readme.py

# CTRModels exports CTRFeatures: its users see one module, and so do its readers. The tools stand beside the compiler.
docs:
	@$(SYSTEM) check swift
	$(CLOCK) "Building CTRModels" $(SWIFT) build --target CTRModels
	built=$$($(SWIFT) build --show-bin-path)
	tools=$$($(SWIFT) -print-target-info | sed -n 's|.*"runtimeResourcePath": "\(.*\)/lib/swift".*|\1/bin|p')
	triple=$$($(SWIFT) -print-target-info | sed -n 's|.*"triple": "\(.*\)".*|\1|p')
	rm -rf .build/docs .build/symbols
	mkdir -p .build/symbols
	"$$tools/swift-symbolgraph-extract" -module-name CTRModels -target "$$triple" -minimum-access-level public \
	    -experimental-allowed-reexported-modules=CTRFeatures -skip-synthesized-members -output-dir .build/symbols \
	    -I "$$built/Modules" -I Sources/CArrow -Xcc -fmodule-map-file="$$built/CVectorLoops.build/module.modulemap"
	$(CLOCK) "Writing the documentation" \
	    "$$tools/docc" convert Sources/CTRModels/CTRModels.docc --additional-symbol-graph-dir .build/symbols \
	    --fallback-display-name CTRModels --fallback-default-module-kind Library --warnings-as-errors \
	    --output-path .build/docs
	echo "To read it: python3 -m http.server -d .build/docs, and http://localhost:8000/documentation/ctrmodels"

.build/quality/venv/ready: Tests/benchmarks/quality/requirements.txt
	@bin=$(@D)/bin
	"$$bin/python" -m pip --version > /dev/null 2>&1 ||
	    { rm -rf $(@D); $(CLOCK) "Making $(@D)" "$(PYTHON)" -m venv $(@D); }
	$(CLOCK) "Installing the peers into $(@D)" "$$bin/python" -m pip install --disable-pip-version-check -r $<
	touch $@

# The peers are many and large, so they have an environment of their own. OUT counts here only if it is given.
quality: has-system .build/quality/venv/ready library
	@.build/quality/venv/bin/python -m Tests.benchmarks.quality $(if $(QUICK),--quick) $(if $(SEEDS),--seeds $(SEEDS)) \
	    $(if $(DATASETS),--datasets $(DATASETS)) $(if $(MODELS),--models $(MODELS)) $(if $(DATA),--data "$(DATA)") \
	    $(if $(filter-out file,$(origin OUT)),--out "$(OUT)")

choices: ready library
	@.venv/bin/python -m Tests.benchmarks.choices $(if $(QUICK),--quick) $(if $(SEEDS),--seeds $(SEEDS)) \
	    $(if $(DATASETS),--datasets $(DATASETS)) $(if $(CHOICES),--choices $(CHOICES)) $(if $(DATA),--data "$(DATA)") \
	    $(if $(filter-out file,$(origin OUT)),--out "$(OUT)")

# PAGES: the figures of docs/models, too.
models: ready library
	@.venv/bin/python -m Tests.benchmarks.models $(if $(QUICK),--quick) $(if $(SEEDS),--seeds $(SEEDS)) \
	    $(if $(DATASETS),--datasets $(DATASETS)) $(if $(MODELS),--models $(MODELS)) $(if $(DATA),--data "$(DATA)") \
	    $(if $(PAGES),--pages docs/models) $(if $(filter-out file,$(origin OUT)),--out "$(OUT)")

.build/bench/venv/ready: Tests/benchmarks/speed/requirements.txt
	@bin=$(@D)/bin
	"$$bin/python" -m pip --version > /dev/null 2>&1 ||
	    { rm -rf $(@D); $(CLOCK) "Making $(@D)" "$(PYTHON)" -m venv $(@D); }
	$(CLOCK) "Installing the peers into $(@D)" "$$bin/python" -m pip install --disable-pip-version-check -r $<
	touch $@

bench: has-system .build/bench/venv/ready library
	@$(CLOCK) "Building the benchmarks" $(SWIFT) build -c release --product CTRBenchmarks --scratch-path .build/bench/swift
	.build/bench/venv/bin/python -m Tests.benchmarks.speed $(if $(QUICK),--quick) $(if $(ROUNDS),--rounds $(ROUNDS)) \
	    $(if $(SECTIONS),--sections $(SECTIONS)) $(if $(TESTBED),--testbed "$(TESTBED)") \
	    $(if $(BEFORE),--before "$(realpath $(BEFORE))") $(if $(filter-out file,$(origin OUT)),--out "$(OUT)")

bits: has-before ready library
	@.venv/bin/python -m Tests.bits --before "$(BEFORE)" $(if $(DATA),--data "$(DATA)")

has-before:
	@[[ -n "$(BEFORE)" ]] || { echo "make bits wants BEFORE=DIR, an earlier checkout, with its library built" >&2; exit 1; }

# libFuzzer, address sanitizer and all modules' coverage, in a build of its own.
fuzz:
	@$(SYSTEM) check swift
	$(CLOCK) "Building the fuzzers" $(SWIFT) build -c release --product CTRFuzz --scratch-path .build/fuzz \
	    --sanitize fuzzer --sanitize address -Xswiftc -DFUZZING
	Tests/fuzz/run.sh $(or $(SECONDS),60) $(or $(TARGETS),model_file arrow options calls)

sanitize: ready
	@SWIFT="$(SWIFT)" Tests/sanitize/run.sh $(or $(PARTS),address undefined thread python)

soak: ready library
	@mkdir -p .build/soak/models
	cc -std=c11 -O1 -Ibridge/include Tests/abi/soak.c $(LIBRARY) -lm -lpthread -o .build/soak/soak
	LD_LIBRARY_PATH=$(dir $(LIBRARY)) .build/soak/soak $(or $(SECONDS),300) .build/soak/models

# `test` tries a few of each.
faults: ready library
	@FAULTS_LONG=1 .venv/bin/python -m pytest -q Tests/faults

lint: has-system .venv/ready-test
	@$(SWIFT) format lint --strict -r Sources bridge Tests examples Package.swift
	.venv/bin/ruff check -q
	.venv/bin/ruff format -q --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/deptry testbed_adapter
	.venv/bin/deptry Tests --ignore DEP002,DEP004

format: has-system .venv/ready-test
	@$(SWIFT) format -i -r Sources bridge Tests examples Package.swift
	.venv/bin/ruff check -q --fix
	.venv/bin/ruff format

clean:
	@rm -rf .build build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
