package ine

// #include "shim.h"
import "C"

import (
	"context"
	"errors"
	"io"
	"runtime"
	"time"
)

// drive is one operation over net/http: it asks the library what is wanted next, and does it. The goroutine
// of the caller runs it.
type drive struct {
	client   *Client
	http     *httpDriver
	op       *operation
	call     *inFlight
	flow     *C.ine_flow
	exchange *C.ine_exchange
	step     *C.ine_go_step // memory of C's: cgo looks through what is Go's at each call
	session  Session
	leave    func() // of the client's waits
	awaited  string // the session of that wait
	room     mediaRoom

	last     ResponseInfo // the attempt before
	attempts int          // of the current call
	unsent   bool         // the last attempt was cancelled before anything of it was sent
	fed      bool         // its reply was fed whole
	cause    error        // what the network said of it
}

// chunk is how much of an image is read at once.
const chunk = 64 << 10

func (h *httpDriver) do(ctx context.Context, op *operation, call *inFlight) (result, error) {
	d := &drive{client: h.client, http: h, op: op, call: call, step: C.ine_go_step_new()}
	defer d.free()
	if d.step == nil {
		return result{}, localError(CodeMemory, "out of memory", "")
	}
	at, _ := ctx.Deadline()
	deadline := time.Until(at)
	if err := context.Cause(ctx); err != nil {
		return result{}, stopped(ctx, Details{Code: CodeCancelled, Class: ClassCancelled, Sent: SentNo, Offset: -1})
	}
	var err error
	if op.mode == 0 {
		d.exchange, err = h.client.newExchange(op, deadline)
	} else {
		d.flow, err = h.client.newFlow(op, deadline)
	}
	if err != nil {
		return result{}, err
	}
	return d.run(ctx)
}

func (d *drive) free() {
	d.room.release()
	if d.leave != nil {
		d.leave()
	}
	C.ine_flow_free(d.flow)
	C.ine_exchange_free(d.exchange) // of a request; a flow's exchanges are its own
	C.ine_go_step_free(d.step)
}

func (d *drive) run(ctx context.Context) (result, error) {
	for {
		if ctx.Err() != nil {
			return d.cancelled(ctx)
		}
		if err := d.takeFed(); err != nil {
			return result{session: d.session}, err
		}
		C.ine_go_next(d.flow, d.exchange, now(), d.step)
		if d.step.code != C.INE_OK {
			return result{session: d.session}, d.failure(d.step.code, d.step.error)
		}
		switch d.step.want {
		case C.INE_WANT_SEND:
			d.waitsForFeed()
			d.send(ctx)
		case C.INE_WANT_MEDIA:
			if err := d.feedMedia(ctx); err != nil && ctx.Err() == nil && !d.mediaFailed(err) {
				return result{session: d.session}, err
			}
		case C.INE_WANT_WAIT:
			d.waitsForFeed()
			d.progress(time.Duration(d.step.a) * time.Millisecond)
			d.pause(ctx, time.Duration(d.step.a)*time.Millisecond)
		case C.INE_WANT_STORE:
			if err := d.created(ctx); err != nil {
				return result{session: d.session}, err
			}
		case C.INE_WANT_DONE:
			return d.take()
		default: // RECV: the reply was fed already
			return result{}, localError(CodeInternal, "the library asks for what this version does not know", "")
		}
	}
}

// failure is the error that the library has come to, with what the network said.
func (d *drive) failure(code C.int32_t, failed *C.ine_error) error {
	details := readError(code, failed)
	if details.Class == ClassTransport || details.Class == ClassOutcomeUnknown {
		details.cause = d.cause
	}
	return makeError(details)
}

// take is the result.
func (d *drive) take() (result, error) {
	var failed *C.ine_error
	var verdict *C.ine_verdict
	var decision *C.ine_decision
	var code C.int32_t
	if d.flow != nil {
		code = C.ine_flow_take(d.flow, &verdict, &decision, &failed)
	} else {
		code = C.ine_exchange_take(d.exchange, &decision, &failed)
	}
	if code != C.INE_OK {
		return result{session: d.session}, d.failure(code, failed)
	}
	return d.client.result(d.session, verdict, decision), nil
}

// cancelled ends an operation whose context is done: what the library knows of it stays in the error.
func (d *drive) cancelled(ctx context.Context) (result, error) {
	var failed *C.ine_error
	var code C.int32_t
	if err := d.harvest(ctx); err != nil {
		return result{session: d.session}, err
	}
	if d.flow != nil {
		C.ine_flow_cancel(d.flow, nil)
		code = C.ine_flow_take(d.flow, nil, nil, &failed)
	} else {
		C.ine_exchange_cancel(d.exchange, nil)
		code = C.ine_exchange_take(d.exchange, nil, &failed)
	}
	if code == C.INE_OK { // it was over already
		failed = nil
		code = C.INE_E_CANCELLED
	}
	details := readError(code, failed)
	if d.unsent {
		details.Sent = SentNo
	}
	if details.SessionID == "" {
		details.SessionID = d.session.ID
	}
	return result{session: d.session}, stopped(ctx, details)
}

// harvest lets a flow see the reply that came just before it was cancelled: it may name a new session, which is
// not to be lost.
func (d *drive) harvest(ctx context.Context) error {
	if d.flow == nil || !d.fed {
		return nil
	}
	C.ine_go_next(d.flow, nil, now(), d.step)
	d.unsent = true // what it wants to send now will not be
	if d.step.code == C.INE_OK && d.step.want == C.INE_WANT_STORE {
		return d.created(ctx)
	}
	C.ine_error_free(d.step.error)
	return nil
}

