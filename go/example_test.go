package ine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

// The code of the documentation (docs/go.md), with what is yours in the place of a service.

type database struct{ saved map[string]ine.Verdict }

func (d *database) SaveOnce(_ context.Context, id, vendorData string, verdict ine.Verdict) error {
	d.saved[id+" "+vendorData] = verdict
	return nil
}

type laterQueue struct{ after time.Duration }

func (q *laterQueue) Later(_ context.Context, _ string, after time.Duration) error {
	q.after = after
	return nil
}

type refusal struct{ problems []ine.Problem }

func (refusal) Error() string { return "bad request" }

func badRequest(problems []ine.Problem) error { return refusal{problems} }

var (
	opened    []string
	shown     string
	reconcile = func(_ context.Context, vendorData string) error { return errors.New("reconcile " + vendorData) }
	db        = &database{saved: map[string]ine.Verdict{}}
	queue     = &laterQueue{}
	mux       = http.NewServeMux()
	creds     = must(ine.NewCredentials(testKey, testSecret))
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func openAccount(_ context.Context, userID string) error {
	opened = append(opened, userID)
	return nil
}

func show(text string, advice ine.Advice) error {
	shown = advice.String() + ": " + text
	return nil
}

func verifyUser(ctx context.Context, userID string) error {
	client, err := ine.New(ine.FromEnv())
	if err != nil {
		return err
	}
	defer client.Close()
	who := ine.Verification{CIC: "123456789", Selfie: ine.File("selfie.jpg"), Consent: ine.ConsentGiven, VendorData: userID}
	verdict, err := client.Verify(ctx, who)
	switch {
	case err != nil:
		return err
	case verdict.Verified():
		return openAccount(ctx, userID)
	default:
		return show(verdict.Text(ine.EsMX).Citizen, verdict.Advice)
	}
}

func init() {
	hooks := ine.NewWebhooks(creds)
	mux.Handle("POST /webhooks/veriff", hooks.Handler(func(ctx context.Context, e *ine.Event) error {
		if d := e.Decision(); d != nil {
			return db.SaveOnce(ctx, d.ID(), e.VendorData, d.Verdict())
		}
		return nil
	}))
}

func handle(ctx context.Context, userID string, err error) error {
	var input *ine.InputError
	var unknown *ine.OutcomeUnknownError
	switch {
	case errors.As(err, &input):
		return badRequest(input.Problems)
	case errors.As(err, &unknown):
		return reconcile(ctx, unknown.VendorData)
	case ine.Retryable(err):
		return queue.Later(ctx, userID, ine.RetryAfter(err))
	}
	return err
}

func TestSelfieMismatch(t *testing.T) {
	sb := inetest.NewSandbox(t) // in process, httptest
	v, err := sb.Client().Verify(t.Context(), sb.Person("selfie_mismatch"))
	if err != nil || v.Outcome != ine.NotVerified || v.RootCause != "selfie_registry_match" {
		t.Fatal(v, err)
	}
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, inetest.SignedWebhook(t, "lost_or_stolen", creds))
	if rec.Code != 200 {
		t.Fatal(rec.Code)
	}
}

// The documentation's code does what the documentation says.
func TestDocumentedCode(t *testing.T) {
	opened, shown = nil, "" // of another run of this test
	sb := inetest.NewSandbox(t)
	key, secret := sb.Keys(ine.ProductMXINE)
	t.Setenv("INE_API_KEY", key)
	t.Setenv("INE_SECRET", secret)
	t.Setenv("INE_BASE_URL", sb.URL)
	t.Chdir(t.TempDir())
	err := verifyUser(t.Context(), "user-1")
	var refused refusal
	if err = handle(t.Context(), "user-1", err); !errors.As(err, &refused) || refused.problems[0].Code != ine.ProblemUnreadable {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(".", "selfie.jpg"), inetest.Picture(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := verifyUser(t.Context(), "user-1"); err != nil || len(opened) != 1 || opened[0] != "user-1" {
		t.Fatal(err, opened)
	}
	sb.AddPerson(map[string]string{"cic": "123456789", "face": "somebody else", "face_sha": ""})
	sb.AddPerson(map[string]string{"cic": "123456789", "lost": "1"})
	if err := verifyUser(t.Context(), "user-2"); err != nil || len(opened) != 1 || shown == "" {
		t.Fatal(err, opened, shown)
	}
	t.Setenv("INE_BASE_URL", "http://127.0.0.1:1")
	if err := handle(t.Context(), "user-3", verifyUser(t.Context(), "user-3")); err != nil || queue.after != 30*time.Second {
		t.Fatal(err, queue.after)
	}
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, inetest.SignedWebhook(t, "approved", creds, inetest.VendorData("user-1")))
	if rec.Code != 200 || len(db.saved) == 0 {
		t.Fatal(rec.Code, db.saved)
	}
}

func ExampleInterpret() {
	body := []byte(`{"status":"success","verification":{"id":"12df6045-3846-3e45-946a-14fa6136d78b","status":"declined",` +
		`"code":9102,"reasonCode":581,"registryValidations":{"MX_INE":{"status":"failure","validations":{` +
		`"consent_obtained":{"result":"success"},"person_registered":{"result":"success"},` +
		`"selfie_registry_match":{"result":"failure","reason":"SELFIE_MISMATCH"}}}}}}`)
	verdict, err := ine.Interpret(body)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(verdict.Verified(), verdict.Outcome, verdict.RootCause, verdict.Advice)
	fmt.Println(verdict.Text(ine.En).Citizen)
	// Output:
	// false NOT_VERIFIED selfie_registry_match NEW_SELFIE
	// We could not confirm your photo. Please take another one, facing the camera, in good light, without glasses or a cap.
}

func ExampleCheck() {
	report, err := ine.Check(ine.Verification{CIC: "1234567890", VendorData: "case-1", Consent: ine.ConsentGiven})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, problem := range report.Problems {
		fmt.Println(problem.Field, problem.Code)
	}
	// Output:
	// document.number LENGTH
	// image.content REQUIRED
}

func ExampleVerdict_zero() {
	var verdict ine.Verdict
	fmt.Println(verdict.Verified(), verdict.Outcome)
	// Output: false UNKNOWN
}

func ExampleWebhooks_Open() {
	hooks := ine.NewWebhooks(creds)
	_, err := hooks.Open(http.Header{"X-Auth-Client": {testKey}, "X-Hmac-Signature": {"not a signature"}}, []byte("{}"))
	var refused *ine.WebhookRefused
	fmt.Println(errors.As(err, &refused), err)
	// Output: true ine: the webhook is not genuine
}

func ExamplePseudonym() {
	name, err := ine.Pseudonym([]byte("a pepper of your own, 32 bytes..."), "123456789")
	fmt.Println(len(name), err)
	// Output: 32 <nil>
}

func ExampleVerdict_MarshalJSON() {
	text, err := json.Marshal(ine.Verdict{})
	fmt.Println(string(text[:40]), err)
	// Output: {"verified":false,"outcome":"UNKNOWN","r <nil>
}

// tracing is someone's middleware.
func tracing(next http.RoundTripper) http.RoundTripper { return next }

func ExampleWithMiddleware() {
	client, err := ine.New(ine.FromEnv(), ine.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return tracing(next) // otelhttp.NewTransport, say
	}))
	if err != nil {
		fmt.Println("New says what is missing")
	}
	fmt.Println(client.Close())
	// Output:
	// New says what is missing
	// <nil>
}
