#!/usr/bin/env bash
# Development: builds without optimisation, serves ./data, and builds again what a change touches: Rust of the pages → the
# bundle and the server, Rust of the server → the server, style, scripts and words → the assets. Then the server starts
# anew and open pages say that there is a new version.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
# shellcheck source=scripts/lib/common.sh
source "$here/lib/common.sh"
# shellcheck source=scripts/lib/packages.sh
source "$here/lib/packages.sh"
# shellcheck source=scripts/env.sh
source "$here/env.sh"
cd "$ROOT"

# A site of its own: the release site must not suffer.
site="$CARGO_TARGET_DIR/watch-site"
export GUICHET_SITE_DIR="$site"
mkdir -p "$site/pkg"
stamp="$(mktemp)"
server=
cleanup() {
    [[ -z "$server" ]] || kill "$server" 2>/dev/null || true
    rm -f "$stamp"
}
trap cleanup EXIT

assets() { node scripts/build-assets.mjs --out "$site" >/dev/null; }

browser() {
    local name
    cargo build --quiet -p guichet-list -p guichet-ticket --target wasm32-unknown-unknown || return 1
    for name in guichet-list guichet-ticket; do
        wasm-bindgen --target web --no-typescript --debug --out-name "$name" --out-dir "$site/pkg" \
            "$CARGO_TARGET_DIR/wasm32-unknown-unknown/debug/${name//-/_}.wasm" &&
            mv -f "$site/pkg/${name}_bg.wasm" "$site/pkg/$name.wasm" || return 1
    done
}

# The packages of the tests, so that nothing is compiled twice.
native() { cargo build --quiet "${NATIVE[@]}"; }

serve() {
    if [[ -n "$server" ]]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    date +%s%N | sha256sum | cut -c 1-12 | tr -d '\n' >"$site/BUILD"
    "$CARGO_TARGET_DIR/debug/guichet" "$@" &
    server=$!
}

changed() { find "$@" -type f -newer "$stamp" -print -quit 2>/dev/null | grep -q .; }

# Two cores: the bundle and the server are compiled side by side.
pages() {
    local job failed=0
    browser &
    job=$!
    native || failed=1
    wait "$job" || failed=1
    return "$failed"
}

assets
pages || fail "it does not build"
serve "${@:-serve}"
while sleep 0.3; do
    began=$SECONDS
    if changed app/src app/locales app/build.rs crates/domain/src frontend/src frontend/list frontend/ticket; then
        work=pages
    elif changed crates server; then
        work=native
    elif changed style frontend/js public; then
        work=assets
    else
        continue
    fi
    next="$(mktemp)"
    if changed style frontend/js public app/locales app/src; then assets || true; fi
    if [[ "$work" == assets ]] || "$work"; then
        serve "${@:-serve}"
        say "$work: $((SECONDS - began)) s"
    else
        say "$work: it does not build; the former version goes on"
    fi
    mv -f "$next" "$stamp"
done
