//go:build ine_curl

package ine

/*
#cgo CFLAGS: -DINE_WITH_CURL
#cgo LDFLAGS: -lcurl -lssl
#include <stdlib.h>
#include "shim.h"
*/
import "C"

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// WithLibcurl sends through libcurl in the place of net/http; it needs the build tag ine_curl and libcurl's
// headers (Debian: libcurl4-openssl-dev). A client has one thread of C's then. WithHTTPClient means nothing to it;
// WithOnRequest is heard when a request has ended. Images from memory and readers are copied for the call.
func WithLibcurl() Option {
	return func(s *settings) error {
		s.driver = newCurlDriver
		return nil
	}
}

// curlDriver carries operations out over ine_client.
type curlDriver struct {
	client *Client
	loop   *curlLoop
}

// curlLoop is what the goroutine that takes events knows: not the Client, so that one that is forgotten is closed.
type curlLoop struct {
	handle *C.ine_client
	queue  *C.ine_queue
	token  atomic.Uint64
	mu     sync.Mutex
	calls  map[uint64]*curlCall
	closed bool
}

// curlCall is what has happened to a call and was not looked at yet: the loop waits for no one's hook.
type curlCall struct {
	mu   sync.Mutex
	list []curlEvent
	wake chan struct{} // capacity 1
}

func (c *curlCall) put(event curlEvent) {
	c.mu.Lock()
	c.list = append(c.list, event)
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// take is the next event, if there is one.
func (c *curlCall) take() (event curlEvent, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.list) == 0 {
		return event, false
	}
	event = c.list[0]
	c.list = c.list[1:]
	return event, true
}

// drain waits for the end of a call that nobody looks at any more.
func (c *curlCall) drain() {
	for {
		event, ok := c.take()
		switch {
		case !ok:
			<-c.wake
		case event.kind == C.INE_EVENT_DONE:
			C.ine_verdict_free(event.verdict)
			C.ine_decision_free(event.decision)
			C.ine_error_free(event.failed)
			return
		}
	}
}

// curlEvent is an event with what it brings.
type curlEvent struct {
	kind     C.int32_t
	progress Progress
	session  Session
	attempt  ResponseInfo
	verdict  *C.ine_verdict
	decision *C.ine_decision
	code     C.int32_t
	failed   *C.ine_error
}

func newCurlDriver(c *Client) (driver, error) {
	s := c.settings
	if s.middleware != nil || s.roundTrip != nil {
		return nil, localError(CodeConfig, "middleware and RoundTrippers are of net/http, not of libcurl", "ine.WithLibcurl()")
	}
	for option, value := range map[C.int32_t]int64{
		C.INE_OPT_PAUSE_CREATED: 1, C.INE_OPT_ATTEMPTS: 1, C.INE_OPT_PROGRESS: 1,
		C.INE_OPT_DEADLINE_MS: longestDeadline.Milliseconds(), // the context ends a call before
	} {
		if err := s.number(option, value); err != nil {
			return nil, err
		}
	}
	loop := &curlLoop{calls: make(map[uint64]*curlCall)}
	var failed *C.ine_error
	if code := C.ine_queue_new(&loop.queue, &failed); code != C.INE_OK {
		return nil, failure(code, failed)
	}
	code := C.ine_client_new(&loop.handle, s.credentials.secrets().handle, s.handle, &failed)
	runtime.KeepAlive(s)
	if code != C.INE_OK {
		C.ine_queue_free(loop.queue)
		return nil, failure(code, failed)
	}
	go loop.run()
	runtime.AddCleanup(c, func(loop *curlLoop) { loop.close() }, loop)
	return &curlDriver{client: c, loop: loop}, nil
}

func (d *curlDriver) close() { d.loop.close() }

func (l *curlLoop) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		C.ine_client_close(l.handle, l.queue, 0, nil)
	}
}

// run hands events to the calls that they are for, until the client has closed.
func (l *curlLoop) run() {
	const most = 64
	var events [most]*C.ine_event
	for ended := false; !ended; {
		var count C.size_t
		if C.ine_queue_drain(l.queue, &events[0], most, -1, &count, nil) != C.INE_OK {
			break
		}
		for _, event := range events[:count] {
			ended = ended || C.ine_event_kind(event) == C.INE_EVENT_CLOSED
			l.hand(event)
			C.ine_event_free(event)
		}
	}
	C.ine_client_free(l.handle)
	C.ine_queue_free(l.queue)
}

