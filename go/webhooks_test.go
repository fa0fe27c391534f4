package ine_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

// oddBody is a decision with what re-encoding would change: Ñ as itself and escaped, 0.10, odd spacing.
const oddBody = "{\"status\" : \"success\",\t\"verification\":{\"id\":\"12df6045-3846-4e45-946a-14fa6136d78b\",\"code\":9001," +
	" \"status\":\"approved\",\"person\":{\"lastName\":\"NU\u00d1EZ\",\"firstName\":\"I\\u00d1IGO\"},\"score\": 0.10 ,\r\n" +
	"\"vendorData\":\"caso-\u00d1\"}}\n"

func delivery(body, secret string) (http.Header, []byte) {
	b := []byte(body)
	return http.Header{"X-Auth-Client": {testKey}, "X-Hmac-Signature": {sign(secret, b)}}, b
}

func TestOpen(t *testing.T) {
	hooks := ine.NewWebhooks(testCredentials(t))
	header, body := delivery(oddBody, testSecret)
	e, err := hooks.Open(header, body)
	if err != nil {
		t.Fatal(err)
	}
	clear(body) // the event has its own copy
	d := e.Decision()
	if e.Kind != ine.KindDecision || d == nil || e.VendorData != "caso-Ñ" || e.SessionID != testKey || e.Integration != "mx" || e.Secret != "0" {
		t.Fatal(e.Kind, e.VendorData, e.SessionID, e.Integration, e.Secret)
	}
	if string(d.Bytes()) != oddBody || d.Field(ine.FieldFirstName).Text != "IÑIGO" || d.Field(ine.FieldLastName).Text != "NUÑEZ" {
		t.Fatal("the bytes or their text")
	}
	if found, err := d.Find("/verification/score"); err != nil || string(found) != "0.10" {
		t.Fatal(string(found), err)
	}
	if d.ID() != e.ID() || len(e.DedupeKey()) != 64 || d.Verdict().Outcome != ine.ApprovedWithExceptions {
		t.Fatal(d.ID(), e.ID(), e.DedupeKey(), d.Verdict())
	}
	header, body = delivery(oddBody, "the one before")
	old, err := hooks.Open(header, body)
	if err != nil || old.Secret != "1" || old.DedupeKey() != e.DedupeKey() || old.ID() != e.ID() {
		t.Fatal(err, old)
	}
}

func TestRefused(t *testing.T) {
	var reasons []ine.Reason
	hooks, err := ine.NewWebhooksWith(ine.WebhookOptions{
		Limit: 4096, OnRefused: func(r ine.Reason) { reasons = append(reasons, r) },
	}, testCredentials(t))
	if err != nil {
		t.Fatal(err)
	}
	good, body := delivery(oddBody, testSecret)
	signature := good.Get("X-Hmac-Signature")
	key := []string{testKey}
	for _, one := range []struct {
		name   string
		header http.Header
		body   []byte
		reason ine.Reason
	}{
		{"nil map", nil, body, ine.ReasonNoSignature},
		{"no signature", http.Header{"X-Auth-Client": key}, body, ine.ReasonNoSignature},
		{"legacy", http.Header{"X-Auth-Client": key, "X-Signature": {signature}}, body, ine.ReasonLegacySignature},
		{"repeated", http.Header{"X-Auth-Client": key, "X-Hmac-Signature": {signature, signature}}, body, ine.ReasonSeveralSignatures},
		{"repeated by case", http.Header{"X-Auth-Client": key, "X-Hmac-Signature": {signature}, "x-hmac-signature": {signature}}, body, ine.ReasonSeveralSignatures},
		{"joined", http.Header{"X-Auth-Client": key, "X-Hmac-Signature": {signature + ", " + signature}}, body, ine.ReasonSeveralSignatures},
		{"families differ", http.Header{"X-Auth-Client": key, "X-Hmac-Signature": {signature}, "Vrf-Hmac-Signature": {sign("x", body)}}, body, ine.ReasonConflict},
		{"not UTF-8", http.Header{"X-Auth-Client": key, "X-Hmac-Signature": {"\xff\xfe" + signature[2:]}}, body, ine.ReasonWrongSignature},
		{"short", http.Header{"X-Auth-Client": key, "X-Hmac-Signature": {signature[1:]}}, body, ine.ReasonMalformedSignature},
		{"no key", http.Header{"X-Hmac-Signature": {signature}}, body, ine.ReasonNoKey},
		{"another key", http.Header{"X-Auth-Client": {"00000000-0000-4000-8000-000000000000"}, "X-Hmac-Signature": {signature}}, body, ine.ReasonUnknownKey},
		{"another secret", http.Header{"X-Auth-Client": key, "X-Hmac-Signature": {sign("x", body)}}, body, ine.ReasonWrongSignature},
		{"changed", good, []byte(strings.Replace(oddBody, " : ", ":", 1)), ine.ReasonWrongSignature},
		{"empty", good, nil, ine.ReasonWrongSignature},
		{"too large", good, make([]byte, 4097), ine.ReasonTooLarge},
		{"encoded", http.Header{"X-Auth-Client": key, "X-Hmac-Signature": {signature}, "Content-Encoding": {"gzip"}}, body, ine.ReasonEncoded},
	} {
		reasons = nil
		e, err := hooks.Open(one.header, one.body)
		var refused *ine.WebhookRefused
		if e != nil || !errors.As(err, &refused) || err.Error() != "ine: the webhook is not genuine" {
			t.Errorf("%s: %v", one.name, err)
		}
		if len(reasons) != 1 || reasons[0] != one.reason {
			t.Errorf("%s: %v, not %v", one.name, reasons, one.reason)
		}
	}
	many := http.Header{}
	for i := range 200 {
		many[fmt.Sprintf("X-Other-%d", i)] = []string{strings.Repeat("v", 500)}
	}
	many["X-Auth-Client"], many["X-Hmac-Signature"] = key, []string{strings.ToUpper(signature)}
	if _, err := hooks.Open(many, body); err != nil {
		t.Error("200 headers:", err)
	}
	header, notJSON := delivery("not JSON", testSecret)
	if _, err := hooks.Open(header, notJSON); !errors.Is(err, ine.CodeJSON) {
		t.Error(err)
	}
}

