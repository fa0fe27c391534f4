package ine

// #include "shim.h"
import "C"

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
)

// Event is a genuine delivery. VendorData and what Body gives are personal data or may be: an event prints as
// ids and verdict only, in JSON too. Pass on Decision().ID() and Decision().Verdict().
type Event struct {
	Kind        Kind   // KindDecision is the one to act on
	SessionID   string // "" when the body names none, as everywhere here
	AttemptID   string
	VendorData  string // what the verification was sent with
	EndUserID   string
	Action      string // of an event webhook: started, submitted
	Integration string // label of the credentials that it came for
	Secret      string // label of the secret that fitted: "0" is the newest

	body    Decision
	from    source
	verdict Verdict
	id      string
	header  http.Header
	hooks   *Webhooks
}

// Decision is the decision that the delivery brings, or nil: for events such as "started", and for kinds that
// this version does not know, there is nothing to decide.
func (e *Event) Decision() *Decision {
	switch e.Kind {
	case KindDecision, KindINEWebhook, KindINERegistry:
		return &e.body
	default:
		return nil
	}
}

// Body is the delivery's body, whatever its kind.
func (e *Event) Body() *Decision { return &e.body }

// ID is the identity of the decision or event, equal for webhook and poll.
func (e *Event) ID() string { return e.id }

// DedupeKey is 64 hex digits, equal for the same bytes. It is made from the delivery when it is asked for.
func (e *Event) DedupeKey() string { return e.hooks.dedupeKey(e.header, e.from.body) }

// ExpectSession refuses a genuine delivery of another session: UUIDs are the same in any case.
func (e *Event) ExpectSession(id string) error {
	return expect(e.SessionID != "" && strings.EqualFold(e.SessionID, id))
}

// ExpectVendorData refuses a genuine delivery of another case of yours.
func (e *Event) ExpectVendorData(vendorData string) error {
	return expect(e.VendorData != "" && e.VendorData == vendorData)
}

// ExpectEndUser refuses a genuine delivery of another user.
func (e *Event) ExpectEndUser(id string) error {
	return expect(e.EndUserID != "" && strings.EqualFold(e.EndUserID, id))
}

func expect(same bool) error {
	if same {
		return nil
	}
	return refusedError()
}

// String is kind, ids and outcome.
func (e *Event) String() string {
	if e == nil {
		return "Event(nil)"
	}
	return "Event(" + e.Kind.String() + " id=" + e.id + " " + e.verdict.Outcome.String() + ")"
}

// Format prints kind, ids and outcome whatever the verb.
func (e *Event) Format(f fmt.State, verb rune) { _, _ = f.Write([]byte(e.String())) }

// LogValue gives slog kind, ids and verdict.
func (e *Event) LogValue() slog.Value {
	if e == nil {
		return slog.StringValue("Event(nil)")
	}
	return slog.GroupValue(slog.String("kind", e.Kind.String()), slog.String("id", e.id),
		slog.Any("verdict", e.verdict.LogValue()))
}

// MarshalJSON is kind, ids and verdict.
func (e *Event) MarshalJSON() ([]byte, error) {
	if e == nil {
		return []byte("null"), nil
	}
	return json.Marshal(struct {
		Kind    Kind    `json:"kind"`
		ID      string  `json:"id"`
		Session string  `json:"session_id"`
		Verdict Verdict `json:"verdict"`
	}{e.Kind, e.id, e.SessionID, e.verdict})
}

// makeEvent copies an opened delivery. The body is copied: a caller may use its slice again.
func makeEvent(d *C.ine_go_delivery, body []byte, w *Webhooks) *Event {
	a := newArena(d.session_id, d.attempt_id, d.vendor_data, d.end_user_id, d.action, d.integration, d.secret,
		d.id, d.facts.registry_error, d.facts.registry_timestamp, d.facts.session_id)
	e := &Event{
		Kind: Kind(d.kind), SessionID: a.text(d.session_id), AttemptID: a.text(d.attempt_id),
		VendorData: a.text(d.vendor_data), EndUserID: a.text(d.end_user_id), Action: a.text(d.action),
		Integration: a.text(d.integration), Secret: a.text(d.secret), id: a.text(d.id), hooks: w,
	}
	e.from.body, e.from.require = bytes.Clone(body), w.require
	e.verdict = makeVerdict(&d.facts, &e.from, &a)
	e.body.from = &e.from
	e.body.ruled.Store(&e.verdict)
	return e
}
