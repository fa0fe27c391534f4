package ine_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"libine.example/ine"
)

// The scenarios that every language runs (bindings/conformance), against the public API of this one.
type scenario struct {
	Name        string
	Credentials json.RawMessage
	Settings    map[string]json.RawMessage
	Call        call
	Exchange    []exchange
	Headers     [][2]string
	Body        *string
	File        string
	Require     []ine.CheckID
	Result      map[string]any
}

type call struct {
	Do                                       string
	Who                                      map[string]json.RawMessage
	Session                                  string `json:"session_id"`
	Media                                    string `json:"media_id"`
	Attempt                                  string `json:"attempt_id"`
	Version, Context, Timestamp, Path, Query string
	Body                                     *string
	Image                                    encoded
}

type encoded struct{ Base64 string }

type exchange struct {
	Request struct {
		Method, Target string
		Headers        map[string]string
		Body           *string
	}
	Reply *struct {
		Status  int
		Headers [][2]string
		Body    string
	}
	Failure string
}

type testKeys struct {
	Label   string
	APIKey  string `json:"api_key"`
	Secrets []string
}

func (k testKeys) make(t *testing.T) *ine.Credentials {
	t.Helper()
	c, err := ine.NewLabelledCredentials(k.Label, k.APIKey, k.Secrets[0], k.Secrets[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func scenarios(t *testing.T, file string) []scenario {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "bindings", "conformance", file))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the scenarios are only in the repository")
	}
	var out []scenario
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil || len(out) == 0 {
		t.Fatal(len(out), err)
	}
	return out
}

