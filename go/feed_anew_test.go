package ine_test

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

// eventOf is a genuine webhook with the decision of a session.
func eventOf(t *testing.T, sb *inetest.Sandbox, scenario, session string) *ine.Event {
	t.Helper()
	r := inetest.SignedWebhook(t, scenario, sb.Credentials())
	body := readAll(t, r)
	hooks := ine.NewWebhooks(sb.Credentials())
	other, err := hooks.Open(r.Header, body)
	if err != nil {
		t.Fatal(err)
	}
	key, secret := sb.Keys(ine.ProductMXINE)
	body = bytes.ReplaceAll(body, []byte(other.SessionID), []byte(session))
	e, err := hooks.Open(http.Header{"X-Auth-Client": {key}, "X-Hmac-Signature": {sign(secret, body)}}, body)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The registry was down, so the verification makes a second session. The webhook of the first comes late, while the
// second is being made: it neither breaks that request nor ends the verification.
func TestLateFeedOfTheSessionBefore(t *testing.T) {
	sb := inetest.NewSandbox(t)
	var (
		mu       sync.Mutex
		sessions []string
		client   *ine.Client
	)
	f := newFront(t, sb, nil)
	f.fault = func(_ int, r seen, _ net.Conn) bool {
		mu.Lock()
		made := append([]string{}, sessions...)
		mu.Unlock()
		if r.is("POST", "/v1/sessions") && len(made) == 1 {
			client.Feed(eventOf(t, sb, "registry_unavailable", made[0]))
			time.Sleep(100 * time.Millisecond)
		}
		return false
	}
	client = f.client(t, ine.WithRetryLater(1))
	v, err := client.Verify(shortly(t), sb.Person("registry_unavailable"),
		ine.OnCreated(func(_ context.Context, s ine.Session) error {
			mu.Lock()
			defer mu.Unlock()
			sessions = append(sessions, s.ID)
			return nil
		}))
	if err != nil || v.Outcome != ine.RetryLater {
		t.Fatal(v, err)
	}
	if len(sessions) != 2 || f.count("POST", "/v1/sessions") != 2 || v.SessionID != sessions[1] {
		t.Error(sessions, f.count("POST", "/v1/sessions"), v.SessionID)
	}
}

// The second session is waited for as the first was: its own webhook ends the wait.
func TestFeedOfTheSecondSession(t *testing.T) {
	sb := inetest.NewSandbox(t)
	var sessions []string
	client := sb.NewClient(ine.WithRetryLater(1), ine.WithPolling(time.Minute, time.Minute))
	var once sync.Once
	v, err := client.Verify(shortly(t), sb.Person("registry_unavailable"),
		ine.OnCreated(func(_ context.Context, s ine.Session) error {
			sessions = append(sessions, s.ID)
			return nil
		}),
		ine.OnProgress(func(p ine.Progress) {
			if p.Wait == 0 || p.Step != ine.StepWait {
				return
			}
			if len(sessions) == 1 {
				once.Do(func() { client.Feed(eventOf(t, sb, "registry_unavailable", sessions[0])) })
			} else {
				client.Feed(eventOf(t, sb, "approved", sessions[1]))
			}
		}))
	if err != nil || !v.Verified() || len(sessions) != 2 || v.SessionID != sessions[1] {
		t.Fatal(v, err, sessions)
	}
}
