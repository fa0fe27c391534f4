package ine

// #include "shim.h"
import "C"

import "sync/atomic"

// source is what a decision was made of: the exact bytes, and a handle of the library. It is made from the bytes
// when it is first asked for; opening a webhook needs none.
type source struct {
	body     []byte
	require  int64
	decision atomic.Pointer[owner]
}

// take takes a decision over.
func (s *source) take(handle *C.ine_decision, require int64) {
	s.body, s.require = copied(C.ine_decision_bytes(handle)), require
	s.decision.Store(newOwner(owner{decision: handle}))
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

func copied(s C.ine_str) []byte { return append([]byte{}, view(s)...) }
