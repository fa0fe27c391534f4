package ine_test

import (
	"context"
	"net/http"
	"reflect"
	"testing"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

// A caller's RoundTripper may give a reply without a body, or nothing at all: http.Client bears both.
func TestOddRoundTrippers(t *testing.T) {
	aboutNetHTTP(t)
	sb := inetest.NewSandbox(t)
	for _, one := range []struct {
		name  string
		reply *http.Response
		want  ine.Code
	}{
		{"no body", &http.Response{StatusCode: http.StatusServiceUnavailable}, ine.CodeServer},
		{"nothing", nil, ine.CodeProtocol},
	} {
		odd := roundTrip(func(*http.Request) (*http.Response, error) { return one.reply, nil })
		c := sb.NewClient(ine.WithHTTPClient(&http.Client{Transport: odd}), ine.WithRetries(0))
		_, err := c.Decision(shortly(t), "00000000-0000-4000-8000-000000000000")
		if d := info(t, err); d.Code != one.want {
			t.Errorf("%s: %v, not %v: %v", one.name, d.Code, one.want, err)
		}
	}
}

// A hook that panics leaves no call behind that the client takes for one in flight.
func TestHookPanicLeavesNoCall(t *testing.T) {
	sb := inetest.NewSandbox(t)
	c := sb.NewClient(ine.WithOnRequest(func(context.Context, ine.RequestInfo) { panic("a hook") }))
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic did not reach the caller")
			}
		}()
		_, _ = c.Decision(shortly(t), "00000000-0000-4000-8000-000000000000")
	}()
	if n := reflect.ValueOf(c).Elem().FieldByName("calls").Len(); n != 0 {
		t.Errorf("%d calls in flight", n)
	}
}
