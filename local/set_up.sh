#!/bin/sh
# Updates the virtual environments from requirements/*.txt: .venv for the tools and the tests, and .local/cloud for
# the local cloud (it pins its own botocore, and the functions that its interpreter runs must find only their layer).
# With the argument cloud-lint also .local/cloud-lint, for checkov, which pins boto3.
# It takes no time if nothing changed. PYTHON names another interpreter.
set -eu
cd "$(dirname "$0")/.."

venv=.venv
supported="3.11 3.12 3.13 3.14" # Lambda's versions

fail() {
    echo "$1" >&2
    exit 1
}

failed_to_install() {
    fail "Setting up failed for the reason above. If you use a PyPI mirror, set both PIP_INDEX_URL and UV_DEFAULT_INDEX to its address."
}

version() { # interpreter
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true
}

is_supported() { # version
    case " $supported " in
    *" ${1:-none} "*) true ;;
    *) false ;;
    esac
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        found=$(version "$PYTHON")
        is_supported "$found" ||
            fail "$PYTHON is ${found:+Python $found, }not one of the supported versions ($supported). Name one of them, for example PYTHON=python3.13."
        return
    fi
    for PYTHON in python3 python3.14 python3.13 python3.12 python3.11; do
        if is_supported "$(version "$PYTHON")"; then return; fi
    done
    found=$(version python3)
    fail "Python $supported is needed, but python3 is ${found:-missing}. Install one of these versions (Debian, Ubuntu: apt install python3 python3-venv), or name it, for example PYTHON=/opt/python3.13/bin/python3."
}

create_venv() {
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$PYTHON has no venv module. Install it (Debian, Ubuntu: apt install python3-venv)."
    echo "Setting up $venv with Python $wanted (a minute or two on a fresh machine) ..."
    "$PYTHON" -m venv --clear "$venv" || failed_to_install
    # Install uv by the hashes of the lock; uv installs the rest.
    awk '/^uv==/ { wanted = 1 } wanted { print } wanted && !/\\$/ { exit }' requirements/dev.txt >"$venv/uv.txt"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
        --requirement "$venv/uv.txt" || failed_to_install
}

sync() { # environment, requirements
    if cmp -s "$2" "$1/requirements.txt"; then return; fi
    # On a terminal uv shows its progress; otherwise it would list every package.
    quiet=--quiet
    if [ -t 2 ]; then quiet=; fi
    # shellcheck disable=SC2086 # an empty variable must add no argument
    "$venv/bin/uv" pip sync $quiet --require-hashes --python "$1/bin/python" "$2" || failed_to_install
    cp "$2" "$1/requirements.txt"
}

sync_apart() { # environment, requirements, what runs in it
    if [ "$(version "$1/bin/python")" != "$wanted" ]; then
        echo "Setting up $3 in $1 ..."
        "$venv/bin/python" -m venv --clear --without-pip "$1" || failed_to_install
    fi
    sync "$1" "$2"
}

wanted=$(version "$venv/bin/python")
if [ -n "${PYTHON:-}" ] || ! is_supported "$wanted"; then
    find_python
    wanted=$(version "$PYTHON")
fi
if [ "$(version "$venv/bin/python")" != "$wanted" ] || ! "$venv/bin/uv" --version >/dev/null 2>&1; then
    find_python
    create_venv
fi
sync "$venv" requirements/dev.txt
# Lambda puts the layer and the functions on the path; here the environment does.
printf '../../../../%s\n' layers/common functions >"$venv/lib/python$wanted/site-packages/project.pth"
sync_apart .local/cloud requirements/local-cloud.txt "the local cloud"
if [ "${1:-}" = cloud-lint ]; then sync_apart .local/cloud-lint requirements/cloud-lint.txt checkov; fi
