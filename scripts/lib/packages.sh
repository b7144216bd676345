# shellcheck shell=bash
# The packages of the native side, named one by one. Never --workspace and never --all-features: the browser's `hydrate`
# and the server's `ssr` in one cargo call would switch effects on in the server. Sourced by test.sh and check.sh, which
# thereby share flags and features, and so one cache.
# shellcheck disable=SC2034
NATIVE=(
    -p guichet-domain -p guichet-entity -p guichet-migration -p guichet-service -p guichet-testing
    -p guichet-app -p guichet-server -p guichet --features guichet-app/ssr
)
