// Package sandbox hosts the vendor's API in process: the same C code as ine-sandbox, with its state in memory.
// Package inetest is its face for tests. Its C code calls functions that package ine carries, so it stands on it.
package sandbox

/*
#cgo CFLAGS: -std=gnu11 -O2 -DINE_STATIC -fvisibility=hidden -fno-strict-aliasing -fstack-protector-strong
#cgo LDFLAGS: -lcrypto
#include <stdlib.h>
#include "host.h"
*/
import "C"

import (
	"errors"
	"net/http"
	"runtime"
	"sync"
	"time"
	"unsafe"

	"libine.example/ine"
	"libine.example/ine/internal/bridge"
)

// Setting is a setting of the whole sandbox.
type Setting int32

// Settings; times in milliseconds.
const (
	DecisionDelay Setting = C.INE_SANDBOX_DECISION_DELAY_MS
	KeepBytes     Setting = C.INE_SANDBOX_KEEP_BYTES
	Unlisted      Setting = C.INE_SANDBOX_UNLISTED
	Clock         Setting = C.INE_SANDBOX_CLOCK_MS
	Retry         Setting = C.INE_SANDBOX_RETRY_MS
	GiveUp        Setting = C.INE_SANDBOX_GIVE_UP_MS
)

// Core is the vendor's API: whole requests in, whole replies out. It may be shared.
type Core struct {
	mu     sync.Mutex
	handle *C.ine_sandbox
}

var errMemory = errors.New("sandbox: out of memory")

// NewCore makes a sandbox with its state in memory; equal seeds and equal calls give equal replies.
func NewCore(seed uint64) (*Core, error) {
	handle := C.ine_go_sandbox_new(C.uint64_t(seed))
	if handle == nil {
		return nil, errMemory
	}
	c := &Core{handle: handle}
	runtime.AddCleanup(c, func(h *C.ine_sandbox) { C.ine_sandbox_free(h) }, handle)
	return c, nil
}

func chars(s string) (*C.char, C.size_t) {
	return (*C.char)(unsafe.Pointer(unsafe.StringData(s))), C.size_t(len(s))
}

func text(s C.ine_str) string { return string(view(s)) }

func view(s C.ine_str) []byte {
	if s.ptr == nil || s.len == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(s.ptr)), int(s.len))
}

// packed is headers as one block and two lengths for each.
func packed(header http.Header) ([]byte, []int32) {
	block, lengths := []byte{}, []int32{}
	for name, values := range header {
		for _, value := range values {
			block = append(append(block, name...), value...)
			lengths = append(lengths, int32(len(name)), int32(len(value)))
		}
	}
	return block, lengths
}

// Handle answers one request.
func (c *Core) Handle(method, target string, header http.Header, body []byte, now time.Time) (int, http.Header, []byte) {
	block, lengths := packed(header)
	m, mn := chars(method)
	t, tn := chars(target)
	c.mu.Lock()
	defer c.mu.Unlock()
	reply := C.ine_go_sandbox_handle(c.handle, m, mn, t, tn, (*C.char)(unsafe.Pointer(unsafe.SliceData(block))),
		(*C.int32_t)(unsafe.Pointer(unsafe.SliceData(lengths))), C.int32_t(len(lengths)/2),
		(*C.char)(unsafe.Pointer(unsafe.SliceData(body))), C.size_t(len(body)), C.int64_t(now.UnixMilli()))
	out := make(http.Header)
	for _, h := range unsafe.Slice(reply.headers, int(reply.header_count)) {
		name := text(h.name)
		out[name] = append(out[name], text(h.value))
	}
	return int(reply.status), out, append([]byte{}, view(reply.body)...)
}

// SetBaseURL is what stands before links in replies.
func (c *Core) SetBaseURL(url string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, n := chars(url)
	return bool(C.ine_go_sandbox_base_url(c.handle, p, n))
}

// Set changes a setting; false when the value can not be.
func (c *Core) Set(setting Setting, value int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bool(C.ine_sandbox_set(c.handle, C.int32_t(setting), C.int64_t(value)))
}

