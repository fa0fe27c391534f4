package ine

// #include "shim.h"
import "C"

import (
	"runtime"
	"sync/atomic"
	"unsafe"
)

// source is what a decision or a verdict was made of: the exact bytes, or handles of the library, or both. A
// handle is made from the bytes when it is first asked for; opening a webhook needs none.
type source struct {
	body     []byte // nil when only the handle knows it
	require  int64
	decision atomic.Pointer[owner]
	verdict  atomic.Pointer[owner]
}

// opaque is a source as a Verdict holds it: the bytes of a person's decision are not to be found by whoever
// walks over a Verdict (a logger, a test's diff), and equal verdicts are deeply equal.
type opaque struct{}

func (s *source) hide() *opaque { return (*opaque)(unsafe.Pointer(s)) }
func (o *opaque) show() *source { return (*source)(unsafe.Pointer(o)) }

// ofDecision takes a decision over.
func ofDecision(handle *C.ine_decision, require int64) *source {
	s := &source{require: require, body: copied(C.ine_decision_bytes(handle))}
	s.decision.Store(newOwner(owner{decision: handle}))
	return s
}

// ofVerdict takes a verdict over.
func ofVerdict(handle *C.ine_verdict) *source {
	s := &source{}
	s.verdict.Store(newOwner(owner{verdict: handle}))
	return s
}

// useDecision is the decision's handle; the owner is to be kept alive while it is used.
func (s *source) useDecision() (*owner, error) {
	if known := s.decision.Load(); known != nil {
		return known, nil
	}
	var handle *C.ine_decision
	var failed *C.ine_error
	p, n := memory(s.body)
	if code := C.ine_decision_read(&handle, p, n, C.INE_READ_COPY, &failed); code != C.INE_OK {
		return nil, failure(code, failed)
	}
	made := newOwner(owner{decision: handle})
	if !s.decision.CompareAndSwap(nil, made) {
		return s.decision.Load(), nil
	}
	return made, nil
}

// useVerdict is the verdict's handle; the owner is to be kept alive while it is used.
func (s *source) useVerdict() (*owner, error) {
	if known := s.verdict.Load(); known != nil {
		return known, nil
	}
	var (
		handle *C.ine_verdict
		facts  C.ine_go_verdict
		failed *C.ine_error
	)
	p, n := memory(s.body)
	if code := C.ine_go_interpret(p, n, C.int64_t(s.require), &handle, &facts, &failed); code != C.INE_OK {
		return nil, failure(code, failed)
	}
	runtime.KeepAlive(s)
	made := newOwner(owner{verdict: handle})
	if !s.verdict.CompareAndSwap(nil, made) {
		return s.verdict.Load(), nil
	}
	return made, nil
}

func copied(s C.ine_str) []byte { return append([]byte{}, view(s)...) }
