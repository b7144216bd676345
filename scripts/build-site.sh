#!/usr/bin/env bash
# Builds the release site: everything a browser loads. Result: $CARGO_TARGET_DIR/site, with the file BUILD, which holds
# the first 12 hex digits of a SHA-256 over all files, and the same files packed in $CARGO_TARGET_DIR/site-packed. A site that
# has not changed is left alone, file times included, so that the server is not rebuilt for nothing. Ends with the sizes, and
# fails above the ceiling.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
# shellcheck source=scripts/lib/common.sh
source "$here/lib/common.sh"
# shellcheck source=scripts/env.sh
source "$here/env.sh"
cd "$ROOT"
take_lock "$CACHE/$KEY/lock"

# The bundles (app/src/bundle.rs), packages of the same names; pages ask for pkg/guichet-list.js and .wasm.
BUNDLES=(guichet-list guichet-ticket)
site="$CARGO_TARGET_DIR/site"
packed="$CARGO_TARGET_DIR/site-packed"
# Finished parts wait here between runs, each beside a stamp: the hash of what it was made from.
parts="$CARGO_TARGET_DIR/site-work"
mkdir -p "$parts"
stage="$(mktemp -d "$CARGO_TARGET_DIR/site-stage.XXXXXX")"
trap 'rm -rf "$stage" "$parts/pkg.new" "$parts/assets.new"' EXIT

compile_wasm() {
    # shellcheck disable=SC2086 # LOCKED is empty or one word
    cargo build $LOCKED "${BUNDLES[@]/#/--package=}" --profile wasm-release --target wasm32-unknown-unknown
}

fresh() { [[ -d "$parts/$1" && -f "$parts/$1.stamp" && "$(cat "$parts/$1.stamp")" == "$2" ]]; }

# Puts a finished part in its place and remembers what it was made from.
keep() {
    rm -rf "${parts:?}/$1" "$parts/$1.stamp"
    mv "$parts/$1.new" "$parts/$1"
    printf '%s\n' "$2" >"$parts/$1.stamp"
}

# The features are those rustc switches on for this target; without naming them wasm-opt refuses the file.
# Twice, because the first time leaves work for a second one; a third finds none. Low memory is the end of the stack: nothing
# lies there. Functions that call each other stand together, which packs better.
pack_bundle() {
    local name="$1" out="$2"
    wasm-bindgen --target web --no-typescript --out-name "$name" --out-dir "$out" "$compiled/${name//-/_}.wasm" &&
        wasm-opt --low-memory-unused -Oz -Oz --reorder-functions \
            --enable-bulk-memory --enable-bulk-memory-opt --enable-nontrapping-float-to-int --enable-sign-ext \
            --enable-mutable-globals --enable-reference-types --enable-multivalue --enable-call-indirect-overlong \
            --strip-debug --strip-producers "$out/${name}_bg.wasm" -o "$out/$name.wasm" &&
        rm "$out/${name}_bg.wasm" &&
        esbuild "$out/$name.js" --minify --format=esm --target=es2022 --log-level=warning --allow-overwrite --outfile="$out/$name.js"
}

pack_wasm() {
    local compiled="$CARGO_TARGET_DIR/wasm32-unknown-unknown/wasm-release" out="$parts/pkg.new" stamp name jobs=() job
    stamp="$( (for name in "${BUNDLES[@]}"; do sha256sum <"$compiled/${name//-/_}.wasm" || exit; done &&
        wasm-bindgen --version && wasm-opt --version && esbuild --version &&
        sha256sum <"$here/build-site.sh") | sha256sum | cut -d ' ' -f 1)"
    if fresh pkg "$stamp"; then
        note "the wasm files have not changed"
        return 0
    fi
    rm -rf "$out"
    for name in "${BUNDLES[@]}"; do
        pack_bundle "$name" "$out" &
        jobs+=("$!")
    done
    for job in "${jobs[@]}"; do
        wait "$job"
    done
    keep pkg "$stamp"
}

build_assets() {
    local out="$parts/assets.new" stamp sources
    # Folders of public/ are made by the step itself. The Rust sources count because of their class names.
    mapfile -t sources < <(find public -mindepth 1 -maxdepth 1 -type f 2>/dev/null | LC_ALL=C sort)
    sources+=(style frontend/js app/src app/locales package-lock.json scripts/build-assets.mjs)
    stamp="$( (hash_of "${sources[@]}" && node --version) | sha256sum | cut -d ' ' -f 1)"
    if fresh assets "$stamp"; then
        note "style, scripts, words and pictures have not changed"
        return 0
    fi
    rm -rf "$out"
    mkdir -p "$out"
    node scripts/build-assets.mjs --out "$out"
    [[ -n "$(ls -A "$out")" ]] || fail "scripts/build-assets.mjs wrote nothing"
    keep assets "$stamp"
}

# The hash of a site: names and contents in a fixed order, so that the same site has the same name on every machine.
build_of() {
    (cd "$1" && find . -type f ! -path ./BUILD -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -c 1-12)
}

assemble() {
    local build
    cp -R "$parts/assets/." "$stage/"
    cp -R "$parts/pkg" "$stage/pkg"
    build="$(build_of "$stage")"
    if [[ -f "$site/BUILD" && "$(cat "$site/BUILD")" == "$build" && "$(build_of "$site")" == "$build" ]]; then
        note "the site is unchanged: $build"
        return 0
    fi
    printf '%s' "$build" >"$stage/BUILD"
    chmod -R u+rwX,go+rX "$stage"
    rm -rf "$site.old"
    if [[ -e "$site" ]]; then
        mv -T "$site" "$site.old"
    fi
    mv -T "$stage" "$site"
    rm -rf "$site.old"
    note "$site, build $build"
}

step "frontend (wasm-release)" compile_wasm
step "wasm-bindgen, wasm-opt, esbuild" pack_wasm
step "style, scripts, words, fonts, icons" build_assets
step "site" assemble
step "packing" node "$here/lib/pack-site.mjs" "$site" "$packed"
node "$here/lib/site-size.mjs" "$site" "$packed"
