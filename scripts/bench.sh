#!/usr/bin/env bash
# Measures the release binary on generated desks of two sizes on both engines, and says whether the cost of a list grows with
# the desk. The small desk has a tenth of the tickets; mails, event streams, automatic closing and customers, which take minutes,
# are measured on the large one alone, which has as many customers as tickets. Everything lies in a folder that goes with the run.
#   TICKETS=100000 CUSTOMERS=100000 SEED=1 ENGINES="sqlite postgres" scripts/bench.sh [arguments of `guichet bench`]
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
# shellcheck source=scripts/lib/common.sh
source "$here/lib/common.sh"
# shellcheck source=scripts/env.sh
source "$here/env.sh"
cd "$ROOT"

bin="${GUICHET_BIN:-$CARGO_TARGET_DIR/release/guichet}"
# The server refuses variables of its prefix that it does not know.
unset GUICHET_BIN
[[ -x "$bin" ]] || fail "no release binary at $bin; run: make build"
tickets="${TICKETS:-100000}"
customers="${CUSTOMERS:-$tickets}"
seed="${SEED:-1}"
read -ra engines <<<"${ENGINES:-sqlite postgres}"
# The engine flushes every commit to this disk, so the folder must not lie in memory; PostgreSQL's own user has to reach it.
work="$(mktemp -d /var/tmp/guichet-bench.XXXXXX)"
chmod 755 "$work"
export GUICHET_LOG=warn
# Two files for each event stream.
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true
cleanup() {
    [[ ! -d "$work/pg/data" ]] || as_postgres "$pg_bin/pg_ctl" -D "$work/pg/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap cleanup EXIT

# PostgreSQL refuses to run as root.
as_postgres() {
    if [[ "$(id -u)" == 0 ]]; then runuser -u postgres -- "$@"; else "$@"; fi
}

start_postgres() {
    pg_bin="$(dirname "$(find_initdb)")"
    mkdir "$work/pg"
    if [[ "$(id -u)" == 0 ]]; then chown postgres "$work/pg"; fi
    as_postgres "$pg_bin/initdb" -D "$work/pg/data" -U guichet -A trust -E UTF8 --no-locale >/dev/null
    # A quarter of the memory, as the manual of PostgreSQL advises for a machine that serves a database.
    local quarter
    quarter="$(awk '/MemTotal/ { printf "%dMB", $2 / 4096 }' /proc/meminfo)"
    as_postgres "$pg_bin/pg_ctl" -D "$work/pg/data" -o "-k $work/pg -c listen_addresses= -c shared_buffers=$quarter" \
        -l "$work/pg/log" -w start >/dev/null
}

# Address of a new database: a file of its own, or a database of the cluster.
address_of() {
    local engine="$1" size="$2"
    if [[ "$engine" == sqlite ]]; then
        printf 'sqlite://%s/%s.db' "$work" "$size"
    else
        as_postgres "$pg_bin/createdb" -h "$work/pg" -U guichet "desk_$size"
        printf 'postgres://guichet@localhost/desk_%s?host=%s' "$size" "$work/pg"
    fi
}

# p50 and p99 of one operation in the table of a run.
figure() { awk -v name="$2" 'index($0, name) { print $(NF - 4), $(NF - 3) }' "$1" | head -n 1; }

compare() {
    local engine="$1" name small large
    for name in "list, first page" "list, deep page" "list, assigned to me" "requests, first page"; do
        small="$(figure "$work/$engine-small" "$name")"
        large="$(figure "$work/$engine-large" "$name")"
        awk -v a="${small%% *}" -v b="${large%% *}" -v n="$name" \
            'BEGIN { printf "%-24s p50 %8.2f ms -> %8.2f ms: %.2f times\n", n, a, b, (a > 0 ? b / a : 0) }'
    done
}

idle_memory() {
    local url="$1" pid ready
    GUICHET_DATABASE_URL="$url" "$bin" serve --data "$work/files" --listen 127.0.0.1:0 >"$work/serve.log" 2>&1 &
    pid=$!
    for ((ready = 0; ready < 100; ready++)); do
        if grep -q "127.0.0.1:" "$work/serve.log"; then break; fi
        sleep 0.1
    done
    awk '/VmRSS/ { printf "idle RSS %.1f MB (limit 60)\n", $2 / 1024 }' "/proc/$pid/status"
    kill "$pid"
    wait "$pid" || true
}

note "$(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo), $(nproc) cores, $(awk '/MemTotal/ { printf "%.0f GB", $2 / 1048576 }' /proc/meminfo), seed $seed"
for engine in "${engines[@]}"; do
    if [[ "$engine" == postgres ]]; then start_postgres; fi
    for size in small large; do
        count="$tickets"
        people=(--customers "$customers" --customer-occurrences $((customers * 10)))
        if [[ "$size" == small ]]; then
            count=$((tickets / 10))
            people=()
        fi
        url="$(address_of "$engine" "$size")"
        began=$SECONDS
        GUICHET_DATABASE_URL="$url" "$bin" demo --data "$work/files" --tickets "$count" --occurrences $((count * 5)) \
            "${people[@]}" --seed "$seed" >"$work/demo.log" 2>&1 || { tail -n 5 "$work/demo.log" >&2; fail "the desk was not made"; }
        # What autovacuum and the checkpointer would have done by the time somebody works on so many tickets.
        if [[ "$engine" == postgres ]]; then
            as_postgres "$pg_bin/vacuumdb" -q -z -h "$work/pg" -U guichet "desk_$size"
            as_postgres "$pg_bin/psql" -q -h "$work/pg" -U guichet -d "desk_$size" -c CHECKPOINT
        fi
        # Nobody works on a disk that is still busy with what was made.
        sync
        extra=()
        if [[ "$size" == small && " $*" != *" --streams"* && " $*" != *" --mail-seconds"* && " $*" != *" --closings"* ]]; then
            extra=(--streams 0 --mail-seconds 0 --closings 0)
        fi
        say "$engine: $count tickets, $((count * 5)) occurrences (made in $((SECONDS - began)) s)"
        GUICHET_DATABASE_URL="$url" "$bin" bench --data "$work/files" "${extra[@]}" "$@" | tee "$work/$engine-$size"
    done
    say "$engine: from $((tickets / 10)) to $tickets tickets (limit 1.3 times)"
    compare "$engine"
    idle_memory "$url"
done
