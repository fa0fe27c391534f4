package ine

// #include "shim.h"
import "C"

import (
	"fmt"
	"log/slog"
	"runtime"
	"sync"
)

// Verdict is what a decision means. Decide by Verified. It is a value without personal data: pass it on,
// store it, log it. The zero Verdict is not verified, and its outcome is UnknownOutcome.
type Verdict struct {
	Facts

	from *opaque // *owner
}

// Facts are what a verdict says, as plain values: two are equal (==) when they say the same. Only the library
// makes Facts that are verified.
type Facts struct {
	Outcome   Outcome // the zero value is UnknownOutcome
	Advice    Advice  // what to do next
	RootCause CheckID // the first failed check, CauseRegistry when the registry could not be asked, else ""

	Failed    Checks    // failed checks
	Unmet     Checks    // required checks that did not pass
	Required  Checks    // the checks that were required
	Unchecked Inputs    // inputs that were sent and that no check compared
	Inputs    Inputs    // what to correct
	Anomalies Anomalies // they never change the outcome

	SessionID     string
	SessionStatus string   // approved, declined, ... as the vendor says
	SessionCode   int64    // 9001, 9102, ...; 0 when there is none
	ReasonCode    int64    // 581, 902, ...; 0 when there is none
	Registry      Registry // what INE's registry answered
	NoINEResult   bool     // approved, but without any INE result: is the INE step configured?

	verified bool
}

// Registry is the registry's own reply; "" is what is not there.
type Registry struct {
	Status    string // success, failure or error
	Error     string
	Timestamp string // as received
}

// CheckResult is what became of one check.
type CheckResult struct {
	Check     CheckID
	State     State
	Reason    string  // as received, or ""
	BlockedBy CheckID // of a skipped check: the one that stopped it
}

// Texts is one sentence for each who reads it, without personal data.
type Texts struct {
	Citizen string // to be shown to the person
	Agent   string // for a support agent
	Log     string // for a log
}

// Language of texts: EsMX or En.
type Language int32

// Verified is true only when the outcome is Verified and each required check passed. The one thing to decide by.
func (f Facts) Verified() bool { return f.verified }

// String is outcome, root cause and session id.
func (f Facts) String() string {
	out := f.Outcome.String()
	if f.RootCause != "" {
		out += " root_cause=" + string(f.RootCause)
	}
	if f.SessionID != "" {
		out += " session=" + f.SessionID
	}
	return out
}

// zeroVerdict is what the zero Verdict says: the body {} interpreted.
var zeroVerdict = sync.OnceValue(func() Verdict {
	v, err := Interpret([]byte("{}"))
	if err != nil {
		panic(err) // no memory for some bytes
	}
	return v
})

// use is the verdict's handle, to be kept alive while it is used.
func (v Verdict) use() *owner {
	if v.from == nil {
		v = zeroVerdict()
	}
	return show[owner](v.from)
}

// Text is what to tell the citizen, the support agent and the log; English for a language that is not known.
func (v Verdict) Text(language Language) Texts {
	own := v.use()
	defer runtime.KeepAlive(own)
	l := C.int32_t(language)
	if language != EsMX {
		l = C.INE_LANG_EN
	}
	return Texts{
		Citizen: text(C.ine_verdict_text(own.verdict, C.INE_TEXT_CITIZEN, l)),
		Agent:   text(C.ine_verdict_text(own.verdict, C.INE_TEXT_AGENT, l)),
		Log:     text(C.ine_verdict_text(own.verdict, C.INE_TEXT_LOG, l)),
	}
}

// Checks is all ten checks in cascade order.
func (v Verdict) Checks() []CheckResult {
	own := v.use()
	defer runtime.KeepAlive(own)
	var all [C.INE_GO_CHECKS]C.ine_go_check
	C.ine_go_checks_read(own.verdict, &all[0])
	out := make([]CheckResult, len(all))
	for i, c := range all {
		out[i] = CheckResult{
			Check: checkName(int64(i + 1)), State: State(c.state), Reason: text(c.reason),
			BlockedBy: checkName(int64(c.blocked_by)),
		}
	}
	return out
}

// Check is one of the ten checks; its state is StateAbsent for a name that is none.
func (v Verdict) Check(check CheckID) CheckResult {
	for _, c := range v.Checks() {
		if c.Check == check {
			return c
		}
	}
	return CheckResult{Check: check}
}

// MarshalJSON is the JSON object of docs/output.md, the same in every language.
func (v Verdict) MarshalJSON() ([]byte, error) {
	own := v.use()
	defer runtime.KeepAlive(own)
	return []byte(text(C.ine_verdict_json(own.verdict))), nil
}

// Format prints outcome, root cause and session id whatever the verb.
func (v Verdict) Format(f fmt.State, verb rune) { _, _ = f.Write([]byte(v.String())) }

// LogValue gives slog outcome, root cause, advice and session id.
func (f Facts) LogValue() slog.Value {
	return slog.GroupValue(
		slog.Bool("verified", f.verified), slog.String("outcome", f.Outcome.String()),
		slog.String("root_cause", string(f.RootCause)), slog.String("advice", f.Advice.String()),
		slog.String("session_id", f.SessionID),
	)
}

// makeFacts copies the facts.
func makeFacts(f *C.ine_go_verdict, a *arena) Facts {
	v := Facts{
		Outcome: Outcome(f.outcome), Advice: Advice(f.advice), Failed: Checks(f.failed), Unmet: Checks(f.unmet),
		Required: Checks(f.required), Unchecked: Inputs(f.unchecked), Inputs: Inputs(f.inputs),
		Anomalies: Anomalies(f.anomalies), SessionCode: int64(f.code), ReasonCode: int64(f.reason_code),
		NoINEResult: f.no_ine_result != 0, verified: f.verified != 0,
		SessionID: a.text(f.session_id), SessionStatus: word(f.session_status),
		Registry: Registry{word(f.registry_status), a.text(f.registry_error), a.text(f.registry_timestamp)},
	}
	switch {
	case f.root_cause == 0:
		v.RootCause = CauseRegistry
	case f.root_cause > 0:
		v.RootCause = checkName(int64(f.root_cause))
	}
	return v
}

// makeVerdict takes a verdict over whose facts were read.
func makeVerdict(f *C.ine_go_verdict, handle *C.ine_verdict) Verdict {
	a := newArena(f.registry_error, f.registry_timestamp, f.session_id)
	return Verdict{Facts: makeFacts(f, &a), from: hide(newOwner(owner{verdict: handle}))}
}

// ownVerdict takes a verdict over.
func ownVerdict(handle *C.ine_verdict) Verdict {
	if handle == nil {
		return Verdict{}
	}
	var facts C.ine_go_verdict
	C.ine_go_verdict_read(handle, &facts)
	return makeVerdict(&facts, handle)
}

// Interpret says what a body means: the bytes of a decision, a webhook or a reply. It says nothing about a
// signature. `require` are the checks that must have passed [the four core ones].
func Interpret(body []byte, require ...CheckID) (Verdict, error) {
	bits, err := requireBits(require)
	if err != nil {
		return Verdict{}, err
	}
	var (
		verdict *C.ine_verdict
		facts   C.ine_go_verdict
		failed  *C.ine_error
	)
	p, n := memory(body)
	if code := C.ine_go_interpret(p, n, C.int64_t(bits), &verdict, &facts, &failed); code != C.INE_OK {
		return Verdict{}, failure(code, failed)
	}
	return makeVerdict(&facts, verdict), nil
}
