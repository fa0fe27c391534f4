package ine_test

//lint:file-ignore SA1019 transports of a caller's may use what is deprecated

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

// Settings that could not reach a RoundTripper of the caller's are refused, not forgotten.
func TestSettingsThatCanNotBeApplied(t *testing.T) {
	aboutNetHTTP(t)
	creds := testCredentials(t)
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	foreign := roundTrip(func(r *http.Request) (*http.Response, error) { return nil, errors.New("not called") })
	for way, through := range map[string]ine.Option{
		"client": ine.WithHTTPClient(&http.Client{Transport: foreign}), "round tripper": ine.WithRoundTripper(foreign),
	} {
		for name, one := range map[string]ine.Option{
			"CA file": ine.WithCAFile("/does/not/exist"), "CA": ine.WithCAPEM(ca), "proxy": ine.WithProxy("http://10.0.0.1:3128"),
			"certificate": ine.WithClientCertificate("/no", "/no"), "connect": ine.WithConnectTimeout(time.Second),
		} {
			_, err := ine.New(ine.WithCredentials(creds), ine.WithBaseURL("https://api.example.test"), through, one)
			if !errors.Is(err, ine.CodeConfig) || info(t, err).Hint == "" {
				t.Error(way, name, err)
			}
		}
		c, err := ine.New(ine.WithCredentials(creds), ine.WithBaseURL("https://api.example.test"), through)
		if err != nil {
			t.Error(way, err)
		}
		_ = c.Close()
	}
}

// The environment is read once by net/http, so this test runs itself again with a proxy in it.
func TestProxiesOfTheEnvironment(t *testing.T) {
	aboutNetHTTP(t)
	const role = "INE_TEST_PROXIES"
	if os.Getenv(role) == "" {
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			t.Error("the proxy of the environment was asked", r.Method, r.URL)
		}))
		defer proxy.Close()
		again := exec.Command(os.Args[0], "-test.run", "^TestProxiesOfTheEnvironment$")
		again.Env = append(os.Environ(), role+"=1", "HTTP_PROXY="+proxy.URL, "HTTPS_PROXY="+proxy.URL, "NO_PROXY=")
		if out, err := again.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	// Nothing listens at the API's address: .test has no names, and a call does not even try for long.
	sb := inetest.NewSandbox(t)
	call := func(options ...ine.Option) error {
		c, err := ine.New(append([]ine.Option{ine.WithCredentials(sb.Credentials()), ine.WithBaseURL("http://api.example.test"), ine.WithRetries(0)}, options...)...)
		if err != nil {
			return err
		}
		defer c.Close()
		_, err = c.Decision(shortly(t), testKey)
		return err
	}
	wrapped := roundTrip(func(r *http.Request) (*http.Response, error) { return http.DefaultTransport.RoundTrip(r) })
	if err := call(ine.WithHTTPClient(&http.Client{Transport: wrapped})); !errors.Is(err, ine.CodeConfig) {
		t.Error(err)
	}
	if err := call(ine.WithHTTPClient(&http.Client{Transport: wrapped}), ine.WithBaseURL("https://api.example.test")); !errors.Is(err, ine.CodeConfig) {
		t.Error(err)
	}
	// A program that replaces http.DefaultTransport, as agents of tracing do.
	old := http.DefaultTransport
	http.DefaultTransport = roundTrip(func(r *http.Request) (*http.Response, error) {
		t.Error("http.DefaultTransport was used")
		return old.RoundTrip(r)
	})
	defer func() { http.DefaultTransport = old }()
	for name, options := range map[string][]ine.Option{
		"none": nil, "empty": {ine.WithHTTPClient(&http.Client{})},
		"middleware": {ine.WithMiddleware(func(next http.RoundTripper) http.RoundTripper { return next })},
		"copied":     {ine.WithHTTPClient(&http.Client{Transport: old.(*http.Transport).Clone()})},
	} {
		if err := call(options...); err == nil || errors.Is(err, ine.CodeConfig) {
			t.Error(name, err)
		}
	}
	// Who answers for his RoundTripper is believed.
	used := 0
	own := roundTrip(func(*http.Request) (*http.Response, error) { used++; return nil, io.ErrUnexpectedEOF })
	if err := call(ine.WithRoundTripper(own)); err == nil || used != 1 {
		t.Error(err, used)
	}
}

