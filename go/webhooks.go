package ine

// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"sync"
	"unsafe"
)

// Webhooks receives the vendor's webhooks for one or more integrations (at most 16); x-auth-client picks one.
// It may be shared.
type Webhooks struct {
	handle    *C.ine_webhooks
	limit     int64
	require   int64
	logger    *slog.Logger
	onRefused func(Reason)
	err       error
}

// WebhookOptions are settings of a receiver; the zero value is the default.
type WebhookOptions struct {
	Require   []CheckID    // checks that must have passed [the four core ones]
	Limit     int64        // largest body in bytes, 1 KiB to 1 GiB [1 MiB]
	Logger    *slog.Logger // hears of refusals, failures and handlers that fail: their error's type, not its text [none]
	OnRefused func(Reason) // why a delivery was refused: for your own eyes, never for a reply
}

// defaultWebhookLimit is the largest body of a delivery.
const defaultWebhookLimit = 1 << 20

// NewWebhooks makes a receiver with every default. It does not fail: credentials that can not work together
// (none, nil, the same API key twice, more than 16) make every Open fail with the error that Err gives.
func NewWebhooks(credentials ...*Credentials) *Webhooks {
	w, err := NewWebhooksWith(WebhookOptions{}, credentials...)
	if err != nil {
		return &Webhooks{limit: defaultWebhookLimit, err: err}
	}
	return w
}

// NewWebhooksWith makes a receiver.
func NewWebhooksWith(options WebhookOptions, credentials ...*Credentials) (*Webhooks, error) {
	var failed *C.ine_error
	if len(credentials) == 0 {
		return nil, noCredentials()
	}
	bits, err := requireBits(options.Require)
	if err != nil {
		return nil, err
	}
	w := &Webhooks{
		limit: options.Limit, require: bits, logger: options.Logger, onRefused: options.OnRefused,
	}
	if w.limit == 0 {
		w.limit = defaultWebhookLimit
	}
	if code := C.ine_webhooks_new(&w.handle, &failed); code != C.INE_OK {
		return nil, failure(code, failed)
	}
	runtime.AddCleanup(w, func(h *C.ine_webhooks) { C.ine_webhooks_free(h) }, w.handle)
	if code := C.ine_webhooks_set_limit(w.handle, C.int64_t(w.limit), &failed); code != C.INE_OK {
		return nil, failure(code, failed)
	}
	for _, one := range credentials {
		if one == nil {
			return nil, noCredentials()
		}
		code := C.ine_webhooks_add(w.handle, one.secrets().handle, &failed)
		runtime.KeepAlive(one)
		if code != C.INE_OK {
			return nil, failure(code, failed)
		}
	}
	runtime.KeepAlive(w)
	return w, nil
}

// Err is why this receiver can not work, or nil.
func (w *Webhooks) Err() error { return w.err }

// delivery is memory of C's that an opened delivery is written into: cgo looks through what is Go's at each call.
type delivery struct{ c *C.ine_go_delivery }

var deliveries = sync.Pool{New: func() any {
	d := &delivery{C.ine_go_delivery_new()}
	runtime.AddCleanup(d, func(c *C.ine_go_delivery) { C.ine_go_delivery_free(c) }, d.c)
	return d
}}

// wipe leaves no one's data in memory that waits for the next delivery.
func (d *delivery) wipe() {
	clear(unsafe.Slice((*byte)(unsafe.Pointer(d.c.room)), int(d.c.room_size)))
}

// Open verifies a delivery, then reads and interprets it. The body must be the bytes as received. What is not
// genuine is *WebhookRefused with one text, whatever the reason; a genuine body that can not be read is
// CodeJSON or CodeForm. No time is checked, none is signed: honest deliveries come again for a week, so put
// Decision().ID() under a unique index.
func (w *Webhooks) Open(header http.Header, body []byte) (*Event, error) {
	if w.err != nil {
		return nil, w.err
	}
	p := newPacked()
	p.addAll(header)
	d := deliveries.Get().(*delivery)
	if d.c == nil {
		p.release()
		return nil, localError(CodeMemory, "out of memory", "")
	}
	bytes, size := memory(body)
	C.ine_go_open(w.handle, (*C.char)(ptr(p.bytes)), (*C.int32_t)(ptr(p.lengths)), C.int32_t(p.count()), bytes,
		size, C.int64_t(w.require), d.c)
	runtime.KeepAlive(w)
	p.release()
	if d.c.code != C.INE_OK {
		code, reason, failed := d.c.code, Reason(d.c.reason), d.c.error
		deliveries.Put(d)
		return nil, w.refuse(code, reason, failed)
	}
	e := makeEvent(d.c, header, body, w)
	d.wipe()
	deliveries.Put(d)
	return e, nil
}

func (w *Webhooks) refuse(code C.int32_t, reason Reason, failed *C.ine_error) error {
	err := failure(code, failed)
	var refused *WebhookRefused
	if !errors.As(err, &refused) {
		return err
	}
	if w.logger != nil {
		w.logger.Warn("webhook refused", slog.String("reason", reason.String()))
	}
	if w.onRefused != nil {
		w.onRefused(reason)
	}
	return err
}

func refusedError() error {
	return localError(CodeWebhookRefused, "the webhook is not genuine", "")
}

// dedupeKey opens a delivery once more: the key costs more than the signature, so it is made only when asked for.
func (w *Webhooks) dedupeKey(p *packed, body []byte) string {
	var key [64]C.char
	bytes, size := memory(body)
	ok := C.ine_go_dedupe_key(w.handle, (*C.char)(ptr(p.bytes)), (*C.int32_t)(ptr(p.lengths)), C.int32_t(p.count()),
		bytes, size, &key[0])
	runtime.KeepAlive(w)
	if ok == 0 {
		return ""
	}
	return C.GoStringN(&key[0], 64)
}

// Diagnosis is why a delivery is refused: for your own eyes, never for a reply.
type Diagnosis struct {
	Reason Reason // ReasonNone when nothing is wrong
	Hint   string // what to do about it
}

// Diagnose finds out why a signature does not fit: it tries what usually goes wrong, such as a body that was
// reformatted, a secret with a space, or another integration's secret.
func (w *Webhooks) Diagnose(header http.Header, body []byte) Diagnosis {
	if w.err != nil {
		return Diagnosis{ReasonUnknownKey, w.err.Error()}
	}
	p := newPacked()
	defer p.release()
	p.addAll(header)
	bytes, size := memory(body)
	reason := C.ine_go_diagnose(w.handle, (*C.char)(ptr(p.bytes)), (*C.int32_t)(ptr(p.lengths)),
		C.int32_t(p.count()), bytes, size)
	runtime.KeepAlive(w)
	return Diagnosis{Reason(reason), text(C.ine_reason_hint(reason, C.INE_LANG_EN))}
}

// Format prints "Webhooks" whatever the verb.
func (w Webhooks) Format(f fmt.State, verb rune) { _, _ = f.Write([]byte("Webhooks")) }
