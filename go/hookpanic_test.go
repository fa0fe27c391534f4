package ine_test

import (
	"bytes"
	"net"
	"runtime"
	"sync/atomic"
	"testing"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

// A hook that panics, or ends its goroutine, ends its call, in the library too: nothing of it goes on when the panic
// has reached the caller, whose image may be another one then. The client is as good as before.
func TestHooksThatPanic(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t)
	large := append(inetest.Picture(), make([]byte, 4<<20)...)
	for name, leave := range map[string]func(){"panic": func() { panic("hook") }, "exit": runtime.Goexit} {
		for at, hooks := range map[string]func(id *atomic.Value) []ine.CallOption{
			"created": func(id *atomic.Value) []ine.CallOption {
				return []ine.CallOption{ine.OnCreated(func(_ ctx, s ine.Session) error {
					id.Store(s.ID)
					leave()
					return nil
				})}
			},
			"media": func(id *atomic.Value) []ine.CallOption {
				return []ine.CallOption{ine.OnProgress(func(p ine.Progress) {
					if p.Step == ine.StepMedia {
						id.Store(p.SessionID)
						leave()
					}
				})}
			},
		} {
			release := make(chan struct{})
			f := newFront(t, sb, func(_ int, r seen, _ net.Conn) bool { // an upload's reply waits for the panic
				if r.is("POST", "/media") {
					<-release
				}
				return false
			})
			c := f.client(t)
			var id atomic.Value
			who := sb.Person("approved")
			who.Selfie = ine.Bytes(bytes.Clone(large))
			done := make(chan bool)
			go func() {
				ended := false
				defer func() {
					_ = recover()
					done <- ended
				}()
				_, _ = c.Verify(shortly(t), who, hooks(&id)...)
				ended = true
			}()
			ended := <-done
			close(release)
			if ended {
				t.Fatal(name, at, "the hook's panic did not reach the caller")
			}
			session := id.Load().(string)
			if v, err := c.Verify(shortly(t), sb.Person("approved")); err != nil || !v.Verified() {
				t.Fatal(name, at, v, err)
			}
			if f.count("PATCH", session) != 0 {
				t.Error(name, at, "the call went on")
			}
			_ = c.Close()
		}
	}
}
