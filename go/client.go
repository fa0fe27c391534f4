package ine

// #include "shim.h"
import "C"

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"time"
)

// Client verifies people for one integration. It may be shared by goroutines.
type Client struct {
	settings *settings
	driver   driver

	mu     sync.Mutex // options: the deadline of each call is set in them
	state  sync.Mutex
	closed bool
	calls  map[*inFlight]struct{}
	waits  map[string]map[*inFlight]struct{}
}

// driver carries out operations: net/http, or libcurl with the build tag ine_curl.
type driver interface {
	do(ctx context.Context, op *operation, call *inFlight) (result, error)
	close()
}

// operation is one call of a client's: a flow, or a single request.
type operation struct {
	name       string
	mode       C.int32_t // INE_FLOW_*; 0 for a request
	session    string
	prepare    func(context.Context) error // opens images
	job        *job
	request    *C.ine_request
	media      openMedia // of a request
	context    C.int32_t // of its image
	vendorData string
	onCreated  func(context.Context, Session) error
	onProgress func(Progress)
}

// result is what came of an operation.
type result struct {
	verdict  Verdict
	decision *Decision
	session  Session
}

// result takes over what an operation came to.
func (c *Client) result(session Session, verdict *C.ine_verdict, decision *C.ine_decision) result {
	r := result{
		session: session, verdict: ownVerdict(verdict), decision: ownDecision(decision, c.settings.require),
	}
	if r.decision != nil && verdict != nil { // it knows what was sent, the decision alone does not
		ruled := r.verdict
		r.decision.in().ruled.Store(&ruled)
	}
	return r
}

func (r *result) sessionID() string {
	if r.session.ID != "" || r.decision == nil {
		return r.session.ID
	}
	return r.decision.SessionID()
}

// inFlight is an operation that is under way.
type inFlight struct {
	cancel context.CancelCauseFunc
	wake   chan struct{} // capacity 1
	mu     sync.Mutex
	fed    *Decision
	abort  context.CancelFunc // of the attempt that a webhook makes needless
}

// Session is a session that was made. URL is a bearer link for SDK and web flows: do not log it; a Session
// prints its id only. By value in an unexported field of a struct of yours it can not: do not print such a struct.
type Session struct {
	ID         string
	URL        string
	VendorData string
}

// String is the id.
func (s Session) String() string { return "Session(" + s.ID + ")" }

// Format prints the id whatever the verb.
func (s Session) Format(f fmt.State, verb rune) { _, _ = f.Write([]byte(s.String())) }

// LogValue gives slog the id.
func (s Session) LogValue() slog.Value { return slog.StringValue(s.ID) }

// MarshalJSON is the id only: store URL by yourself if you must.
func (s Session) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"id": s.ID})
}

// Progress is where a call stands.
type Progress struct {
	SessionID string
	Step      Step
	Attempt   int           // of the current call
	Wait      time.Duration // until the next try; 0 while one is under way
}

// CallOption is a setting of one call.
type CallOption func(*operation)

// OnCreated is called when the session exists, before anything else happens to it: store its id there. An
// error ends the call; it is the cause of the CancelledError that the call returns.
func OnCreated(hook func(context.Context, Session) error) CallOption {
	return func(op *operation) { op.onCreated = hook }
}

// OnProgress hears where a call stands: before each request and each pause.
func OnProgress(hook func(Progress)) CallOption {
	return func(op *operation) { op.onProgress = hook }
}

// ErrClosed is the cause of calls that end because their client was closed.
var ErrClosed = errors.New("ine: the client is closed")

// New makes a client. A base URL and credentials are needed, from FromEnv or by their own options. The error is
// CodeConfig for settings that can not work. Nothing is sent. The calls of the nil *Client that comes with an error
// fail with CodeConfig too, and its Close does nothing.
func New(options ...Option) (*Client, error) {
	s, err := newSettings(options)
	if err != nil {
		return nil, err
	}
	if s.credentials == nil {
		return nil, noCredentials()
	}
	if s.baseURL == "" {
		return nil, localError(CodeConfig, "a base URL is needed", "the customer portal shows it: ine.WithBaseURL()")
	}
	c := &Client{
		settings: s, calls: make(map[*inFlight]struct{}), waits: make(map[string]map[*inFlight]struct{}),
	}
	if err := c.probe(); err != nil {
		return nil, err
	}
	make := s.driver
	if make == nil {
		make = newHTTPDriver
	}
	if c.driver, err = make(c); err != nil {
		return nil, err
	}
	return c, nil
}

// probe freezes a request that is never sent: settings that can not work show here, not at the first call.
func (c *Client) probe() error {
	op := &operation{}
	if err := op.call(C.INE_CALL_DECISION); err != nil {
		return err
	}
	defer op.close()
	if err := op.text(C.INE_IN_SESSION_ID, "00000000-0000-4000-8000-000000000000"); err != nil {
		return err
	}
	exchange, err := c.newExchange(op, time.Minute)
	if err != nil {
		return err
	}
	C.ine_exchange_free(exchange)
	return nil
}