func (l *curlLoop) hand(event *C.ine_event) {
	token := uint64(C.ine_event_token(event))
	l.mu.Lock()
	to := l.calls[token]
	l.mu.Unlock()
	if to == nil {
		return
	}
	number := func(n C.int32_t) int64 { return max(0, int64(C.ine_event_number(event, n))) }
	id := text(C.ine_event_session_id(event))
	out := curlEvent{kind: C.ine_event_kind(event), session: Session{ID: id, URL: text(C.ine_event_session_url(event))}}
	step, attempt := Step(number(C.INE_EV_STEP)), int(number(C.INE_EV_ATTEMPT))
	switch out.kind {
	case C.INE_EVENT_PROGRESS:
		wait := time.Duration(number(C.INE_EV_WAIT_MS)) * time.Millisecond
		out.progress = Progress{SessionID: id, Step: step, Attempt: attempt, Wait: wait}
	case C.INE_EVENT_ATTEMPT:
		out.attempt = ResponseInfo{
			RequestInfo: RequestInfo{
				Method: text(C.ine_event_text(event, C.INE_EV_METHOD)), Attempt: attempt, Step: step, SessionID: id,
				Template: text(C.ine_event_text(event, C.INE_EV_TEMPLATE)), BodySize: number(C.INE_EV_TOTAL),
			},
			Status:   int(number(C.INE_EV_STATUS)),
			Duration: time.Duration(number(C.INE_EV_TIME_MS)) * time.Millisecond, Received: number(C.INE_EV_RECEIVED),
			Failure: failureNames[C.int32_t(number(C.INE_EV_FAILURE))],
		}
		if C.ine_event_number(event, C.INE_EV_FAILURE) == -1 {
			out.attempt.Failure = "cancelled"
		}
	case C.INE_EVENT_DONE:
		out.code = C.ine_event_take(event, &out.verdict, &out.decision, &out.failed)
	}
	to.put(out)
}

// lent is a copy of an image in memory of C's.
type lent struct {
	p unsafe.Pointer
	n C.size_t
}

// free leaves nothing of the person's image behind.
func (l lent) free() {
	clear(unsafe.Slice((*byte)(l.p), int(l.n)))
	C.free(l.p)
}

func (d *curlDriver) do(ctx context.Context, op *operation, call *inFlight) (result, error) {
	copies, err := d.lendMedia(ctx, op)
	defer func() {
		for _, one := range copies {
			one.free()
		}
	}()
	if err != nil {
		return result{}, err
	}
	if context.Cause(ctx) != nil {
		return result{}, stopped(ctx, Details{Sent: SentNo, Offset: -1})
	}
	from := &curlCall{wake: make(chan struct{}, 1)}
	token := d.loop.token.Add(1)
	d.loop.mu.Lock()
	d.loop.calls[token] = from
	d.loop.mu.Unlock()
	defer func() {
		d.loop.mu.Lock()
		delete(d.loop.calls, token)
		d.loop.mu.Unlock()
	}()
	id, err := d.submit(op, token)
	if err != nil {
		return result{}, err
	}
	ended := false
	defer func() {
		if !ended { // a hook has panicked: the library may still read the image
			d.tell(func() { C.ine_client_cancel(d.loop.handle, id, nil) })
			from.drain()
		}
	}()
	return d.await(ctx, op, id, from, &ended)
}

func (d *curlDriver) submit(op *operation, token uint64) (id C.uint64_t, err error) {
	var failed *C.ine_error
	var code C.int32_t
	d.loop.mu.Lock() // closing frees the handle
	defer d.loop.mu.Unlock()
	if d.loop.closed {
		return 0, localError(CodeClosed, "the client is closed", "")
	}
	if op.mode == 0 {
		code = C.ine_client_submit(d.loop.handle, op.request, d.loop.queue, C.uint64_t(token), &id, &failed)
	} else {
		var verification *C.ine_verification
		if op.job != nil {
			verification = op.job.handle
		}
		p, n := chars(op.session)
		code = C.ine_client_run(d.loop.handle, op.mode, verification, p, n, d.loop.queue, C.uint64_t(token), &id, &failed)
	}
	if code != C.INE_OK {
		return 0, failure(code, failed)
	}
	return id, nil
}

