package inetest_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

func TestSelfieMismatch(t *testing.T) {
	creds, err := ine.NewCredentials("12df6045-3846-4e45-946a-14fa6136d78b", "a secret")
	if err != nil {
		t.Fatal(err)
	}
	saved := map[string]ine.Verdict{}
	hooks := ine.NewWebhooks(creds)
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/veriff", hooks.Handler(func(ctx context.Context, e *ine.Event) error {
		if d := e.Decision(); d != nil {
			saved[d.ID()] = d.Verdict()
		}
		return nil
	}))

	sb := inetest.NewSandbox(t)
	v, err := sb.Client().Verify(t.Context(), sb.Person("selfie_mismatch"))
	if err != nil || v.Outcome != ine.NotVerified || v.RootCause != "selfie_registry_match" {
		t.Fatal(v, err)
	}
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, inetest.SignedWebhook(t, "lost_or_stolen", creds))
	if rec.Code != 200 {
		t.Fatal(rec.Code)
	}
	if len(saved) != 1 {
		t.Fatal(saved)
	}
	v, err = sb.Client().Verify(t.Context(), sb.Person("approved"))
	if err != nil || !v.Verified() {
		t.Fatal(v, err)
	}
	bad := sb.Person("approved")
	bad.CIC = "12"
	_, err = sb.Client().Verify(t.Context(), bad)
	var input *ine.InputError
	if !errors.As(err, &input) || input.Problems[0].Field != "document.number" {
		t.Fatal(err)
	}
	t.Log(err)
}
