package ine_test

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

func reset(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) }

// raw writes bytes and closes.
func raw(reply string) func(*front, seen, net.Conn) {
	return func(_ *front, _ seen, conn net.Conn) { _, _ = conn.Write([]byte(reply)) }
}

// cut sends the first n bytes of the right reply; from the end when n is negative.
func cut(n int) func(*front, seen, net.Conn) {
	return func(f *front, r seen, conn net.Conn) {
		reply := f.answer(r)
		at := n
		if at < 0 {
			at += len(reply)
		}
		_, _ = conn.Write(reply[:at])
	}
}

// change sends the right reply with one text in the place of another.
func change(old, text string) func(*front, seen, net.Conn) {
	return func(f *front, r seen, conn net.Conn) {
		_, _ = conn.Write([]byte(strings.Replace(string(f.answer(r)), old, text, 1)))
	}
}

func addHeader(line string) func(*front, seen, net.Conn) { return change("\r\n", "\r\n"+line+"\r\n") }

// wireFaults are what a network and a server can do (docs/faults.md), and what a GET and a POST /v1/sessions come to.
var wireFaults = []struct {
	name      string
	do        func(*front, seen, net.Conn)
	get, post ine.Code
}{
	{"F06 closed", func(_ *front, _ seen, _ net.Conn) {}, ine.CodeTransport, ine.CodeOutcomeUnknown},
	{"F07 reset", func(_ *front, _ seen, c net.Conn) { reset(c) }, ine.CodeTransport, ine.CodeOutcomeUnknown},
	{"F16 in the status line", cut(9), ine.CodeProtocol, ine.CodeOutcomeUnknown},
	{"F17 in the headers", cut(40), ine.CodeProtocol, ine.CodeOutcomeUnknown},
	{"F18 in the body", cut(-5), ine.CodeTransport, ine.CodeOutcomeUnknown},
	{"F21 length too small", change("Content-Length: ", "Content-Length: 10\r\nX-Was: "), ine.CodeSignature, ine.CodeSignature},
	{"F23 negative length", change("Content-Length: ", "Content-Length: -5\r\nX-Was: "), ine.CodeProtocol, ine.CodeOutcomeUnknown},
	{"F24 two lengths", addHeader("Content-Length: 7"), ine.CodeProtocol, ine.CodeOutcomeUnknown},
	{"F26 no last chunk", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n"), ine.CodeTransport, ine.CodeOutcomeUnknown},
	{"F27 no chunk size", raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabcd\r\n"), ine.CodeProtocol, ine.CodeOutcomeUnknown},
	{"F28 no HTTP", raw("SSH-2.0-OpenSSH_9.2\r\n\r\n"), ine.CodeProtocol, ine.CodeOutcomeUnknown},
	{"F29 status 600", change(" 20", " 60"), ine.CodeProtocol, ine.CodeOutcomeUnknown},
	{"F31 many headers", addHeader(strings.Repeat("X-A: b\r\n", 6000) + "X-Z: 1"), ine.CodeLimit, ine.CodeOutcomeUnknown},
	{"F32 a long header", addHeader("X-A: " + strings.Repeat("b", 400_000)), ine.CodeLimit, ine.CodeOutcomeUnknown},
	{"F35 204", raw("HTTP/1.1 204 No Content\r\n\r\n"), ine.CodeProtocol, ine.CodeOutcomeUnknown},
	{"F37 gzip", addHeader("Content-Encoding: gzip"), ine.CodeProtocol, ine.CodeOutcomeUnknown},
	{"F53 unsigned", change("X-HMAC-SIGNATURE", "X-Other"), ine.CodeUnsigned, 0},
	{"F53 wrong", change("X-HMAC-SIGNATURE: ", "X-HMAC-SIGNATURE: 0"), ine.CodeSignature, ine.CodeSignature},
	{"F57 401", raw("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"), ine.CodeAuth, ine.CodeAuth},
	{"F56 503", raw("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"), ine.CodeServer, ine.CodeServer},
	{"F36 redirect", raw("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"), ine.CodeRedirect, ine.CodeRedirect},
}

func TestWireFaults(t *testing.T) {
	sb := inetest.NewSandbox(t)
	id := submitted(t, sb)
	if v, err := sb.Client().Wait(shortly(t), id); err != nil || !v.Verified() {
		t.Fatal(v, err)
	}
	for _, one := range wireFaults {
		t.Run(one.name, func(t *testing.T) {
			noLeak(t)
			f := newFront(t, sb, nil)
			f.fault = func(_ int, r seen, conn net.Conn) bool {
				one.do(f, r, conn)
				return true
			}
			var logged bytes.Buffer
			log.SetOutput(&logged)
			defer func() {
				log.SetOutput(os.Stderr)
				if logged.Len() > 0 { // net/http logs bytes of replies
					t.Error(logged.String())
				}
			}()
			c := f.client(t, ine.WithRetries(0))
			defer c.Close()
			_, err := c.Decision(shortly(t), id)
			if overLibcurl && (one.name[:3] == "F16" || one.name[:3] == "F17") {
				one.get = ine.CodeTransport // net/http says of a reply cut off in its head that it is not HTTP
			}
			if d := info(t, err); d.Code != one.get {
				t.Errorf("GET: %v, not %v: %v", d.Code, one.get, err)
			}
			_ = c.Close()
			c = f.client(t, ine.WithRetries(0))
			defer c.Close()
			before := len(f.requests())
			who := sb.Person("approved")
			_, err = c.CreateSession(shortly(t), who)
			if one.post == 0 {
				if err != nil {
					t.Errorf("POST: %v", err)
				}
			} else if d := info(t, err); d.Code != one.post || d.VendorData != who.VendorData {
				t.Errorf("POST: %v, not %v: %v", d.Code, one.post, err)
			}
			if n := len(f.requests()) - before; n != 1 {
				t.Errorf("POST was sent %d times", n)
			}
		})
	}
}

// submitted is a session that is decided.
func submitted(t *testing.T, sb *inetest.Sandbox) string {
	t.Helper()
	s, err := sb.Client().Start(shortly(t), sb.Person("approved"))
	if err != nil {
		t.Fatal(err)
	}
	return s.ID
}

// A connection that was used before breaks when the next request has been read: net/http repeats a GET then by
// itself. Here only the library repeats, and never what may have happened.
func TestNothingIsRepeatedByNetHTTP(t *testing.T) {
	sb := inetest.NewSandbox(t)
	id := submitted(t, sb)
	for name, breaks := range map[string]func(net.Conn){"F08 FIN": func(net.Conn) {}, "F08 RST": reset} {
		t.Run(name, func(t *testing.T) {
			noLeak(t)
			f := newFront(t, sb, func(n int, _ seen, conn net.Conn) bool {
				if n%2 == 0 {
					breaks(conn)
				}
				return n%2 == 0
			})
			c := f.client(t, ine.WithRetries(0))
			defer c.Close()
			for i, call := range []func() error{
				func() error { _, err := c.Decision(shortly(t), id); return err },
				func() error { _, err := c.Decision(shortly(t), id); return err },
				func() error { _, err := c.Decision(shortly(t), id); return err },
				func() error { _, err := c.CreateSession(shortly(t), sb.Person("approved")); return err },
				func() error { _, err := c.Decision(shortly(t), id); return err },
				func() error { _, err := c.DeleteSession(shortly(t), id); return err },
			} {
				err := call()
				if i%2 == 0 && err != nil {
					t.Fatal(i, err)
				}
				if i%2 == 1 && err == nil {
					t.Fatal(i, "it went through: it was repeated")
				}
				if n := len(f.requests()); n != i+1 {
					t.Fatalf("%d requests after %d calls", n, i+1)
				}
			}
		})
	}
}

// The library repeats what is safe, on another connection.
func TestRetries(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t)
	id := submitted(t, sb)
	f := newFront(t, sb, func(n int, _ seen, _ net.Conn) bool { return n < 3 })
	c := f.client(t, ine.WithSeed(1))
	defer c.Close()
	if _, err := c.Decision(shortly(t), id); err != nil || len(f.requests()) != 3 {
		t.Fatal(err, len(f.requests()))
	}
}

func TestRetryAfter(t *testing.T) {
	sb := inetest.NewSandbox(t)
	f := newFront(t, sb, func(_ int, _ seen, conn net.Conn) bool {
		_, _ = conn.Write([]byte("HTTP/1.1 429 Slow\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n"))
		return true
	})
	_, err := f.client(t).CreateSession(shortly(t), sb.Person("approved"))
	var limit *ine.RateLimitError
	if !errors.As(err, &limit) || !ine.Retryable(err) || ine.RetryAfter(err) != 90*time.Second {
		t.Fatal(err, ine.RetryAfter(err))
	}
	if len(f.requests()) != 1 {
		t.Fatal(len(f.requests()))
	}
}

func TestNotSent(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + listener.Addr().String()
	_ = listener.Close()
	for name, one := range map[string]struct {
		url  string
		code ine.Code
	}{
		"F01 no such name": {"http://nobody.invalid", ine.CodeResolve},
		"F03 refused":      {nobody, ine.CodeConnect},
	} {
		c := sb.NewClient(ine.WithBaseURL(one.url), ine.WithRetries(0))
		_, err := c.Verify(shortly(t), sb.Person("approved"))
		if d := info(t, err); d.Code != one.code || d.Sent != ine.SentNo || !d.Retryable {
			t.Errorf("%s: %v %v %v", name, d.Code, d.Sent, err)
		}
		_ = c.Close()
	}
}

func TestTimeouts(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t)
	hold := make(chan struct{})
	f := newFront(t, sb, func(int, seen, net.Conn) bool {
		<-hold
		return true
	})
	t.Cleanup(func() { close(hold) })
	c := f.client(t, ine.WithRetries(0), ine.WithCallTimeout(400*time.Millisecond))
	defer c.Close()
	_, err := c.Decision(shortly(t), "00000000-0000-4000-8000-000000000000")
	if d := info(t, err); d.Code != ine.CodeTimeout || d.Sent != ine.SentUnknown {
		t.Error(d.Code, d.Sent, err)
	}
	_, err = c.CreateSession(shortly(t), sb.Person("approved"))
	if d := info(t, err); d.Code != ine.CodeOutcomeUnknown || d.Sent != ine.SentUnknown {
		t.Error(d.Code, d.Sent, err)
	}
}

