#!/bin/sh
# Fuzzes the parser, and what reads compiled stubs: testing/fuzz/run.sh [SECONDS] [TARGET...]
# Builds every target with clang, libFuzzer, ASan and UBSan under build/fuzz, then runs each for
# its share of SECONDS (default 60). The corpus is kept there and grows from run to run. Exits
# non-zero on a finding, whose input is left in build/fuzz/found; move it to
# testing/fuzz/regress/TARGET-what.txt once it is mended, and the tests will replay it.
set -eu
cd "$(dirname -- "$0")/../.."
seconds=${1:-60}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- cdef typename constant include stub
out=build/fuzz
mkdir -p "$out/found"

if ! command -v "${CLANG:=clang}" >/dev/null; then
    echo "fuzz: $CLANG is not installed (apt-get install clang libclang-rt-14-dev)" >&2
    exit 2
fi

# Every word of the language: tokens.def and attrs.def name them all.
dictionary() {
    sed -n 's/^\(PUNCT\|WORD\|ALIAS\|ATTR\)([A-Z0-9_]*, *"\([^"]*\)").*/"\2"/p' \
        parser/tokens.def parser/attrs.def
    for word in '#define ' '#undef ' '#pragma pack(' push pop '# 1 \"a.h\"\x0a' '\x0a' \
        'extern \"Python\"' '[[' ']]' '\\\x0a' '/*' '*/' '0x7fffffff' "'\\\\x41'" 'size_t' \
        'int8_t' 'uint64_t' 'wchar_t' '...' 'true' 'nullptr' 'A' 'B' 'T' 's' 'x'; do
        printf '"%s"\n' "$word"
    done
}
dictionary | sort -u >"$out/dictionary"

# What only one target needs: that of stubs what makes tables of them, and stubs.
extras() {
    [ "$1" != stub ] || echo -Ic -Iverifier -Itesting/stubs c/stub_check.c c/stub_source.c \
        c/stub_facts.c c/stub_types.c testing/stubs/everything.c testing/stubs/including.c \
        testing/stubs/late.c
}

# The parser is compiled once, then linked with each target.
flags="-std=c11 -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
    -fno-omit-frame-pointer -DCD_DEBUG_MOVE"
root=$PWD
mkdir -p "$out/objects"
rm -f "$out"/objects/*
# shellcheck disable=SC2046,SC2086 # one word per flag and per file
(cd "$out/objects" && "$CLANG" $flags -fsanitize=fuzzer-no-link -c "$root/testing/fuzz/fuzz.c" \
    -I"$root/parser" $(find "$root/parser" -name '*.c' ! -name cdump.c))
for target; do
    # shellcheck disable=SC2046,SC2086
    "$CLANG" $flags -fsanitize=fuzzer -Iparser -o "$out/fuzz_$target" $(extras "$target") \
        "testing/fuzz/fuzz_$target.c" "$out"/objects/*.o -lm
done

# A corpus starts from its seeds, the findings of old and the goldens.
seeds() {
    mkdir -p "$out/corpus_$1"
    for seed in testing/fuzz/seeds/"$1"-* testing/fuzz/regress/"$1"-* testing/decls/*.h; do
        [ ! -f "$seed" ] || cp "$seed" "$out/corpus_$1/$(basename "$seed")"
    done
}

# Runs $1 for $2 seconds; its log tells all, build/fuzz/totals adds up the time.
fuzz() {
    echo "=== $1: $2 s"
    failed=
    "$out/fuzz_$1" -max_total_time="$2" -dict="$out/dictionary" -max_len=4096 -timeout=10 \
        -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="$out/found/$1-" "$out/corpus_$1" >"$out/$1.log" 2>&1 || failed=1
    units=$(sed -n 's/^stat::number_of_executed_units: *//p' "$out/$1.log")
    echo "$1 $2 s ${units:-0} inputs ${failed:+FOUND}" | tee -a "$out/totals"
    [ -z "$failed" ] || {
        grep -v '^"\|NEW_FUNC' "$out/$1.log" | tail -60
        exit 1
    }
}

share=$((seconds / $#))
[ "$share" -gt 0 ] || share=1
for target; do
    seeds "$target"
    fuzz "$target" "$share"
done