// Middleware stands around this package's transport, whose settings stay in force.
func TestMiddlewareAroundOurs(t *testing.T) {
	aboutNetHTTP(t)
	noLeak(t)
	sb := inetest.NewSandbox(t, inetest.TLS())
	certificate := sb.HTTPClient().Transport.(*http.Transport).TLSClientConfig.RootCAs
	var seen []string
	count := func(name string) ine.Option {
		return ine.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(r *http.Request) (*http.Response, error) {
				seen = append(seen, name)
				return next.RoundTrip(r)
			})
		})
	}
	transport := &http.Transport{}
	transport.TLSClientConfig = sb.HTTPClient().Transport.(*http.Transport).TLSClientConfig.Clone()
	transport.TLSClientConfig.RootCAs = certificate
	c := sb.NewClient(ine.WithHTTPClient(&http.Client{Transport: transport}), count("inner"), count("outer"), ine.WithMiddleware(nil))
	if v, err := c.Verify(shortly(t), sb.Person("approved")); err != nil || !v.Verified() || len(seen) < 8 || seen[0] != "outer" || seen[1] != "inner" {
		t.Fatal(v, err, seen)
	}
	_ = c.Close()
	// Without the certificate there is no trusted TLS, middleware or not; the cause says why.
	c = sb.NewClient(ine.WithHTTPClient(nil), count("x"))
	_, err := c.Decision(shortly(t), testKey)
	var unknown x509.UnknownAuthorityError
	if !errors.Is(err, ine.CodeTLS) || !errors.As(err, &unknown) || info(t, err).Sent != ine.SentNo {
		t.Error(err)
	}
	_ = c.Close()
	none := ine.WithMiddleware(func(http.RoundTripper) http.RoundTripper { return nil })
	if _, err := ine.New(ine.WithCredentials(sb.Credentials()), ine.WithBaseURL(sb.URL), none); !errors.Is(err, ine.CodeConfig) {
		t.Error(err)
	}
}

// Middleware that sends again by itself: what left is known, though its last try found no connection.
func TestMiddlewareThatRepeats(t *testing.T) {
	aboutNetHTTP(t)
	sb := inetest.NewSandbox(t)
	f := newFront(t, sb, func(_ int, _ seen, conn net.Conn) bool { return true }) // reads, and closes
	again := ine.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return roundTrip(func(r *http.Request) (*http.Response, error) {
			_, err := next.RoundTrip(r)
			if err == nil {
				return nil, errors.New("no error")
			}
			elsewhere := r.Clone(r.Context())
			elsewhere.URL.Host = "127.0.0.1:1"
			return next.RoundTrip(elsewhere)
		})
	})
	_, err := f.client(t, again).CreateSession(shortly(t), sb.Person("approved"))
	if d := info(t, err); d.Code != ine.CodeOutcomeUnknown || d.Sent == ine.SentNo || f.count("POST", "/v1/sessions") != 1 {
		t.Error(d.Code, d.Sent, f.count("POST", "/v1/sessions"))
	}
}

func TestCauseOfTheNetwork(t *testing.T) {
	aboutNetHTTP(t)
	sb := inetest.NewSandbox(t)
	c := sb.NewClient(ine.WithBaseURL("http://127.0.0.1:1"), ine.WithRetries(0))
	_, err := c.Decision(shortly(t), testKey)
	var op *net.OpError
	var transport *ine.TransportError
	if !errors.As(err, &transport) || !errors.As(err, &op) || op.Op != "dial" || strings.Contains(err.Error(), "127.0.0.1") {
		t.Error(err)
	}
	if _, err := c.Verify(shortly(t), sb.Person("approved")); !errors.As(err, &op) {
		t.Error(err)
	}
	// What others say stays out: it may hold anything.
	c = sb.NewClient(ine.WithRetries(0), ine.WithRoundTripper(roundTrip(func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "read", Err: errors.New("GARCIA")}
	})))
	if _, err := c.Decision(shortly(t), testKey); errors.Unwrap(err) != nil {
		t.Error(errors.Unwrap(err))
	}
}

