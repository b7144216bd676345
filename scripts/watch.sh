#!/usr/bin/env bash
# Development: rebuilds and reloads at every change of a source. Style and scripts are built once at the start; after a
# change there, start again. The data of development lies in ./data, as with `make run`.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
# shellcheck source=scripts/lib/common.sh
source "$here/lib/common.sh"
# shellcheck source=scripts/env.sh
source "$here/env.sh"
cd "$ROOT"

# A site folder of its own: cargo-leptos empties it at every start, and the release site must not suffer.
export LEPTOS_SITE_ROOT="$CARGO_TARGET_DIR/watch-site"
export LEPTOS_ASSETS_DIR="$CARGO_TARGET_DIR/watch-assets"
rm -rf "$LEPTOS_ASSETS_DIR"
mkdir -p "$LEPTOS_ASSETS_DIR"
step "style, scripts, fonts, icons" node scripts/build-assets.mjs --out "$LEPTOS_ASSETS_DIR"
exec cargo leptos watch -- "${@:-serve}"
