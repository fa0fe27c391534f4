package ine

// #include "shim.h"
import "C"

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime"
	"sync/atomic"
	"unsafe"
)

// Decision is any body of the API, read strictly, with its exact bytes. It holds the person: it prints as ids
// and verdict only, in JSON too. Do not store it; pass on ID and Verdict. It is immutable and may be shared.
type Decision struct {
	state *opaque // *decisionState; nil in the zero Decision, which says nothing
}

type decisionState struct {
	from   source
	ruled  atomic.Pointer[Verdict]
	fields atomic.Pointer[decisionFields]
}

// in is what a decision holds; a zero one holds the body {}.
func (d *Decision) in() *decisionState {
	if d == nil || d.state == nil {
		return &decisionState{from: source{body: []byte("{}")}}
	}
	return show[decisionState](d.state)
}

// Field is a member of a body, as in FieldFirstName.
type Field int32

// List is a list inside a body, as in ListAttempts.
type List int32

// FieldState tells an absent member from null and from a value that is not of the documented type.
type FieldState int32

// States of a field.
const (
	FieldAbsent     FieldState = 0
	FieldNull       FieldState = 1
	FieldPresent    FieldState = 2
	FieldUnexpected FieldState = 3 // there, but not of the documented type
)

// Value is one field: text, or a number (0 and 1 for booleans), and its state. What it holds may be personal: it
// prints as its state only, in JSON too.
type Value struct {
	Text   string
	Number int64
	State  FieldState
}

// Format prints the state whatever the verb.
func (v Value) Format(f fmt.State, verb rune) {
	_, _ = fmt.Fprintf(f, "Value(state=%d)", int32(v.State))
}

// LogValue gives slog the state.
func (v Value) LogValue() slog.Value { return slog.IntValue(int(v.State)) }

// MarshalJSON is the state only.
func (v Value) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]int32{"state": int32(v.State)})
}

type decisionFields struct {
	value [C.INE_GO_FIELDS]Value
	id    string
}

// ReadDecision reads any body of the API, strictly. It says nothing about a signature.
func ReadDecision(body []byte) (*Decision, error) {
	var handle *C.ine_decision
	var failed *C.ine_error
	p, n := memory(body)
	if code := C.ine_decision_read(&handle, p, n, C.INE_READ_COPY, &failed); code != C.INE_OK {
		return nil, failure(code, failed)
	}
	return ownDecision(handle, 0), nil
}

// ownDecision takes a decision over.
func ownDecision(handle *C.ine_decision, require int64) *Decision {
	if handle == nil {
		return nil
	}
	state := &decisionState{}
	state.from.take(handle, require)
	return &Decision{hide(state)}
}

// use is the decision's handle, to be kept alive while it is used.
func (d *Decision) use() *owner {
	own, err := d.in().from.useDecision()
	if err != nil {
		panic(err) // no memory: the same bytes were read before
	}
	return own
}

// read copies all fields in one crossing, once.
func (d *Decision) read() *decisionFields {
	state := d.in()
	if known := state.fields.Load(); known != nil {
		return known
	}
	var all C.ine_go_fields
	var handle *C.ine_decision
	own := state.from.decision.Load()
	if own != nil {
		handle = own.decision
	}
	body, size := memory(state.from.body)
	out := &decisionFields{}
	room := make([]byte, min(len(state.from.body), usualTexts))
	used := C.ine_go_fields_read(handle, body, size, (*C.char)(ptr(room)), C.size_t(len(room)), &all)
	if used == -1 && len(room) < len(state.from.body) {
		room = make([]byte, len(state.from.body))
		used = C.ine_go_fields_read(handle, body, size, (*C.char)(ptr(room)), C.size_t(len(room)), &all)
	}
	runtime.KeepAlive(own)
	if used < 0 { // a download is no text
		room = nil
	}
	for i := range out.value {
		at, n := int(all.at[i]), int(all.len[i])
		out.value[i] = Value{"", int64(all.number[i]), FieldState(all.state[i])}
		if n > 0 && room != nil {
			out.value[i].Text = unsafe.String(&room[at], n)
		}
	}
	out.id = C.GoStringN(&all.id[0], all.id_len)
	state.fields.Store(out)
	return out
}

// usualTexts is room for the texts of all fields, as decisions are; no text is longer than its body.
const usualTexts = 4 << 10

// ID is the identity of a decision, equal for webhook and poll: put it under a unique index. Session, attempt,
// code and decision time, joined by '/'.
func (d *Decision) ID() string { return d.read().id }

// Kind is what the body is.
func (d *Decision) Kind() Kind {
	own := d.use()
	defer runtime.KeepAlive(own)
	return Kind(C.ine_decision_kind(own.decision))
}

// Field is one field: its text or number, and its state.
func (d *Decision) Field(field Field) Value {
	if field < 1 || int(field) > C.INE_GO_FIELDS {
		return Value{}
	}
	return d.read().value[field-1]
}

func (d *Decision) text(field Field) string { return d.Field(field).Text }

// SessionID is the session's id.
func (d *Decision) SessionID() string { return d.text(FieldSessionID) }

// AttemptID is the attempt's id.
func (d *Decision) AttemptID() string { return d.text(FieldAttemptID) }

// VendorData is what the verification was sent with.
func (d *Decision) VendorData() string { return d.text(FieldVendorData) }

// SessionStatus is as in "approved" and "declined".
func (d *Decision) SessionStatus() string { return d.text(FieldSessionStatus) }

// Code is as in 9001 and 9102; 0 when there is none.
func (d *Decision) Code() int64 { return d.Field(FieldCode).Number }

// ReasonCode is as in 581; 0 when there is none.
func (d *Decision) ReasonCode() int64 { return d.Field(FieldReasonCode).Number }

