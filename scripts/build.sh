#!/usr/bin/env bash
# Builds the release from beginning to end: the site, and meanwhile the server, whose compiler leaves a core idle for minutes just
# as the site's does; then the binary with both. Result: $CARGO_TARGET_DIR/release/guichet.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
# shellcheck source=scripts/lib/common.sh
source "$here/lib/common.sh"
# shellcheck source=scripts/env.sh
source "$here/env.sh"
cd "$ROOT"
take_lock "$CACHE/$KEY/lock"

server=""
end_server() {
    if [[ -n "$server" ]]; then
        kill -TERM -- "-$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
}
trap end_server EXIT

# A process group of its own, to be ended as a whole, and less urgent: the binary needs the site first.
begin_server() {
    set -m
    # shellcheck disable=SC2086 # LOCKED is empty or one word
    nice -n 10 cargo build $LOCKED --release -p guichet-server >"$CARGO_TARGET_DIR/server-library.log" 2>&1 &
    server=$!
    set +m
}

# Whatever went wrong there is said by the build of the binary.
await_server() {
    wait "$server" || true
    server=""
}

begin_server
bash "$here/build-site.sh"
step "server (release), the rest" await_server
bash "$here/build-server.sh"
