#!/bin/sh
# run.sh FOLDER: installs what package-lock.json names into FOLDER, once, and runs the tests from there.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
for tool in node npm chromium; do
    command -v "$tool" >/dev/null || {
        printf 'portal: %s is not installed; tools/bootstrap.sh test installs it\n' "$tool" >&2
        exit 1
    }
done
mkdir -p "$folder"
if ! cmp -s "$here/package-lock.json" "$folder/installed.json"; then
    cp "$here/package.json" "$here/package-lock.json" "$folder/"
    npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error
    cp "$here/package-lock.json" "$folder/installed.json"
fi
PORTAL_MODULES=$folder exec node "$here/main.mjs"
