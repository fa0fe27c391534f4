#!/usr/bin/env bash
# Runs the tests and ends with one line: "N passed, N failed, N skipped", added up over all runs.
#
#   tests/run.sh short    gcc with hardening: everything; gcc with ASan and UBSan: what the code does; TSan:
#                         what has threads; clang: compiles without a warning; lint; Python, Node and Go
#   tests/run.sh long     that, and: clang's ASan and UBSan over everything, valgrind, the long forms of
#                         tests (INE_LONG=1), each fuzzer for a minute, wheels
#
# A step that fails does not stop the later ones: all that is wrong shows in one run.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

mode=${1:-short}
results=$PWD/build/results
jobs=$(nproc 2>/dev/null || echo 2)
rm -rf "$results"
mkdir -p "$results"
export PYTHONDONTWRITEBYTECODE=1
[ "$mode" = long ] && export INE_LONG=1

note() { printf '\n==== %s\n' "$*"; }

# step NAME COMMAND...: counts as one test.
step() {
    local name=$1
    shift
    if "$@" >"$results/$name.log" 2>&1; then
        printf '%s\tpassed\n' "$name" >>"$results/steps.tsv"
        printf '%s: ok\n' "$name"
    else
        printf '%s\tfailed\n' "$name" >>"$results/steps.tsv"
        cat "$results/$name.log"
        printf '%s: FAILED\n' "$name"
        return 1
    fi
}

build() {
    local folder=$1 target=$2
    shift 2
    cmake -S . -B "$folder" -G Ninja --log-level=WARNING -DINE_TESTS=ON -DINE_TOOLS=ON "$@" &&
        cmake --build "$folder" --target "$target" -- -k 0
}

# run NAME FOLDER CTEST-ARGUMENTS...: every test counts; one that could not be built has failed.
run() {
    local name=$1 folder=$2
    shift 2
    [ -f "$folder/CTestTestfile.cmake" ] || return
    ctest --test-dir "$folder" -j "$jobs" --timeout 300 --output-on-failure --no-tests=ignore \
        --test-output-size-passed 1000000 --test-output-size-failed 1000000 \
        --output-junit "$results/$name.xml" "$@" || printf '%s: FAILED\n' "$name"
    [ -s "$results/$name.xml" ] || printf '%s\tfailed\n' "$name" >>"$results/steps.tsv"
}

# language NAME: its package is built, installed and tested by its own script, which leaves NAME.xml.
language() {
    local name=$1
    local -a words=()
    [ "$mode" = long ] && words=(long)
    note "$name"
    INE_RESULTS=$results step "$name-package" "$name/run_tests.sh" "${words[@]}"
    [ -s "$results/$name.xml" ] || printf '%s\tfailed\n' "$name" >>"$results/steps.tsv"
}

export ASAN_OPTIONS=strict_string_checks=1:detect_stack_use_after_return=1:check_initialization_order=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1

note "gcc, hardened: everything"
step build build build all -DCMAKE_C_COMPILER=gcc -DINE_BENCH=ON
run release build

note "gcc, ASan and UBSan"
step build-asan build build-asan all -DCMAKE_C_COMPILER=gcc -DINE_SANITIZE=address,undefined
run asan build-asan -LE 'house|abi'

note "gcc, TSan: queue and client"
step build-tsan build build-tsan threaded_tests -DCMAKE_C_COMPILER=gcc -DINE_SANITIZE=thread
run tsan build-tsan -L threads

note "clang: no warning"
step build-clang build build-clang all -DCMAKE_C_COMPILER=clang-14 -DINE_BENCH=ON

note "lint and the manual"
step lint tests/house/lint.sh check
step docs docs/build.sh build/docs

for name in python node go; do
    language "$name"
done

if [ "$mode" = long ]; then
    note "clang, ASan and UBSan: everything"
    step build-clang-asan build build-clang-asan all -DCMAKE_C_COMPILER=clang-14 \
        -DINE_SANITIZE=address,undefined
    run clang-asan build-clang-asan -LE 'house|abi'
    note "valgrind: the unit tests"
    for program in build/tests/test_*; do
        # It forks, and looks at the signals of the process: valgrind is in its way.
        [ "$(basename "$program")" = test_net_client ] && continue
        step "valgrind-$(basename "$program")" valgrind --quiet --leak-check=full --error-exitcode=99 \
            --errors-for-leak-kinds=definite "$program"
    done
    note "fuzzers"
    step fuzz tests/fuzz/run.sh 60
fi

note "scenario x product x casing, and the faults"
python3 tests/matrices.py "$results"

note "all together"
exec python3 tests/summary.py "$results"