// Close cancels what is in flight and closes idle connections. A closed client can not be used again. It does
// not wait for calls that are ending; closing twice is fine.
func (c *Client) Close() error {
	if !c.made() {
		return nil
	}
	c.state.Lock()
	first := !c.closed
	c.closed = true
	for call := range c.calls {
		call.cancel(ErrClosed)
	}
	c.state.Unlock()
	if first {
		c.driver.close()
	}
	return nil
}

// Format prints "Client" and the integration's label whatever the verb.
func (c *Client) Format(f fmt.State, verb rune) {
	label := ""
	if c.made() {
		label = c.settings.credentials.Label()
	}
	_, _ = fmt.Fprintf(f, "Client(%q)", label)
}

// Verify verifies a person: err == nil says nothing about the person, only verdict.Verified() does. It checks,
// makes a session, uploads, submits and waits for the decision. A verdict that is not verified is a result,
// never an error. A ctx without a deadline gets 10 minutes (WithDeadline). *InputError: nothing was sent, unless it
// has a SessionID: then the image could not be read, or had changed, when the session was there.
// *OutcomeUnknownError: a reply was lost, and a session with this VendorData may exist. Retryable and RetryAfter
// tell what may be tried again.
func (c *Client) Verify(ctx context.Context, who Verification, options ...CallOption) (Verdict, error) {
	r, err := c.flow(ctx, "verify", C.INE_FLOW_VERIFY, "", &who, options)
	return r.verdict, err
}

// VerifyDecision is Verify, with the decision for Evidence. As there, err == nil says nothing about the person.
func (c *Client) VerifyDecision(ctx context.Context, who Verification, options ...CallOption) (Verdict, *Decision, error) {
	r, err := c.flow(ctx, "verify", C.INE_FLOW_VERIFY, "", &who, options)
	return r.verdict, r.decision, err
}

// Start checks, makes a session, uploads and submits. Wait, or a webhook, brings the decision. Errors as Verify.
func (c *Client) Start(ctx context.Context, who Verification, options ...CallOption) (Session, error) {
	r, err := c.flow(ctx, "start", C.INE_FLOW_START, "", &who, options)
	return r.session, err
}

// Wait brings the decision of a session, by polling, or by a webhook that Feed brings. As with Verify, err == nil
// says nothing about the person.
func (c *Client) Wait(ctx context.Context, sessionID string, options ...CallOption) (Verdict, error) {
	r, err := c.flow(ctx, "wait", C.INE_FLOW_WAIT, sessionID, nil, options)
	return r.verdict, err
}

// Resume finds out where a session stands, and goes on. `who` may be nil; it is needed when the selfie has not
// arrived, and the error says so. As with Verify, err == nil says nothing about the person.
func (c *Client) Resume(ctx context.Context, sessionID string, who *Verification, options ...CallOption) (Verdict, error) {
	r, err := c.flow(ctx, "resume", C.INE_FLOW_RESUME, sessionID, who, options)
	return r.verdict, err
}

// Feed brings a webhook to every Wait, Verify and Resume of this client that waits for its session.
func (c *Client) Feed(e *Event) {
	if !c.made() || e == nil || e.SessionID == "" {
		return
	}
	if own, ok := c.driver.(interface{ feed(*Decision) }); ok {
		own.feed(e.Body())
		return
	}
	c.state.Lock()
	defer c.state.Unlock()
	for call := range c.waits[lower(e.SessionID)] {
		call.feed(e.Body())
	}
}