// stopped is the error of an operation that its context ended.
func stopped(ctx context.Context, details Details) error {
	details.cause = context.Cause(ctx)
	if details.Class == ClassOutcomeUnknown {
		return makeError(details)
	}
	details.json = ""
	details.Problems = nil
	if errors.Is(details.cause, context.DeadlineExceeded) {
		details.Code, details.Class = CodeDeadline, ClassDeadline
		details.Message = "the operation's deadline has passed"
	} else {
		details.Code, details.Class, details.Message = CodeCancelled, ClassCancelled, "the caller cancelled"
	}
	return makeError(details)
}

// pause waits, or ends with the context, or when a webhook comes.
func (d *drive) pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-d.call.wake:
	}
}

// waitsForFeed lets the client's Feed find this operation while it asks for the decision of a session, and for no
// other's: one that begins anew (WithRetryLater) makes another session, whose requests no late webhook is to break.
func (d *drive) waitsForFeed() {
	session := ""
	if d.flow != nil && d.op.mode != C.INE_FLOW_START && d.step.step == C.INE_STEP_WAIT {
		session = text(d.step.session_id)
	}
	if session == d.awaited {
		return
	}
	if d.leave != nil {
		d.leave()
		d.leave = nil
		d.call.takeFed()
	}
	if d.awaited = session; session != "" {
		d.leave = d.client.await(session, d.call)
	}
}

// takeFed hands a webhook's decision to the flow, which knows whether it ends the wait.
func (d *drive) takeFed() error {
	if d.flow == nil {
		return nil
	}
	fed := d.call.takeFed()
	if fed == nil {
		return nil
	}
	var failed *C.ine_error
	own := fed.use()
	code := C.ine_flow_feed_decision(d.flow, own.decision, &failed)
	runtime.KeepAlive(own)
	if code == C.INE_OK {
		return nil
	}
	details := readError(code, failed)
	if details.Code == CodeState { // it has ended by itself meanwhile
		return nil
	}
	return makeError(details)
}

// created tells the caller of the session before anything else happens to it.
func (d *drive) created(ctx context.Context) error {
	d.session = Session{
		ID: text(C.ine_flow_session_id(d.flow)), URL: text(C.ine_flow_session_url(d.flow)),
		VendorData: d.op.vendorData,
	}
	return created(ctx, d.op, d.session)
}

// created calls the hook of the caller's.
func created(ctx context.Context, op *operation, session Session) error {
	if op.onCreated == nil {
		return nil
	}
	err := op.onCreated(ctx, session)
	if err == nil {
		return nil
	}
	return makeError(Details{
		Code: CodeCancelled, Class: ClassCancelled, Message: "the hook that was told of the session failed",
		Step: StepCreate, Sent: SentYes, SessionID: session.ID, Offset: -1, cause: err,
	})
}

func (d *drive) progress(wait time.Duration) {
	if d.op.onProgress != nil {
		d.op.onProgress(Progress{
			SessionID: text(d.step.session_id), Step: Step(d.step.step), Attempt: d.attempts, Wait: wait,
		})
	}
}

// image is what a MEDIA wish is about.
func (d *drive) image() openMedia {
	if d.op.job == nil {
		return d.op.media
	}
	if d.flow == nil {
		return d.op.media
	}
	if context := C.ine_flow_media(d.flow); context > 0 && int(context) < len(d.op.job.media) {
		return d.op.job.media[context]
	}
	return nil
}

// mediaFailed lets the library say what a failed read comes to: once a session was made, the error names it.
func (d *drive) mediaFailed(err error) bool {
	return errors.Is(err, CodeMediaRead) && d.step.exchange != nil && d.session.ID != "" &&
		C.ine_exchange_feed_failure(d.step.exchange, C.INE_FAIL_MEDIA, 0, now(), nil) == C.INE_OK
}

// feedMedia reads what the library wants to look at or to sign.
func (d *drive) feedMedia(ctx context.Context) error {
	media := d.image()
	if media == nil {
		return localError(CodeInternal, "the library asks for an image that was not given", "")
	}
	data, err := d.room.read(ctx, media, int64(d.step.a), int64(d.step.b))
	if err != nil {
		return err
	}
	var failed *C.ine_error
	var code C.int32_t
	p, n := memory(data)
	if d.flow != nil {
		code = C.ine_flow_feed_media(d.flow, p, n, &failed)
	} else {
		code = C.ine_exchange_feed_media(d.exchange, p, n, &failed)
	}
	if code != C.INE_OK {
		return failure(code, failed)
	}
	return nil
}

// mediaRoom is a buffer that parts of an image are read into; the zero value is ready.
type mediaRoom struct {
	room *[chunk]byte
	used int
}

// read is a part of an image: of its own memory, or read into the buffer. Fewer bytes than wanted are fine; none
// means that it ended early, and the library says so.
func (r *mediaRoom) read(ctx context.Context, media openMedia, offset, most int64) ([]byte, error) {
	if whole := media.memory(); whole != nil {
		return whole[min(offset, int64(len(whole))):min(offset+most, int64(len(whole)))], nil
	}
	if r.room == nil {
		r.room = chunks.Get().(*[chunk]byte)
	}
	n, err := media.readAt(ctx, r.room[:min(most, chunk)], offset)
	r.used = max(r.used, n)
	if errors.Is(err, errLeft) {
		return nil, err
	}
	if err != nil && n == 0 && !errors.Is(err, io.EOF) {
		return nil, unreadable(err)
	}
	return r.room[:n], nil
}

func (r *mediaRoom) release() {
	if r.room != nil {
		clear(r.room[:r.used])
		chunks.Put(r.room)
	}
	*r = mediaRoom{}
}
