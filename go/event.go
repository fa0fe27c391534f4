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
// ids and verdict only, in JSON too. Pass on Decision().ID() and Decision().Verdict(). An Event by value in an
// unexported field of a struct of yours is out of its own hands: fmt prints such a field's strings.
type Event struct {
	Kind        Kind   // KindDecision is the one to act on
	SessionID   string // "" when the body names none, as everywhere here
	AttemptID   string
	VendorData  string // what the verification was sent with
	EndUserID   string
	Action      string // of an event webhook: started, submitted
	Integration string // label of the credentials that it came for
	Secret      string // label of the secret that fitted: "0" is the newest

	state *opaque // *eventState; nil in the zero Event
}

// eventState is what an event holds beside its names.
type eventState struct {
	body     Decision
	decision decisionState
	id       string
	signed   packed // the headers that the signature was checked with
	hooks    *Webhooks
}

// in is what an event holds; a zero one, as tests make them, holds the body {}.
func (e *Event) in() *eventState {
	if e == nil || e.state == nil {
		return &eventState{}
	}
	return show[eventState](e.state)
}

// Decision is the decision that the delivery brings, or nil: for events such as "started", and for kinds that
// this version does not know, there is nothing to decide.
func (e *Event) Decision() *Decision {
	switch e.Kind {
	case KindDecision, KindINEWebhook, KindINERegistry:
		return &e.in().body
	default:
		return nil
	}
}

// Body is the delivery's body, whatever its kind.
func (e *Event) Body() *Decision { return &e.in().body }

// ID is the identity of the decision or event, equal for webhook and poll.
func (e *Event) ID() string { return e.in().id }

// DedupeKey is 64 hex digits, equal for the same bytes; "" of an Event that no Webhooks opened. It is made from
// the delivery when it is asked for.
func (e *Event) DedupeKey() string {
	in := e.in()
	if in.hooks == nil {
		return ""
	}
	return in.hooks.dedupeKey(&in.signed, in.decision.from.body)
}

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
func (e Event) String() string {
	return "Event(" + e.Kind.String() + " id=" + e.ID() + " " + e.Body().Verdict().Outcome.String() + ")"
}

// Format prints kind, ids and outcome whatever the verb.
func (e Event) Format(f fmt.State, verb rune) { _, _ = f.Write([]byte(e.String())) }

// LogValue gives slog kind, ids and verdict.
func (e Event) LogValue() slog.Value {
	return slog.GroupValue(slog.String("kind", e.Kind.String()), slog.String("id", e.ID()),
		slog.Any("verdict", e.Body().Verdict().LogValue()))
}

// MarshalJSON is kind, ids and verdict.
func (e Event) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Kind    Kind    `json:"kind"`
		ID      string  `json:"id"`
		Session string  `json:"session_id"`
		Verdict Verdict `json:"verdict"`
	}{e.Kind, e.ID(), e.SessionID, e.Body().Verdict()})
}

// makeEvent copies an opened delivery. The body is copied: a caller may use its slice again. What a caller keeps of
// it (ids, the facts of its verdict) shares no memory with the person's data.
func makeEvent(d *C.ine_go_delivery, header http.Header, body []byte, w *Webhooks) *Event {
	a := newArena(d.vendor_data, d.end_user_id, d.action, d.integration, d.secret)
	kept := newArena(d.session_id, d.attempt_id, d.id, d.facts.registry_error, d.facts.registry_timestamp,
		d.facts.session_id)
	made := &struct {
		event   Event
		state   eventState
		verdict Verdict
	}{event: Event{
		Kind: Kind(d.kind), SessionID: kept.text(d.session_id), AttemptID: kept.text(d.attempt_id),
		VendorData: a.text(d.vendor_data), EndUserID: a.text(d.end_user_id), Action: a.text(d.action),
		Integration: a.text(d.integration), Secret: a.text(d.secret),
	}}
	made.verdict = Verdict{Facts: makeFacts(&d.facts, &kept), from: hide(newOwner(owner{verdict: d.verdict}))}
	in := &made.state
	in.id, in.hooks = kept.text(d.id), w
	in.signed.addSigned(header)
	in.decision.from.body, in.decision.from.require = bytes.Clone(body), w.require
	in.decision.ruled.Store(&made.verdict)
	in.body.state = hide(&in.decision)
	made.event.state = hide(in)
	return &made.event
}
