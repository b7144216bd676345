#!/usr/bin/env bash
# Everything that can be said about the sources without running the tests. All steps run, also after a failure; the end
# names those that failed. The architecture test is not here: it is one of the server's tests,
# cargo test -p guichet-server architecture.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
# shellcheck source=scripts/lib/common.sh
source "$here/lib/common.sh"
# shellcheck source=scripts/lib/packages.sh
source "$here/lib/packages.sh"
bash "$here/setup.sh" run
# shellcheck source=scripts/env.sh
source "$here/env.sh"
cd "$ROOT"

failed=()
report=()

# Commands run by this function are not stopped at their first error by the shell, so each is one command or a && chain.
check() {
    local name="$1" began=$SECONDS verdict=ok
    shift
    say "$name"
    if ! "$@"; then
        verdict=FAILED
        failed+=("$name")
    fi
    report+=("$(printf '%-24s %5d s  %s' "$name" "$((SECONDS - began))" "$verdict")")
}

# shellcheck disable=SC2086 # LOCKED is empty or one word
clippy_native() { cargo clippy $LOCKED "${NATIVE[@]}" --all-targets -- -D warnings; }

# This is also the proof that nothing of the server has crept into the browser's half: it would not compile.
clippy_wasm() {
    # shellcheck disable=SC2086
    cargo clippy $LOCKED -p guichet-frontend -p guichet-list -p guichet-ticket --target wasm32-unknown-unknown --profile dev -- -D warnings
}

documentation() {
    # shellcheck disable=SC2086
    RUSTDOCFLAGS="--cfg erase_components -D warnings" cargo doc $LOCKED --no-deps "${NATIVE[@]}"
}

licences() {
    if ! cargo deny --version >/dev/null 2>&1; then
        note "cargo-deny is not installed (bash scripts/setup.sh lint builds it): licences are checked by our own script,"
        note "bans, sources and advisories are NOT checked"
        node "$here/lib/licences.mjs"
        return
    fi
    cargo deny --offline check licenses bans sources && advisories
}

# Advisories come from the network; not reaching them is said, not punished.
advisories() {
    if ! timeout 120 cargo deny fetch db >/dev/null 2>&1; then
        note "the advisory database cannot be reached: advisories are NOT checked"
        return 0
    fi
    cargo deny check advisories
}

# One cryptography provider, aws-lc-rs: ring in the server's tree means that a dependency has brought a second one.
no_ring() {
    local tree complaint
    complaint="$(mktemp)"
    # shellcheck disable=SC2086
    tree="$(cargo tree $LOCKED -i ring -e normal,no-proc-macro -p guichet-server 2>"$complaint")" ||
        if ! grep -q 'did not match any packages' "$complaint"; then
            cat "$complaint" >&2
            rm -f "$complaint"
            return 1
        fi
    rm -f "$complaint"
    if [[ -n "$tree" ]]; then
        printf '%s\n' "$tree"
        return 1
    fi
}

check "cargo fmt" cargo fmt --all --check
check "clippy, native" clippy_native
check "clippy, wasm" clippy_wasm
check "cargo doc" documentation
check "licences" licences
check "no ring" no_ring
if [[ -f .stylelintrc.json ]]; then
    check "stylelint" stylelint 'style/**/*.css'
else
    note "stylelint: no .stylelintrc.json, not run"
fi

say "check"
printf '    %s\n' "${report[@]}"
if ((${#failed[@]} > 0)); then
    fail "$(IFS=,; echo "${failed[*]}")"
fi
