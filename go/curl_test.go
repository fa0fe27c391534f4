//go:build ine_curl

package ine_test

import (
	"strings"
	"testing"

	"libine.example/ine"
	"libine.example/ine/internal/bridge"
)

// With the tag, every test that makes its client by inetest goes over libcurl, but for those about net/http.
func init() { bridge.ClientOptions = []any{ine.WithLibcurl()} }

const overLibcurl = true

func TestLibcurlIsThere(t *testing.T) {
	if strings.Contains(ine.BuildInfo(), "libcurl=none") {
		t.Fatal(ine.BuildInfo())
	}
}
