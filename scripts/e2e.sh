#!/usr/bin/env bash
# Browser tests against the release binary. Arguments go to Playwright: scripts/e2e.sh --grep '@lists' --headed
# GUICHET_BIN names the binary under test; without it, the one of this cache is taken.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
# shellcheck source=scripts/lib/common.sh
source "$here/lib/common.sh"
# shellcheck source=scripts/env.sh
source "$here/env.sh"
cd "$ROOT"

export GUICHET_BIN="${GUICHET_BIN:-$CARGO_TARGET_DIR/release/guichet}"
[[ -x "$GUICHET_BIN" ]] || fail "no release binary at $GUICHET_BIN; run: make build"
[[ -n "$CHROMIUM" ]] || fail "no Chromium found; run: bash scripts/setup.sh test"
[[ -x node_modules/.bin/playwright ]] || fail "Playwright is missing; run: bash scripts/setup.sh test"
# Meant for the Rust tests; the server under test would refuse a variable that it does not know.
unset GUICHET_TEST_ENGINES
export PLAYWRIGHT_HTML_OPEN=never
exec node_modules/.bin/playwright test -c "${PLAYWRIGHT_CONFIG:-end2end/playwright.config.ts}" "$@"
