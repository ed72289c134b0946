#!/bin/sh
# Checks the pages' JavaScript and CSS with biome, and their types with TypeScript. Without npm it reports that
# nothing was checked; with REQUIRE_ALL=1 or in CI that is a failure.
set -eu
cd "$(dirname "$0")/.."

if command -v npm >/dev/null; then
    make --silent node_modules/.package-lock.json
    npm run --silent lint
elif [ "${REQUIRE_ALL:-}" = 1 ] || [ -n "${CI:-}" ]; then
    echo "The pages could not be checked. Install npm (Debian, Ubuntu: apt install npm)." >&2
    exit 1
else
    echo "The pages were not checked, because npm is not installed (Debian, Ubuntu: apt install npm)."
fi
