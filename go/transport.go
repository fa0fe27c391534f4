//go:build cgo

package ine

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"reflect"
	"strings"
	"sync"
	"time"
)

// httpDriver carries operations out over net/http.
type httpDriver struct {
	client    *Client
	transport http.RoundTripper
	base      *url.URL
	idle      func() // closes idle connections that are ours
	own       bool   // the transport is ours: it reports its connections
}

const (
	idleConnections = 64
	idleTime        = 30 * time.Second
	mostHeaders     = 128 << 10
)

func newHTTPDriver(c *Client) (driver, error) {
	s := c.settings
	// Not http.DefaultTransport: a program may have changed it, and it follows the environment.
	base := http.RoundTripper(&http.Transport{MaxIdleConnsPerHost: idleConnections, IdleConnTimeout: idleTime})
	if s.httpClient != nil && s.httpClient.Transport != nil {
		base = s.httpClient.Transport
	}
	given, ok := base.(*http.Transport)
	if !ok { // middleware, or a transport of the caller's own making: used as it is
		return &httpDriver{client: c, transport: base, idle: func() {}, base: plainBase(s.baseURL)}, nil
	}
	config, err := tlsConfig(s, given.TLSClientConfig)
	if err != nil {
		return nil, err
	}
	t := given.Clone()
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
	return &httpDriver{
		client: c, transport: t, idle: t.CloseIdleConnections, own: true, base: plainBase(s.baseURL),
	}, nil
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
	dial := t.DialContext
	if dial == nil {
		dial = (&net.Dialer{KeepAlive: 30 * time.Second}).DialContext
	}
	overTLS := t.DialTLSContext
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
