#!/bin/sh
# Checks the pages' JavaScript and CSS: biome, and TypeScript's compiler by the types in the comments. Without npm it
# says that they were not checked; where nothing may be left out (REQUIRE_ALL=1, or CI) that is a failure.
set -eu
cd "$(dirname "$0")/.."

if command -v npm >/dev/null; then
    make --silent node_modules/.package-lock.json
    npm run --silent lint
elif [ "${REQUIRE_ALL:-}" = 1 ] || [ -n "${CI:-}" ]; then
    echo "The pages could not be checked: install npm (Debian, Ubuntu: apt install npm)." >&2
    exit 1
else
    echo "The pages were not checked, for npm is not here (Debian, Ubuntu: apt install npm)."
fi
