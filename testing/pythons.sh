#!/bin/sh
# The supported Pythons of this machine, one line "TAG PATH" each.
#
#   testing/pythons.sh [PYTHON...]
#
# Without arguments it looks on PATH, among pyenv's and under /opt. TAG is like 3.12,
# 3.13t (free-threaded) or 3.11d (debug); of several with one tag the first counts.
set -u

tag_of='
import sys, sysconfig
if sys.implementation.name == "cpython" and sys.version_info >= (3, 10):
    free = sysconfig.get_config_var("Py_GIL_DISABLED")
    debug = hasattr(sys, "gettotalrefcount")
    print("%d.%d" % sys.version_info[:2] + "t" * bool(free) + "d" * debug, sys.executable)
'

if [ $# -eq 0 ]; then
    set -- python3 python3.10 python3.11 python3.12 python3.13 python3.13t python3-dbg \
        "$HOME"/.pyenv/versions/*/bin/python /opt/*/bin/python3.1? /opt/*/bin/python3.1?t
fi

seen=" "
for python in "$@"; do
    found=$("$python" -c "$tag_of" 2>/dev/null) || continue
    [ -n "$found" ] || continue
    tag=${found%% *}
    case $seen in *" $tag "*) continue ;; esac
    seen="$seen$tag "
    echo "$found"
done