// A server that takes connections and says nothing: a TLS handshake that hangs has sent nothing (F51).
func TestTLSHandshake(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t)
	for name, one := range map[string]struct {
		do   func(net.Conn)
		code ine.Code
	}{
		"F51 hangs":  {func(c net.Conn) { _, _ = c.Read(make([]byte, 1<<16)); _, _ = c.Read(make([]byte, 1)) }, ine.CodeTimeout},
		"F50 closes": {func(c net.Conn) { _, _ = c.Read(make([]byte, 1<<16)) }, ine.CodeConnect},
		"F50 plain HTTP": {func(c net.Conn) {
			_, _ = c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
			_, _ = c.Read(make([]byte, 1<<16))
		}, ine.CodeTLS},
	} {
		t.Run(name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			go func() {
				for {
					conn, err := listener.Accept()
					if err != nil {
						return
					}
					go func() {
						one.do(conn)
						_ = conn.Close()
					}()
				}
			}()
			port := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
			c := sb.NewClient(ine.WithBaseURL("https://127.0.0.1:"+port), ine.WithRetries(0),
				ine.WithConnectTimeout(300*time.Millisecond))
			defer c.Close()
			_, err = c.CreateSession(shortly(t), sb.Person("approved"))
			if d := info(t, err); d.Code != one.code || d.Sent != ine.SentNo {
				t.Fatal(d.Code, d.Sent, err)
			}
		})
	}
}

