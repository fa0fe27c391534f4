package ine

// #include "shim.h"
import "C"

import (
	"time"
)

func classOf(code Code) Class { return Class(C.ine_code_class(C.int32_t(code))) }

// problemsOnStack is how many problems are read in one crossing without an allocation.
const problemsOnStack = 16

// readProblems copies a report.
func readProblems(report *C.ine_report) []Problem {
	var room [problemsOnStack]C.ine_go_problem
	count := int(C.ine_go_problems(report, &room[0], problemsOnStack))
	found := room[:min(count, problemsOnStack)]
	if count > problemsOnStack {
		found = make([]C.ine_go_problem, count)
		C.ine_go_problems(report, &found[0], C.int32_t(count))
	}
	out := make([]Problem, 0, count)
	for _, p := range found {
		severity := SeverityWarning
		if p.is_error != 0 {
			severity = SeverityError
		}
		code := ProblemCode(text(C.ine_name(C.INE_NAMES_PROBLEM, p.problem)))
		out = append(out, Problem{Field: text(p.path), Code: code, Severity: severity, Hint: text(p.hint)})
	}
	return out
}

// known is a number of an error, 0 when it is not known.
func known(n C.int64_t) int { return max(0, int(n)) }

// readError copies an error of the library and frees it.
func readError(code C.int32_t, failed *C.ine_error) Details {
	if failed == nil { // no memory for the error itself
		c := Code(code)
		return Details{Code: c, Class: classOf(c), Message: c.String(), Sent: SentUnknown, Offset: -1}
	}
	var facts C.ine_go_error
	C.ine_go_error_read(failed, &facts)
	d := Details{
		Code: Code(facts.code), Class: Class(facts.class_), Message: text(facts.text), Hint: text(facts.hint),
		Field: text(facts.field), HTTPStatus: known(facts.http_status), APICode: known(facts.api_code),
		RetryAfter: time.Duration(known(facts.retry_after_ms)) * time.Millisecond, Step: Step(known(facts.step)),
		Sent: Sent(known(facts.sent)), Retryable: facts.retryable == 1, Attempts: known(facts.attempts),
		SessionID: text(facts.session_id), Offset: int64(facts.offset), json: text(facts.json),
		transportCode: int64(facts.transport_code),
	}
	if facts.problems > 0 {
		d.Problems = readProblems(C.ine_error_report(failed))
	}
	C.ine_error_free(failed)
	return d
}

// failure is an error of the library, with its type.
func failure(code C.int32_t, failed *C.ine_error) error { return makeError(readError(code, failed)) }

// setText sets an input or option; "" is left unset.
type setText func(id C.int32_t, text *C.char, size C.size_t, failed **C.ine_error) C.int32_t

func (set setText) put(id C.int32_t, value string) error {
	var failed *C.ine_error
	if value == "" {
		return nil
	}
	p, n := chars(value)
	if code := set(id, p, n, &failed); code != C.INE_OK {
		return failure(code, failed)
	}
	return nil
}