// DecisionTime is when it was decided, as received.
func (d *Decision) DecisionTime() string { return d.text(FieldDecisionTime) }

// SessionURL is the session's address for SDK and web flows: a bearer link, do not log it.
func (d *Decision) SessionURL() string { return d.text(FieldSessionURL) }

// Bytes is a copy of the body, byte for byte.
func (d *Decision) Bytes() []byte {
	return append([]byte{}, d.in().from.body...)
}

// Find is any value by JSON Pointer (RFC 6901), as its exact slice of the bytes; members that the library does
// not know too. Nil when there is none.
func (d *Decision) Find(pointer string) ([]byte, error) {
	var found C.ine_str
	var failed *C.ine_error
	own := d.use()
	defer runtime.KeepAlive(own)
	p, n := chars(pointer)
	code := C.ine_decision_find(own.decision, p, n, &found, &failed)
	if code != C.INE_OK {
		return nil, failure(code, failed)
	}
	if found.ptr == nil {
		return nil, nil
	}
	return copied(found), nil
}

// Item is one item of a list inside a body; "" and 0 are what is not there. It prints as "Item" only, in JSON too:
// addresses of media are bearer links.
type Item struct {
	Name, Result, Reason, Status, ID, Time, Context, Mimetype, URL string
	Size                                                           int64
}

// Format prints "Item" whatever the verb.
func (i Item) Format(f fmt.State, verb rune) { _, _ = f.Write([]byte("Item")) }

// LogValue gives slog "Item".
func (i Item) LogValue() slog.Value { return slog.StringValue("Item") }

// MarshalJSON is "Item".
func (i Item) MarshalJSON() ([]byte, error) { return []byte(`"Item"`), nil }

// List is the items of a list inside the body.
func (d *Decision) List(list List) []Item {
	own := d.use()
	defer runtime.KeepAlive(own)
	count := int(C.ine_decision_count(own.decision, C.int32_t(list)))
	out := make([]Item, 0, count)
	for i := range count {
		var s [C.INE_ITEM_URL]C.ine_str
		var size C.int64_t
		C.ine_go_item(own.decision, C.int32_t(list), C.size_t(i), &s[0], &size)
		a := newArena(s[:]...)
		out = append(out, Item{
			Name: a.text(s[C.INE_ITEM_NAME-1]), Result: a.text(s[C.INE_ITEM_RESULT-1]),
			Reason: a.text(s[C.INE_ITEM_REASON-1]), Status: a.text(s[C.INE_ITEM_STATUS-1]),
			ID: a.text(s[C.INE_ITEM_ID-1]), Time: a.text(s[C.INE_ITEM_TIME-1]),
			Context: a.text(s[C.INE_ITEM_CONTEXT-1]), Mimetype: a.text(s[C.INE_ITEM_MIMETYPE-1]),
			URL: a.text(s[C.INE_ITEM_URL-1]), Size: max(0, int64(size)),
		})
	}
	return out
}

// Verdict is what it means.
func (d *Decision) Verdict() Verdict {
	state := d.in()
	if known := state.ruled.Load(); known != nil {
		return *known
	}
	v, err := d.interpret(state.from.require)
	if err != nil {
		return Verdict{} // no memory: not verified
	}
	state.ruled.Store(&v)
	return v
}

// VerdictWith is what it means when these checks must have passed.
func (d *Decision) VerdictWith(require ...CheckID) (Verdict, error) {
	bits, err := requireBits(require)
	if err != nil {
		return Verdict{}, err
	}
	return d.interpret(bits)
}

func (d *Decision) interpret(require int64) (Verdict, error) {
	var verdict *C.ine_verdict
	var failed *C.ine_error
	own := d.use()
	code := C.ine_verdict_new(&verdict, own.decision, C.int64_t(require), 0, &failed)
	runtime.KeepAlive(own)
	if code != C.INE_OK {
		return Verdict{}, failure(code, failed)
	}
	return ownVerdict(verdict), nil
}

// Supersedes says whether this decision counts in place of another of the same session.
func (d *Decision) Supersedes(other *Decision) bool {
	if other == nil {
		return false
	}
	this, that := d.use(), other.use()
	defer runtime.KeepAlive(this)
	defer runtime.KeepAlive(that)
	return C.ine_decision_supersedes(this.decision, that.decision) == 1
}

// Redacted is the body for a ticket: ids, states, codes, times and checks; the rest as "[redacted]".
func (d *Decision) Redacted() ([]byte, error) { return Redact(d.Bytes()) }

// String is kind, ids and verdict.
func (d *Decision) String() string {
	if d == nil {
		return "Decision(nil)"
	}
	return "Decision(" + d.Kind().String() + " id=" + d.ID() + " " + d.Verdict().Outcome.String() + ")"
}

// Format prints kind, ids and verdict whatever the verb.
func (d *Decision) Format(f fmt.State, verb rune) { _, _ = f.Write([]byte(d.String())) }

// LogValue gives slog kind, ids and verdict.
func (d *Decision) LogValue() slog.Value {
	if d == nil {
		return slog.StringValue("Decision(nil)")
	}
	return slog.GroupValue(slog.String("kind", d.Kind().String()), slog.String("id", d.ID()),
		slog.Any("verdict", d.Verdict().LogValue()))
}

// MarshalJSON is kind, ids and verdict; Bytes is the body.
func (d *Decision) MarshalJSON() ([]byte, error) {
	if d == nil {
		return []byte("null"), nil
	}
	return json.Marshal(struct {
		Kind    Kind    `json:"kind"`
		ID      string  `json:"id"`
		Session string  `json:"session_id"`
		Verdict Verdict `json:"verdict"`
	}{d.Kind(), d.ID(), d.SessionID(), d.Verdict()})
}
