#!/bin/sh
# Measures every language beside what people use there: bench/run.sh [c] [python] [node] [go]; all of them without words.
# The packages are built first, by their own test scripts, when they are not there.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build
[ $# -gt 0 ] || set -- c python node go

c() {
    cmake -S "$root" -B "$build" -G Ninja -DINE_BENCH=ON --log-level=WARNING >/dev/null
    cmake --build "$build" --target bench
}

python() {
    venv=$build/python-venv
    [ -x "$venv/bin/python" ] || "$root/python/run_tests.sh"
    "$venv/bin/python" -m pip install -q -r "$root/bench/python/requirements.txt"
    "$venv/bin/python" "$root/bench/python/bench.py"
}

node_() {
    [ -d "$root/node/dist" ] || "$root/node/run_tests.sh"
    node "$root/bench/node/bench.mjs"
}

go_() { (cd "$root/bench/go" && go run .); }

for language in "$@"; do
    printf '\n==== %s\n' "$language"
    case $language in
    c | python) "$language" ;;
    node | go) "${language}_" ;;
    *) echo "usage: bench/run.sh [c] [python] [node] [go]" >&2 && exit 2 ;;
    esac
done
