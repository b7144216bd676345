# shellcheck shell=bash
# Helpers of the scripts: messages, elapsed time, root rights, the build lock. Sourced, never run.

say() { printf '==> %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Runs a named step and says how many seconds it took; the step's own failure ends the script (set -e stays in force).
step() {
    local name="$1" began=$SECONDS
    shift
    say "$name"
    "$@"
    note "$name: $((SECONDS - began)) s"
}

# Runs a command as root: directly, or by sudo where it asks no password.
as_root() {
    if [[ "$(id -u)" == 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        fail "this needs root and sudo without a password is not available; run as root: $*"
    fi
}

# One build at a time per cache: the site, the tools and the release binary are shared by all clones of this machine.
# The lock is held until the calling shell ends; scripts started from there see that it is theirs and do not wait.
take_lock() {
    local file="$1"
    if [[ "${LOCK_HELD:-}" == "$file" ]]; then
        return 0
    fi
    mkdir -p "$(dirname "$file")"
    command -v flock >/dev/null 2>&1 || fail "flock is missing (package util-linux)"
    exec {LOCK_FD}>>"$file"
    if ! flock -n "$LOCK_FD"; then
        note "another build holds $file, waiting for it"
        flock "$LOCK_FD"
    fi
    export LOCK_HELD="$file"
}

# SHA-256 over the names and contents of all files below the given paths; missing paths count as empty.
hash_of() {
    local path
    for path in "$@"; do
        if [[ -e "$path" ]]; then
            find "$path" -type f -print0
        fi
    done | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -d ' ' -f 1
}

in_ci() { [[ -n "${CI:-}" && "${CI:-}" != "false" ]]; }

# Path of PostgreSQL's initdb, newest version first; fails when there is none.
find_initdb() {
    local found
    found="$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)" || true
    if [[ -z "$found" ]]; then
        found="$(command -v initdb)" || return 1
    fi
    printf '%s\n' "$found"
}
