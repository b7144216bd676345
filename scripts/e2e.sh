#!/usr/bin/env bash
# Browser tests against a binary with the site inside. Arguments go to Playwright: scripts/e2e.sh --grep '@lists' --headed
# GUICHET_BIN names it; without that, the one that `make e2e` left in this cache is taken.
# E2E_WORKERS: how many tests run at a time (2).
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
# shellcheck source=scripts/lib/common.sh
source "$here/lib/common.sh"
# shellcheck source=scripts/env.sh
source "$here/env.sh"
cd "$ROOT"

export GUICHET_BIN="${GUICHET_BIN:-$CARGO_TARGET_DIR/under-test/guichet}"
[[ -x "$GUICHET_BIN" ]] || fail "no binary at $GUICHET_BIN; run: make e2e"
[[ -n "$CHROMIUM" ]] || fail "no Chromium found; run: bash scripts/setup.sh test"
[[ -x node_modules/.bin/playwright ]] || fail "Playwright is missing; run: bash scripts/setup.sh test"
# The same engine without the windows around it, which cost time; only whoever wants to watch needs them.
shell="$(command -v chromium-headless-shell || true)"
if [[ -n "$shell" && "$CHROMIUM" == "$(command -v chromium || true)" && " $* " != *" --headed "* ]]; then
    export CHROMIUM="$shell"
fi
# Meant for the Rust tests; the server under test would refuse variables that it does not know.
unset GUICHET_TEST_ENGINES GUICHET_TEST_KILLS
export PLAYWRIGHT_HTML_OPEN=never
exec node_modules/.bin/playwright test -c "${PLAYWRIGHT_CONFIG:-end2end/playwright.config.ts}" "$@"
