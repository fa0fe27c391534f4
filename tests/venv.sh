#!/bin/sh
# Makes build/venv as tests/requirements.txt says, when it is not there yet; prints its folder of programs.
set -eu
cd "$(dirname "$0")/.."
venv=build/venv
if ! cmp -s tests/requirements.txt "$venv/requirements.txt"; then
    python3 -m venv --clear "$venv" >&2
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r tests/requirements.txt >&2
    cp tests/requirements.txt "$venv/requirements.txt"
fi
printf '%s/bin\n' "$PWD/$venv"
