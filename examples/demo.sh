#!/usr/bin/env bash
# A person who is verified, then one who is not, end to end against the embedded sandbox: no account, no
# network, no photograph. Ends with 0 when both came out as they should.
#
#   examples/demo.sh [path of ine]
set -uo pipefail

ine=${1:-build/ine}
bad=0

# demo HEADING SCENARIO EXIT-CODE
demo() {
    local code
    printf '\n==== %s\n     %s verify --sandbox --scenario %s\n\n' "$1" "$ine" "$2"
    "$ine" verify --sandbox --scenario "$2"
    code=$?
    printf '\nexit code %s\n' "$code"
    if [ "$code" -ne "$3" ]; then
        printf 'expected exit code %s\n' "$3" >&2
        bad=1
    fi
}

demo 'A person whose data and selfie match the registry' approved 0
demo 'The same data with the selfie of somebody else' selfie_mismatch 1
exit "$bad"
