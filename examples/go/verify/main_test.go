package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

func TestRun(t *testing.T) {
	sb := inetest.NewSandbox(t)
	key, secret := sb.Keys(ine.ProductMXINE)
	t.Setenv("INE_API_KEY", key)
	t.Setenv("INE_SECRET", secret)
	t.Setenv("INE_BASE_URL", sb.URL)
	selfie := filepath.Join(t.TempDir(), "selfie.png")
	if err := os.WriteFile(selfie, inetest.Picture(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		cic, selfie string
		code        int
		says        string
	}{
		{"123456789", selfie, 0, "verified"},
		{sb.Person("selfie_mismatch").CIC, selfie, 1, "NOT_VERIFIED (NEW_SELFIE): No pudimos confirmar su foto"},
		{"12", selfie, 2, "error: document.number: the CIC is exactly 9 digits"},
		{"123456789", "nowhere.png", 2, "error: image.content: "},
	} {
		var out strings.Builder
		if code := run(t.Context(), []string{one.cic, one.selfie, "case-1"}, &out); code != one.code || !strings.Contains(out.String(), one.says) {
			t.Errorf("%d %s", code, out.String())
		}
	}
	var out strings.Builder
	t.Setenv("INE_BASE_URL", "http://127.0.0.1:1")
	if code := run(t.Context(), []string{"123456789", selfie, "case-1"}, &out); code != 4 || !strings.Contains(out.String(), "try again in 30s") {
		t.Errorf("%d %s", code, out.String())
	}
	if code := run(t.Context(), nil, &out); code != 2 {
		t.Error(code)
	}
}
