#!/usr/bin/env bash
# Builds the release server with the site inside: one binary, $CARGO_TARGET_DIR/release/guichet.
# Usage: build-server.sh [--copy-to FILE]   The copy is made while the build lock is held, so that nobody else's build
# can slip in between; tests use it.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
# shellcheck source=scripts/lib/common.sh
source "$here/lib/common.sh"
# shellcheck source=scripts/env.sh
source "$here/env.sh"
cd "$ROOT"
copy=""
if [[ "${1:-}" == --copy-to ]]; then
    copy="${2:?--copy-to needs a file name}"
fi
take_lock "$CACHE/$KEY/lock"

site="$CARGO_TARGET_DIR/site"
[[ -f "$site/BUILD" ]] || fail "there is no site yet; run: make site"

compile_server() {
    # shellcheck disable=SC2086 # LOCKED is empty or one word
    GUICHET_SITE_DIR="$site" cargo build $LOCKED --release -p guichet-server --features embed-site
}

step "server (release, site $(cat "$site/BUILD") embedded)" compile_server
binary="$CARGO_TARGET_DIR/release/guichet"
[[ -x "$binary" ]] || fail "cargo made no $binary"
if [[ -n "$copy" ]]; then
    cp --reflink=auto "$binary" "$copy"
fi
note "$binary: $(du -h "$binary" | cut -f 1)"
