#!/bin/sh
# Builds the package from this clone as pip does, installs it into a virtual environment of its own under build/, and
# runs everything against the installed package: pytest, mypy --strict, stubtest.
#
#   python/run_tests.sh [long] [PYTEST-ARGUMENTS...]
#
# long: also python/wheel.sh, and the slow tests (INE_LONG=1). With INE_RESULTS set, a folder, pytest's results land
# there as python.xml, and each other step as a line of steps.tsv. A step that fails does not stop the later ones.
# shellcheck disable=SC2317 # the functions below are called by name
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
venv=$root/build/python-venv
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ONLY_BINARY=swig PYTHONDONTWRITEBYTECODE=1
long=no
if [ "${1:-}" = long ]; then
  shift
  long=yes
  export INE_LONG=1
fi
bad=0

# step NAME COMMAND...
step() {
  name=$1
  shift
  if "$@"; then word=passed; else word=failed bad=1; fi
  echo "python-$name: $word"
  [ -z "${INE_RESULTS:-}" ] || printf 'python-%s\t%s\n' "$name" "$word" >>"$INE_RESULTS/steps.tsv"
}

build() {
  [ -x "$venv/bin/python" ] || python3 -m venv "$venv" || return
  "$venv/bin/python" -m pip install -q -r "$root/python/tests/requirements.txt" || return
  # A build directory that stays makes the second run quick.
  "$venv/bin/python" -m pip install -q --force-reinstall --no-deps -C build-dir="$root/build/python" "$root"
}

tests() {
  # Not in build/ itself: Python would take the libine.so there for a module.
  cd "$venv" || return
  "$venv/bin/python" -m pytest -q -c "$root/pyproject.toml" -p no:cacheprovider --rootdir "$root" \
    ${INE_RESULTS:+"--junitxml=$INE_RESULTS/python.xml"} "$root/python/tests" "$@"
}

types() {
  cd "$venv" || return
  "$venv/bin/python" -m mypy --strict --cache-dir "$root/build/mypy" -p libine &&
    "$venv/bin/python" -m mypy --strict --explicit-package-bases --ignore-missing-imports \
      --cache-dir "$root/build/mypy" "$root/python/tests" "$root/examples/python"
}

stubs() {
  cd "$venv" && "$venv/bin/python" -m mypy.stubtest libine --concise --ignore-missing-stub
}

step build build
tests "$@" || bad=1
step types types
step stubs stubs
[ $long = no ] || step wheel "$root/python/wheel.sh"
exit $bad
