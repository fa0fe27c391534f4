package ine_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

// personal is what may be in no text that this package prints.
var personal = []string{"JUAN", "GARCIA", "LOPEZ", "GARJ000000HMCRLP00", "123456789", "900100001", "jg@example.test", "/srv/juan", "secret of the tests", testKey[9:]}

func checkPrints(t *testing.T, name string, v any) {
	t.Helper()
	var out []string
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		out = append(out, fmt.Sprintf(verb, v), fmt.Sprintf(verb, struct{ In any }{v}), fmt.Sprintf(verb, []any{v}))
	}
	if text, err := json.Marshal(v); err == nil {
		out = append(out, string(text))
	}
	var text, object bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("x", "v", v)
	slog.New(slog.NewJSONHandler(&object, nil)).Info("x", "v", v)
	out = append(out, text.String(), object.String())
	for _, one := range out {
		for _, word := range personal {
			if strings.Contains(one, word) {
				t.Errorf("%s prints %q: %.200s", name, word, one)
				return
			}
		}
	}
}

func TestNothingPersonalIsPrinted(t *testing.T) {
	sb := inetest.NewSandbox(t)
	c := testCredentials(t)
	who := sb.Person("approved")
	who.VendorData, who.Selfie = "jg@example.test", ine.Bytes(inetest.Picture())
	v, d, err := sb.Client().VerifyDecision(shortly(t), who)
	if err != nil {
		t.Fatal(err)
	}
	r := inetest.SignedWebhook(t, "approved", sb.Credentials(), inetest.VendorData("JUAN"))
	hooks := ine.NewWebhooks(sb.Credentials())
	e, err := hooks.Open(r.Header, readAll(t, r))
	if err != nil {
		t.Fatal(err)
	}
	if d.Field(ine.FieldFirstName).Text != "JUAN" || e.VendorData != "JUAN" {
		t.Fatal("there is nothing to hide")
	}
	card, err := ine.MRZ("IDMEX1234567890<<1234567890123")
	if err != nil {
		t.Fatal(err)
	}
	curp, err := ine.CURP("GARJ000000HMCRLP00")
	if err != nil {
		t.Fatal(err)
	}
	for name, one := range map[string]any{
		"Verification": who, "*Verification": &who, "Verdict": v, "*Verdict": &v, "Decision": d, "Event": e,
		"Credentials": c, "Client": sb.Client(), "Webhooks": hooks, "Media": ine.File("/srv/juan/GARCIA.jpg"),
		"Card": card, "CURPResult": curp, "Session": ine.Session{ID: "x", URL: "https://GARCIA", VendorData: "JUAN"},
		"Facts": v.Facts, "nil Decision": (*ine.Decision)(nil), "nil Event": (*ine.Event)(nil),
	} {
		checkPrints(t, name, one)
	}
	for _, want := range []string{d.ID(), "VERIFIED"} {
		for _, got := range []string{fmt.Sprint(d), fmt.Sprintf("%+v", e.Decision())} {
			if want == "VERIFIED" && !strings.Contains(got, want) {
				t.Error(got)
			}
		}
	}
	if _, err := json.Marshal(c); err == nil {
		t.Error("credentials were marshalled")
	}
}

func TestErrorsNameNoValue(t *testing.T) {
	sb := inetest.NewSandbox(t)
	for name, change := range map[string]func(*ine.Verification){
		"a CURP as CIC": func(v *ine.Verification) { v.CIC = "GARJ000000HMCRLP00" },
		"a name":        func(v *ine.Verification) { v.FirstName = "JUAN\x00GARCIA" },
		"not UTF-8":     func(v *ine.Verification) { v.LastName = "GARCIA\xff" },
		"long":          func(v *ine.Verification) { v.VendorData = strings.Repeat("JUAN", 1000) },
		"a date":        func(v *ine.Verification) { v.FirstIssue = "JUAN" },
		"a callback":    func(v *ine.Verification) { v.Callback = "http://JUAN" },
		"no consent":    func(v *ine.Verification) { v.Consent = ine.ConsentNotStated },
		"refused":       func(v *ine.Verification) { v.Consent = ine.ConsentRefused },
		"no selfie":     func(v *ine.Verification) { v.Selfie = ine.Media{} },
		"no file":       func(v *ine.Verification) { v.Selfie = ine.File("/srv/juan/GARCIA.jpg") },
		"no image":      func(v *ine.Verification) { v.Selfie = ine.Bytes([]byte("GARCIA")) },
		"empty image":   func(v *ine.Verification) { v.Selfie = ine.Bytes(nil) },
		"no product":    func(v *ine.Verification) { v.Product = 99 },
	} {
		who := sb.Person("approved")
		change(&who)
		f := newFront(t, sb, nil)
		_, err := f.client(t).Verify(shortly(t), who)
		d := info(t, err)
		if len(f.requests()) != 0 || d.Sent == ine.SentYes || d.Class != ine.ClassInput && name != "no product" {
			t.Errorf("%s: %v after %d requests", name, err, len(f.requests()))
		}
		var input *ine.InputError
		if errors.As(err, &input) && (len(input.Problems) == 0 || input.Problems[0].Field == "" || input.Problems[0].Hint == "") {
			t.Errorf("%s: %+v", name, input.Problems)
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			if text := fmt.Sprintf(verb, err); containsAny(text, personal) {
				t.Errorf("%s: %s", name, text)
			}
		}
		if text, failed := json.Marshal(err); failed != nil || containsAny(string(text), personal) || !bytes.HasPrefix(text, []byte(`{"error":{"`)) {
			t.Errorf("%s: %s %v", name, text, failed)
		}
		report, failed := ine.Check(who)
		if failed == nil && report.OK() {
			t.Errorf("%s: Check says ok", name)
		}
	}
}

func containsAny(text string, words []string) bool {
	for _, word := range words {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

func TestHooksAndLogs(t *testing.T) {
	sb := inetest.NewSandbox(t)
	var logged bytes.Buffer
	var before []ine.RequestInfo
	var after []ine.ResponseInfo
	c := sb.NewClient(
		ine.WithLogger(slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))),
		ine.WithOnRequest(func(_ ctx, r ine.RequestInfo) { before = append(before, r) }),
		ine.WithOnResponse(func(_ ctx, r ine.ResponseInfo) { after = append(after, r) }),
	)
	who := sb.Person("approved")
	who.VendorData = "jg@example.test"
	v, err := c.Verify(shortly(t), who)
	if err != nil || len(before) != len(after) || len(after) < 4 {
		t.Fatal(err, len(before), len(after))
	}
	for i, want := range []struct{ method, template string }{
		{"POST", "/v1/sessions"}, {"POST", "/v1/sessions/{id}/media"}, {"PATCH", "/v1/sessions/{id}"}, {"GET", "/v1/sessions/{id}/decision"},
	} {
		got := after[i]
		if got.RequestInfo != before[i] || got.Method != want.method || got.Template != want.template || got.Attempt != 1 ||
			got.Status < 200 || got.Status > 201 || got.Received == 0 || got.Failure != "" || (got.SessionID == "") != (i == 0) {
			t.Errorf("%+v", got)
		}
	}
	if after[1].BodySize <= int64(len(inetest.Picture())) || after[3].BodySize != 0 || after[1].SessionID != v.SessionID {
		t.Error(after[1])
	}
	text := logged.String()
	if containsAny(text, personal) || !strings.Contains(text, "url.template=/v1/sessions/{id}/media") || !strings.Contains(text, "ine.outcome=VERIFIED") {
		t.Error(text)
	}
}
