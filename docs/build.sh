#!/bin/sh
# Builds the manual of ine.h as HTML in the folder that is named; a warning is an error.
set -eu
out=${1:?usage: docs/build.sh FOLDER}
cd "$(dirname "$0")/.."
mkdir -p "$out"
{
    cat docs/Doxyfile
    printf 'OUTPUT_DIRECTORY = "%s"\n' "$out"
} | doxygen -
printf 'docs: %s/html/index.html\n' "$out"
