package ine

/*
#cgo CFLAGS: -std=gnu11 -O2 -DINE_STATIC -fvisibility=hidden -fno-strict-aliasing -fstack-protector-strong
#cgo LDFLAGS: -lcrypto
#cgo noescape ine_go_open
#cgo nocallback ine_go_open
#cgo noescape ine_go_diagnose
#cgo nocallback ine_go_diagnose
#cgo noescape ine_go_interpret
#cgo nocallback ine_go_interpret
#cgo noescape ine_go_verdict_read
#cgo nocallback ine_go_verdict_read
#cgo noescape ine_go_checks_read
#cgo nocallback ine_go_checks_read
#cgo noescape ine_go_fields_read
#cgo nocallback ine_go_fields_read
#cgo noescape ine_go_error_read
#cgo nocallback ine_go_error_read
#cgo noescape ine_go_problems
#cgo nocallback ine_go_problems
#cgo noescape ine_go_next
#cgo nocallback ine_go_next
#cgo noescape ine_go_reply
#cgo nocallback ine_go_reply
#cgo noescape ine_exchange_read
#cgo nocallback ine_exchange_read
#cgo noescape ine_exchange_feed_media
#cgo nocallback ine_exchange_feed_media
#cgo noescape ine_flow_feed_media
#cgo nocallback ine_flow_feed_media
#include "shim.h"
*/
import "C"

import (
	"runtime"
	"strconv"
	"unsafe"
)

// owner keeps a handle of the C library until nothing in Go can reach it. What is inside is immutable and
// may be used by several goroutines; whoever calls C with it keeps the owner alive for the call.
type owner struct {
	decision *C.ine_decision
	verdict  *C.ine_verdict
}

// newOwner takes the handles over.
func newOwner(o owner) *owner {
	kept := &o
	runtime.AddCleanup(kept, freeOwned, o)
	return kept
}

func freeOwned(o owner) {
	C.ine_decision_free(o.decision)
	C.ine_verdict_free(o.verdict)
}

// view is the bytes of a text of the library, not copied.
func view(s C.ine_str) []byte {
	if s.ptr == nil || s.len == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(s.ptr)), int(s.len))
}

func text(s C.ine_str) string { return string(view(s)) }

// words that come again and again are not copied.
func word(s C.ine_str) string {
	switch b := view(s); string(b) {
	case "approved":
		return "approved"
	case "declined":
		return "declined"
	case "success":
		return "success"
	case "failure":
		return "failure"
	case "error":
		return "error"
	default:
		return string(b)
	}
}

// arena copies several texts of the library with one allocation.
type arena struct{ room []byte }

func newArena(texts ...C.ine_str) arena {
	size := 0
	for _, s := range texts {
		size += int(s.len)
	}
	return arena{make([]byte, 0, size)}
}

func (a *arena) text(s C.ine_str) string {
	if s.ptr == nil || s.len == 0 {
		return ""
	}
	at := len(a.room)
	a.room = append(a.room, view(s)...)
	return unsafe.String(&a.room[at], int(s.len))
}

// chars is a Go string's or slice's memory for the time of one call.
func chars(s string) (*C.char, C.size_t) {
	return (*C.char)(unsafe.Pointer(unsafe.StringData(s))), C.size_t(len(s))
}

func memory(b []byte) (unsafe.Pointer, C.size_t) {
	return unsafe.Pointer(unsafe.SliceData(b)), C.size_t(len(b))
}

func nameOf(name string, value int64) string {
	if name == "" {
		return strconv.FormatInt(value, 10)
	}
	return name
}

// Version is the version of the library inside, as in "0.1.0".
func Version() string { return text(C.ine_version()) }

// BuildInfo is what the library stands on at run time: lines of "key=value" with the versions of libine,
// OpenSSL and libcurl ("none" without the build tag ine_curl), and how OpenSSL is linked.
func BuildInfo() string { return text(C.ine_build_info()) }
