#!/usr/bin/env bash
# Brings a bare machine to the point where the make targets work. Idempotent: every step looks first and does only what
# is missing; it never asks a question. Usage: setup.sh [run|test|lint|all]
#   run    what `make run` and `make watch` need: Rust with wasm32, C compiler, Node packages, wasm-bindgen
#   test   run, and Chromium and PostgreSQL
#   lint   run, and cargo-deny and cargo-shear (slow to build; `make check` manages without)
#   all    test and lint
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
# shellcheck source=scripts/lib/common.sh
source "$here/lib/common.sh"
export ENV_LENIENT=1
# shellcheck source=scripts/env.sh
source "$here/env.sh"
cd "$ROOT"

CARGO_DENY=0.20.2
CARGO_SHEAR=1.14.0
NODE_MIN=20
TARGET_LIMIT_KB=$((20 * 1024 * 1024))
WASM=wasm32-unknown-unknown
what="${1:-run}"
work=""
trap 'if [[ -n "$work" ]]; then rm -rf "$work"; fi' EXIT

# --- packages of the system ---------------------------------------------------------------------------------------

missing_packages() {
    local package
    for package in "$@"; do
        if [[ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]]; then
            printf '%s\n' "$package"
        fi
    done
}

# Installs what is missing of the named Debian packages; tries twice, because mirrors have bad moments.
apt_install() {
    local missing
    command -v apt-get >/dev/null 2>&1 || fail "no apt-get here; please install by other means: $*"
    mapfile -t missing < <(missing_packages "$@")
    if ((${#missing[@]} == 0)); then
        return 0
    fi
    note "installing ${missing[*]}"
    local attempt
    for attempt in 1 2; do
        if as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 update </dev/null &&
            as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 \
                install --no-install-recommends "${missing[@]}" </dev/null >/dev/null; then
            return 0
        fi
        note "apt-get failed (attempt $attempt)"
        sleep $((attempt * 3))
    done
    fail "could not install: ${missing[*]}"
}

c_compiler() {
    if ! command -v cc >/dev/null 2>&1 || ! command -v gcc >/dev/null 2>&1; then
        apt_install gcc libc6-dev
    fi
    note "$(gcc --version | head -n 1)"
}

# --- Rust ---------------------------------------------------------------------------------------------------------

# Debian ships no standard library for wasm32, but its source. It is built once into the sysroot, with bitcode, without
# which link-time optimisation of the site would fail.
build_wasm_std() {
    local lib
    lib="$(rustc --print sysroot)/lib/rustlib/$WASM/lib"
    note "building the standard library for $WASM"
    work="$(mktemp -d)"
    mkdir "$work/src"
    : >"$work/src/lib.rs"
    printf '[package]\nname = "seed"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n' >"$work/Cargo.toml"
    (
        cd "$work"
        RUSTC_BOOTSTRAP=1 RUSTFLAGS='-C embed-bitcode=yes' CARGO_TARGET_DIR="$work/target" \
            cargo build --quiet --release -Zbuild-std=std,panic_abort --target "$WASM"
        mkdir lib
        find "target/$WASM/release/deps" -name '*.rlib' ! -name 'libseed*' -exec cp {} lib \;
        rustc -vV >lib/.built-by
    )
    compgen -G "$work/lib/libstd-*.rlib" >/dev/null || fail "building the standard library for $WASM gave no libstd"
    # The folder is emptied first: two builds side by side are two candidates for the crate `std`.
    as_root rm -rf "$lib"
    as_root mkdir -p "$lib"
    as_root cp -R "$work/lib/." "$lib/"
    rm -rf "$work"
    work=""
    # Whatever was compiled against the former std is of no use any more.
    env_set_cache
    rm -rf "${CARGO_TARGET_DIR:?}/$WASM" "$CARGO_TARGET_DIR/front" "$CARGO_TARGET_DIR/site-work"
}

# Readiness is tested by doing: a small library must compile and link with the settings of the release site.
# The trial is repeated only after something in the standard library's folder has changed.
trial_compile() {
    local lib mark stamp
    lib="$(rustc --print target-libdir --target "$WASM")"
    mark="$( (rustc -vV && ls -l --time-style=full-iso "$lib") | sha256sum | cut -d ' ' -f 1)"
    stamp="$CACHE/$KEY/wasm-std.ok"
    if [[ -f "$stamp" && "$(cat "$stamp")" == "$mark" ]]; then
        return 0
    fi
    work="$(mktemp -d)"
    cat >"$work/trial.rs" <<'RUST'
#[unsafe(no_mangle)]
pub extern "C" fn trial(n: usize) -> usize {
    vec![1_usize; n].iter().sum()
}
RUST
    if rustc --edition 2024 --crate-type cdylib --target "$WASM" -C lto=fat -C panic=abort -C opt-level=z \
        -o "$work/trial.wasm" "$work/trial.rs" 2>"$work/log"; then
        printf '%s\n' "$mark" >"$stamp"
        rm -rf "$work"
        work=""
        return 0
    fi
    cat "$work/log" >&2
    rm -rf "$work"
    work=""
    return 1
}

# True when a standard library that we built ourselves belongs to another version of rustc.
std_outdated() {
    local built_by
    built_by="$(rustc --print target-libdir --target "$WASM")/.built-by"
    [[ -f "$built_by" ]] && ! rustc -vV | cmp -s - "$built_by"
}

debian_rust() {
    apt_install rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy rustfmt-web lld-22
    if command -v rustup >/dev/null 2>&1; then
        if ! rustup toolchain list | grep -q '^debian\b'; then
            rustup toolchain link debian /usr
        fi
        export RUSTUP_TOOLCHAIN=debian
    fi
    if ! env_toolchain_ready ""; then
        build_wasm_std
    fi
}

rust_toolchain() {
    if ! env_choose_toolchain; then
        if command -v rustup >/dev/null 2>&1 && timeout 60 rustup target add "$WASM" </dev/null && env_choose_toolchain; then
            note "rustup has added $WASM"
        else
            note "rustup is absent or cannot provide $WASM; using Debian's Rust for the web"
            debian_rust
        fi
    fi
    env_choose_toolchain || fail "no Rust toolchain with a standard library for $WASM, not even after installing one"
    env_set_cache
    if std_outdated; then
        build_wasm_std
    fi
    if ! trial_compile; then
        [[ -f "$(rustc --print target-libdir --target "$WASM")/.built-by" ]] ||
            fail "$(rustc --version) cannot link for $WASM (see above); repair: rustup target add $WASM"
        build_wasm_std
        trial_compile || fail "the standard library for $WASM is unusable even after a rebuild (see above)"
    fi
    if ! cargo clippy --version >/dev/null 2>&1 || ! cargo fmt --version >/dev/null 2>&1; then
        timeout 60 rustup component add clippy rustfmt </dev/null ||
            note "clippy or rustfmt is missing and could not be added; 'make check' will fail"
    fi
    note "$(rustc --version), cache $CACHE/$KEY"
}

# --- Node ---------------------------------------------------------------------------------------------------------

node_major() { node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0; }

node_runtime() {
    if (($(node_major) < NODE_MIN)) || ! command -v npm >/dev/null 2>&1; then
        local offered=""
        if command -v apt-cache >/dev/null 2>&1; then
            offered="$(apt-cache policy nodejs | sed -n 's/^ *Candidate: \([0-9]*\)\..*/\1/p')"
        fi
        if ((${offered:-0} >= NODE_MIN)); then
            apt_install nodejs npm
        fi
    fi
    if (($(node_major) < NODE_MIN)) || ! command -v npm >/dev/null 2>&1; then
        fail "Node $NODE_MIN or newer with npm is missing (found: $(node --version 2>/dev/null || echo none))"
    fi
    note "node $(node --version), npm $(npm --version 2>/dev/null)"
}

node_packages() {
    local want mark=node_modules/.guichet-lock-hash attempt
    [[ -f package-lock.json ]] || fail "package-lock.json is missing"
    want="$(cat package.json package-lock.json | sha256sum | cut -d ' ' -f 1)"
    if [[ -f "$mark" && "$(cat "$mark")" == "$want" ]]; then
        note "node_modules is up to date"
        return 0
    fi
    # A node_modules that somebody installed by hand is taken over when it holds exactly what the lock file says.
    if [[ node_modules/.package-lock.json -nt package-lock.json ]] && node "$here/lib/npm-fresh.mjs"; then
        note "node_modules equals package-lock.json"
        printf '%s\n' "$want" >"$mark"
        return 0
    fi
    for attempt in 1 2; do
        if npm ci --no-audit --no-fund --prefer-offline </dev/null; then
            printf '%s\n' "$want" >"$mark"
            return 0
        fi
        note "npm ci failed (attempt $attempt)"
        sleep $((attempt * 3))
    done
    fail "npm ci failed twice"
}

# --- tools built by cargo -----------------------------------------------------------------------------------------

# The version of a crate in Cargo.lock.
locked_version() { awk -v name="$1" '$0 == "name = \"" name "\"" { getline; gsub(/version = |"/, ""); print; exit }' Cargo.lock; }

program_has_version() { [[ " $("$1" --version 2>/dev/null | head -n 1) " == *" $2 "* ]]; }

# cargo_tool CRATE VERSION PROGRAM [ARGUMENTS OF CARGO INSTALL]
# Tools are built without optimising: they run for seconds, and with their own settings one of them alone may take half
# an hour on two cores.
cargo_tool() {
    local crate="$1" version="$2" program="$TOOLS/bin/$3" attempt
    shift 3
    if program_has_version "$program" "$version"; then
        note "$crate $version is there"
        return 0
    fi
    take_lock "$CACHE/$KEY/lock"
    for attempt in 1 2; do
        note "building $crate $version (attempt $attempt)"
        # Not from the project folder: the flags in .cargo/config.toml are not meant for tools.
        if (
            cd /
            CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 CARGO_PROFILE_RELEASE_OPT_LEVEL=0 \
                CARGO_PROFILE_RELEASE_DEBUG=false CARGO_TARGET_DIR="$CACHE/$KEY/tools-build" \
                cargo install --quiet --force --root "$TOOLS" "$crate" --version "$version" "$@"
        ); then
            break
        fi
    done
    program_has_version "$program" "$version" ||
        fail "$program does not report version $version after building it"
    rm -rf "$CACHE/$KEY/tools-build"
}

wasm_bindgen() {
    local version
    version="$(locked_version wasm-bindgen)"
    [[ -n "$version" ]] || fail "Cargo.lock names no wasm-bindgen"
    # Without --locked: a version pinned in its own lock file may be gone from the index. Without its default features: TLS is
    # for its test runner alone.
    cargo_tool wasm-bindgen-cli "$version" wasm-bindgen --bin wasm-bindgen --no-default-features
}

lint_tools() {
    cargo_tool cargo-deny "$CARGO_DENY" cargo-deny --locked
    cargo_tool cargo-shear "$CARGO_SHEAR" cargo-shear --locked
}

# --- tests --------------------------------------------------------------------------------------------------------

browser() {
    if [[ -z "$CHROMIUM" ]]; then
        apt_install chromium fonts-liberation fonts-noto-color-emoji
        CHROMIUM="$(command -v chromium)" || fail "chromium is installed but not in PATH"
    fi
    note "$CHROMIUM"
}

# Makes the certificates of the mail server in the tests.
openssl_program() {
    command -v openssl >/dev/null 2>&1 || apt_install openssl
    note "$(openssl version)"
}

postgresql() {
    if [[ "${GUICHET_TEST_ENGINES:-}" == sqlite ]]; then
        note "not needed: GUICHET_TEST_ENGINES=sqlite"
        return 0
    fi
    if ! find_initdb >/dev/null; then
        local package=postgresql-15
        # Releases other than Debian 12 carry another version; the package without a number brings theirs.
        if ! apt-cache show "$package" >/dev/null 2>&1; then
            package=postgresql
        fi
        apt_install "$package"
    fi
    # Only the programs are used: the tests start a cluster of their own and never touch one of the system.
    note "$(find_initdb)"
}

# --- caches -------------------------------------------------------------------------------------------------------

# True when somebody is building in the folder: cargo and our scripts keep a lock file there while they work.
busy() {
    local lock
    while IFS= read -r lock; do
        if ! flock -n "$lock" true; then
            return 0
        fi
    done < <(find "$1" -maxdepth 4 -type f \( -name 'lock' -o -name '.cargo*lock' \) 2>/dev/null)
    return 1
}

tidy_caches() {
    local folder size
    for folder in "$CACHE"/*/; do
        folder="${folder%/}"
        if [[ "$(basename "$folder")" =~ ^[0-9a-f]{12}$ && "$(basename "$folder")" != "$KEY" ]] && ! busy "$folder"; then
            note "removing the cache of another compiler: $folder"
            rm -rf "$folder"
        fi
    done
    size="$(du -sk "$CARGO_TARGET_DIR" | cut -f 1)"
    if ((size > TARGET_LIMIT_KB)); then
        if busy "$CARGO_TARGET_DIR"; then
            note "$CARGO_TARGET_DIR is larger than 20 GB, but in use"
        else
            note "removing $CARGO_TARGET_DIR: $((size / 1024 / 1024)) GB"
            rm -rf "$CARGO_TARGET_DIR"
            mkdir -p "$CARGO_TARGET_DIR"
        fi
    fi
}

# The toolchain step runs before the cache of this compiler is known, hence under a lock of its own.
toolchain_step() {
    local cache="${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/guichet"
    mkdir -p "$cache"
    exec {toolchain_lock}>>"$cache/toolchain.lock"
    flock "$toolchain_lock"
    rust_toolchain
    exec {toolchain_lock}>&-
}

case "$what" in
    run | test | lint | all) ;;
    *) fail "usage: setup.sh [run|test|lint|all]" ;;
esac
step "C compiler" c_compiler
step "Rust with $WASM" toolchain_step
step "caches" tidy_caches
step "Node" node_runtime
step "Node packages" node_packages
step "wasm-bindgen" wasm_bindgen
if [[ "$what" == test || "$what" == all ]]; then
    step "Chromium" browser
    step "PostgreSQL" postgresql
    step "OpenSSL" openssl_program
fi
if [[ "$what" == lint || "$what" == all ]]; then
    step "cargo-deny, cargo-shear" lint_tools
fi
say "setup $what: ready after $SECONDS s"
