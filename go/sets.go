//go:build cgo

package ine

import (
	"encoding/json"
	"iter"
	"math/bits"
	"strings"
)

// CheckID is the name of a check, as in CheckSelfieRegistryMatch.
type CheckID string

// CauseRegistry is a root cause that is no check: the registry could not be asked.
const CauseRegistry CheckID = "registry"

func checkNumber(check CheckID) int {
	for number, name := range checkNames {
		if number > 0 && name == string(check) {
			return number
		}
	}
	return 0
}

func checkName(number int64) CheckID {
	if number > 0 && number < int64(len(checkNames)) {
		return CheckID(checkNames[number])
	}
	return ""
}

// Checks is a set of checks; it compares with ==.
type Checks uint64

// ChecksOf makes a set; names that are no check are left out.
func ChecksOf(checks ...CheckID) Checks {
	var set Checks
	for _, check := range checks {
		if number := checkNumber(check); number > 0 {
			set |= 1 << number
		}
	}
	return set
}

// Has says whether a check is in the set.
func (s Checks) Has(check CheckID) bool {
	number := checkNumber(check)
	return number > 0 && s>>number&1 == 1
}

// All gives the checks in cascade order.
func (s Checks) All() iter.Seq[CheckID] {
	return func(yield func(CheckID) bool) {
		for name := range named(uint64(s), checkNames[:]) {
			if !yield(CheckID(name)) {
				return
			}
		}
	}
}

// Len is the number of checks in the set.
func (s Checks) Len() int { return bits.OnesCount64(uint64(s)) }

// String is the names, joined by commas.
func (s Checks) String() string { return joined(uint64(s), checkNames[:]) }

// MarshalJSON is a list of names.
func (s Checks) MarshalJSON() ([]byte, error) { return listed(uint64(s), checkNames[:]) }

// Inputs is a set of inputs; it compares with ==.
type Inputs uint64

// All gives the API paths of the inputs, as in "document.number".
func (s Inputs) All() iter.Seq[string] { return named(uint64(s), inputNames[:]) }

// Len is the number of inputs in the set.
func (s Inputs) Len() int { return bits.OnesCount64(uint64(s)) }

// String is the API paths, joined by commas.
func (s Inputs) String() string { return joined(uint64(s), inputNames[:]) }

// MarshalJSON is a list of API paths.
func (s Inputs) MarshalJSON() ([]byte, error) { return listed(uint64(s), inputNames[:]) }

// Anomalies is a set of things that a reader should know of; they never change the outcome. It compares
// with ==.
type Anomalies uint64

// Has says whether an anomaly, as in "MIXED_CASE", is in the set.
func (s Anomalies) Has(name string) bool {
	for one := range s.All() {
		if one == name {
			return true
		}
	}
	return false
}

// All gives the names of the anomalies.
func (s Anomalies) All() iter.Seq[string] { return named(uint64(s), anomalyNames[:]) }

// Len is the number of anomalies in the set.
func (s Anomalies) Len() int { return bits.OnesCount64(uint64(s)) }

// String is the names, joined by commas.
func (s Anomalies) String() string { return joined(uint64(s), anomalyNames[:]) }

// MarshalJSON is a list of names.
func (s Anomalies) MarshalJSON() ([]byte, error) { return listed(uint64(s), anomalyNames[:]) }

func named(set uint64, names []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for set != 0 {
			at := bits.TrailingZeros64(set)
			set &= set - 1
			name := nameOf("", int64(at))
			if at < len(names) && names[at] != "" {
				name = names[at]
			}
			if !yield(name) {
				return
			}
		}
	}
}

func joined(set uint64, names []string) string {
	var out strings.Builder
	for name := range named(set, names) {
		if out.Len() > 0 {
			out.WriteByte(',')
		}
		out.WriteString(name)
	}
	return out.String()
}

func listed(set uint64, names []string) ([]byte, error) {
	out := []string{}
	for name := range named(set, names) {
		out = append(out, name)
	}
	return json.Marshal(out)
}
