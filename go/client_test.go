package ine_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

func TestScenarios(t *testing.T) {
	sb := inetest.NewSandbox(t)
	for name, want := range map[string]struct {
		outcome ine.Outcome
		cause   ine.CheckID
		advice  ine.Advice
	}{
		"approved":                       {ine.Verified, "", ine.AdviceNone},
		"approved_optional_not_provided": {ine.Verified, "", ine.AdviceNone},
		"consent_declined":               {ine.ConsentMissing, ine.CheckConsentObtained, ine.AdviceAskConsent},
		"person_not_found":               {ine.NotVerified, ine.CheckPersonRegistered, ine.AdviceCorrectInput},
		"selfie_mismatch":                {ine.NotVerified, ine.CheckSelfieRegistryMatch, ine.AdviceNewSelfie},
		"lost_or_stolen":                 {ine.NotVerified, ine.CheckNotReportedLostOrStolen, ine.AdviceRefuseCard},
		"registry_unavailable":           {ine.RetryLater, ine.CauseRegistry, ine.AdviceRetryNewSession},
		"malformed_curp":                 {ine.InputErrorOutcome, ine.CheckPersonRegistered, ine.AdviceCorrectInput},
		"first_name_mismatch":            {ine.NotVerified, ine.CheckFirstNameMatch, ine.AdviceCorrectInput},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, d, err := sb.Client().VerifyDecision(shortly(t), sb.Person(name))
			if err != nil {
				t.Fatal(err)
			}
			if v.Outcome != want.outcome || v.RootCause != want.cause || v.Advice != want.advice {
				t.Fatal(v, v.Advice)
			}
			if v.Verified() != (want.outcome == ine.Verified) {
				t.Fatal("verified:", v.Verified())
			}
			if d.SessionID() != v.SessionID || d.Verdict().Facts != v.Facts {
				t.Fatal(d, v)
			}
		})
	}
}

func TestStartWaitResume(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t)
	var stored ine.Session
	who := sb.Person("approved")
	session, err := sb.Client().Start(shortly(t), who, ine.OnCreated(func(_ context.Context, s ine.Session) error {
		stored = s
		return nil
	}))
	if err != nil || session != stored || session.ID == "" || session.URL == "" || session.VendorData != who.VendorData {
		t.Fatal(session, stored, err)
	}
	var heard []ine.Progress
	v, err := sb.Client().Wait(shortly(t), session.ID, ine.OnProgress(func(p ine.Progress) { heard = append(heard, p) }))
	if err != nil || !v.Verified() {
		t.Fatal(v, err)
	}
	if len(heard) == 0 || heard[0].Step != ine.StepWait || heard[0].SessionID != session.ID {
		t.Fatal(heard)
	}
	if v, err = sb.Client().Resume(shortly(t), session.ID, nil); err != nil || !v.Verified() {
		t.Fatal(v, err)
	}
}

func TestResumeAsksForTheSelfie(t *testing.T) {
	sb := inetest.NewSandbox(t)
	who := sb.Person("approved")
	stop := errors.New("stop here")
	_, err := sb.Client().Start(shortly(t), who, ine.OnCreated(func(context.Context, ine.Session) error { return stop }))
	var cancelled *ine.CancelledError
	if !errors.Is(err, stop) || !errors.As(err, &cancelled) || cancelled.SessionID == "" || cancelled.Sent != ine.SentYes {
		t.Fatal(err)
	}
	if _, err := sb.Client().Resume(shortly(t), cancelled.SessionID, nil); err == nil {
		t.Fatal("it went on without a selfie")
	}
	v, err := sb.Client().Resume(shortly(t), cancelled.SessionID, &who)
	if err != nil || !v.Verified() {
		t.Fatal(v, err)
	}
}

