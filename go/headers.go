//go:build cgo

package ine

import (
	"net/http"
	"strings"
	"sync"
	"unsafe"
)

// packed is a set of headers as the library takes them: one block of bytes, and two lengths for each.
type packed struct {
	bytes   []byte
	lengths []int32
}

var packs = sync.Pool{New: func() any {
	return &packed{bytes: make([]byte, 0, 1024), lengths: make([]int32, 0, 64)}
}}

func newPacked() *packed {
	p := packs.Get().(*packed)
	p.bytes, p.lengths = p.bytes[:0], p.lengths[:0]
	return p
}

// release gives a block back; those that have grown large are dropped.
func (p *packed) release() {
	if cap(p.bytes) <= 64<<10 {
		clear(p.bytes)
		packs.Put(p)
	}
}

func (p *packed) add(name, value string) {
	p.bytes = append(append(p.bytes, name...), value...)
	p.lengths = append(p.lengths, int32(len(name)), int32(len(value)))
}

// addAll keeps repeated headers repeated.
func (p *packed) addAll(header http.Header) {
	for name, values := range header {
		for _, value := range values {
			p.add(name, value)
		}
	}
}

// signedHeaders are those that a delivery's signature is checked with.
var signedHeaders = []string{"x-hmac-signature", "vrf-hmac-signature", "x-auth-client", "vrf-auth-client"}

// signedRoom is what two of them take: a signature and a key, with their names.
const signedRoom = 160

// addSigned copies those headers: a caller's map may change.
func (p *packed) addSigned(header http.Header) {
	p.bytes, p.lengths = make([]byte, 0, signedRoom), make([]int32, 0, 4)
	for name, values := range header {
		for _, one := range signedHeaders {
			if len(name) == len(one) && strings.EqualFold(name, one) {
				for _, value := range values {
					p.add(name, value)
				}
			}
		}
	}
}

func (p *packed) count() int { return len(p.lengths) / 2 }

// ptr is a slice's memory for the time of one call.
func ptr[T any](s []T) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(s)) }