func TestDiagnose(t *testing.T) {
	hooks := ine.NewWebhooks(testCredentials(t))
	header, body := delivery(oddBody, testSecret)
	for name, one := range map[string]struct {
		body   []byte
		reason ine.Reason
	}{
		"genuine":  {body, ine.ReasonNone},
		"newline":  {body[:len(body)-1], ine.ReasonMissingNewline},
		"reformed": {[]byte(strings.Replace(oddBody, "\t", "", 1)), ine.ReasonWrongSignature},
	} {
		if d := hooks.Diagnose(header, one.body); d.Reason != one.reason || (d.Reason != ine.ReasonNone && d.Hint == "") {
			t.Errorf("%s: %v %s", name, d.Reason, d.Hint)
		}
	}
	spaced, body := delivery(oddBody, " "+testSecret+"\n")
	_ = spaced
	if d := ine.NewWebhooks().Diagnose(header, body); d.Reason != ine.ReasonUnknownKey || d.Hint == "" {
		t.Error(d)
	}
}

func TestBadReceivers(t *testing.T) {
	c := testCredentials(t)
	header, body := delivery(oddBody, testSecret)
	for name, hooks := range map[string]*ine.Webhooks{
		"none": ine.NewWebhooks(), "nil": ine.NewWebhooks(nil), "twice": ine.NewWebhooks(c, c),
	} {
		if hooks.Err() == nil {
			t.Errorf("%s: taken", name)
		}
		if e, err := hooks.Open(header, body); e != nil || err == nil {
			t.Errorf("%s: opened", name)
		}
		rec := httptest.NewRecorder()
		hooks.Handler(nil).ServeHTTP(rec, inetest.SignedWebhook(t, "approved", c))
		if rec.Code != 500 {
			t.Errorf("%s: %d", name, rec.Code)
		}
	}
	if _, err := ine.NewWebhooksWith(ine.WebhookOptions{Limit: 1}, c); err == nil {
		t.Error("a limit of a byte")
	}
	if _, err := ine.NewWebhooksWith(ine.WebhookOptions{Require: []ine.CheckID{"none"}}, c); err == nil {
		t.Error("a check that is none")
	}
}

func TestRequire(t *testing.T) {
	c := testCredentials(t)
	hooks, err := ine.NewWebhooksWith(ine.WebhookOptions{Require: []ine.CheckID{ine.CheckPersonalNumberMatch}}, c)
	if err != nil {
		t.Fatal(err)
	}
	r := inetest.SignedWebhook(t, "approved_optional_not_provided", c)
	e, err := hooks.Open(r.Header, readAll(t, r))
	if err != nil {
		t.Fatal(err)
	}
	v := e.Decision().Verdict()
	if v.Outcome != ine.Verified || v.Verified() || !v.Unmet.Has(ine.CheckPersonalNumberMatch) {
		t.Fatal(v, v.Unmet)
	}
	text, err := json.Marshal(v)
	if err != nil || !bytes.Contains(text, []byte(`"verified":false`)) {
		t.Fatal(string(text), err)
	}
}

