//go:build cgo

package ine

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"time"
)

// httpDriver carries operations out over net/http.
type httpDriver struct {
	client    *Client
	transport http.RoundTripper
	base      *url.URL
	idle      func()        // closes idle connections that are ours
	own       bool          // nothing but our transport: it reports its connections
	timeout   time.Duration // of the caller's client, for a request; 0 for none
}

const (
	idleConnections = 64
	idleTime        = 30 * time.Second
	mostHeaders     = 128 << 10
)

func newHTTPDriver(c *Client) (driver, error) {
	s := c.settings
	h := &httpDriver{client: c, idle: func() {}, base: plainBase(s.baseURL)}
	given, foreign, err := baseTransport(s)
	if err != nil {
		return nil, err
	}
	if foreign != nil {
		h.transport = foreign
	} else {
		t, err := ownTransport(s, given)
		if err != nil {
			return nil, err
		}
		h.transport, h.idle, h.own = t, t.CloseIdleConnections, len(s.middleware) == 0
		// Its connections have goroutines that know nothing of the client: a forgotten one leaves none behind.
		runtime.AddCleanup(c, func(t *http.Transport) { t.CloseIdleConnections() }, t)
	}
	for _, around := range s.middleware {
		if h.transport = around(h.transport); h.transport == nil {
			return nil, localError(CodeConfig, "a middleware gave no transport", "ine.WithMiddleware()")
		}
	}
	if s.httpClient != nil {
		h.timeout = s.httpClient.Timeout
	}
	return h, nil
}

// baseTransport is what requests go through: an *http.Transport to be copied, or what is used as it is.
func baseTransport(s *settings) (*http.Transport, http.RoundTripper, error) {
	foreign := s.roundTrip
	if foreign == nil && s.httpClient != nil {
		foreign = s.httpClient.Transport
		if given, ok := foreign.(*http.Transport); ok && given != nil {
			return given, nil, nil
		} else if ok {
			foreign = nil
		}
	}
	if foreign == nil {
		return &http.Transport{
			MaxIdleConns: idleConnections, MaxIdleConnsPerHost: idleConnections, IdleConnTimeout: idleTime,
		}, nil, nil
	}
	hint := "ine.WithMiddleware() wraps the package's own transport"
	if s.proxy != nil || s.caFile != "" || s.caPEM != nil || s.certFile != "" || s.connectSet {
		return nil, nil, localError(CodeConfig,
			"a setting of proxy, CA, client certificate or connect timeout can not reach this RoundTripper", hint)
	}
	if s.roundTrip == nil && environmentProxies(s.baseURL) {
		return nil, nil, localError(CodeConfig,
			"the environment names a proxy for the API, which this RoundTripper might follow",
			hint+"; ine.WithRoundTripper() takes it as it is")
	}
	return nil, foreign, nil
}

// environmentProxies says that net/http would find a proxy for an address in the environment.
func environmentProxies(base string) bool {
	address, err := url.Parse(base)
	if err != nil {
		return false
	}
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: address})
	return proxy != nil || err != nil
}

// ownTransport is a copy of the caller's with what this package needs.
func ownTransport(s *settings, given *http.Transport) (*http.Transport, error) {
	config, err := tlsConfig(s, given.TLSClientConfig)
	if err != nil {
		return nil, err
	}
	t := given.Clone()
	if t.IdleConnTimeout == 0 {
		t.IdleConnTimeout = idleTime
	}
	t.TLSClientConfig = config
	t.DisableCompression = true
	t.ForceAttemptHTTP2 = false
	t.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	t.Protocols = new(http.Protocols)
	t.Protocols.SetHTTP1(true)
	t.TLSHandshakeTimeout = s.connect
	t.MaxResponseHeaderBytes = mostHeaders
	t.OnProxyConnectResponse = nil
	switch {
	case s.proxy != nil:
		t.Proxy = http.ProxyURL(s.proxy)
	case t.Proxy != nil && isEnvironment(t.Proxy):
		t.Proxy = nil
	}
	frameConnections(t, s.connect)
	return t, nil
}

func (h *httpDriver) close() { h.idle() }

// address is a URL that the library wrote. A path without escapes below the base URL needs no parsing.
func (h *httpDriver) address(whole string) (*url.URL, error) {
	prefix := h.client.settings.baseURL
	rest, ok := strings.CutPrefix(whole, prefix)
	if !ok || h.base == nil || !strings.HasPrefix(rest, "/") || strings.ContainsAny(rest, "%?#") {
		return url.Parse(whole)
	}
	return &url.URL{Scheme: h.base.Scheme, Host: h.base.Host, Path: h.base.Path + rest}, nil
}

// plainBase is a base URL that paths may be put behind.
func plainBase(base string) *url.URL {
	parsed, err := url.Parse(base)
	if err != nil || parsed.RawPath != "" || parsed.RawQuery != "" || parsed.User != nil || strings.HasSuffix(parsed.Path, "/") {
		return nil
	}
	return parsed
}