func TestCertificates(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t)
	posts := 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		posts++
		w.WriteHeader(401)
	}))
	server.TLS = &tls.Config{NextProtos: []string{"h2", "http/1.1"}}
	server.EnableHTTP2 = true
	var protocol string
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		posts++
		protocol = r.Proto
		w.WriteHeader(401)
	})
	server.StartTLS()
	defer server.Close()
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})

	c := sb.NewClient(ine.WithBaseURL(server.URL))
	_, err := c.CreateSession(shortly(t), sb.Person("approved"))
	if d := info(t, err); d.Code != ine.CodeTLS || d.Sent != ine.SentNo || d.Retryable || posts != 0 {
		t.Fatal(d.Code, d.Sent, posts, err)
	}
	_ = c.Close()
	c = sb.NewClient(ine.WithBaseURL(server.URL), ine.WithCAPEM(authority))
	if _, err = c.CreateSession(shortly(t), sb.Person("approved")); !errors.Is(err, ine.CodeAuth) || posts != 1 {
		t.Fatal(err, posts)
	}
	if protocol != "HTTP/1.1" {
		t.Fatal(protocol)
	}
	_ = c.Close()
	wrongName := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	c = sb.NewClient(ine.WithBaseURL(wrongName), ine.WithCAPEM(authority))
	if _, err = c.CreateSession(shortly(t), sb.Person("approved")); !errors.Is(err, ine.CodeTLS) || posts != 1 {
		t.Fatal(err, posts)
	}
	_ = c.Close()
}

func TestSandboxOverTLS(t *testing.T) {
	aboutNetHTTP(t) // it trusts the certificate by an http.Client
	sb := inetest.NewSandbox(t, inetest.TLS())
	if v, err := sb.Client().Verify(shortly(t), sb.Person("approved")); err != nil || !v.Verified() {
		t.Fatal(v, err)
	}
}
