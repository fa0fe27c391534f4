package ine

// #include "shim.h"
import "C"

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"time"
)

// attempt is one request and its reply.
type attempt struct {
	drive    *drive
	exchange *C.ine_exchange
	info     ResponseInfo
	upload   *uploadBody
	start    time.Time
	sent     sentWatch
}

// send makes one attempt and tells the library what came of it.
func (d *drive) send(ctx context.Context) {
	a := &attempt{drive: d, exchange: d.step.exchange, start: time.Now()}
	a.info.Method, a.info.Template = word(d.step.method), text(d.step.template_)
	if !d.repeats(&a.info.RequestInfo) {
		d.attempts = 0
	}
	d.attempts++
	d.unsent, d.fed = false, false
	limit := time.Duration(d.step.timeout_ms) * time.Millisecond
	if own := d.http.timeout; own > 0 {
		limit = min(limit, own)
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	d.call.setAbort(cancel)
	defer d.call.setAbort(nil)
	a.info.Attempt, a.info.Step = d.attempts, Step(d.step.step)
	a.info.SessionID, a.info.BodySize = text(d.step.session_id), int64(d.step.body_size)
	d.client.settings.hooks.request(ctx, a.info.RequestInfo)
	d.progress(0)
	request, err := a.request(httptrace.WithClientTrace(limited, a.sent.trace()))
	var response *http.Response
	if err == nil && ctx.Err() != nil { // a hook has cancelled
		err, a.sent.kept = ctx.Err(), true
	}
	if err == nil {
		response, err = d.http.transport.RoundTrip(request)
		response, err = whole(response, err)
	}
	if err == nil {
		err = a.receive(response)
	}
	a.end(ctx, limited, err)
}

// errNoReply is a transport of the caller's that gave neither a reply nor an error.
var errNoReply = errors.New("ine: the transport gave no reply")

// whole is what http.Client makes of a RoundTripper that does not do what it should: one of a test, mostly.
func whole(response *http.Response, err error) (*http.Response, error) {
	switch {
	case response == nil && err == nil:
		return nil, errNoReply
	case response == nil:
		return nil, err
	case response.Body == nil:
		response.Body = http.NoBody
	}
	if err != nil {
		_ = response.Body.Close()
		return nil, err
	}
	return response, nil
}

// repeats says that a request is another attempt of the call before, and not a call of its own: a question for a
// decision that is not there yet (200, or 404 in the first moments) was answered.
func (d *drive) repeats(r *RequestInfo) bool {
	last := &d.last
	answered := last.Failure == "" && (last.Status/100 == 2 || last.Status == http.StatusNotFound)
	return last.Method == r.Method && last.Template == r.Template && !answered
}

// request is what the library wants sent, for net/http. The body of a call without an image is copied: net/http
// may still read it when the library has gone on.
func (a *attempt) request(ctx context.Context) (*http.Request, error) {
	s := a.drive.step
	address, err := a.drive.http.address(text(s.url))
	if err != nil {
		return nil, err
	}
	header := make(http.Header, s.headers)
	for i := range int(s.headers) {
		name := text(s.name[i])
		header[name] = append(header[name], text(s.value[i]))
	}
	r := &http.Request{
		Method: a.info.Method, URL: address, Host: address.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, ContentLength: int64(s.body_size),
	}
	switch {
	case s.body_size == 0:
		r.Body = nothing{}
		r.TransferEncoding = identity
	case s.body.ptr != nil:
		r.Body = io.NopCloser(bytes.NewReader(bytes.Clone(view(s.body))))
	default:
		a.upload = &uploadBody{ctx: ctx, exchange: a.exchange, media: a.drive.image()}
		r.Body = a.upload
	}
	return r.WithContext(ctx), nil
}

// identity keeps net/http from asking a body without a length for its first byte.
var identity = []string{"identity"}

// errTooLong is a reply that is larger than allowed: the library has refused more of it.
var errTooLong = errors.New("ine: the reply is larger than allowed")

// receive feeds the reply. A reply that fits one buffer costs one crossing.
func (a *attempt) receive(response *http.Response) error {
	defer func() { _ = response.Body.Close() }()
	a.info.Status = response.StatusCode
	p := newPacked()
	defer p.release()
	p.addAll(response.Header)
	for _, encoding := range response.TransferEncoding {
		if encoding != "chunked" { // the library sees what net/http took away
			p.add("Transfer-Encoding", encoding)
		}
	}
	room := chunks.Get().(*[chunk]byte)
	most := 0
	defer func() {
		clear(room[:most])
		chunks.Put(room)
	}()
	status := C.int32_t(response.StatusCode)
	for {
		n, err := fill(response.Body, room[:])
		a.info.Received += int64(n)
		most = max(most, n)
		last := err == io.EOF
		if err != nil && !last {
			return err
		}
		if err := a.feed(status, p, room[:n], last); err != nil || last {
			return err
		}
		status = 0
		p.bytes, p.lengths = p.bytes[:0], p.lengths[:0]
	}
}

// fill reads until the buffer is full or the body ends: io.EOF is its end, io.ErrUnexpectedEOF a body cut off
// (io.ReadFull says the same of both).
func fill(body io.Reader, room []byte) (n int, err error) {
	for n < len(room) && err == nil {
		var more int
		more, err = body.Read(room[n:])
		n += more
	}
	return n, err
}

func (a *attempt) feed(status C.int32_t, p *packed, body []byte, last bool) error {
	end := C.int32_t(0)
	if last {
		end = 1
		if a.upload != nil {
			a.upload.detach()
		}
	}
	data, size := memory(body)
	unlock := a.lock()
	defer unlock()
	code := C.ine_go_reply(a.exchange, status, (*C.char)(ptr(p.bytes)), (*C.int32_t)(ptr(p.lengths)),
		C.int32_t(p.count()), data, size, end, now())
	switch code {
	case C.INE_OK:
		return nil
	case C.INE_E_LIMIT:
		return errTooLong
	default:
		return errReply
	}
}

var errReply = errors.New("ine: the reply can not be taken")

// lock keeps net/http's goroutine out of the exchange while the reply is fed.
func (a *attempt) lock() func() {
	if a.upload == nil {
		return func() {}
	}
	a.upload.mu.Lock()
	return a.upload.mu.Unlock
}

// end tells the library of a failure, and the hooks of the end.
func (a *attempt) end(ctx, limited context.Context, err error) {
	mediaFailed := a.upload != nil && a.upload.detach()
	a.info.Duration = time.Since(a.start)
	a.info.Reused = a.sent.reused()
	d := a.drive
	d.fed = err == nil
	d.cause = networkCause(err)
	if err != nil {
		kind := a.kind(ctx, limited, err, mediaFailed)
		a.info.Failure = failureNames[kind]
		if ctx.Err() != nil {
			a.info.Failure = "cancelled"
			d.unsent = a.sent.nothing(err, d.http.own)
		}
		if ctx.Err() == nil || d.unsent {
			C.ine_exchange_feed_failure(a.exchange, kind, 0, now(), nil)
		}
	}
	d.last = a.info
	d.client.settings.hooks.response(ctx, &a.info)
}
