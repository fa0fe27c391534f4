# A thin front door; CMakeLists.txt builds, tests/run.sh tests.
BUILD ?= build
CMAKE ?= cmake
CONFIGURE = $(CMAKE) -S . -B $(BUILD) -G Ninja
PREFIX ?= /usr/local
SECONDS_EACH ?= 60

.PHONY: help build demo test test-long bench fuzz docs format lint abi-baseline install clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## the library and the tools into build/ (build/ine, build/ine-sandbox)
	@tools/bootstrap.sh demo
	@$(CONFIGURE) -DINE_TESTS=OFF -DINE_BENCH=OFF --log-level=WARNING >/dev/null
	@$(CMAKE) --build $(BUILD)

demo: build ## a person verified and a person refused, against the embedded sandbox
	@examples/demo.sh $(BUILD)/ine

test: ## everything that must hold, in minutes; ends with one line of counts
	@tools/bootstrap.sh test
	@tests/run.sh short

test-long: ## make test, and the long runs: every sanitizer over everything, valgrind, fuzzers
	@tools/bootstrap.sh test
	@tests/run.sh long

bench: ## speed and size in every language, beside what people use there; BENCH="c go" for some
	@tools/bootstrap.sh test
	@bench/run.sh $(BENCH)

fuzz: ## each fuzzer for SECONDS_EACH=60 seconds
	@tools/bootstrap.sh test
	@tests/fuzz/run.sh $(SECONDS_EACH)

docs: ## the manual of ine.h as HTML in build/docs
	@tools/bootstrap.sh test
	@docs/build.sh $(BUILD)/docs

format: ## every C and Python file in the form of the house
	@tools/bootstrap.sh test
	@tests/house/lint.sh format

lint: ## format, house rules, shell, Python and clang-tidy
	@tools/bootstrap.sh test
	@tests/house/lint.sh all

abi-baseline: ## records the promise anew; until 1.0 with a line in CHANGELOG.md
	@tools/bootstrap.sh test
	@$(CONFIGURE) --log-level=WARNING >/dev/null
	@$(CMAKE) --build $(BUILD) --target ine_shared
	@python3 tests/abi/gates.py record --library $(BUILD)/libine.so.1

install: build ## into PREFIX=/usr/local
	@$(CMAKE) --install $(BUILD) --prefix $(PREFIX)

clean: ## removes what the targets above made
	@rm -rf build build-asan build-tsan build-clang build-fuzz
