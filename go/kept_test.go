package ine_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"libine.example/ine"
)

// heap is what Go's memory holds after a collection.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Who keeps a verdict and the ids of a webhook keeps no byte of its body.
func TestKeptVerdictHoldsNoBody(t *testing.T) {
	hooks := ine.NewWebhooks(testCredentials(t))
	large := strings.Replace(oddBody, "{", `{"padding":"`+strings.Repeat("A", 900_000)+`",`, 1)
	header, body := delivery(large, testSecret)
	var verdicts []ine.Verdict
	var ids []string
	before := heap()
	for range 40 {
		e, err := hooks.Open(header, body)
		if err != nil {
			t.Fatal(err)
		}
		d := e.Decision()
		verdicts, ids = append(verdicts, d.Verdict()), append(ids, d.ID(), e.ID(), e.SessionID, d.SessionID())
	}
	if after := heap(); after > before+4<<20 {
		t.Errorf("40 verdicts hold %d KB", (after-before)>>10)
	}
	for _, v := range verdicts {
		if text, err := json.Marshal(v); err != nil || len(text) < 100 || len(v.Checks()) != 10 || v.SessionID != ids[2] {
			t.Fatal(v, err)
		}
	}
	runtime.KeepAlive(ids)
}

// A key is that of the delivery, whatever becomes of the caller's headers.
func TestDedupeKeyLater(t *testing.T) {
	hooks := ine.NewWebhooks(testCredentials(t))
	header, body := delivery(oddBody, testSecret)
	header.Set("Cookie", "x")
	first, err := hooks.Open(header, body)
	if err != nil {
		t.Fatal(err)
	}
	want := first.DedupeKey()
	second, err := hooks.Open(header, body)
	if err != nil {
		t.Fatal(err)
	}
	for name := range header {
		delete(header, name)
	}
	for i := range body {
		body[i] = 'x'
	}
	if got := second.DedupeKey(); len(got) != 64 || got != want {
		t.Errorf("%q, then %q", want, got)
	}
}

// Zero values, as tests make them, say nothing and do nothing: they do not panic.
func TestZeroValues(t *testing.T) {
	made := &ine.Event{Kind: ine.KindDecision, SessionID: testKey, VendorData: "case-1"}
	if d := made.Decision(); d == nil || d.Verdict().Verified() || d.ID() != "" && !strings.Contains(d.ID(), "/") || made.VendorData != "case-1" {
		t.Error(d)
	}
	if made.DedupeKey() != "" || made.ID() != "" || len(made.Body().Bytes()) != 2 || made.ExpectSession(testKey) != nil {
		t.Error(made)
	}
	var zero ine.Decision
	if zero.Kind() != ine.KindUnknown || zero.Verdict().Outcome != ine.UnknownOutcome || zero.SessionID() != "" || zero.Supersedes(&zero) || len(zero.List(ine.ListImages)) != 0 {
		t.Error(&zero)
	}
	if _, err := zero.Find("/a"); err != nil {
		t.Error(err)
	}
	if _, err := zero.VerdictWith(ine.CheckSelfieRegistryMatch); err != nil {
		t.Error(err)
	}
	for _, one := range []any{&ine.Decision{}, &ine.Event{}, ine.Event{}, struct{ D *ine.Decision }{&zero}, &ine.Credentials{}, ine.Media{}, ine.Verdict{}} {
		if text := fmt.Sprint(one); strings.Contains(text, "PANIC") {
			t.Error(text)
		}
		if _, err := json.Marshal(one); err != nil && !strings.Contains(err.Error(), "not marshalled") {
			t.Error(err)
		}
	}
	if _, err := (&ine.Webhooks{}).Open(http.Header{}, nil); err == nil {
		t.Error("a zero Webhooks opens")
	}
	if _, err := ine.Evidence(&zero, ine.EvidenceInput{}); err != nil {
		t.Log(err)
	}
}