func decode[T any](t *testing.T, raw json.RawMessage) T {
	t.Helper()
	var out T
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// settingsOf are the options by the names of INE_NAMES_OPTION.
func settingsOf(t *testing.T, s scenario) []ine.Option {
	t.Helper()
	var out []ine.Option
	number := func(name string) int64 { return decode[int64](t, s.Settings[name]) }
	first, longest := 2*time.Second, 30*time.Second
	for name, raw := range s.Settings {
		switch name {
		case "base_url":
			out = append(out, ine.WithBaseURL(decode[string](t, raw)))
		case "seed":
			out = append(out, ine.WithSeed(number(name)))
		case "retries":
			out = append(out, ine.WithRetries(int(number(name))))
		case "today":
			n := int(number(name))
			out = append(out, ine.WithToday(time.Date(n/10000, time.Month(n/100%100), n%100, 0, 0, 0, 0, time.UTC)))
		case "poll_first_ms":
			first = time.Duration(number(name)) * time.Millisecond
		case "poll_max_ms":
			longest = time.Duration(number(name)) * time.Millisecond
		case "reply_signatures":
			out = append(out, ine.WithReplySignatures(ine.ReplySignatures(number(name))))
		case "user_agent_suffix":
			out = append(out, ine.WithUserAgentSuffix(decode[string](t, raw)))
		case "integration_id":
			out = append(out, ine.WithIntegrationID(decode[string](t, raw)))
		case "sign_sessions":
			out = append(out, ine.WithSignSessions(number(name) == 1))
		case "local_checks":
			out = append(out, ine.WithLocalChecks(number(name) == 1))
		case "require":
			var checks []ine.CheckID
			for check := range ine.Checks(number(name)).All() {
				checks = append(checks, check)
			}
			out = append(out, ine.WithRequire(checks...))
		default:
			t.Fatal("a setting that this runner does not know:", name)
		}
	}
	return append(out, ine.WithPolling(first, longest))
}

func whoOf(t *testing.T, who map[string]json.RawMessage) ine.Verification {
	t.Helper()
	var v ine.Verification
	texts := map[string]*string{
		"cic": &v.CIC, "curp": &v.CURP, "first_name": &v.FirstName, "last_name": &v.LastName,
		"second_last_name": &v.SecondLastName, "first_issue": &v.FirstIssue, "valid_from": &v.ValidFrom,
		"vendor_data": &v.VendorData, "end_user_id": &v.EndUserID, "callback": &v.Callback,
	}
	for name, raw := range who {
		switch to := texts[name]; {
		case to != nil:
			*to = decode[string](t, raw)
		case name == "consent":
			v.Consent = ine.ConsentRefused
			if decode[bool](t, raw) {
				v.Consent = ine.ConsentGiven
			}
		case name == "selfie":
			v.Selfie = decode[encoded](t, raw).media(t)
		default:
			t.Fatal("an input that this runner does not know:", name)
		}
	}
	return v
}

func (i encoded) media(t *testing.T) ine.Media {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(i.Base64)
	if err != nil {
		t.Fatal(err)
	}
	return ine.Bytes(data)
}

// script is a transport that expects requests in their order.
type script struct {
	t    *testing.T
	mu   sync.Mutex
	left []exchange
}

type lateError struct{}

func (lateError) Error() string   { return "late" }
func (lateError) Timeout() bool   { return true }
func (lateError) Temporary() bool { return true }

var scriptFailures = map[string]error{
	"broken": io.ErrUnexpectedEOF, "timeout": lateError{}, "protocol": errors.New("malformed HTTP response"),
	"connect": &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED},
	"tls":     &net.OpError{Op: "dial", Err: x509.UnknownAuthorityError{}},
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	_ = r.Body.Close()
	if err != nil {
		return nil, err
	}
	if len(s.left) == 0 {
		s.t.Errorf("one request too many: %s %s", r.Method, r.URL.Path)
		return nil, io.EOF
	}
	one := s.left[0]
	s.left = s.left[1:]
	headers := map[string]string{}
	for name, values := range r.Header {
		headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	want := ""
	if one.Request.Body != nil {
		want = *one.Request.Body
	}
	if r.Method != one.Request.Method || r.URL.RequestURI() != one.Request.Target || string(body) != want || int64(len(body)) != r.ContentLength {
		s.t.Errorf("%s %s %.300s\nnot %s %s %.300s", r.Method, r.URL.RequestURI(), body, one.Request.Method, one.Request.Target, want)
	}
	if !reflect.DeepEqual(headers, one.Request.Headers) {
		s.t.Errorf("headers %v\nnot %v", headers, one.Request.Headers)
	}
	if one.Failure != "" {
		failure, ok := scriptFailures[one.Failure]
		if !ok {
			s.t.Error("a failure that this runner does not know:", one.Failure)
		}
		return nil, failure
	}
	reply := &http.Response{
		StatusCode: one.Reply.Status, Header: http.Header{}, ContentLength: int64(len(one.Reply.Body)),
		Body: io.NopCloser(strings.NewReader(one.Reply.Body)), Request: r,
	}
	for _, pair := range one.Reply.Headers {
		reply.Header.Add(pair[0], pair[1])
	}
	return reply, nil
}

func TestConformanceOfCalls(t *testing.T) {
	for _, s := range scenarios(t, "calls.json") {
		t.Run(s.Name, func(t *testing.T) {
			transport := &script{t: t, left: s.Exchange}
			options := append(settingsOf(t, s), ine.WithCredentials(decode[testKeys](t, s.Credentials).make(t)),
				ine.WithHTTPClient(&http.Client{Transport: transport}))
			client, err := ine.New(options...)
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			verdict, decision, err := s.Call.run(shortly(t), t, client)
			compare(t, s.Result, verdict, decision, err)
			if len(transport.left) > 0 {
				t.Errorf("%d requests were not made", len(transport.left))
			}
		})
	}
}

func (c *call) run(ctx context.Context, t *testing.T, client *ine.Client) (v *ine.Verdict, d *ine.Decision, err error) {
	t.Helper()
	body := []byte{}
	if c.Body != nil {
		body = []byte(*c.Body)
	}
	var verdict ine.Verdict
	raw := func() (*ine.Decision, error) {
		return client.Raw(ctx, ine.RawCall{Method: strings.TrimPrefix(c.Do, "raw_"), Path: c.Path, ID: c.Session, Query: c.Query, Body: body})
	}
	bySession := map[string]func(context.Context, string) (*ine.Decision, error){
		"decision": client.Decision, "submit": client.Submit, "media_list": client.MediaList, "attempts": client.Attempts,
		"person": client.Person, "watchlist": client.Watchlist, "delete_session": client.DeleteSession,
	}
	byVersion := map[string]func(context.Context, string, string) (*ine.Decision, error){
		"ine_registry": client.INERegistry, "curp_registry": client.CURPRegistry, "ine_curp_registry": client.INECURPRegistry,
	}
	switch {
	case c.Do == "verify":
		verdict, err = client.Verify(ctx, whoOf(t, c.Who))
		v = &verdict
	case c.Do == "start":
		_, err = client.Start(ctx, whoOf(t, c.Who))
	case c.Do == "wait":
		verdict, err = client.Wait(ctx, c.Session)
		v = &verdict
	case c.Do == "resume":
		var who *ine.Verification
		if c.Who != nil {
			person := whoOf(t, c.Who)
			who = &person
		}
		verdict, err = client.Resume(ctx, c.Session, who)
		v = &verdict
	case c.Do == "create_session":
		d, err = client.CreateSession(ctx, whoOf(t, c.Who))
	case c.Do == "upload_media":
		taken, failed := time.Parse(time.RFC3339, c.Timestamp)
		if failed != nil {
			t.Fatal(failed)
		}
		d, err = client.UploadMedia(ctx, c.Session, c.Image.media(t), ine.MediaOptions{Timestamp: taken})
	case c.Do == "collected_data":
		d, err = client.CollectedData(ctx, c.Session, body)
	case c.Do == "download_media":
		d, err = client.DownloadMedia(ctx, c.Media)
	case c.Do == "attempt_media":
		d, err = client.AttemptMedia(ctx, c.Attempt)
	case strings.HasPrefix(c.Do, "raw_"):
		d, err = raw()
	case bySession[c.Do] != nil:
		d, err = bySession[c.Do](ctx, c.Session)
	case byVersion[c.Do] != nil:
		d, err = byVersion[c.Do](ctx, c.Session, c.Version)
	default:
		t.Fatal("a call that this runner does not know:", c.Do)
	}
	return v, d, err
}

func compare(t *testing.T, want map[string]any, v *ine.Verdict, d *ine.Decision, err error) {
	t.Helper()
	got := map[string]any{}
	switch {
	case err != nil:
		got["error"] = errorMembers(t, err, want["error"])
	case want["decision"] != nil && d != nil:
		got["decision"] = map[string]any{"kind": d.Kind().String(), "bytes": string(d.Bytes())}
	case v != nil:
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		got["verdict"] = decode[any](t, text)
	default: // Start: what Go returns is the session; its verdict is always pending
		got["verdict"] = want["verdict"]
		if one, ok := want["verdict"].(map[string]any); !ok || one["outcome"] != "PENDING" {
			t.Error("not pending")
		}
	}
	if !reflect.DeepEqual(got, want) {
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(want)
		t.Errorf("%s\nnot %s", a, b)
	}
}

// errorMembers are those members of the error that are listed; texts are for people and may be said better.
func errorMembers(t *testing.T, err error, want any) any {
	t.Helper()
	text, failed := json.Marshal(info(t, err))
	if failed != nil {
		t.Fatal(failed)
	}
	whole := decode[map[string]map[string]any](t, text)["error"]
	out := map[string]any{}
	listed, _ := want.(map[string]any)
	for name := range listed {
		out[name] = whole[name]
	}
	if problems, ok := out["problems"].([]any); ok {
		for _, one := range problems {
			delete(one.(map[string]any), "hint")
		}
	}
	if class := strings.TrimPrefix(reflect.TypeOf(err).String(), "*ine."); listed["class"] != nil && class != listed["class"] && class != "GeneralError" {
		t.Errorf("the type is %s", class)
	}
	return out
}

func TestConformanceOfWebhooks(t *testing.T) {
	for _, s := range scenarios(t, "webhooks.json") {
		t.Run(s.Name, func(t *testing.T) {
			var credentials []*ine.Credentials
			for _, one := range decode[[]testKeys](t, s.Credentials) {
				credentials = append(credentials, one.make(t))
			}
			reason := ine.ReasonNone
			hooks, err := ine.NewWebhooksWith(ine.WebhookOptions{OnRefused: func(r ine.Reason) { reason = r }}, credentials...)
			if err != nil {
				t.Fatal(err)
			}
			header := http.Header{}
			for _, pair := range s.Headers {
				header[pair[0]] = append(header[pair[0]], pair[1])
			}
			e, err := hooks.Open(header, []byte(*s.Body))
			got := map[string]any{}
			switch {
			case reason != ine.ReasonNone:
				got["refused"] = reason.String()
			case err != nil:
				got["error"] = errorMembers(t, err, s.Result["error"])
			default:
				vendorData := any(e.VendorData)
				if e.Body().Field(ine.FieldVendorData).State != ine.FieldPresent {
					vendorData = nil
				}
				got["event"] = map[string]any{
					"type": e.Kind.String(), "decision_id": e.ID(), "vendor_data": vendorData, "integration": e.Integration,
					"secret": e.Secret, "outcome": e.Body().Verdict().Outcome.String(),
				}
			}
			if !reflect.DeepEqual(got, s.Result) {
				t.Errorf("%v\nnot %v", got, s.Result)
			}
		})
	}
}

func TestConformanceOfBodies(t *testing.T) {
	for _, s := range scenarios(t, "bodies.json") {
		t.Run(s.Name, func(t *testing.T) {
			var body []byte
			if s.Body != nil {
				body = []byte(*s.Body)
			} else {
				var err error
				if body, err = os.ReadFile(filepath.Join("..", filepath.FromSlash(s.File))); err != nil {
					t.Fatal(err)
				}
			}
			v, err := ine.Interpret(bytes.Clone(body), s.Require...)
			compare(t, s.Result, &v, nil, err)
		})
	}
}
