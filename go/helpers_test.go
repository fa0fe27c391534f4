package ine_test

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

const (
	testKey    = "12df6045-3846-4e45-946a-14fa6136d78b"
	testSecret = "a secret of the tests"
)

func testCredentials(t testing.TB) *ine.Credentials {
	t.Helper()
	c, err := ine.NewLabelledCredentials("mx", testKey, testSecret, "the one before")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// payload is one of the vendor's documented samples; they are in the repository, not in the module.
func payload(t testing.TB, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("..", "tests", "payloads", name+".json"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the samples are only in the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// seen is a request that reached a server.
type seen struct {
	method, path string
	header       http.Header
	body         []byte
}

// front stands before a sandbox: it counts what arrives, and may do something else than answer.
type front struct {
	url string
	sb  *inetest.Sandbox

	mu    sync.Mutex
	log   []seen
	fault func(n int, r seen, conn net.Conn) bool // true: it was dealt with
}

// newFront begins a server that passes requests on to the sandbox unless `fault` deals with them.
func newFront(t testing.TB, sb *inetest.Sandbox, fault func(n int, r seen, conn net.Conn) bool) *front {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &front{url: "http://" + listener.Addr().String(), sb: sb, fault: fault}
	var open sync.WaitGroup
	conns := map[net.Conn]bool{}
	open.Add(1)
	go func() {
		defer open.Done()
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			f.mu.Lock()
			conns[conn] = true
			f.mu.Unlock()
			open.Add(1)
			go func() {
				defer open.Done()
				f.serve(conn)
				_ = conn.Close()
				f.mu.Lock()
				delete(conns, conn)
				f.mu.Unlock()
			}()
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		f.mu.Lock()
		for conn := range conns {
			_ = conn.Close()
		}
		f.mu.Unlock()
		open.Wait()
	})
	return f
}

func (f *front) serve(conn net.Conn) {
	reader := bufio.NewReader(conn)
	for {
		r, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		one := seen{method: r.Method, path: r.URL.RequestURI(), header: r.Header}
		if one.body, err = io.ReadAll(r.Body); err != nil {
			return
		}
		f.mu.Lock()
		f.log = append(f.log, one)
		n := len(f.log)
		f.mu.Unlock()
		if f.fault != nil && f.fault(n, one, conn) {
			return
		}
		if _, err := conn.Write(f.answer(one)); err != nil {
			return
		}
	}
}

// answer is the sandbox's reply as it goes over the wire.
func (f *front) answer(r seen) []byte {
	status, header, body := f.sb.Request(r.method, r.path, r.header, r.body)
	reply := http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: header, ContentLength: int64(len(body)),
		Body: io.NopCloser(strings.NewReader(string(body))),
	}
	var out strings.Builder
	_ = reply.Write(&out)
	return []byte(out.String())
}

func (f *front) requests() []seen {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]seen{}, f.log...)
}

// count is how many requests of a method had a path that ends so.
func (f *front) count(method, suffix string) int {
	n := 0
	for _, one := range f.requests() {
		if one.method == method && strings.HasSuffix(one.path, suffix) {
			n++
		}
	}
	return n
}

func (f *front) client(t testing.TB, options ...ine.Option) *ine.Client {
	t.Helper()
	return f.sb.NewClient(append([]ine.Option{ine.WithBaseURL(f.url)}, options...)...)
}

// noLeak fails when goroutines of this package's are left when the test has ended.
func noLeak(t *testing.T) {
	t.Helper()
	before := runtime.NumGoroutine()
	t.Cleanup(func() {
		for range 200 {
			if runtime.NumGoroutine() <= before {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		room := make([]byte, 1<<16)
		t.Errorf("goroutines: %d, then %d\n%s", before, runtime.NumGoroutine(), room[:runtime.Stack(room, true)])
	})
}

// info is what an error of this package says.
func info(t *testing.T, err error) *ine.Details {
	t.Helper()
	var e ine.Error
	if !errors.As(err, &e) {
		t.Fatalf("not an error of ine: %v", err)
	}
	return e.Info()
}

func shortly(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// sign is the vendor's signature, made with the standard library.
func sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

func readAll(t testing.TB, r *http.Request) []byte {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// serve is the address of a server that ends with the test.
func serve(t testing.TB, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// residentKB is the process' resident memory.
func residentKB(t *testing.T) int64 {
	t.Helper()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skip(err)
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(text), &size, &resident); err != nil {
		t.Fatal(err)
	}
	return resident * int64(os.Getpagesize()) / 1024
}

// aboutNetHTTP skips a test of what net/http does when libcurl is there in its place.
func aboutNetHTTP(t *testing.T) {
	t.Helper()
	if overLibcurl {
		t.Skip("net/http only")
	}
}
