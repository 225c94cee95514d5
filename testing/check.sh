#!/bin/sh
# Everything that `make check` checks. $1: the environment that ./run made.
# Every step runs, then the failed ones are named. Steps marked "advice" only tell.
set -u
cd "$(dirname -- "$0")/.." || exit
venv=$1
failed=

step() {
    name=$1
    shift
    echo "=== $name"
    "$@" || failed="$failed
    $name"
}

advice() {
    name=$1
    shift
    echo "=== $name (advice)"
    "$@" || echo "check: $name: differs; not counted as a failure"
}

has() {
    command -v "$1" >/dev/null && return
    echo "=== $1: not installed, skipped (apt-get install $1)"
    return 1
}

c_files=$(find c parser -name '*.[ch]' 2>/dev/null)

# A build of its own under build/, apart from the one in place.
build_apart() {
    "$venv/bin/python" setup.py -q build --build-base "build/$1" --build-lib "build/$1/lib"
}

# The tests against that build, with the sanitizers' runtime loaded first. Not those of
# leaks: they measure resident memory, and ASan holds on to what is freed.
sanitized_tests() {
    CFFI_CORE_SANITIZE=address,undefined build_apart sanitized || return
    LD_PRELOAD="$(gcc -print-file-name=libasan.so) $(gcc -print-file-name=libubsan.so)" \
        ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 PYTHONMALLOC=malloc PYTHONPATH=build/sanitized/lib \
        "$venv/bin/pytest" -q -p no:cacheprovider --ignore testing/test_leaks.py \
        --ignore testing/test_stub_leaks.py \
        --deselect testing/test_subinterpreters.py::test_memory_of_fifty_interpreters
}

# A Python with cffi and without us, which testing/differential compares with.
make_peer() {
    export CFFI_CORE_PEER="$PWD/build/peer-venv/bin/python"
    "$CFFI_CORE_PEER" -c "import cffi, setuptools" 2>/dev/null && return
    "$venv/bin/python" -m venv --clear build/peer-venv &&
        "$CFFI_CORE_PEER" -m pip install -q --disable-pip-version-check cffi==2.1.1 setuptools
}

# The tests against an installed wheel: nothing may lean on the tree.
wheel_tests() {
    rm -rf build/wheel
    "$venv/bin/python" -m pip wheel -q --no-build-isolation --no-deps -w build/wheel . || return
    "$venv/bin/python" -m pip install -q --no-deps --target build/wheel/lib build/wheel/*.whl || return
    PYTHONPATH=build/wheel/lib "$venv/bin/pytest" -q -p no:cacheprovider
}

"$venv/bin/python" -m pip install -q --disable-pip-version-check "ruff>=0.8" "mypy>=1.11"
step "ruff" "$venv/bin/ruff" check .
advice "ruff format" "$venv/bin/ruff" format --check -q .
# shellcheck disable=SC2086 # one word per file
! has clang-format || advice "clang-format" clang-format --dry-run -Werror --ferror-limit=1 $c_files
! has shellcheck || step "shellcheck" shellcheck run testing/*.sh testing/bare/*.sh .ci/run
# The object that a reader makes of a local variable does not point into it.
! has cppcheck || step "cppcheck" cppcheck -q -j 2 --std=c11 --error-exitcode=1 --inline-suppr \
    --enable=warning,portability --suppress=missingInclude --suppress=missingIncludeSystem \
    '--suppress=returnDanglingLifetime:c/call*.c' \
    '-D_Noreturn=__attribute__((noreturn))' -D__GNUC__ -DPY_VERSION_HEX=0x030d0000 \
    '-DPy_TRASHCAN_BEGIN(a,b)=' -DPy_TRASHCAN_END= --library=python,posix \
    -Iparser -Ic -Iverifier c parser
step "gcc -Werror" env CFFI_CORE_WERROR=1 "$venv/bin/python" setup.py -q build_ext \
    --build-temp build/werror --build-lib build/werror/lib
step "the type stubs" "$venv/bin/pytest" -q testing/test_typing.py
step "parser alone" make -s parser CFLAGS="-O2 -Werror"
step "cffi, to compare with" make_peer
step "the wheels that are released" testing/wheels.sh
step "the tests in full" env CFFI_CORE_FULL=1 "$venv/bin/pytest" -q
step "the tests on the wheel" wheel_tests
step "the tests under ASan and UBSan" sanitized_tests
step "the tests of threads under ThreadSanitizer" "$venv/bin/python" testing/tsan.py

[ -z "$failed" ] || { echo "=== check: failed:$failed"; exit 1; }
echo "=== check: all passed"