func TestEndpoints(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t)
	c, ctx := sb.Client(), shortly(t)
	created, err := c.CreateSession(ctx, sb.Person("approved"))
	if err != nil || created.Kind() != ine.KindSession || created.SessionURL() == "" {
		t.Fatal(created, err)
	}
	id := created.SessionID()
	taken := time.Date(2026, 4, 1, 10, 0, 0, 0, time.UTC)
	image, err := c.UploadMedia(ctx, id, ine.Bytes(inetest.Picture()), ine.MediaOptions{Timestamp: taken})
	if err != nil || image.Kind() != ine.KindMedia {
		t.Fatal(image, err)
	}
	if _, err := c.CollectedData(ctx, id, []byte(`{"person":{"firstName":"JUAN"}}`)); err != nil {
		t.Log("collected data:", err) // what the sandbox makes of it is its own matter
	}
	if _, err := c.Submit(ctx, id); err != nil {
		t.Fatal(err)
	}
	if v, err := c.Wait(ctx, id); err != nil || !v.Verified() {
		t.Fatal(v, err)
	}
	list, err := c.MediaList(ctx, id)
	if err != nil || len(list.List(ine.ListImages)) != 1 {
		t.Fatal(list, err)
	}
	one := list.List(ine.ListImages)[0]
	if one.Context != "face" || one.Size != int64(len(inetest.Picture())) || one.ID == "" {
		t.Fatal(one.Context, one.Size)
	}
	bytesOf, err := c.DownloadMedia(ctx, one.ID)
	if err != nil || !bytes.Equal(bytesOf.Bytes(), inetest.Picture()) || bytesOf.Kind() != ine.KindBinary {
		t.Fatal(err)
	}
	attempts, err := c.Attempts(ctx, id)
	if err != nil || len(attempts.List(ine.ListAttempts)) != 1 {
		t.Fatal(attempts, err)
	}
	if _, err := c.AttemptMedia(ctx, attempts.List(ine.ListAttempts)[0].ID); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Person(ctx, id); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Watchlist(ctx, id); !errors.Is(err, ine.CodeNotFound) {
		t.Fatal(err)
	}
	d, err := c.Decision(ctx, id)
	if err != nil || !d.Verdict().Verified() || d.Field(ine.FieldFirstName).State != ine.FieldPresent {
		t.Fatal(d, err)
	}
	raw, err := c.Raw(ctx, ine.RawCall{Method: "get", Path: "/v1/sessions/{id}/decision", ID: id})
	if err != nil || raw.ID() != d.ID() {
		t.Fatal(raw, err)
	}
	if _, err := c.DeleteSession(ctx, id); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Raw(ctx, ine.RawCall{Method: "PUT", Path: "/x"}); !errors.Is(err, ine.CodeArgument) {
		t.Fatal(err)
	}
}

func TestOlderProducts(t *testing.T) {
	sb := inetest.NewSandbox(t)
	key := sb.CredentialsFor(ine.ProductINERegistry)
	c := sb.NewClient(ine.WithCredentials(key))
	who := sb.Person("approved")
	who.Product = ine.ProductINERegistry
	who.DocumentFront, who.DocumentBack = ine.Bytes(inetest.Picture()), ine.Bytes(inetest.Picture())
	v, err := c.Verify(shortly(t), who)
	if err != nil || v.Outcome != ine.CardActive || v.Verified() {
		t.Fatal(v, err)
	}
}

func TestFeedEndsTheWait(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t, inetest.DecisionDelay(time.Hour))
	c := sb.NewClient(ine.WithPolling(time.Minute, time.Minute))
	hooks := ine.NewWebhooks(sb.Credentials())
	session, err := c.Start(shortly(t), sb.Person("selfie_mismatch"))
	if err != nil {
		t.Fatal(err)
	}
	type end struct {
		v   ine.Verdict
		err error
	}
	ended := make(chan end, 1)
	waiting := make(chan struct{}, 8)
	go func() {
		v, err := c.Wait(shortly(t), session.ID, ine.OnProgress(func(p ine.Progress) {
			if p.Wait > 0 {
				waiting <- struct{}{}
			}
		}))
		ended <- end{v, err}
	}()
	<-waiting
	other := inetest.SignedWebhook(t, "selfie_mismatch", sb.Credentials())
	e, err := hooks.Open(other.Header, readAll(t, other))
	if err != nil {
		t.Fatal(err)
	}
	c.Feed(e) // of another session: it ends nothing
	select {
	case one := <-ended:
		t.Fatal(one.v, one.err)
	default:
	}
	sb.MoveClock(2 * time.Hour)
	status, header, body := sb.Request("GET", "/v1/sessions/"+session.ID+"/decision", signedID(t, sb, session.ID), nil)
	if status != 200 {
		t.Fatal(status)
	}
	e, err = hooks.Open(header, body)
	if err != nil {
		t.Fatal(err)
	}
	c.Feed(e)
	one := <-ended
	if one.err != nil || one.v.Outcome != ine.NotVerified || one.v.SessionID != session.ID {
		t.Fatal(one.v, one.err)
	}
}

func TestWebhooksAreDelivered(t *testing.T) {
	sb := inetest.NewSandbox(t)
	got := make(chan *ine.Event, 4)
	hooks := ine.NewWebhooks(sb.Credentials())
	server := serve(t, hooks.Handler(func(_ context.Context, e *ine.Event) error {
		got <- e
		return nil
	}))
	sb.DeliverTo(server+"/hook", "decision")
	v, err := sb.Client().Verify(shortly(t), sb.Person("lost_or_stolen"))
	if err != nil {
		t.Fatal(err)
	}
	e := <-got
	if e.Decision() == nil || e.Decision().Verdict().Facts != v.Facts {
		t.Fatal(e, v)
	}
}

