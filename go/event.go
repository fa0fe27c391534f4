package ine

// #include "shim.h"
import "C"

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime"
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

	own     *owner
	body    Decision
	verdict Verdict
	id      string
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

// DedupeKey is 64 hex digits, equal for the same bytes.
func (e *Event) DedupeKey() string {
	var key C.ine_str
	C.ine_webhook_field(e.own.webhook, C.INE_W_DEDUPE_KEY, &key, nil)
	defer runtime.KeepAlive(e)
	return text(key)
}

// ExpectSession refuses a genuine delivery of another session.
func (e *Event) ExpectSession(id string) error { return e.expect(C.INE_D_SESSION_ID, id) }

// ExpectVendorData refuses a genuine delivery of another case of yours.
func (e *Event) ExpectVendorData(vendorData string) error {
	return e.expect(C.INE_D_VENDOR_DATA, vendorData)
}

// ExpectEndUser refuses a genuine delivery of another user.
func (e *Event) ExpectEndUser(id string) error { return e.expect(C.INE_D_END_USER_ID, id) }

func (e *Event) expect(field C.int32_t, want string) error {
	var failed *C.ine_error
	if want == "" { // C takes an absent text for a mistake
		return refusedError()
	}
	p, n := chars(want)
	code := C.ine_webhook_expect(e.own.webhook, field, p, n, &failed)
	runtime.KeepAlive(e)
	if code != C.INE_OK {
		return failure(code, failed)
	}
	return nil
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

// makeEvent takes an opened delivery over.
func makeEvent(d *C.ine_go_delivery, require int64) *Event {
	own := newOwner(owner{webhook: d.webhook})
	a := newArena(d.session_id, d.attempt_id, d.vendor_data, d.end_user_id, d.action, d.integration, d.secret,
		d.id, d.facts.registry_error, d.facts.registry_timestamp)
	e := &Event{
		Kind: Kind(d.kind), SessionID: a.text(d.session_id), AttemptID: a.text(d.attempt_id),
		VendorData: a.text(d.vendor_data), EndUserID: a.text(d.end_user_id), Action: a.text(d.action),
		Integration: a.text(d.integration), Secret: a.text(d.secret), own: own, id: a.text(d.id),
	}
	e.body.handle, e.body.own, e.body.require = d.decision, own, require
	e.verdict = makeVerdict(&d.facts, d.verdict, own)
	e.body.ruled.Store(&e.verdict)
	return e
}
