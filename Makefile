# Every target works from a bare clone: it sets up what it needs, chooses the toolchain (scripts/env.sh) and keeps its
# results outside the clone, under ~/.cache/guichet. Arguments: make e2e ARGS="--grep '@lists'"
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.SILENT:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

DATA = ./data
LISTEN = 127.0.0.1:3000
ARGS =
KILLS = 200

.PHONY: help run site build test kills check watch e2e bench screenshots fmt ci-cold clean

help: ## this list
	echo "make TARGET; the targets:"
	sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 16

run: ## build everything and serve it with demo data at http://127.0.0.1:3000 (LISTEN=, DATA=)
	bash scripts/setup.sh run
	source scripts/env.sh
	bash scripts/build.sh
	"$$CARGO_TARGET_DIR/release/guichet" demo --data "$(DATA)" --if-empty
	exec "$$CARGO_TARGET_DIR/release/guichet" serve --data "$(DATA)" --listen "$(LISTEN)" $(ARGS)

site: ## the release site: wasm, scripts, style; prints the sizes and fails above the ceiling
	bash scripts/setup.sh run
	source scripts/env.sh
	bash scripts/build-site.sh

build: ## the release server with the site inside, one binary
	bash scripts/setup.sh run
	source scripts/env.sh
	bash scripts/build.sh
	echo "$$CARGO_TARGET_DIR/release/guichet"

test: ## all tests; the last line is "N passed, N failed"
	bash scripts/test.sh

kills: ## two servers on one PostgreSQL, one of them killed again and again (KILLS=200)
	bash scripts/setup.sh test
	source scripts/env.sh
	source scripts/lib/packages.sh
	export RUSTDOCFLAGS="--cfg erase_components"
	GUICHET_TEST_KILLS="$(KILLS)" cargo test $$LOCKED "$${NATIVE[@]}" --test it instances:: $(ARGS)

check: ## formatting, clippy for both sides, documentation, licences
	bash scripts/check.sh

watch: ## development: rebuild and reload at every change
	bash scripts/setup.sh run
	source scripts/env.sh
	GUICHET_DATA="$(DATA)" GUICHET_LISTEN="$(LISTEN)" bash scripts/watch.sh $(ARGS)

e2e: ## browser tests alone (ARGS go to Playwright)
	bash scripts/setup.sh test
	source scripts/env.sh
	bash scripts/build-site.sh
	export GUICHET_BIN="$$CARGO_TARGET_DIR/under-test/guichet"
	bash scripts/build-server.sh --for-tests "$$GUICHET_BIN"
	bash scripts/e2e.sh $(ARGS)

bench: ## measures the release binary on both engines (TICKETS, CUSTOMERS, SEED, ENGINES; ARGS go to `guichet bench`)
	bash scripts/setup.sh test
	source scripts/env.sh
	bash scripts/build.sh
	bash scripts/bench.sh $(ARGS)

screenshots: ## the pictures of the documentation (ARGS go to Playwright)
	bash scripts/setup.sh test
	source scripts/env.sh
	bash scripts/build-site.sh
	export GUICHET_BIN="$$CARGO_TARGET_DIR/under-test/guichet"
	bash scripts/build-server.sh --for-tests "$$GUICHET_BIN"
	bash scripts/screenshots.sh $(ARGS)

fmt: ## formats the sources
	source scripts/env.sh
	cargo fmt --all
	if [[ -f .stylelintrc.json && -x node_modules/.bin/stylelint ]]; then stylelint --fix 'style/**/*.css'; fi

ci-cold: ## what CI runs, with an empty cache
	cold="$$(mktemp -d)"
	trap 'rm -rf "$$cold"' EXIT
	XDG_CACHE_HOME="$$cold" bash .ci/run

clean: ## removes what was built (the data folder stays)
	source scripts/env.sh
	rm -rf "$${CARGO_TARGET_DIR:?}" public/js public/words public/fonts test-results