func TestHandler(t *testing.T) {
	c := testCredentials(t)
	var logged bytes.Buffer
	hooks, err := ine.NewWebhooksWith(ine.WebhookOptions{Limit: 1 << 20, Logger: slog.New(slog.NewTextHandler(&logged, nil))}, c)
	if err != nil {
		t.Fatal(err)
	}
	type key struct{}
	var got *ine.Event
	fail := error(nil)
	handler := hooks.Handler(func(ctx context.Context, e *ine.Event) error {
		got = e
		if ctx.Value(key{}) != "here" {
			t.Error("not the request's context")
		}
		if fail != nil && fail.Error() == "panic" {
			panic(e.VendorData)
		}
		return fail
	})
	do := func(h http.Handler, r *http.Request) int {
		got = nil
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r.WithContext(context.WithValue(r.Context(), key{}, "here")))
		if rec.Body.Len() != 0 {
			t.Error("a reply with a body")
		}
		return rec.Code
	}
	genuine := func() *http.Request {
		return inetest.SignedWebhook(t, "selfie_mismatch", c, inetest.VendorData("JUAN GARCIA LOPEZ"))
	}
	if code := do(handler, genuine()); code != 200 || got == nil || got.Decision().Verdict().Outcome != ine.NotVerified {
		t.Error(code, got)
	}
	chunked := genuine()
	chunked.ContentLength = -1
	if code := do(handler, chunked); code != 200 || got == nil {
		t.Error("chunked:", code)
	}
	fail = errors.New("no database")
	if code := do(handler, genuine()); code != 500 || got == nil {
		t.Error(code)
	}
	fail = errors.New("panic")
	if code := do(handler, genuine()); code != 500 || got == nil {
		t.Error(code)
	}
	fail = nil
	forged := genuine()
	forged.Header.Set("X-Hmac-Signature", strings.Repeat("0", 64))
	if code := do(handler, forged); code != 401 || got != nil {
		t.Error(code)
	}
	if code := do(handler, httptest.NewRequest("GET", "/webhooks/veriff", nil)); code != 401 {
		t.Error(code)
	}
	if code := do(handler, httptest.NewRequest("POST", "/", strings.NewReader(strings.Repeat("x", 2<<20)))); code != 401 {
		t.Error(code)
	}
	endless := httptest.NewRequest("POST", "/", io.LimitReader(endlessly{}, 1<<30))
	endless.ContentLength = -1
	if code := do(handler, endless); code != 401 {
		t.Error(code)
	}
	if code := do(http.MaxBytesHandler(handler, 100), genuine()); code != 401 || got != nil {
		t.Error("MaxBytesHandler:", code)
	}
	if code := do(http.MaxBytesHandler(handler, 1<<16), genuine()); code != 200 {
		t.Error("MaxBytesHandler:", code)
	}
	header, body := delivery(`{"broken":`, testSecret)
	broken := httptest.NewRequest("POST", "/", bytes.NewReader(body))
	broken.Header = header
	if code := do(handler, broken); code != 500 {
		t.Error("genuine but unreadable:", code)
	}
	header, body = delivery(`{"type":"something.new","id":"1"}`, testSecret)
	unknown := httptest.NewRequest("POST", "/", bytes.NewReader(body))
	unknown.Header = header
	if code := do(handler, unknown); code != 200 || got == nil || got.Decision() != nil {
		t.Error("an unknown type:", code)
	}
	if text := logged.String(); strings.Contains(text, "GARCIA") || !strings.Contains(text, "WRONG_SIGNATURE") || strings.Contains(text, "no database") {
		t.Error(text)
	}
}

type endlessly struct{}

func (endlessly) Read(p []byte) (int, error) { return len(p), nil }

func TestHandlerAborts(t *testing.T) {
	c := testCredentials(t)
	handler := ine.NewWebhooks(c).Handler(func(context.Context, *ine.Event) error { panic(http.ErrAbortHandler) })
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("the server's own panic was swallowed")
		}
	}()
	handler.ServeHTTP(httptest.NewRecorder(), inetest.SignedWebhook(t, "approved", c))
}

// A real server: chunked bodies, gzip, and many deliveries at once.
func TestHandlerServed(t *testing.T) {
	c := testCredentials(t)
	var mu sync.Mutex
	ids := map[string]int{}
	url := serve(t, ine.NewWebhooks(c).Handler(func(_ context.Context, e *ine.Event) error {
		mu.Lock()
		defer mu.Unlock()
		ids[e.ID()]++
		return nil
	}))
	source := inetest.SignedWebhook(t, "approved", c)
	body := readAll(t, source)
	post := func(body io.Reader, encoding string) int {
		r, err := http.NewRequest("POST", url, body)
		if err != nil {
			t.Error(err)
			return 0
		}
		r.Header = source.Header.Clone()
		if encoding != "" {
			r.Header.Set("Content-Encoding", encoding)
		}
		reply, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Error(err)
			return 0
		}
		_ = reply.Body.Close()
		return reply.StatusCode
	}
	var all sync.WaitGroup
	for range 8 {
		all.Add(1)
		go func() {
			defer all.Done()
			for range 10 {
				if code := post(bytes.NewReader(body), ""); code != 200 {
					t.Error(code)
				}
				if code := post(io.MultiReader(bytes.NewReader(body)), ""); code != 200 { // chunked
					t.Error(code)
				}
			}
		}()
	}
	all.Wait()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(body)
	_ = w.Close()
	if code := post(&packed, "gzip"); code != 401 {
		t.Error("gzip:", code)
	}
	if len(ids) != 1 {
		t.Error(ids)
	}
	http.DefaultClient.CloseIdleConnections()
}