// isEnvironment says that a transport takes its proxies from the environment.
func isEnvironment(proxy any) bool {
	return reflect.ValueOf(proxy).Pointer() == reflect.ValueOf(http.ProxyFromEnvironment).Pointer()
}

type dialFunc = func(ctx context.Context, network, address string) (net.Conn, error)

// frameConnections limits the time of a connection, and puts framedConn between it and net/http: above TLS. A
// server behind a proxy is the exception, for net/http makes TLS there itself; such connections are not kept.
func frameConnections(t *http.Transport, limit time.Duration) {
	//lint:ignore SA1019 a caller's transport may have them, and they come after the newer ones
	oldDial, oldTLS := withContext(t.Dial), withContext(t.DialTLS)
	dial := t.DialContext
	if dial == nil {
		dial = oldDial
	}
	if dial == nil {
		dial = (&net.Dialer{KeepAlive: 30 * time.Second}).DialContext
	}
	overTLS := t.DialTLSContext
	if overTLS == nil {
		overTLS = oldTLS
	}
	if overTLS == nil {
		overTLS = dialTLS(dial, t.TLSClientConfig)
	}
	t.DisableKeepAlives = t.DisableKeepAlives || t.Proxy != nil
	if t.Proxy != nil {
		t.DialContext = limited(dial, limit)
	} else {
		t.DialContext = framed(limited(dial, limit))
	}
	t.DialTLSContext = framed(limited(overTLS, limit))
}

// withContext is a dial that knows of no context; its connection is closed when it comes too late.
func withContext(dial func(network, address string) (net.Conn, error)) dialFunc {
	if dial == nil {
		return nil
	}
	return func(ctx context.Context, network, address string) (conn net.Conn, err error) {
		err = aside(ctx, func() (err error) {
			conn, err = dial(network, address)
			return err
		}, func() {
			if conn != nil {
				_ = conn.Close()
			}
		})
		if errors.Is(err, errLeft) {
			return nil, &net.OpError{Op: "dial", Net: network, Err: context.Cause(ctx)}
		}
		return conn, err
	}
}

func limited(dial dialFunc, limit time.Duration) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		return dial(ctx, network, address)
	}
}

func framed(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &framedConn{Conn: conn, frame: frame{state: frameEnded}}, nil
	}
}

// dialTLS is what net/http does for itself without DialTLSContext.
func dialTLS(dial dialFunc, config *tls.Config) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		own := config
		if own.ServerName == "" {
			host, _, err := net.SplitHostPort(address)
			if err != nil {
				host = address
			}
			own = config.Clone()
			own.ServerName = host
		}
		secured := tls.Client(conn, own)
		trace := httptrace.ContextClientTrace(ctx)
		if trace != nil && trace.TLSHandshakeStart != nil {
			trace.TLSHandshakeStart()
		}
		err = secured.HandshakeContext(ctx)
		if trace != nil && trace.TLSHandshakeDone != nil {
			trace.TLSHandshakeDone(secured.ConnectionState(), err)
		}
		if err != nil {
			_ = conn.Close()
			return nil, &net.OpError{Op: "dial", Net: network, Err: err}
		}
		return secured, nil
	}
}

// tlsConfig is the caller's with what the settings say, TLS 1.2 or newer, and HTTP/1.1 offered alone.
func tlsConfig(s *settings, given *tls.Config) (*tls.Config, error) {
	config := &tls.Config{}
	if given != nil {
		config = given.Clone()
	}
	config.NextProtos = []string{"http/1.1"}
	config.MinVersion = max(config.MinVersion, tls.VersionTLS12)
	pem := s.caPEM
	if s.caFile != "" {
		var err error
		if pem, err = os.ReadFile(s.caFile); err != nil {
			return nil, localError(CodeConfig, "the CA file can not be read", "ine.WithCAFile() takes a PEM bundle")
		}
	}
	if pem != nil {
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, localError(CodeConfig, "the CA file holds no certificate", "a PEM bundle is needed")
		}
	} else if config.RootCAs == nil {
		config.RootCAs = systemRoots()
	}
	if s.certFile != "" {
		pair, err := tls.LoadX509KeyPair(s.certFile, s.keyFile)
		if err != nil {
			return nil, localError(CodeConfig, "the client certificate or its key can not be used",
				"ine.WithClientCertificate() takes two PEM files")
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

// bundles are where distributions keep their certificates, as crypto/x509 looks for them.
var bundles = []string{
	"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
	"/etc/pki/tls/cacert.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
}

// systemRoots is nil, crypto/x509's own place, unless the environment would change that place: it changes
// nothing here.
var systemRoots = sync.OnceValue(func() *x509.CertPool {
	if os.Getenv("SSL_CERT_FILE") == "" && os.Getenv("SSL_CERT_DIR") == "" {
		return nil
	}
	pool := x509.NewCertPool()
	for _, bundle := range bundles {
		if pem, err := os.ReadFile(bundle); err == nil && pool.AppendCertsFromPEM(pem) {
			break
		}
	}
	return pool
})
