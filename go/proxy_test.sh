#!/bin/sh
# A new module in an empty directory gets the package through a file proxy made from this clone, builds, runs, and
# builds again from its vendor folder without any proxy. Without cgo the compiler says what to do.
#
#   go/proxy_test.sh FOLDER    FOLDER is emptied first
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$1
rm -rf "$folder"
mkdir -p "$folder/program"
what=$(python3 "$root/go/proxy.py" "$folder/proxy" test)
export GOPROXY="file://$folder/proxy" GONOSUMDB='libine.example/*' GOFLAGS=-modcacherw

cd "$folder/program"
cat >main.go <<'PROGRAM'
package main

import (
	"context"
	"fmt"
	"os"

	"libine.example/ine"
)

func main() {
	client, err := ine.New(ine.WithBaseURL("https://127.0.0.1:1"), ine.FromEnv())
	if err == nil {
		defer client.Close()
		_, err = client.Verify(context.Background(), ine.Verification{CIC: "12"})
	}
	verdict, failed := ine.Interpret([]byte(os.Args[1]))
	fmt.Println(err, verdict, failed)
}
PROGRAM
cat >main_test.go <<'PROGRAM'
package main

import (
	"testing"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

func TestVerified(t *testing.T) {
	sb := inetest.NewSandbox(t)
	v, err := sb.Client().Verify(t.Context(), sb.Person("approved"))
	if err != nil || v.Outcome != ine.Verified {
		t.Fatal(v, err)
	}
}
PROGRAM
echo "==== go get $what"
go mod init example.test/program
go get "$what"
go mod tidy
go build -o program .
INE_API_KEY=5a4db0c5-1111-4111-8111-111111111111 INE_SECRET=x ./program '{}' | tee output
grep -q 'document.number: LENGTH.*UNKNOWN' output
go test .
go run libine.example/ine/cmd/ine doctor >facts
grep -q 'openssl_link' facts

echo "==== go mod vendor"
go mod vendor
GOPROXY=off go build -mod=vendor -o vendored .
INE_API_KEY=5a4db0c5-1111-4111-8111-111111111111 INE_SECRET=x ./vendored '{}' | cmp - output
GOPROXY=off go vet -mod=vendor .

echo "==== the sandbox is not in a program that does not import it"
if go tool nm program | grep -q 'ine_sandbox'; then
    echo "the program holds the sandbox" >&2
    exit 1
fi

echo "==== CGO_ENABLED=0"
if CGO_ENABLED=0 go build -o without . 2>refusal; then
    echo "it was built without cgo" >&2
    exit 1
fi
cat refusal
grep -q 'set CGO_ENABLED=1 and install a C compiler' refusal
echo "==== all of it held"
