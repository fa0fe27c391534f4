package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

const (
	key    = "12df6045-3846-4e45-946a-14fa6136d78b"
	secret = "a secret of the tests"
)

// oddBody has what a program that parses and writes JSON again would change, and so make the signature wrong.
const oddBody = "{ \"status\":\"success\" ,\n\t\"verification\" : {\"id\":\"" + key + "\",\"status\":\"declined\",\"code\": 9102," +
	"\"person\":{\"firstName\":\"I\\u00d1IGO\",\"lastName\":\"NUÑEZ\"}, \"score\":0.10,\"vendorData\":\"caso-Ñ\"}}\r\n"

func service(t *testing.T) (http.Handler, *store, *ine.Credentials, *bytes.Buffer) {
	t.Helper()
	credentials, err := ine.NewCredentials(key, secret)
	if err != nil {
		t.Fatal(err)
	}
	var logged bytes.Buffer
	db := &store{byID: map[string]ine.Verdict{}, byCase: map[string]ine.Verdict{}}
	handler, err := routes(db, slog.New(slog.NewTextHandler(&logged, nil)), credentials)
	if err != nil {
		t.Fatal(err)
	}
	return handler, db, credentials, &logged
}

func status(handler http.Handler, r *http.Request) int {
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, r)
	return rec.Code
}

func signed(body string) *http.Request {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	r := httptest.NewRequest("POST", "/webhooks/veriff", strings.NewReader(body))
	r.Header.Set("x-auth-client", key)
	r.Header.Set("x-hmac-signature", hex.EncodeToString(mac.Sum(nil)))
	return r
}

func TestDecisionsCountOnce(t *testing.T) {
	handler, db, credentials, _ := service(t)
	for range 3 {
		r := inetest.SignedWebhook(t, "lost_or_stolen", credentials, inetest.VendorData("case-1"))
		if code := status(handler, r); code != 200 {
			t.Fatal(code)
		}
	}
	if v := db.byCase["case-1"]; v.Outcome != ine.NotVerified || v.Advice != ine.AdviceRefuseCard {
		t.Fatal(v)
	}
}

func TestExactBytes(t *testing.T) {
	handler, db, _, logged := service(t)
	if code := status(handler, signed(oddBody)); code != 200 || len(db.byID) != 1 {
		t.Fatal(code, len(db.byID))
	}
	if v, ok := db.byCase["caso-Ñ"]; !ok || v.SessionID != key {
		t.Fatal(db.byCase)
	}
	changed := signed(oddBody)
	changed.Body = httptest.NewRequest("POST", "/", strings.NewReader(strings.Replace(oddBody, "0.10", "0.1", 1))).Body
	if code := status(handler, changed); code != 401 || len(db.byID) != 1 {
		t.Fatal(code, len(db.byID))
	}
	for _, word := range []string{"IÑIGO", "NUÑEZ", "caso"} {
		if strings.Contains(logged.String(), word) {
			t.Error(logged.String())
		}
	}
}

func TestOtherRequests(t *testing.T) {
	handler, _, _, _ := service(t)
	if code := status(handler, httptest.NewRequest("GET", "/webhooks/veriff", nil)); code != 405 {
		t.Error(code)
	}
	if code := status(handler, httptest.NewRequest("POST", "/webhooks/veriff", strings.NewReader("{}"))); code != 401 {
		t.Error(code)
	}
}
