package ine

// #include "shim.h"
import "C"

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"time"
)

// Option is a setting of a client; Check, CURP and MRZ take those that concern them.
type Option func(*settings) error

// Strict are warnings that are made to refuse; add them up.
type Strict int64

// ReplySignatures says which replies must be signed.
type ReplySignatures int64

// settings are what the options come to.
type settings struct {
	handle      *C.ine_options
	credentials *Credentials
	httpClient  *http.Client
	roundTrip   http.RoundTripper // that the caller answers for
	middleware  []func(http.RoundTripper) http.RoundTripper
	baseURL     string
	proxy       *url.URL
	tls         *tls.Config
	caFile      string
	caPEM       []byte
	certFile    string
	keyFile     string
	connect     time.Duration
	connectSet  bool
	deadline    time.Duration
	require     int64
	driver      func(*Client) (driver, error)
	hooks       hooks
}

// defaultDeadline is what a whole verification may take when its context has no deadline.
const defaultDeadline = 10 * time.Minute

// defaultConnect is what a connection with its TLS handshake may take.
const defaultConnect = 5 * time.Second

func newSettings(options []Option) (*settings, error) {
	var failed *C.ine_error
	s := &settings{deadline: defaultDeadline, connect: defaultConnect}
	if code := C.ine_options_new(&s.handle, &failed); code != C.INE_OK {
		return nil, failure(code, failed)
	}
	runtime.AddCleanup(s, func(h *C.ine_options) { C.ine_options_free(h) }, s.handle)
	for _, option := range options {
		if option == nil {
			continue
		}
		if err := option(s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *settings) text(option C.int32_t, value string) error {
	set := setText(func(id C.int32_t, p *C.char, n C.size_t, failed **C.ine_error) C.int32_t {
		return C.ine_options_set_text(s.handle, id, p, n, failed)
	})
	defer runtime.KeepAlive(s)
	return set.put(option, value)
}

func (s *settings) number(option C.int32_t, value int64) error {
	var failed *C.ine_error
	defer runtime.KeepAlive(s)
	if code := C.ine_options_set_number(s.handle, option, C.int64_t(value), &failed); code != C.INE_OK {
		return failure(code, failed)
	}
	return nil
}

func number(option C.int32_t, value int64) Option {
	return func(s *settings) error { return s.number(option, value) }
}

func flag(option C.int32_t, on bool) Option {
	if on {
		return number(option, 1)
	}
	return number(option, 0)
}

func millis(option C.int32_t, d time.Duration) Option { return number(option, d.Milliseconds()) }

// FromEnv takes INE_API_KEY, INE_SECRET, INE_BASE_URL, INE_PROXY and INE_CA_FILE from the environment.
// Nothing else of this package looks there.
func FromEnv() Option {
	return func(s *settings) error {
		credentials, err := CredentialsFromEnv()
		if err != nil {
			return err
		}
		s.credentials = credentials
		for _, one := range []struct {
			name   string
			option func(string) Option
		}{{"INE_BASE_URL", WithBaseURL}, {"INE_PROXY", WithProxy}, {"INE_CA_FILE", WithCAFile}} {
			if value := os.Getenv(one.name); value != "" {
				if err := one.option(value)(s); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

// WithCredentials sets the integration's key and secrets.
func WithCredentials(credentials *Credentials) Option {
	return func(s *settings) error {
		if credentials == nil {
			return noCredentials()
		}
		s.credentials = credentials
		return nil
	}
}

// WithBaseURL sets the API's address, https://host[:port][/path], as the customer portal shows it. There is
// no default.
func WithBaseURL(base string) Option {
	return func(s *settings) error {
		s.baseURL = base
		return s.text(C.INE_OPT_BASE_URL, base)
	}
}

// WithHTTPClient sends through a copy of `client`: with redirects and cookies off and, when its transport is
// an *http.Transport, with proxies of the environment, compression and HTTP/2 off; without one it has a transport
// of this package's, never http.DefaultTransport. Its Timeout limits each request.
//
// A RoundTripper of another kind is used as it is: its proxies, TLS, HTTP/2 and compression are its own. New refuses
// it with CodeConfig together with settings that could not reach it (WithProxy, WithCAFile, WithCAPEM,
// WithClientCertificate, WithConnectTimeout), and where the environment names a proxy for the API's address, which
// it might follow, key and all. WithMiddleware is the way to trace or count requests; WithRoundTripper the way to
// answer for a RoundTripper of your own.
func WithHTTPClient(client *http.Client) Option {
	return func(s *settings) error {
		s.httpClient = client
		return nil
	}
}

// WithMiddleware puts middleware around this package's transport, as in WithMiddleware(func(next http.RoundTripper)
// http.RoundTripper { return otelhttp.NewTransport(next) }); the last one given is asked first. All settings of the
// transport stay in force. Middleware must not send a request a second time, and must not log its header or body.
func WithMiddleware(middleware func(next http.RoundTripper) http.RoundTripper) Option {
	return func(s *settings) error {
		if middleware != nil {
			s.middleware = append(s.middleware, middleware)
		}
		return nil
	}
}

// WithRoundTripper sends through a RoundTripper of your own, as it is: you answer for its proxies, TLS, HTTP/2,
// compression and redirects. Settings that could not reach it are refused with CodeConfig, as with WithHTTPClient.
func WithRoundTripper(transport http.RoundTripper) Option {
	return func(s *settings) error {
		s.roundTrip = transport
		return nil
	}
}

// WithIntegrationID sets VRF-INTEGRATION-ID, which is needed with "flexible API keys" only.
func WithIntegrationID(id string) Option {
	return func(s *settings) error { return s.text(C.INE_OPT_INTEGRATION_ID, id) }
}

// WithProxy sends through a proxy, http://host:port; "" is none. The environment's proxies are never followed.
func WithProxy(proxy string) Option {
	return func(s *settings) error {
		if err := s.text(C.INE_OPT_PROXY, proxy); err != nil {
			return err
		}
		if s.proxy = nil; proxy == "" {
			return nil
		}
		parsed, err := url.Parse(proxy)
		if err != nil {
			return localError(CodeConfig, "the proxy's address can not be read", "http://host:port")
		}
		s.proxy = parsed
		return nil
	}
}

// WithCAFile trusts the certificates of a PEM file in place of the system's. The file is read by New.
func WithCAFile(path string) Option {
	return func(s *settings) error {
		s.caFile = path
		return s.text(C.INE_OPT_CA_FILE, path)
	}
}

// WithCAPEM trusts the certificates of a PEM text in place of the system's.
func WithCAPEM(pem []byte) Option {
	return func(s *settings) error {
		s.caPEM = pem
		return s.text(C.INE_OPT_CA_PEM, string(pem))
	}
}

// WithClientCertificate shows the server a certificate: PEM files of it and of its key, read by New.
func WithClientCertificate(certFile, keyFile string) Option {
	return func(s *settings) error {
		s.certFile, s.keyFile = certFile, keyFile
		if err := s.text(C.INE_OPT_CLIENT_CERT, certFile); err != nil {
			return err
		}
		return s.text(C.INE_OPT_CLIENT_KEY, keyFile)
	}
}

// WithConnectTimeout limits a connection and its TLS handshake [5 s].
func WithConnectTimeout(d time.Duration) Option {
	return func(s *settings) error {
		s.connect, s.connectSet = d, true
		return s.number(C.INE_OPT_CONNECT_TIMEOUT_MS, d.Milliseconds())
	}
}

// WithCallTimeout limits one request and its reply [15 s]. Uploads get 30 s and 1 s for each 256 KB.
func WithCallTimeout(d time.Duration) Option { return millis(C.INE_OPT_CALL_TIMEOUT_MS, d) }

// WithDeadline limits a whole operation whose context has no deadline [10 min].
func WithDeadline(d time.Duration) Option {
	return func(s *settings) error {
		s.deadline = d
		return s.number(C.INE_OPT_DEADLINE_MS, d.Milliseconds())
	}
}

// WithUserAgentSuffix adds to the User-Agent: up to 120 printable ASCII characters.
func WithUserAgentSuffix(suffix string) Option {
	return func(s *settings) error { return s.text(C.INE_OPT_USER_AGENT_SUFFIX, suffix) }
}

// WithRetries sets how often what is provably safe to repeat is repeated [2], 0 to 5.
func WithRetries(n int) Option { return number(C.INE_OPT_RETRIES, int64(n)) }

// WithReplySignatures sets which replies must be signed [ReplySignaturesDefault: as documented].
func WithReplySignatures(policy ReplySignatures) Option {
	return number(C.INE_OPT_REPLY_SIGNATURES, int64(policy))
}

// WithSignSessions says whether POST /v1/sessions is signed too [true], which keeps the vendor's replies on
// HMAC.
func WithSignSessions(on bool) Option { return flag(C.INE_OPT_SIGN_SESSIONS, on) }

// WithRequire sets the checks that must have passed for Verified [the four core ones].
func WithRequire(checks ...CheckID) Option {
	return func(s *settings) error {
		bits, err := requireBits(checks)
		if err != nil {
			return err
		}
		s.require = bits
		return s.number(C.INE_OPT_REQUIRE, bits)
	}
}

// WithStrict turns warnings into errors: StrictAge|StrictCURPDigit.
func WithStrict(strict Strict) Option { return number(C.INE_OPT_STRICT, int64(strict)) }

// WithPolling sets the pauses between questions for a decision: the first [2 s], and the longest [30 s]. With
// a sandbox key they are 50 ms and 500 ms.
func WithPolling(first, longest time.Duration) Option {
	return func(s *settings) error {
		if err := s.number(C.INE_OPT_POLL_FIRST_MS, first.Milliseconds()); err != nil {
			return err
		}
		return s.number(C.INE_OPT_POLL_MAX_MS, longest.Milliseconds())
	}
}

// WithMaxReply limits a reply's body in bytes [1 MiB]; downloads have 32 MB.
func WithMaxReply(bytes int64) Option { return number(C.INE_OPT_MAX_REPLY, bytes) }

// WithKeepMetadata sends images with their EXIF location and serial numbers [false].
func WithKeepMetadata(on bool) Option { return flag(C.INE_OPT_KEEP_METADATA, on) }

// WithSeed fixes the jitter of pauses, for tests [0: drawn from the system].
func WithSeed(seed int64) Option { return number(C.INE_OPT_SEED, seed) }

// WithToday sets the day for checks of dates, in the time's own zone [the system's day in UTC].
func WithToday(day time.Time) Option {
	return number(C.INE_OPT_TODAY, int64(day.Year()*10000+int(day.Month())*100+day.Day()))
}

// WithRetryLater sets how many new sessions a verification may make when the registry was down [0].
func WithRetryLater(n int) Option { return number(C.INE_OPT_RETRY_LATER, int64(n)) }

// WithLocalChecks says whether inputs are checked here before they are sent [true].
func WithLocalChecks(on bool) Option { return flag(C.INE_OPT_LOCAL_CHECKS, on) }

// WithBreaker sets the number of failed calls in a row after which nothing is sent for 5 s [0: never].
func WithBreaker(calls int) Option { return number(C.INE_OPT_BREAKER, int64(calls)) }

// WithLogger logs each request and each result: method, URL template, status, duration, sizes, session id,
// outcome. Never a body, a header value, vendorData or a name.
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) error {
		s.hooks.logger = logger
		return nil
	}
}

// WithOnRequest is called before each request is sent, on the goroutine of the call.
func WithOnRequest(hook func(context.Context, RequestInfo)) Option {
	return func(s *settings) error {
		if hook != nil {
			s.hooks.onRequest = append(s.hooks.onRequest, hook)
		}
		return nil
	}
}

// WithOnResponse is called after each request, whatever came of it, on the goroutine of the call.
func WithOnResponse(hook func(context.Context, ResponseInfo)) Option {
	return func(s *settings) error {
		if hook != nil {
			s.hooks.onResponse = append(s.hooks.onResponse, hook)
		}
		return nil
	}
}

// requireBits is a set of checks as the bits of ine.h.
func requireBits(checks []CheckID) (int64, error) {
	var bits int64
	for _, check := range checks {
		number := checkNumber(check)
		if number == 0 {
			return 0, localError(CodeArgument, "no such check", "the checks are the constants of CheckID")
		}
		bits |= 1 << number
	}
	return bits, nil
}
