#!/bin/sh
# Builds the package from this clone, packs it, and runs everything against it: node:test, tsc, biome, attw, publint.
#
#   run_tests.sh          all that must hold
#   run_tests.sh long     that, the long forms (INE_LONG), and the addon under ASan and UBSan
#
# Works under build/node of the clone and in node/. INE_RESULTS: a folder that gets node.xml (JUnit). Where there is
# no Node 20 or later, one is fetched from npm; a newer one, for the tests of the tarball, always is.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build/node
mkdir -p "$build"
mode=${1:-short}
[ "$mode" = long ] && export INE_LONG=1
export npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false npm_config_loglevel=error

case $(uname -m) in
x86_64) arch=x64 ;;
aarch64) arch=arm64 ;;
*) echo "run_tests.sh: no Node is packed for $(uname -m)" >&2 && exit 1 ;;
esac

# node_of MAJOR: the folder of that Node's executable, out of the npm package node-linux-ARCH.
node_of() {
    folder=$build/node-$1
    bin=$folder/node_modules/node-linux-$arch/bin
    if [ ! -x "$bin/node" ]; then
        mkdir -p "$folder"
        printf '{"private":true}\n' >"$folder/package.json"
        (cd "$folder" && npm install --no-package-lock --ignore-scripts --silent "node-linux-$arch@$1") >&2
    fi
    printf '%s\n' "$bin"
}

major() { node -p 'process.versions.node.split(".")[0]'; }

if [ "$(major)" -lt 20 ]; then
    PATH=$(node_of 20):$PATH
    export PATH
fi
newer=24
[ "$(major)" -ge 24 ] && newer=26
LIBINE_NEWER_NODE=$(node_of $newer)/node
export LIBINE_NEWER_NODE

cd "$root/node"
if ! cmp -s package-lock.json node_modules/.libine-lock; then
    npm ci --ignore-scripts --silent
    cp package-lock.json node_modules/.libine-lock
fi
npm run --silent build

# What fails does not stop the rest: all that is wrong shows in one run.
status=0
node_modules/.bin/biome check --error-on-warnings --colors=off . || status=1
node_modules/.bin/tsc -p tests/types || status=1

set -- --test --test-concurrency=2 --test-timeout=300000
if [ -n "${INE_RESULTS:-}" ]; then
    set -- "$@" --test-reporter=junit "--test-reporter-destination=$INE_RESULTS/node.xml" \
        --test-reporter=spec --test-reporter-destination=stdout
fi
node "$@" tests/*.test.mjs || status=1

if [ "$mode" = long ]; then
    LIBINE_NODE_ADDON=$build/asan/libine.node
    LIBINE_BUILD=$build/asan LIBINE_OUT=$LIBINE_NODE_ADDON LIBINE_SANITIZE=address,undefined node scripts/build.mjs native
    export LIBINE_NODE_ADDON ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
    LD_PRELOAD=$(gcc -print-file-name=libasan.so) node --test --test-timeout=600000 tests/client.test.mjs tests/inputs.test.mjs \
        tests/webhooks.test.mjs tests/verdict.test.mjs tests/conformance.test.mjs tests/faults.test.mjs || status=1
fi
exit $status
