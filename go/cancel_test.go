package ine_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

// steps of a verification, by the request that they make.
var steps = []struct {
	step           ine.Step
	method, suffix string
}{
	{ine.StepCreate, "POST", "/v1/sessions"},
	{ine.StepMedia, "POST", "/media"},
	{ine.StepSubmit, "PATCH", ""},
	{ine.StepWait, "GET", "/decision"},
}

func (s seen) is(method, suffix string) bool {
	return s.method == method && strings.HasSuffix(s.path, suffix)
}

// A context that is cancelled before, during and after each step: nothing is sent twice, nothing is left.
func TestCancelAtEachStep(t *testing.T) {
	sb := inetest.NewSandbox(t)
	for _, at := range steps {
		for _, when := range []string{"before", "during", "after", "deadline"} {
			t.Run(at.step.String()+" "+when, func(t *testing.T) {
				if when == "before" {
					aboutNetHTTP(t) // over libcurl the hook is heard when the request has ended
				}
				noLeak(t)
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				cause := errors.New("the user went away")
				hold := make(chan struct{})
				f := newFront(t, sb, func(_ int, r seen, _ net.Conn) bool {
					if (when != "during" && when != "deadline") || !r.is(at.method, at.suffix) {
						return false
					}
					if when == "during" {
						cancel(cause)
					}
					<-hold
					return true
				})
				t.Cleanup(func() { close(hold) })
				if when == "deadline" {
					var stop context.CancelFunc
					ctx, stop = context.WithTimeout(ctx, 700*time.Millisecond)
					defer stop()
				}
				c := f.client(t,
					ine.WithOnRequest(func(_ context.Context, r ine.RequestInfo) {
						if when == "before" && r.Step == at.step {
							cancel(cause)
						}
					}),
					ine.WithOnResponse(func(_ context.Context, r ine.ResponseInfo) {
						if when == "after" && r.Step == at.step {
							cancel(cause)
						}
					}))
				defer c.Close()
				who := sb.Person("approved")
				v, err := c.Verify(ctx, who)
				checkCancelled(t, at.step, when, v, err, cause)
				for _, one := range steps[:3] {
					if n := f.count(one.method, one.suffix); n > 1 && one.method == "POST" {
						t.Errorf("%s %s was sent %d times", one.method, one.suffix, n)
					}
				}
				if when == "before" && f.count(at.method, at.suffix) > 0 && at.step != ine.StepSubmit {
					t.Errorf("%s was sent", at.step)
				}
			})
		}
	}
}

func checkCancelled(t *testing.T, step ine.Step, when string, v ine.Verdict, err, cause error) {
	t.Helper()
	if when == "after" && step == ine.StepWait && err == nil { // it was decided already
		return
	}
	d := info(t, err)
	want := ine.ClassCancelled
	switch {
	case step == ine.StepCreate && (when == "during" || when == "deadline"):
		want = ine.ClassOutcomeUnknown
	case when == "deadline":
		want = ine.ClassDeadline
	}
	if step == ine.StepMedia && when == "deadline" && d.Class == ine.ClassOutcomeUnknown { // it may have arrived
		want = ine.ClassOutcomeUnknown
	}
	if d.Class != want || v.Verified() || v.Outcome != ine.UnknownOutcome {
		t.Fatalf("%v, not %v: %v", d.Class, want, err)
	}
	if when == "deadline" {
		if !errors.Is(err, context.DeadlineExceeded) && want == ine.ClassDeadline {
			t.Error(err)
		}
	} else if !errors.Is(err, cause) {
		t.Errorf("the cause is lost: %v", err)
	}
	sent := map[string]ine.Sent{"before": ine.SentNo, "after": ine.SentNo, "during": ine.SentUnknown, "deadline": ine.SentUnknown}[when]
	if overLibcurl && when == "after" { // its thread has gone on meanwhile
		sent = d.Sent
	}
	if d.Sent != sent {
		t.Errorf("sent %v, not %v", d.Sent, sent)
	}
	if (d.SessionID == "") != (step == ine.StepCreate && when != "after") {
		t.Errorf("session %q", d.SessionID)
	}
	if d.VendorData == "" {
		t.Error("no vendorData to find it by")
	}
}

// The library waits between questions; cancelling ends that at once, whatever is left of the pause.
func TestCancelWhileWaiting(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t, inetest.DecisionDelay(time.Hour))
	c := sb.NewClient(ine.WithPolling(time.Hour, time.Hour))
	defer c.Close()
	ctx, cancel := context.WithCancel(shortly(t))
	_, err := c.Verify(ctx, sb.Person("approved"), ine.OnProgress(func(p ine.Progress) {
		if p.Wait > 0 {
			cancel()
		}
	}))
	if !errors.Is(err, context.Canceled) || info(t, err).SessionID == "" {
		t.Fatal(err)
	}
}

func TestCancelledBefore(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t)
	f := newFront(t, sb, nil)
	c := f.client(t)
	defer c.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.Verify(ctx, sb.Person("approved"))
	if d := info(t, err); d.Class != ine.ClassCancelled || d.Sent != ine.SentNo || len(f.requests()) != 0 {
		t.Fatal(d.Class, d.Sent, err)
	}
	late, stop := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer stop()
	_, err = c.Verify(late, sb.Person("approved"))
	if d := info(t, err); d.Class != ine.ClassDeadline || !errors.Is(err, context.DeadlineExceeded) || len(f.requests()) != 0 {
		t.Fatal(d.Class, d.Sent, err)
	}
}

// An upload that is cancelled in the middle: the server stops reading.
func TestCancelDuringUpload(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ctx, cancel := context.WithCancel(shortly(t))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = conn.Read(make([]byte, 1000))
		cancel()
		<-ctx.Done()
		time.Sleep(50 * time.Millisecond)
	}()
	c := sb.NewClient(ine.WithBaseURL("http://" + listener.Addr().String()))
	defer c.Close()
	media := ine.Reader(bytes.NewReader(noise(t, 3400)))
	_, err = c.UploadMedia(ctx, "00000000-0000-4000-8000-000000000000", media, ine.MediaOptions{})
	if d := info(t, err); d.Class != ine.ClassCancelled || d.Sent != ine.SentUnknown {
		t.Fatal(d.Class, d.Sent, err)
	}
	<-ended
}

// A context without a deadline gets the client's own.
func TestDefaultDeadline(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t, inetest.DecisionDelay(time.Hour))
	c := sb.NewClient(ine.WithDeadline(900 * time.Millisecond))
	defer c.Close()
	_, err := c.Verify(context.Background(), sb.Person("approved"))
	if d := info(t, err); d.Class != ine.ClassDeadline || d.SessionID == "" {
		t.Fatal(d.Class, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 1500*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err = c.Verify(ctx, sb.Person("approved")); info(t, err).Class != ine.ClassDeadline {
		t.Fatal(err)
	}
	if took := time.Since(start); took < 1100*time.Millisecond {
		t.Fatal("a context's own deadline was cut short:", took)
	}
}