func (f *inFlight) feed(d *Decision) {
	f.mu.Lock()
	f.fed = d
	if f.abort != nil {
		f.abort()
	}
	f.mu.Unlock()
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// takeFed is the webhook that came, once.
func (f *inFlight) takeFed() *Decision {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.fed
	f.fed = nil
	return d
}

func (f *inFlight) setAbort(abort context.CancelFunc) {
	f.mu.Lock()
	f.abort = abort
	f.mu.Unlock()
}

func (c *Client) flow(ctx context.Context, name string, mode C.int32_t, session string, who *Verification, options []CallOption) (result, error) {
	op := &operation{name: name, mode: mode, session: session}
	for _, option := range options {
		if option != nil {
			option(op)
		}
	}
	if who != nil {
		op.vendorData = who.VendorData
		op.prepare = func(ctx context.Context) (err error) {
			op.job, err = newJob(ctx, who)
			return err
		}
	}
	return c.run(ctx, op)
}

// run carries an operation out and closes it.
func (c *Client) run(ctx context.Context, op *operation) (result, error) {
	defer op.close()
	start := time.Now()
	if !c.made() {
		return result{}, errNotMade()
	}
	if ctx == nil {
		return result{}, localError(CodeArgument, "a nil context", "context.Background()")
	}
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if _, ok := ctx.Deadline(); !ok {
		var stop context.CancelFunc
		inner, stop = context.WithTimeout(inner, c.settings.deadline)
		defer stop()
	}
	call := &inFlight{cancel: cancel, wake: make(chan struct{}, 1)}
	if !c.enter(call) {
		return result{}, c.failed(ctx, op, localError(CodeClosed, "the client is closed", ""))
	}
	defer c.leave(call) // also when a hook panics
	var r result
	var err error
	if op.prepare != nil {
		err = op.prepare(inner)
	}
	if err == nil {
		r, err = c.driver.do(inner, op, call)
	}
	runtime.KeepAlive(c)
	if err != nil {
		err = finished(err, op.vendorData)
		overdue(inner, err)
		r = result{session: r.session}
	}
	c.settings.hooks.done(ctx, op.name, start, &r, err)
	return r, err
}

// made says that New has made this client.
func (c *Client) made() bool { return c != nil && c.driver != nil }

// errNotMade is what a call of a nil Client comes to: New has failed, and its error was not looked at.
func errNotMade() error {
	return localError(CodeConfig, "there is no client: ine.New failed, and its error was not looked at",
		"look at the error of ine.New: it names the setting")
}

func (c *Client) failed(ctx context.Context, op *operation, err error) error {
	if !c.made() {
		return errNotMade()
	}
	err = finished(err, op.vendorData)
	c.settings.hooks.done(ctx, op.name, time.Now(), &result{}, err)
	return err
}

func finished(err error, vendorData string) error {
	var e Error
	if !errors.As(err, &e) {
		return err
	}
	d := e.Info()
	d.VendorData = vendorData
	if d.Class == ClassDeadline && d.cause == nil { // the library was first to see that time is over
		d.cause = context.DeadlineExceeded
	}
	return err
}

// deadlineSlack is how much sooner than the context's the library's own clock may see the deadline.
const deadlineSlack = 50 * time.Millisecond

// overdue gives a lost reply its cause when time was over: the library may have been first to see it.
func overdue(ctx context.Context, err error) {
	var unknown *OutcomeUnknownError
	at, _ := ctx.Deadline()
	if errors.As(err, &unknown) && ctx.Err() == nil && time.Until(at) < deadlineSlack {
		unknown.cause = context.DeadlineExceeded
	}
}

func (c *Client) enter(call *inFlight) bool {
	c.state.Lock()
	defer c.state.Unlock()
	if c.closed {
		return false
	}
	c.calls[call] = struct{}{}
	return true
}

func (c *Client) leave(call *inFlight) {
	c.state.Lock()
	delete(c.calls, call)
	c.state.Unlock()
}

// await lets Feed find a call by its session, until the returned function is called.
func (c *Client) await(session string, call *inFlight) func() {
	key := lower(session)
	c.state.Lock()
	defer c.state.Unlock()
	if c.waits[key] == nil {
		c.waits[key] = make(map[*inFlight]struct{})
	}
	c.waits[key][call] = struct{}{}
	return func() {
		c.state.Lock()
		defer c.state.Unlock()
		delete(c.waits[key], call)
		if len(c.waits[key]) == 0 {
			delete(c.waits, key)
		}
	}
}

// newExchange freezes a single request.
func (c *Client) newExchange(op *operation, deadline time.Duration) (*C.ine_exchange, error) {
	var exchange *C.ine_exchange
	var failed *C.ine_error
	c.mu.Lock()
	code := C.ine_go_exchange(&exchange, op.request, c.settings.credentials.secrets().handle, c.settings.handle,
		deadlineMillis(deadline), now(), &failed)
	c.mu.Unlock()
	runtime.KeepAlive(c)
	if code != C.INE_OK {
		return nil, failure(code, failed)
	}
	return exchange, nil
}

func (c *Client) newFlow(op *operation, deadline time.Duration) (*C.ine_flow, error) {
	var flow *C.ine_flow
	var failed *C.ine_error
	var verification *C.ine_verification
	if op.job != nil {
		verification = op.job.handle
	}
	p, n := chars(op.session)
	c.mu.Lock()
	code := C.ine_go_flow(&flow, op.mode, verification, p, n, c.settings.credentials.secrets().handle, c.settings.handle,
		deadlineMillis(deadline), now(), &failed)
	c.mu.Unlock()
	runtime.KeepAlive(c)
	if code != C.INE_OK {
		return nil, failure(code, failed)
	}
	return flow, nil
}

// longestDeadline is what the library takes: a week.
const longestDeadline = 7 * 24 * time.Hour

func deadlineMillis(d time.Duration) C.int64_t {
	return C.int64_t(max(time.Millisecond, min(d, longestDeadline)).Milliseconds())
}

// began is the beginning of the monotonic clock that the library is told.
var began = time.Now()

func now() C.int64_t { return C.int64_t(time.Since(began).Milliseconds()) }
