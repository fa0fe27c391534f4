//go:build cgo

package ine

import (
	"encoding/json"
)

// ProblemCode is what is wrong with an input, as in ProblemLooksLikeCURP.
type ProblemCode string

// Severity is "error" (stops a verification from being sent) or "warning".
type Severity string

// Severities of a problem.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Problem is what is wrong with an input: its API path, a code, and what to do about it; never the value.
type Problem struct {
	Field    string      `json:"field"`
	Code     ProblemCode `json:"code"`
	Severity Severity    `json:"severity"`
	Hint     string      `json:"hint"`
}

// Report is every problem of an input at once.
type Report struct {
	// Problems, errors and warnings together.
	Problems []Problem
}

// OK says that nothing of it stops a verification from being sent.
func (r Report) OK() bool {
	for _, p := range r.Problems {
		if p.Severity == SeverityError {
			return false
		}
	}
	return true
}

// MarshalJSON is the report of docs/output.md.
func (r Report) MarshalJSON() ([]byte, error) {
	problems := r.Problems
	if problems == nil {
		problems = []Problem{}
	}
	return json.Marshal(struct {
		OK       bool      `json:"ok"`
		Problems []Problem `json:"problems"`
	}{r.OK(), problems})
}
