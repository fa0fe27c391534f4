package ine_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http/httptest"
	"strings"
	"testing"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

// The logger hears that a handler failed and with what type of error, not the error's text, which quotes what it likes.
func TestHandlersErrorIsNotLogged(t *testing.T) {
	creds := testCredentials(t)
	var logged bytes.Buffer
	hooks, err := ine.NewWebhooksWith(ine.WebhookOptions{Logger: slog.New(slog.NewTextHandler(&logged, nil))}, creds)
	if err != nil {
		t.Fatal(err)
	}
	for _, failed := range []error{errors.New("duplicate key (JUAN)"), fmt.Errorf("JUAN: %w", ine.CodeNotFound), &ine.GeneralError{Details: ine.Details{Message: "m", VendorData: "JUAN"}}} {
		rec := httptest.NewRecorder()
		hooks.Handler(func(context.Context, *ine.Event) error { return failed }).ServeHTTP(rec, inetest.SignedWebhook(t, "approved", creds))
		if rec.Code != 500 {
			t.Error(rec.Code)
		}
	}
	if text := logged.String(); containsAny(text, personal) || strings.Count(text, "webhook handler failed") != 3 || !strings.Contains(text, "*errors.errorString") {
		t.Error(text)
	}
}

// A hook that panics changes no answer.
func TestRefusalHookPanics(t *testing.T) {
	var logged bytes.Buffer
	hooks, err := ine.NewWebhooksWith(ine.WebhookOptions{
		OnRefused: func(ine.Reason) { panic("JUAN") }, Logger: slog.New(slog.NewTextHandler(&logged, nil)),
	}, testCredentials(t))
	if err != nil {
		t.Fatal(err)
	}
	r := inetest.SignedWebhook(t, "approved", testCredentials(t))
	r.Header.Set("X-Hmac-Signature", strings.Repeat("0", 64))
	rec := httptest.NewRecorder()
	hooks.Handler(func(context.Context, *ine.Event) error { return nil }).ServeHTTP(rec, r)
	if rec.Code != 401 || !strings.Contains(logged.String(), "panicked") || containsAny(logged.String(), personal) {
		t.Error(rec.Code, logged.String())
	}
}

// A deadline by option is as much the context's as one of the caller's.
func TestDeadlineByOption(t *testing.T) {
	sb := inetest.NewSandbox(t)
	silent := make(chan struct{})
	defer close(silent)
	f := newFront(t, sb, silentFor(silent))
	_, err := f.client(t, ine.WithDeadline(1_000_000_000)).Start(t.Context(), sb.Person("approved"))
	if !errors.Is(err, context.DeadlineExceeded) || info(t, err).Code != ine.CodeOutcomeUnknown {
		t.Error(err)
	}
}

func silentFor(ended <-chan struct{}) func(int, seen, net.Conn) bool {
	return func(int, seen, net.Conn) bool {
		<-ended
		return true
	}
}
