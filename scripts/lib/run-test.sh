#!/usr/bin/env bash
# Runs one test binary for cargo, in the folder of its package. The tests of the server render pages, each in a runtime of its own;
# two at a time in one process make a page wait for ever now and then, which no server does, as it has one runtime.
set -euo pipefail
if [[ "$PWD" == */server ]]; then
    export RUST_TEST_THREADS=1
fi
exec "$@"
