#!/usr/bin/env bash
# All tests: Rust (unit, service, router, rights matrix), then the site, then the browser. A failed step does
# not stop the later ones unless they need it. Ends with a table and, as the very last line, "N passed, N failed".
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
# shellcheck source=scripts/lib/common.sh
source "$here/lib/common.sh"
# shellcheck source=scripts/lib/packages.sh
source "$here/lib/packages.sh"

logs="$(mktemp -d)"
trap 'rm -rf "$logs"' EXIT
failed=()
remarks=()

# Ends the run: the table, the last line, the exit code.
summary() {
    local status=0
    note "total: $((SECONDS / 60)) min $((SECONDS % 60)) s"
    node "$here/lib/test-summary.mjs" "$logs" "$(IFS=,; echo "${failed[*]}")" "$(IFS=,; echo "${remarks[*]}")" || status=1
    exit "$status"
}

# attempt NAME LOG COMMAND: runs it, shows and keeps its output, remembers a failure under the name.
# The shell's own stop at the first error is off inside such a command, hence the && in build_under_test.
attempt() {
    local name="$1" log="$2" began=$SECONDS status=0
    shift 2
    say "$name"
    "$@" 2>&1 | tee "$log" || status=1
    note "$name: $((SECONDS - began)) s"
    if ((status != 0)); then
        failed+=("$name")
    fi
    return "$status"
}

if ! attempt setup "$logs/setup.log" bash "$here/setup.sh" test; then
    summary
fi
# shellcheck source=scripts/env.sh
source "$here/env.sh"
cd "$ROOT"

if [[ -n "${GUICHET_TEST_ENGINES:-}" ]]; then
    remarks+=("engines narrowed to $GUICHET_TEST_ENGINES by GUICHET_TEST_ENGINES")
    if in_ci; then
        failed+=("GUICHET_TEST_ENGINES narrows the tests and CI runs all of them")
        summary
    fi
elif ! find_initdb >/dev/null; then
    note "to test on SQLite alone: GUICHET_TEST_ENGINES=sqlite make test"
    failed+=("PostgreSQL's programs are missing")
    summary
fi

# Our own crates are documented with the flags of every build.
export RUSTDOCFLAGS="--cfg erase_components"

compile_tests() {
    # The JSON tells which test binary belongs to which package; their file names do not.
    # shellcheck disable=SC2086 # LOCKED is empty or one word
    cargo test $LOCKED "${NATIVE[@]}" --no-run --message-format=json-render-diagnostics >"$logs/binaries.json"
}

run_rust_tests() {
    # shellcheck disable=SC2086 # LOCKED is empty or one word
    cargo test $LOCKED "${NATIVE[@]}" --no-fail-fast
}

# Site and server under one lock, and a copy of the binary of our own: another clone on this machine may build meanwhile.
build_under_test() {
    take_lock "$CACHE/$KEY/lock"
    bash "$here/build-site.sh" && bash "$here/build-server.sh" --for-tests "$logs/guichet"
}

if attempt "Rust tests: build" "$logs/build.log" compile_tests; then
    attempt "Rust tests" "$logs/rust.log" run_rust_tests || true
fi
if attempt "site and server" "$logs/site.log" build_under_test; then
    GUICHET_BIN="$logs/guichet" attempt "browser tests" "$logs/browser.log" bash "$here/e2e.sh" || true
fi
summary
