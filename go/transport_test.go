package ine_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// discard reads a request's body and refuses the key.
func discard(t testing.TB) *http.Client {
	t.Helper()
	return &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		n, err := io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
		if err != nil || n != r.ContentLength {
			return nil, errors.Join(err, errors.New("the body is not as long as announced"))
		}
		return &http.Response{StatusCode: 401, Header: http.Header{}, Body: http.NoBody, ContentLength: 0}, nil
	})}
}

// The caller's client is not changed, its transport is copied, and proxies of the environment are off.
func TestCallersClient(t *testing.T) {
	noLeak(t)
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	sb := inetest.NewSandbox(t)
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, MaxConnsPerHost: 3}
	given := &http.Client{Transport: transport, Timeout: time.Minute}
	c := sb.NewClient(ine.WithHTTPClient(given))
	if v, err := c.Verify(shortly(t), sb.Person("approved")); err != nil || !v.Verified() {
		t.Fatal(v, err)
	}
	if given.Transport != http.RoundTripper(transport) || given.CheckRedirect != nil || transport.DialContext != nil || transport.DisableCompression {
		t.Error("the caller's client was changed")
	}
	_ = c.Close()
}

func TestCallersTimeout(t *testing.T) {
	aboutNetHTTP(t)
	noLeak(t)
	sb := inetest.NewSandbox(t)
	hold := make(chan struct{})
	f := newFront(t, sb, func(int, seen, net.Conn) bool {
		<-hold
		return true
	})
	t.Cleanup(func() { close(hold) })
	c := f.client(t, ine.WithRetries(0), ine.WithHTTPClient(&http.Client{Timeout: 50 * time.Millisecond}))
	defer c.Close()
	if _, err := c.Decision(shortly(t), testKey); !errors.Is(err, ine.CodeTimeout) {
		t.Fatal(err)
	}
}

// A program's own http.DefaultTransport is nothing to a client that was not given it.
func TestDefaultTransportIsNotUsed(t *testing.T) {
	old := http.DefaultTransport
	defer func() { http.DefaultTransport = old }()
	http.DefaultTransport = roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("used") })
	sb := inetest.NewSandbox(t)
	c, err := ine.New(ine.WithCredentials(sb.Credentials()), ine.WithBaseURL(sb.URL))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if v, err := c.Verify(shortly(t), sb.Person("approved")); err != nil || !v.Verified() {
		t.Fatal(v, err)
	}
}

func TestMiddleware(t *testing.T) {
	aboutNetHTTP(t)
	sb := inetest.NewSandbox(t)
	var seen []string
	base := http.DefaultTransport.(*http.Transport).Clone()
	defer base.CloseIdleConnections()
	c := sb.NewClient(ine.WithHTTPClient(&http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		seen = append(seen, r.Method+" "+r.URL.Path)
		if r.GetBody != nil {
			t.Error("a body that can be sent again")
		}
		return base.RoundTrip(r)
	})}))
	if v, err := c.Verify(shortly(t), sb.Person("approved")); err != nil || !v.Verified() || len(seen) < 4 {
		t.Fatal(v, err, seen)
	}
}

// A transport of someone's own that fails without a word about connections: whether it was sent is not known.
func TestOwnTransportFails(t *testing.T) {
	aboutNetHTTP(t)
	sb := inetest.NewSandbox(t)
	c := sb.NewClient(ine.WithRetries(0), ine.WithHTTPClient(&http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		return nil, io.ErrUnexpectedEOF
	})}))
	_, err := c.CreateSession(shortly(t), sb.Person("approved"))
	if d := info(t, err); d.Code != ine.CodeOutcomeUnknown || d.Sent != ine.SentUnknown {
		t.Fatal(d.Code, d.Sent)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t)
	elsewhere := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere++ }))
	defer other.Close()
	server := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	c := sb.NewClient(ine.WithBaseURL(server.URL))
	defer c.Close()
	_, err := c.CreateSession(shortly(t), sb.Person("approved"))
	if !errors.Is(err, ine.CodeRedirect) || elsewhere != 0 {
		t.Fatal(err, elsewhere)
	}
}

// What is sent: the library's headers, Host and framing, and nothing else.
func TestHeaders(t *testing.T) {
	sb := inetest.NewSandbox(t)
	f := newFront(t, sb, nil)
	if _, err := f.client(t, ine.WithUserAgentSuffix("shop/1")).Verify(shortly(t), sb.Person("approved")); err != nil {
		t.Fatal(err)
	}
	for _, r := range f.requests() {
		for name := range r.header {
			switch name {
			case "X-Auth-Client", "X-Hmac-Signature", "Content-Type", "Accept", "Accept-Encoding", "User-Agent", "Content-Length":
			default:
				t.Errorf("%s %s has %s", r.method, r.path, name)
			}
		}
		if r.header.Get("Accept-Encoding") != "identity" || !strings.HasSuffix(r.header.Get("User-Agent"), "shop/1") {
			t.Error(r.header)
		}
		if (r.method == "GET") != (len(r.body) == 0) {
			t.Error(r.method, len(r.body))
		}
	}
}

func TestProxy(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t)
	through := 0
	target, err := url.Parse(sb.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Host == target.Host {
			through++
		}
		body, _ := io.ReadAll(r.Body)
		status, header, reply := sb.Request(r.Method, r.URL.RequestURI(), r.Header, body)
		for name, values := range header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		_, _ = w.Write(reply)
	}))
	defer proxy.Close()
	c := sb.NewClient(ine.WithProxy(proxy.URL))
	defer c.Close()
	if v, err := c.Verify(shortly(t), sb.Person("approved")); err != nil || !v.Verified() || through < 4 {
		t.Fatal(v, err, through)
	}
}
