package ine_test

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

// hidden is how a program's own struct holds a value: fmt calls no method of what lies in an unexported field.
type hidden[T any] struct{ in T }

type fields[T any] struct {
	V T
	P *T
}

// everyWay prints a value by itself, by pointer, and inside what a program puts values into.
func everyWay[T any](t *testing.T, name string, v T) {
	t.Helper()
	checkPrints(t, name, v)
	checkPrints(t, name+" by pointer", &v)
	checkPrints(t, name+" in a struct", fields[T]{v, &v})
	checkPrints(t, name+" in a slice", []T{v})
	checkPrints(t, name+" in a map", map[string]T{"a": v})
}

// unexported prints a value that lies in an unexported field.
func unexported[T any](t *testing.T, name string, v T) {
	t.Helper()
	checkPrints(t, name+" in an unexported field", hidden[T]{v})
	checkPrints(t, name+" in an unexported field, by pointer", &hidden[*T]{&v})
}

func TestNothingIsPrintedByValue(t *testing.T) {
	sb := inetest.NewSandbox(t)
	c := testCredentials(t)
	who := sb.Person("approved")
	who.VendorData = "jg@example.test"
	image := ine.Bytes([]byte("GARCIA"))
	r := inetest.SignedWebhook(t, "approved", sb.Credentials(), inetest.VendorData("JUAN"))
	r.Header.Set("Cookie", "GARCIA")
	e, err := ine.NewWebhooks(sb.Credentials()).Open(r.Header, readAll(t, r))
	if err != nil {
		t.Fatal(err)
	}
	v := e.Decision().Verdict()
	details := ine.Details{Message: "m", VendorData: "JUAN", Code: ine.CodeOutcomeUnknown}
	curp, err := ine.CURP("GARJ000000HMCRLP00")
	if err != nil {
		t.Fatal(err)
	}
	curp.Sex = "JUAN"

	everyWay(t, "Credentials", *c)
	everyWay(t, "*Credentials", c)
	unexported(t, "Credentials", *c)
	everyWay(t, "Verification", who)
	everyWay(t, "Media", image)
	unexported(t, "Media", image)
	unexported(t, "Media of a file", ine.File("/srv/juan/GARCIA.jpg"))
	unexported(t, "Media of a reader", ine.Reader(strings.NewReader("GARCIA")))
	everyWay(t, "Session", ine.Session{ID: "x", URL: "https://GARCIA", VendorData: "JUAN"})
	everyWay(t, "Item", ine.Item{URL: "https://GARCIA"})
	everyWay(t, "Value", e.Body().Field(ine.FieldFirstName))
	everyWay(t, "RawCall", ine.RawCall{Method: "POST", Query: "q=JUAN", Body: []byte("GARCIA")})
	everyWay(t, "EvidenceInput", ine.EvidenceInput{Selfie: ine.File("/srv/juan/GARCIA.jpg"), Verdict: v})
	everyWay(t, "CURPResult", curp)
	everyWay(t, "Card", ine.Card{CIC: "123456789", Surnames: "GARCIA"})
	everyWay(t, "Details", details)
	everyWay(t, "InputError", ine.InputError{Details: details})
	everyWay(t, "*OutcomeUnknownError", &ine.OutcomeUnknownError{Details: details})
	everyWay(t, "error", error(&ine.OutcomeUnknownError{Details: details}))
	everyWay(t, "wrapped", fmt.Errorf("x: %w", &ine.OutcomeUnknownError{Details: details}))
	everyWay(t, "joined", errors.Join(&ine.OutcomeUnknownError{Details: details}))
	everyWay(t, "Event", *e)
	everyWay(t, "*Event", e)
	everyWay(t, "Decision", *e.Body())
	unexported(t, "Decision", *e.Body())
	everyWay(t, "Verdict", v)
	unexported(t, "Verdict", v)
	everyWay(t, "*Client", sb.Client())
	unexported(t, "*Client", sb.Client())
	everyWay(t, "Webhooks", *ine.NewWebhooks(c))
	// All that an event holds beside its strings is hidden in an unexported field too.
	named := *e
	named.VendorData = ""
	unexported(t, "Event", named)
}

// What prints is still something.
func TestPrintsByValue(t *testing.T) {
	d := ine.Details{Message: "no answer", Code: ine.CodeOutcomeUnknown, VendorData: "JUAN"}
	if got := fmt.Sprintf("%v", ine.OutcomeUnknownError{Details: d}); got != "ine: no answer" {
		t.Error(got)
	}
	if got := fmt.Sprint(*testCredentials(t)); got != `Credentials("mx")` {
		t.Error(got)
	}
	if got := fmt.Sprint(ine.Event{Kind: ine.KindDecision}); !strings.Contains(got, "id= UNKNOWN") {
		t.Error(got)
	}
}

// A copy of credentials lives as long as it is used.
func TestCredentialsByValue(t *testing.T) {
	copied := func() ine.Credentials { return *testCredentials(t) }()
	for range 3 {
		runtime.GC()
	}
	header, body := delivery(oddBody, testSecret)
	if _, err := ine.NewWebhooks(&copied).Open(header, body); err != nil {
		t.Fatal(err)
	}
	if _, err := ine.New(ine.WithCredentials(&ine.Credentials{}), ine.WithBaseURL("https://ine.example.test")); err == nil {
		t.Error("empty credentials were taken")
	}
	if err := ine.NewWebhooks(&ine.Credentials{}).Err(); err == nil {
		t.Error("empty credentials were taken")
	}
}
