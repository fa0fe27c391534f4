package inetest

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"libine.example/ine"
	"libine.example/ine/internal/sandbox"
)

// WebhookOption is a setting of a signed webhook.
type WebhookOption func(*webhook)

type webhook struct {
	path       string
	vendorData string
	now        time.Time
}

// Path is where the webhook goes ["/webhooks/veriff"].
func Path(path string) WebhookOption { return func(w *webhook) { w.path = path } }

// VendorData is the vendorData that the decision names [none].
func VendorData(vendorData string) WebhookOption {
	return func(w *webhook) { w.vendorData = vendorData }
}

// At is the time of the decision [now].
func At(now time.Time) WebhookOption { return func(w *webhook) { w.now = now } }

// SignedWebhook is a delivery as the vendor sends it: POST of the decision of a scenario of the sandbox, signed
// with the newest secret of your credentials. The person in it is the vendor's documented placeholder. For
// http.Handler.ServeHTTP, and for a client after its URL was set.
func SignedWebhook(tb testing.TB, scenario string, credentials *ine.Credentials, options ...WebhookOption) *http.Request {
	tb.Helper()
	w := webhook{path: "/webhooks/veriff", now: time.Now()}
	for _, option := range options {
		option(&w)
	}
	key, signature, body, err := sandbox.Webhook(scenario, w.vendorData, credentials, w.now)
	if err != nil {
		tb.Fatalf("inetest: %v: %q; there are %v", err, scenario, Scenarios())
	}
	return newDelivery(w.path, key, signature, body)
}

func newDelivery(path, key, signature string, body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Auth-Client", key)
	r.Header.Set("X-Hmac-Signature", signature)
	return r
}