func TestClosedClient(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t, inetest.DecisionDelay(time.Hour))
	c := sb.NewClient(ine.WithPolling(time.Minute, time.Minute))
	waiting := make(chan struct{}, 1)
	ended := make(chan error, 1)
	go func() {
		_, err := c.Verify(shortly(t), sb.Person("approved"), ine.OnProgress(func(p ine.Progress) {
			if p.Wait > 0 {
				waiting <- struct{}{}
			}
		}))
		ended <- err
	}()
	<-waiting
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	var cancelled *ine.CancelledError
	if err := <-ended; !errors.Is(err, ine.ErrClosed) || !errors.As(err, &cancelled) || cancelled.SessionID == "" {
		t.Fatal(err)
	}
	if _, err := c.Verify(shortly(t), sb.Person("approved")); !errors.Is(err, ine.CodeClosed) {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestBadSettings(t *testing.T) {
	creds := ine.WithCredentials(testCredentials(t))
	base := ine.WithBaseURL("https://api.example.test")
	for name, options := range map[string][]ine.Option{
		"nothing":        {},
		"no base":        {creds},
		"no credentials": {base},
		"nil":            {ine.WithCredentials(nil), base},
		"plain http":     {creds, ine.WithBaseURL("http://api.example.test")},
		"no url":         {creds, ine.WithBaseURL("nonsense")},
		"ca file":        {creds, base, ine.WithCAFile("/nowhere/ca.pem")},
		"ca pem":         {creds, base, ine.WithCAPEM([]byte("no certificate"))},
		"certificate":    {creds, base, ine.WithClientCertificate("/nowhere/a.pem", "/nowhere/b.pem")},
		"retries":        {creds, base, ine.WithRetries(6)},
		"check":          {creds, base, ine.WithRequire("no_such_check")},
		"user agent":     {creds, base, ine.WithUserAgentSuffix("ñ")},
		"proxy":          {creds, base, ine.WithProxy("socks5://x")},
	} {
		c, err := ine.New(options...)
		if err == nil || c != nil {
			t.Errorf("%s: taken", name)
			continue
		}
		if d := info(t, err); d.Class != ine.ClassError && d.Class != ine.ClassInput || d.Sent == ine.SentYes {
			t.Errorf("%s: %v %v", name, d.Class, err)
		}
	}
	c, err := ine.New(creds, base, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
}

func TestFromEnv(t *testing.T) {
	sb := inetest.NewSandbox(t)
	key, secret := sb.Keys(ine.ProductMXINE)
	t.Setenv("INE_API_KEY", key)
	t.Setenv("INE_SECRET", secret)
	t.Setenv("INE_BASE_URL", sb.URL)
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	c, err := ine.New(ine.FromEnv())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if v, err := c.Verify(shortly(t), sb.Person("approved")); err != nil || !v.Verified() {
		t.Fatal(v, err)
	}
	t.Setenv("INE_SECRET", "")
	if _, err := ine.New(ine.FromEnv()); !errors.Is(err, ine.CodeConfig) || !strings.Contains(err.Error(), "INE_SECRET") {
		t.Fatal(err)
	}
}

func TestBadCredentials(t *testing.T) {
	for name, c := range map[string][]string{
		"key": {"no uuid", "secret"}, "empty": {testKey, ""}, "zeros": {testKey, "\x00\x00"},
		"long": {testKey, strings.Repeat("x", 1025)}, "older": {testKey, "a", ""},
		"many": {testKey, "1", "2", "3", "4", "5", "6", "7", "8", "9"},
	} {
		if _, err := ine.NewCredentials(c[0], c[1], c[2:]...); err == nil {
			t.Errorf("%s: taken", name)
		} else if strings.Contains(err.Error(), c[0]) && c[0] != testKey {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ine.NewLabelledCredentials("ñ", testKey, testSecret); err == nil {
		t.Error("a label that is not ASCII")
	}
}

func TestNilContext(t *testing.T) {
	sb := inetest.NewSandbox(t)
	var none context.Context
	if _, err := sb.Client().Verify(none, sb.Person("approved")); !errors.Is(err, ine.CodeArgument) {
		t.Fatal(err)
	}
}

func signedID(t *testing.T, sb *inetest.Sandbox, id string) http.Header {
	t.Helper()
	key, secret := sb.Keys(ine.ProductMXINE)
	return http.Header{"X-Auth-Client": {key}, "X-Hmac-Signature": {sign(secret, []byte(id))}}
}