// Integration is API key and secret of a product's first integration.
func (c *Core) Integration(product ine.Product) (key, secret string, ok bool) {
	if product == 0 {
		product = ine.ProductMXINE
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var k, s C.ine_str
	ok = bool(C.ine_sandbox_integration(c.handle, C.int32_t(product)-1, &k, &s))
	return text(k), text(s), ok
}

// WebhookURL says where an integration's webhooks of a kind (decision, event, ine) go.
func (c *Core) WebhookURL(key, kind, url string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	name := C.CString(kind)
	defer C.free(unsafe.Pointer(name))
	k, kn := chars(key)
	u, un := chars(url)
	return bool(C.ine_go_sandbox_webhook_url(c.handle, k, kn, name, u, un))
}

// Delivery is a webhook that is due.
type Delivery struct {
	Number int64
	URL    string
	Header http.Header
	Body   []byte
}

// Due is the next webhook that is due; it counts as tried.
func (c *Core) Due(now time.Time) (Delivery, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var w C.ine_sandbox_webhook
	if !bool(C.ine_sandbox_due(c.handle, C.int64_t(now.UnixMilli()), &w)) {
		return Delivery{}, false
	}
	d := Delivery{int64(w.number), text(w.url), make(http.Header), append([]byte{}, view(w.body)...)}
	for _, h := range unsafe.Slice(w.headers, int(w.header_count)) {
		d.Header[text(h.name)] = append(d.Header[text(h.name)], text(h.value))
	}
	return d, true
}

// Delivered is what the receiver answered; 0: nothing.
func (c *Core) Delivered(number int64, status int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	C.ine_sandbox_delivered(c.handle, C.int64_t(number), C.int32_t(status))
}

// Person adds a person to the registry, or puts one in the place of the one with the same CIC.
func (c *Core) Person(fields map[string]string) bool {
	header := make(http.Header, len(fields))
	for name, value := range fields {
		header[name] = []string{value}
	}
	block, lengths := packed(header)
	c.mu.Lock()
	defer c.mu.Unlock()
	return bool(C.ine_go_sandbox_person(c.handle, (*C.char)(unsafe.Pointer(unsafe.SliceData(block))),
		(*C.int32_t)(unsafe.Pointer(unsafe.SliceData(lengths))), C.int32_t(len(lengths)/2)))
}

// Scenario is what a magic CIC plays.
type Scenario struct{ Name, CIC, About string }

// Scenarios are all of them.
var Scenarios = sync.OnceValue(func() []Scenario {
	var out []Scenario
	var name, cic, about C.ine_str
	for i := C.size_t(0); bool(C.ine_sandbox_scenario(i, &name, &cic, &about)); i++ {
		out = append(out, Scenario{text(name), text(cic), text(about)})
	}
	return out
})

// ErrNoScenario is a scenario that is unknown or never comes to a decision.
var ErrNoScenario = errors.New("sandbox: no such scenario, or one that comes to no decision")

// Webhook is the decision of a scenario, signed with the newest secret of the credentials.
func Webhook(scenario, vendorData string, credentials *ine.Credentials, now time.Time) (key, signature string, body []byte, err error) {
	handle, key := bridge.Handle(credentials)
	if handle == nil {
		return "", "", nil, errors.New("sandbox: no credentials")
	}
	var out *C.ine_text
	var digits [64]C.char
	s, sn := chars(scenario)
	v, vn := chars(vendorData)
	if vendorData == "" {
		v, vn = nil, 0
	}
	code := C.ine_testing_webhook(&out, &digits[0], s, sn, v, vn, (*C.ine_credentials)(handle),
		C.int64_t(now.UnixMilli()), nil)
	runtime.KeepAlive(credentials)
	if code != 0 {
		return "", "", nil, ErrNoScenario
	}
	defer C.ine_text_free(out)
	return key, C.GoStringN(&digits[0], 64), append([]byte{}, view(C.ine_text_view(out))...), nil
}
