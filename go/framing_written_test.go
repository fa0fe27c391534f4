package ine_test

import (
	"context"
	"net"
	"net/http"
	"testing"
	"time"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

// lateConn returns from its first write some time after the bytes have gone out, as a goroutine does that the
// scheduler lets wait.
type lateConn struct {
	net.Conn
	late bool
}

func (c *lateConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if !c.late {
		c.late = true
		time.Sleep(100 * time.Millisecond)
	}
	return n, err
}

// A reply may come, and break off, before the goroutine that wrote the request goes on: the request was sent all
// the same, and is not sent again.
func TestReplyBeforeWriteReturns(t *testing.T) {
	aboutNetHTTP(t)
	sb := inetest.NewSandbox(t)
	f := newFront(t, sb, nil)
	f.fault = func(_ int, r seen, conn net.Conn) bool {
		raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n")(f, r, conn)
		return true
	}
	slow := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		return &lateConn{Conn: conn}, err
	}}
	c := f.client(t, ine.WithHTTPClient(&http.Client{Transport: slow}))
	_, err := c.CreateSession(shortly(t), sb.Person("approved"))
	if d := info(t, err); d.Code != ine.CodeOutcomeUnknown || d.Sent != ine.SentUnknown {
		t.Errorf("%v, sent %v: %v", d.Code, d.Sent, err)
	}
	if n := f.count("POST", "/v1/sessions"); n != 1 {
		t.Errorf("POST was sent %d times", n)
	}
}