// What a caller's transport dials with is used, also by its older names.
func TestOlderDials(t *testing.T) {
	aboutNetHTTP(t)
	noLeak(t)
	sb, secure := inetest.NewSandbox(t), inetest.NewSandbox(t, inetest.TLS())
	var used atomic.Int32
	dial := func(network, address string) (net.Conn, error) {
		used.Add(1)
		return net.Dial(network, address)
	}
	c := sb.NewClient(ine.WithHTTPClient(&http.Client{Transport: &http.Transport{Dial: dial}}))
	if _, err := c.Decision(shortly(t), testKey); err == nil || used.Load() == 0 {
		t.Error(err, used.Load())
	}
	_ = c.Close()
	before := used.Load()
	given := secure.HTTPClient().Transport.(*http.Transport).Clone()
	given.DialTLS = func(network, address string) (net.Conn, error) {
		conn, err := dial(network, address)
		if err == nil {
			_ = conn.Close()
		}
		return nil, errors.New("no TLS today")
	}
	c = secure.NewClient(ine.WithHTTPClient(&http.Client{Transport: given}), ine.WithRetries(0))
	if _, err := c.Decision(shortly(t), testKey); err == nil || used.Load() == before {
		t.Error(err, used.Load())
	}
	_ = c.Close()
	// One that blocks ends with the call.
	stop := make(chan struct{})
	defer close(stop)
	ctx, cancel := context.WithCancel(t.Context())
	c = sb.NewClient(ine.WithHTTPClient(&http.Client{Transport: &http.Transport{Dial: func(string, string) (net.Conn, error) {
		cancel()
		<-stop
		return nil, io.EOF
	}}}))
	if _, err := c.Decision(ctx, testKey); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	_ = c.Close()
}

// The caller's client has a limit for a request: it is kept.
func TestTimeoutOfTheCallersClient(t *testing.T) {
	aboutNetHTTP(t)
	sb := inetest.NewSandbox(t)
	silent := make(chan struct{})
	defer close(silent)
	f := newFront(t, sb, func(int, seen, net.Conn) bool { <-silent; return true })
	c := f.client(t, ine.WithHTTPClient(&http.Client{Timeout: 50 * time.Millisecond}), ine.WithRetries(0), ine.WithCallTimeout(30*time.Minute))
	if _, err := c.Decision(shortly(t), testKey); !errors.Is(err, ine.CodeTimeout) {
		t.Error(err)
	}
}

// A client that is forgotten leaves no connection behind, whatever the caller's transport says.
func TestForgottenClients(t *testing.T) {
	aboutNetHTTP(t)
	noLeak(t)
	sb := inetest.NewSandbox(t)
	before := runtime.NumGoroutine()
	for range 10 {
		c, err := ine.New(ine.WithCredentials(sb.Credentials()), ine.WithBaseURL(sb.URL), ine.WithHTTPClient(&http.Client{Transport: &http.Transport{IdleConnTimeout: time.Hour}}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Decision(shortly(t), testKey); err == nil {
			t.Fatal("found")
		}
	}
	for range 500 {
		runtime.GC()
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error(before, runtime.NumGoroutine())
}

func TestEmptyOptions(t *testing.T) {
	sb := inetest.NewSandbox(t)
	c := sb.NewClient(ine.WithProxy(""), ine.WithOnRequest(nil), ine.WithOnResponse(nil), ine.WithHTTPClient(nil))
	if v, err := c.Verify(shortly(t), sb.Person("approved")); err != nil || !v.Verified() {
		t.Error(v, err)
	}
}
