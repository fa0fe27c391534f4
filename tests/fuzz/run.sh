#!/usr/bin/env bash
# Builds every tests/fuzz/fuzz_<what>.c with libFuzzer, ASan and UBSan, and runs each for some seconds.
#
#   tests/fuzz/run.sh SECONDS
#
# The corpus grows in build-fuzz/corpus/<what>; seeds are the documented payloads and tests/fuzz/seeds/<what>.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:?usage: tests/fuzz/run.sh SECONDS}
shopt -s nullglob
sources=(tests/fuzz/fuzz_*.c)
if [ ${#sources[@]} = 0 ]; then
    echo "there are no fuzzers in tests/fuzz yet; nothing was run"
    exit 0
fi

cmake -S . -B build-fuzz -G Ninja --log-level=WARNING -DCMAKE_C_COMPILER=clang-14 -DINE_FUZZ=ON -DINE_TOOLS=OFF \
    -DINE_SANITIZE=fuzzer-no-link,address,undefined >/dev/null
cmake --build build-fuzz --target fuzzers

bad=0
for source in "${sources[@]}"; do
    name=$(basename "$source" .c)
    corpus=build-fuzz/corpus/${name#fuzz_}
    seeds=(tests/payloads)
    [ -d "tests/fuzz/seeds/${name#fuzz_}" ] && seeds+=("tests/fuzz/seeds/${name#fuzz_}")
    mkdir -p "$corpus"
    printf '\n==== %s, %s s\n' "$name" "$seconds"
    "build-fuzz/tests/fuzz/$name" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=512 -print_final_stats=1 \
        -verbosity=0 -artifact_prefix="build-fuzz/$name-" "$corpus" "${seeds[@]}" || bad=1
done
exit $bad
