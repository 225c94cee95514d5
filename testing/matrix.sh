#!/bin/sh
# The tests on every supported Python that this machine has; names the absent.
#
#   testing/matrix.sh [--others] [PYTHON...]
#
# Without arguments it takes what testing/pythons.sh finds; --others leaves out the
# one that a plain `./run test` uses. Each gets an environment of its own,
# build/venv-TAG.
set -eu
cd "$(dirname -- "$0")/.."

# The tag of one Python; nothing where it is none of ours.
tag() {
    found=$(testing/pythons.sh "$1")
    echo "${found%% *}"
}

skip=
if [ "${1:-}" = --others ]; then
    shift
    skip=$(tag "${PYTHON:-python3}")
    skip=${skip:-$(tag /usr/bin/python3)}
fi
expected=
[ $# -gt 0 ] || expected="3.10 3.11 3.12 3.13 3.13t"

# What the tests compile is compiled once for all: the modules load on each.
CFFI_CORE_COMPILED=$(mktemp -d)
export CFFI_CORE_COMPILED
trap 'rm -rf "$CFFI_CORE_COMPILED"' EXIT

pythons=$(testing/pythons.sh "$@")
seen=" $skip "
report=
failed=0
while read -r tag python; do
    case $tag in "" | "$skip") continue ;; esac
    seen="$seen$tag "
    echo "=== Python $tag: $python"
    # A debug build is slow, and finds what it finds in each mode.
    case $tag in *d) CFFI_CORE_MODES="inline register module" ;; *) CFFI_CORE_MODES= ;; esac
    export CFFI_CORE_MODES
    if PYTHON=$python CFFI_CORE_VENV=$PWD/build/venv-$tag ./run test -q </dev/null; then
        report="$report
$tag passed"
    else
        report="$report
$tag FAILED"
        failed=1
    fi
done <<END
$pythons
END

for tag in $expected; do
    case $seen in *" $tag "*) ;; *) report="$report
$tag absent, skipped" ;; esac
done
echo "=== The matrix (left out: ${skip:-none})$report"
exit $failed
