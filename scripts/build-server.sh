#!/usr/bin/env bash
# Builds the server with the site inside, one binary: $CARGO_TARGET_DIR/release/guichet.
# Usage: build-server.sh [--for-tests FILE]   Builds the binary of the browser tests and copies it to FILE. It differs from
# a release in speed alone, and nearly all of it is there already once the Rust tests are. The copy is made while the build
# lock is held, so that nobody else's build can slip in between.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
# shellcheck source=scripts/lib/common.sh
source "$here/lib/common.sh"
# shellcheck source=scripts/env.sh
source "$here/env.sh"
# shellcheck source=scripts/lib/packages.sh
source "$here/lib/packages.sh"
cd "$ROOT"
copy=""
if [[ "${1:-}" == --for-tests ]]; then
    copy="${2:?--for-tests needs a file name}"
fi
take_lock "$CACHE/$KEY/lock"

site="$CARGO_TARGET_DIR/site-packed"
[[ -f "$site/BUILD" ]] || fail "there is no site yet; run: make site"

compile_server() {
    # shellcheck disable=SC2086 # LOCKED is empty or one word
    GUICHET_SITE_DIR="$site" cargo build $LOCKED "$@"
}

if [[ -n "$copy" ]]; then
    step "server (debug, site $(cat "$site/BUILD") embedded)" compile_server "${NATIVE[@]}" --features guichet/embed-site
    binary="$CARGO_TARGET_DIR/debug/guichet"
else
    step "server (release, site $(cat "$site/BUILD") embedded)" compile_server --release -p guichet --features embed-site
    binary="$CARGO_TARGET_DIR/release/guichet"
fi
[[ -x "$binary" ]] || fail "cargo made no $binary"
if [[ -n "$copy" ]]; then
    mkdir -p "$(dirname "$copy")"
    cp --reflink=auto "$binary" "$copy"
fi
note "$binary: $(du -h "$binary" | cut -f 1)"
