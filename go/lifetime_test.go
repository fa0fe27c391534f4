package ine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"runtime"
	"runtime/debug"
	"sync"
	"testing"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

// underGC runs a function again and again while another goroutine collects without pause.
func underGC(t *testing.T, do func()) {
	t.Helper()
	old := debug.SetGCPercent(1)
	defer debug.SetGCPercent(old)
	stop := make(chan struct{})
	var done sync.WaitGroup
	done.Add(1)
	go func() {
		defer done.Done()
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	}()
	do()
	close(stop)
	done.Wait()
}

// Verdicts, decisions and events outlive what they came from; what C holds is freed while it is not used.
func TestResultsOutliveTheirOrigin(t *testing.T) {
	underGC(t, func() {
		for range 60 {
			header, body := delivery(oddBody, testSecret)
			e, err := ine.NewWebhooks(testCredentials(t)).Open(header, body)
			if err != nil {
				t.Fatal(err)
			}
			d, v := e.Decision(), e.Decision().Verdict()
			e = nil
			runtime.GC()
			if text, err := json.Marshal(v); err != nil || len(text) < 100 {
				t.Fatal(err)
			}
			if len(v.Checks()) != 10 || v.Text(ine.EsMX).Agent == "" || d.Field(ine.FieldFirstName).Text != "IÑIGO" {
				t.Fatal(v)
			}
			if found, err := d.Find("/verification/score"); err != nil || string(found) != "0.10" {
				t.Fatal(err)
			}
			if _, err := ine.Evidence(d, ine.EvidenceInput{Verdict: v}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// One event, many goroutines: what is made when it is first asked for is made once or thrown away.
func TestSharedResults(t *testing.T) {
	c := testCredentials(t)
	hooks := ine.NewWebhooks(c)
	for range 20 {
		header, body := delivery(oddBody, testSecret)
		e, err := hooks.Open(header, body)
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 8 {
			all.Add(1)
			go func() {
				defer all.Done()
				d := e.Decision()
				_, err := json.Marshal(d)
				_, err2 := d.Find("/verification")
				if err != nil || err2 != nil || d.Field(ine.FieldLastName).Text != "NUÑEZ" || len(d.Verdict().Checks()) != 10 || !d.Supersedes(d) == d.Supersedes(d) {
					t.Error(err, err2)
				}
				if _, err := hooks.Open(header, body); err != nil {
					t.Error(err)
				}
			}()
		}
		all.Wait()
	}
}

// Verifications while the collector runs without pause; clients are made and forgotten without Close.
func TestClientsUnderGC(t *testing.T) {
	sb := inetest.NewSandbox(t)
	underGC(t, func() {
		for range 5 {
			c, err := ine.New(ine.WithCredentials(sb.Credentials()), ine.WithBaseURL(sb.URL))
			if err != nil {
				t.Fatal(err)
			}
			var all sync.WaitGroup
			for _, scenario := range []string{"approved", "selfie_mismatch", "lost_or_stolen"} {
				all.Add(1)
				go func() {
					defer all.Done()
					v, d, err := c.VerifyDecision(shortly(t), sb.Person(scenario))
					if err != nil || v.SessionID != d.SessionID() || len(d.Bytes()) == 0 {
						t.Error(scenario, v, err)
					}
				}()
			}
			all.Wait()
			if _, err := c.Decision(shortly(t), testKey); !errors.Is(err, ine.CodeNotFound) && !errors.Is(err, ine.CodeRejected) {
				t.Error(err)
			}
		}
	})
}

// What C allocates is given back: the process does not grow.
func TestNothingGrows(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("takes seconds, and the race detector has memory of its own")
	}
	hooks := ine.NewWebhooks(testCredentials(t))
	header, body := delivery(oddBody, testSecret)
	work := func(rounds int) int64 {
		for range rounds {
			e, err := hooks.Open(header, body)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = json.Marshal(e)
			if _, err := e.Decision().Find("/verification"); err != nil {
				t.Fatal(err)
			}
			if _, err := ine.Interpret([]byte("{")); err == nil {
				t.Fatal("taken")
			}
			if _, err := ine.Check(ine.Verification{CIC: "1"}); err != nil {
				t.Fatal(err)
			}
		}
		runtime.GC()
		runtime.GC()
		return residentKB(t)
	}
	work(5000)
	before := work(5000)
	if after := work(30000); after > before+16<<10 {
		t.Errorf("%d KB, then %d KB", before, after)
	}
}

// Calls that fail, are refused, are cancelled while they are sent, or end give back all that they took.
func TestCallsDoNotGrow(t *testing.T) {
	if testing.Short() || raceDetector || overLibcurl {
		t.Skip("takes seconds, and the race detector has memory of its own")
	}
	sb := inetest.NewSandbox(t)
	var cancel context.CancelFunc
	c := sb.NewClient(ine.WithRetries(0), ine.WithHTTPClient(&http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		_, _ = io.Copy(io.Discard, r.Body)
		if cancel != nil {
			cancel()
			return nil, context.Canceled
		}
		status, header, body := sb.Request(r.Method, r.URL.RequestURI(), r.Header, nil)
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body))}, nil
	})}))
	work := func(rounds int) int64 {
		for range rounds {
			cancel = nil
			if _, err := c.CreateSession(t.Context(), sb.Person("approved")); err == nil {
				t.Fatal("a session without a body")
			}
			if _, err := c.Verify(t.Context(), ine.Verification{CIC: "1"}); err == nil {
				t.Fatal("taken")
			}
			if _, err := c.UploadMedia(t.Context(), testKey, ine.Bytes(inetest.Picture()), ine.MediaOptions{}); err == nil {
				t.Fatal("taken")
			}
			for _, call := range []func(context.Context) error{
				func(ctx context.Context) error { _, err := c.Verify(ctx, sb.Person("approved")); return err },
				func(ctx context.Context) error { _, err := c.Decision(ctx, testKey); return err },
			} {
				var ctx context.Context
				ctx, cancel = context.WithCancel(t.Context())
				if err := call(ctx); !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
			}
		}
		runtime.GC()
		runtime.GC()
		return residentKB(t)
	}
	work(500)
	before := work(500)
	if after := work(4000); after > before+12<<10 {
		t.Errorf("%d KB, then %d KB", before, after)
	}
}
