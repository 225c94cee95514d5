#!/bin/sh
# The tests on every supported Python that this machine has; names the absent.
#
#   testing/matrix.sh [--others] [PYTHON...]
#
# Without arguments it looks on PATH, among pyenv's and under /opt; --others leaves
# out the one that a plain `./run test` uses. Each gets an environment of its own,
# build/venv-TAG, where TAG is like 3.12, 3.13t (free-threaded) or 3.11d (debug).
set -eu
cd "$(dirname -- "$0")/.."

tag_of='
import sys, sysconfig
if sys.implementation.name == "cpython" and sys.version_info >= (3, 10):
    free = sysconfig.get_config_var("Py_GIL_DISABLED")
    debug = hasattr(sys, "gettotalrefcount")
    print("%d.%d" % sys.version_info[:2] + "t" * bool(free) + "d" * debug)
'
tag() { "$1" -c "$tag_of" 2>/dev/null || true; }

seen=" "
if [ "${1:-}" = --others ]; then
    shift
    seen=" $(tag "${PYTHON:-python3}") "
    [ "$seen" != "  " ] || seen=" $(tag /usr/bin/python3) "
    skip=$seen
fi
expected=
if [ $# -eq 0 ]; then
    expected="3.10 3.11 3.12 3.13 3.13t"
    set -- python3 python3.10 python3.11 python3.12 python3.13 python3.13t python3-dbg \
        "$HOME"/.pyenv/versions/*/bin/python /opt/*/bin/python3.1? /opt/*/bin/python3.1?t
fi

report=
failed=0
for python in "$@"; do
    tag=$(tag "$python")
    case $seen in *" $tag "*) continue ;; esac
    [ -n "$tag" ] || continue
    seen="$seen$tag "
    echo "=== Python $tag: $python"
    if PYTHON=$python CFFI_CORE_VENV=$PWD/build/venv-$tag ./run test -q; then
        report="$report
$tag passed"
    else
        report="$report
$tag FAILED"
        failed=1
    fi
done

for tag in $expected; do
    case $seen in *" $tag "*) ;; *) report="$report
$tag absent, skipped" ;; esac
done
echo "=== The matrix (left out:${skip:- none})$report"
exit $failed
