#!/bin/sh
# Builds the package from this clone as pip does, installs it into a virtual environment of its own under build/, and
# runs everything against the installed package: pytest, mypy --strict, stubtest. Arguments go to pytest.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
venv=$root/build/python-venv
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ONLY_BINARY=swig

[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/python" -m pip install -q --upgrade -r "$root/python/tests/requirements.txt"
# A build directory that stays makes the second run quick.
"$venv/bin/python" -m pip install -q --force-reinstall --no-deps -C build-dir="$root/build/python" "$root"

# Not in build/ itself: Python would take the libine.so there for a module.
cd "$venv"
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" -m pytest -q -c "$root/pyproject.toml" -p no:cacheprovider \
  --rootdir "$root" "$root/python/tests" "$@"
"$venv/bin/python" -m mypy --strict --cache-dir "$root/build/mypy" -p libine
"$venv/bin/python" -m mypy --strict --explicit-package-bases --ignore-missing-imports --cache-dir "$root/build/mypy" \
  "$root/python/tests" "$root/examples/python"
"$venv/bin/python" -m mypy.stubtest libine --concise --ignore-missing-stub
