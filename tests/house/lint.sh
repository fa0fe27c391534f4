#!/usr/bin/env bash
# Form of the source.
#
#   tests/house/lint.sh format   rewrites every C and Python file in the form of the house
#   tests/house/lint.sh check    C format, shell, Python (ruff), the rules of house.py
#   tests/house/lint.sh all      that, and clang-tidy over the whole library and its tools
# shellcheck disable=SC2317 # the functions below are called by name
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

c_files() {
    {
        find abi core sandbox tools tests bench examples bindings node/native \( -name '*.[ch]' -o -name '*.cpp' \) -print0
        find go -name 'shim*.[ch]' -print0
    } | sort -z
}

if [ "${1:-}" = format ]; then
    c_files | xargs -0 clang-format-14 -i
    "$(tests/venv.sh)/ruff" format --quiet .
    exit
fi

bad=0
check() {
    "$@" || {
        printf 'lint: FAILED: %s\n' "$1" >&2
        bad=1
    }
}

c_format() { c_files | xargs -0 clang-format-14 --dry-run -Werror; }
shell_lint() {
    find . -path './build*' -prune -o -name node_modules -prune -o -name '*.sh' -print0 | xargs -0 shellcheck .ci/run
}
python_lint() {
    local venv
    venv=$(tests/venv.sh) && "$venv/ruff" check --quiet . && "$venv/ruff" format --quiet --check .
}
tidy() {
    # clang's own compile commands: it does not know gcc's warnings.
    cmake -S . -B build-clang -G Ninja --log-level=WARNING -DCMAKE_C_COMPILER=clang-14 >/dev/null &&
        find core sandbox tools -name '*.c' -print0 |
        xargs -0 -n 4 -P "$(nproc)" clang-tidy-14 -p build-clang --quiet 2>/dev/null
}

check c_format
check shell_lint
check python_lint
check python3 tests/house/house.py
[ "${1:-}" = all ] && check tidy
exit $bad
