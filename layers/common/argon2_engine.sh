#!/bin/sh
# Compiles argon2-cffi's bindings for processors with AVX2 into <folder>/argon2_avx2, beside those of the wheel, from the
# source distribution whose hash requirements.txt locks, with their memory in huge pages. Where that cannot be done it says
# why and succeeds: the layer then has the wheel's engine alone. member_access/platform/argon2_engine.py chooses between the
# two. sam shows standard output only.
#
# usage: LAMBDA_RUNTIME=python3.13 LAMBDA_ARCHITECTURE=x86_64 CC=gcc GLIBC=2.34 sh argon2_engine.sh <folder>
set -eu
target=$1/argon2_avx2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

without() { # reason
    echo "argon2 engine: the wheel's alone, because $1"
    if [ "$LAMBDA_ARCHITECTURE" = x86_64 ]; then
        echo "  Sign-ins take more processor time so; Architecture=arm64 is cheaper then (docs/performance.md)."
    fi
    exit 0
}

[ "$LAMBDA_ARCHITECTURE" = x86_64 ] || without "only x86_64 has another"
[ "$(uname -s) $(uname -m)" = "Linux x86_64" ] || without "this machine does not compile for x86_64 Linux"
command -v "$CC" >/dev/null || without "there is no compiler $CC here"
command -v readelf >/dev/null || without "there is no readelf here"

sed -n '/^argon2-cffi-bindings==/,/[^\\]$/p' requirements.txt >"$scratch/source.txt"
# uv keeps what it has compiled, by the settings that are named here: the sum stands for the header's contents.
flags="-march=x86-64-v3 -D_GNU_SOURCE -include argon2_huge_pages.h -DHEADER=$(cksum <argon2_huge_pages.h | cut -d ' ' -f 1)"
CPATH=$PWD ARGON2_CFFI_USE_SSE2=1 uv pip install --require-hashes --no-deps --requirements "$scratch/source.txt" \
    --no-binary argon2-cffi-bindings --build-constraints argon2-build.txt --python "$LAMBDA_RUNTIME" \
    --config-settings "cmake.define.CMAKE_C_COMPILER=$CC" --config-settings "cmake.define.CMAKE_C_FLAGS=$flags" \
    --target "$scratch/built" >"$scratch/log" 2>&1 || {
    tail -n 15 "$scratch/log"
    without "$CC failed, see above"
}

library=$(echo "$scratch"/built/_argon2_cffi_bindings/_ffi.*.so)
needed=$(readelf --version-info --wide "$library" | grep -o 'GLIBC_[0-9.]*' | sed s/GLIBC_// | sort -V | tail -n 1)
[ "$(printf '%s\n' "$needed" "$GLIBC" | sort -V | tail -n 1)" = "$GLIBC" ] ||
    without "it needs glibc $needed when compiled here, and Lambda has $GLIBC for $LAMBDA_RUNTIME: build on an older system"

mkdir -p "$target"
cp -r "$scratch/built/_argon2_cffi_bindings" "$target/"
echo "argon2 engine: for AVX2, by $("$CC" --version | head -n 1), glibc $needed or later"
