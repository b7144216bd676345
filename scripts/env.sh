# shellcheck shell=bash
# Sourced by every make target and script, never run: chooses the Rust toolchain and the cache folders.
# It works from any folder, as root or not, with and without a terminal. It returns 1 with a hint when no toolchain is
# ready; setup.sh sets ENV_LENIENT=1 to be let through in that case, because making one ready is its work.
#
# Deliberately not exported: RUSTFLAGS. `.cargo/config.toml` carries the flags of every build, and a RUSTFLAGS variable
# from outside would silently replace them, so such variables are removed here.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
export ROOT
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_RUSTFLAGS CARGO_BUILD_TARGET CARGO_BUILD_TARGET_DIR

if [[ -n "${HOME:-}" && -d "$HOME/.cargo/bin" ]] && ! command -v cargo >/dev/null 2>&1; then
    PATH="$HOME/.cargo/bin:$PATH"
fi

# Prepends a folder to PATH unless it is already there.
env_path_first() {
    case ":$PATH:" in
        *":$1:"*) ;;
        *) PATH="$1:$PATH" ;;
    esac
}

# Runs rustc of a toolchain ("" is the current one) in the project folder, where rustup would look for overrides.
env_rustc() {
    local toolchain="$1"
    shift
    if [[ -n "$toolchain" ]]; then
        (cd "$ROOT" && RUSTUP_TOOLCHAIN="$toolchain" rustc "$@")
    else
        (cd "$ROOT" && rustc "$@")
    fi
}

# True when the toolchain is as new as `rust-version` asks and has a standard library for the browser.
env_toolchain_ready() {
    local toolchain="$1" need have libdir
    command -v rustc >/dev/null 2>&1 || return 1
    need="$(sed -n 's/^rust-version *= *"\([0-9.]*\)".*/\1/p' "$ROOT/Cargo.toml" | head -n 1)"
    have="$(env_rustc "$toolchain" --version 2>/dev/null | awk '{print $2}')" || return 1
    have="${have%%-*}"
    [[ -n "$have" ]] || return 1
    [[ "$(printf '%s\n%s\n' "${need:-0}" "$have" | sort -V | head -n 1)" == "${need:-0}" ]] || return 1
    libdir="$(env_rustc "$toolchain" --print target-libdir --target wasm32-unknown-unknown 2>/dev/null)" || return 1
    compgen -G "$libdir/libstd-*.rlib" >/dev/null
}

# The default toolchain if it is complete, else the linked one of Debian; one toolchain for all steps, because two of
# them are two caches and two opinions of clippy.
env_choose_toolchain() {
    if env_toolchain_ready ""; then
        return 0
    fi
    if command -v rustup >/dev/null 2>&1 && env_toolchain_ready debian; then
        export RUSTUP_TOOLCHAIN=debian
        return 0
    fi
    return 1
}

env_set_cache() {
    CACHE="${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/guichet"
    KEY="$(env_rustc "" -vV | sha256sum | cut -c 1-12)"
    export CACHE KEY
    export CARGO_TARGET_DIR="$CACHE/$KEY/target"
    export TOOLS="$CACHE/$KEY/tools"
    mkdir -p "$CARGO_TARGET_DIR" "$TOOLS/bin"
    env_path_first "$TOOLS/bin"
    env_own_target
}

# Clones share one target, for the sake of the dependencies. Cargo tells fresh from stale by the age of a file, so what
# another clone built later would pass for a build of this one: our own crates are forgotten when the clone changes.
env_own_target() {
    local mark="$CARGO_TARGET_DIR/.clone"
    if [[ "$(cat "$mark" 2>/dev/null)" != "$ROOT" ]]; then
        env_wait_for_builds
        find "$CARGO_TARGET_DIR" -maxdepth 4 -type d -path '*/.fingerprint/guichet-*' -prune -exec rm -rf {} +
        printf '%s' "$ROOT" > "$mark"
    fi
}

# Cargo keeps a lock file in every folder it builds into for as long as it works there.
env_wait_for_builds() {
    local lock
    while IFS= read -r lock; do
        flock "$lock" true
    done < <(find "$CARGO_TARGET_DIR" -maxdepth 3 -type f -name '.cargo*lock')
}

# A build in CI must not rewrite Cargo.lock; at home it may, that is how a new dependency arrives.
LOCKED=""
if [[ -n "${CI:-}" && "${CI:-}" != "false" ]]; then
    LOCKED="--locked"
fi
export LOCKED
export CARGO_NET_RETRY="${CARGO_NET_RETRY:-5}"
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
if [[ -z "${CHROMIUM:-}" ]]; then
    CHROMIUM="$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)"
fi
export CHROMIUM

if env_choose_toolchain; then
    env_set_cache
elif [[ "${ENV_LENIENT:-}" != 1 ]]; then
    echo "env: no Rust toolchain with a standard library for wasm32-unknown-unknown is ready; run: bash scripts/setup.sh run" >&2
    return 1
fi
# node_modules comes first, so that the versions of package-lock.json win over whatever the machine has.
env_path_first "$ROOT/node_modules/.bin"
export PATH
