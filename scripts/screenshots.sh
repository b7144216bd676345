#!/usr/bin/env bash
# Takes the pictures of the documentation, by Playwright and the binary of the browser tests. Arguments go to Playwright.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
PLAYWRIGHT_CONFIG=end2end/screenshots.config.ts exec bash "$here/e2e.sh" "$@"