// await takes a call's events until its end. A context that is done cancels it; its end follows at once.
func (d *curlDriver) await(ctx context.Context, op *operation, id C.uint64_t, from *curlCall, ended *bool) (result, error) {
	var session Session
	var refused error
	done := ctx.Done()
	for {
		event, ok := from.take()
		if !ok {
			select {
			case <-done:
				done = nil
				d.tell(func() { C.ine_client_cancel(d.loop.handle, id, nil) })
			case <-from.wake:
			}
			continue
		}
		switch event.kind {
		case C.INE_EVENT_CREATED:
			session = Session{ID: event.session.ID, URL: event.session.URL, VendorData: op.vendorData}
			if refused = created(ctx, op, session); refused != nil {
				d.tell(func() { C.ine_client_cancel(d.loop.handle, id, nil) })
			} else {
				d.tell(func() { C.ine_client_continue(d.loop.handle, id, nil) })
			}
		case C.INE_EVENT_PROGRESS:
			if op.onProgress != nil {
				op.onProgress(event.progress)
			}
		case C.INE_EVENT_ATTEMPT:
			d.client.settings.hooks.request(ctx, event.attempt.RequestInfo)
			d.client.settings.hooks.response(ctx, &event.attempt)
		case C.INE_EVENT_DONE:
			*ended = true
			return d.ended(ctx, &event, session, refused)
		}
	}
}

func (d *curlDriver) ended(ctx context.Context, event *curlEvent, session Session, refused error) (result, error) {
	if event.code == C.INE_OK {
		return d.client.result(session, event.verdict, event.decision), nil
	}
	details := readError(event.code, event.failed)
	switch {
	case refused != nil:
		return result{session: session}, refused
	case ctx.Err() != nil && (details.Class == ClassCancelled || details.Class == ClassOutcomeUnknown):
		return result{session: session}, stopped(ctx, details)
	default:
		return result{session: session}, makeError(details)
	}
}

// tell calls the client while it is open.
func (d *curlDriver) tell(call func()) {
	d.loop.mu.Lock()
	defer d.loop.mu.Unlock()
	if !d.loop.closed {
		call()
	}
}

// feed brings a webhook to whoever waits for its session.
func (d *curlDriver) feed(decision *Decision) {
	own := decision.use()
	defer runtime.KeepAlive(own)
	d.tell(func() { C.ine_client_feed_decision(d.loop.handle, own.decision, nil) })
}

// lendMedia gives images to the library as libcurl's driver takes them: a path, or memory of C's that is theirs to
// be freed when the call is over.
func (d *curlDriver) lendMedia(ctx context.Context, op *operation) (copies []lent, err error) {
	lend := func(media openMedia, path func(*C.char, C.size_t) C.int32_t, data func(unsafe.Pointer, C.size_t) C.int32_t) error {
		code := C.int32_t(C.INE_OK)
		if file, ok := media.(*openFile); ok {
			code = path(chars(file.file.Name()))
		} else {
			whole, err := readAllMedia(ctx, newMedia(given{media}))
			if err != nil {
				return err
			}
			copied := lent{C.CBytes(whole), C.size_t(len(whole))}
			copies = append(copies, copied)
			code = data(copied.p, copied.n)
		}
		if code != C.INE_OK {
			return failure(code, nil)
		}
		return nil
	}
	if op.media != nil {
		err = lend(op.media, func(p *C.char, n C.size_t) C.int32_t {
			return C.ine_request_set_media_path(op.request, op.context, p, n, nil)
		}, func(p unsafe.Pointer, n C.size_t) C.int32_t {
			return C.ine_request_set_media(op.request, op.context, p, n, nil)
		})
		return copies, err
	}
	if op.job == nil {
		return nil, nil
	}
	for context, media := range op.job.media {
		if media == nil {
			continue
		}
		if err := lend(media, func(p *C.char, n C.size_t) C.int32_t {
			return C.ine_verification_set_media_path(op.job.handle, C.int32_t(context), p, n, nil)
		}, func(p unsafe.Pointer, n C.size_t) C.int32_t {
			return C.ine_verification_set_media(op.job.handle, C.int32_t(context), p, n, nil)
		}); err != nil {
			return copies, err
		}
	}
	return copies, nil
}

// given is media that is open already.
type given struct{ openMedia }

func (g given) open(context.Context) (openMedia, error) { return g.openMedia, nil }
