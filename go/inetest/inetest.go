// Package inetest is for your own tests: signed webhooks, and the vendor's API in process, offline, over
// httptest. The sandbox takes its knowledge from the vendor's pages; docs/sandbox.md says what it answers. It is
// not part of programs that do not import it.
package inetest

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"libine.example/ine"
	"libine.example/ine/internal/bridge"
	"libine.example/ine/internal/sandbox"
)

// Sandbox is the vendor's API on a port of 127.0.0.1. It ends with its test.
type Sandbox struct {
	URL string // http://127.0.0.1:port

	tb         testing.TB
	core       *sandbox.Core
	server     *httptest.Server
	cases      atomic.Int64
	deliveries sync.Once
	client     func() *ine.Client
}

// Option is a setting of a sandbox.
type Option func(*config)

type config struct {
	seed  uint64
	delay time.Duration
	tls   bool
}

// Seed fixes ids and keys [1]: equal seeds and equal calls give equal replies.
func Seed(seed uint64) Option { return func(c *config) { c.seed = seed } }

// DecisionDelay is the time from submission to decision [150 ms].
func DecisionDelay(d time.Duration) Option { return func(c *config) { c.delay = d } }

// TLS serves https; Client trusts it, others take HTTPClient.
func TLS() Option { return func(c *config) { c.tls = true } }

// NewSandbox starts a sandbox that ends with the test.
func NewSandbox(tb testing.TB, options ...Option) *Sandbox {
	tb.Helper()
	c := config{seed: 1, delay: -1}
	for _, option := range options {
		option(&c)
	}
	core, err := sandbox.NewCore(c.seed)
	if err != nil {
		tb.Fatal(err)
	}
	s := &Sandbox{tb: tb, core: core}
	if c.delay >= 0 && !core.Set(sandbox.DecisionDelay, c.delay.Milliseconds()) {
		tb.Fatalf("inetest: no such delay: %v", c.delay)
	}
	if c.tls {
		s.server = httptest.NewTLSServer(core)
	} else {
		s.server = httptest.NewServer(core)
	}
	tb.Cleanup(s.server.Close)
	s.URL = s.server.URL
	core.SetBaseURL(s.URL)
	s.client = sync.OnceValue(func() *ine.Client { return s.NewClient() })
	return s
}

// Client is a client of this sandbox, the same at each call; it is closed with the test.
func (s *Sandbox) Client() *ine.Client { return s.client() }

// NewClient is another client of this sandbox, with settings of its own; it is closed with the test.
func (s *Sandbox) NewClient(options ...ine.Option) *ine.Client {
	s.tb.Helper()
	all := []ine.Option{ine.WithCredentials(s.Credentials()), ine.WithBaseURL(s.URL)}
	for _, option := range bridge.ClientOptions {
		all = append(all, option.(ine.Option))
	}
	if s.server.TLS != nil {
		all = append(all, ine.WithHTTPClient(s.server.Client()))
	}
	client, err := ine.New(append(all, options...)...)
	if err != nil {
		s.tb.Fatal(err)
	}
	s.tb.Cleanup(func() { _ = client.Close() })
	return client
}

// HTTPClient trusts this sandbox's certificate.
func (s *Sandbox) HTTPClient() *http.Client { return s.server.Client() }

// Credentials are those of the sandbox's integration of the current product.
func (s *Sandbox) Credentials() *ine.Credentials { return s.CredentialsFor(ine.ProductMXINE) }

// CredentialsFor are those of a product's integration.
func (s *Sandbox) CredentialsFor(product ine.Product) *ine.Credentials {
	s.tb.Helper()
	key, secret := s.Keys(product)
	credentials, err := ine.NewLabelledCredentials("sandbox", key, secret)
	if err != nil {
		s.tb.Fatal(err)
	}
	return credentials
}

// Keys are API key and secret of a product's integration, for INE_API_KEY and INE_SECRET.
func (s *Sandbox) Keys(product ine.Product) (key, secret string) {
	s.tb.Helper()
	key, secret, ok := s.core.Integration(product)
	if !ok {
		s.tb.Fatal("inetest: no such product")
	}
	return key, secret
}

// Person is what to give to Verify for a scenario, as in "selfie_mismatch": the vendor's documented placeholder
// with the scenario's CIC and a VendorData of its own. It is a plain value: copy it, change it.
func (s *Sandbox) Person(scenario string) ine.Verification {
	s.tb.Helper()
	who, ok := person(scenario)
	if !ok {
		s.tb.Fatalf("inetest: no such scenario: %q; there are %v", scenario, Scenarios())
	}
	who.VendorData = "case-" + strconv.FormatInt(s.cases.Add(1), 10)
	return who
}

func person(scenario string) (ine.Verification, bool) {
	for _, one := range sandbox.Scenarios() {
		if one.Name != scenario {
			continue
		}
		return ine.Verification{
			CIC: one.CIC, CURP: "GARJ000000HMCRLP00", FirstName: "JUAN", LastName: "GARCIA", SecondLastName: "LOPEZ",
			FirstIssue: "2018-06-15", ValidFrom: "2020-03-10", Consent: ine.ConsentGiven,
			Selfie: ine.Bytes(sandbox.Picture()),
		}, true
	}
	return ine.Verification{}, false
}

// Scenarios are the names of all scenarios.
func Scenarios() []string {
	var names []string
	for _, one := range sandbox.Scenarios() {
		names = append(names, one.Name)
	}
	return names
}

// Picture is a grey PNG: what a selfie looks like to a sandbox.
func Picture() []byte { return bytes.Clone(sandbox.Picture()) }

// SetUnlisted says what a CIC is that is not known: a person who matches [true], or not found.
func (s *Sandbox) SetUnlisted(matches bool) {
	value := int64(0)
	if matches {
		value = 1
	}
	s.core.Set(sandbox.Unlisted, value)
}

// MoveClock moves the sandbox's clock on from now.
func (s *Sandbox) MoveClock(by time.Duration) { s.core.Set(sandbox.Clock, by.Milliseconds()) }

// AddPerson adds a made-up person to the registry. Fields: cic, first_name, last_name, second_last_name, curp,
// registration_year, issue_year, lost, inactive, face, face_sha.
func (s *Sandbox) AddPerson(fields map[string]string) {
	s.tb.Helper()
	if !s.core.Person(fields) {
		s.tb.Fatal("inetest: a field that is not known, or a value that can not be")
	}
}

// Request is one request without a network.
func (s *Sandbox) Request(method, target string, header http.Header, body []byte) (int, http.Header, []byte) {
	return s.core.Handle(method, target, header, body, time.Now())
}

// DeliverTo sends the webhooks of a kind (decision, event or ine) to a URL, http only, until the test ends.
func (s *Sandbox) DeliverTo(url, kind string) {
	s.tb.Helper()
	key, _ := s.Keys(ine.ProductMXINE)
	if !s.core.WebhookURL(key, kind, url) {
		s.tb.Fatal("inetest: the sandbox does not take this URL or kind")
	}
	s.deliveries.Do(func() {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		go func() {
			defer close(done)
			s.core.Deliver(ctx, client)
		}()
		s.tb.Cleanup(func() {
			cancel()
			<-done
		})
	})
}

// Format prints the address.
func (s *Sandbox) Format(f fmt.State, verb rune) { _, _ = fmt.Fprintf(f, "Sandbox(%s)", s.URL) }
