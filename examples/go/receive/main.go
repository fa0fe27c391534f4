// Command receive is a service that receives the vendor's webhooks:
//
//	INE_API_KEY=... INE_SECRET=... go run ./receive
package main

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"

	"libine.example/ine"
)

// store is the database in the place of yours. Deliveries come again for a week: a decision counts once.
type store struct {
	mu     sync.Mutex
	byID   map[string]ine.Verdict // a unique index on ID
	byCase map[string]ine.Verdict
}

// SaveOnce keeps a decision, and what it means for a case of ours.
func (s *store) SaveOnce(_ context.Context, id, vendorData string, verdict ine.Verdict) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.byID[id]; known {
		return nil
	}
	s.byID[id], s.byCase[vendorData] = verdict, verdict
	return nil
}

// routes are the service's addresses.
func routes(db *store, logger *slog.Logger, credentials ...*ine.Credentials) (http.Handler, error) {
	hooks, err := ine.NewWebhooksWith(ine.WebhookOptions{Logger: logger}, credentials...)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/veriff", hooks.Handler(func(ctx context.Context, e *ine.Event) error {
		logger.InfoContext(ctx, "webhook", "event", e) // ids and verdict only
		if d := e.Decision(); d != nil {
			return db.SaveOnce(ctx, d.ID(), e.VendorData, d.Verdict())
		}
		return nil
	}))
	return mux, nil
}

func main() {
	logger := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	credentials, err := ine.CredentialsFromEnv()
	if err == nil {
		db := &store{byID: map[string]ine.Verdict{}, byCase: map[string]ine.Verdict{}}
		var handler http.Handler
		if handler, err = routes(db, logger, credentials); err == nil {
			server := &http.Server{Addr: "127.0.0.1:8080", Handler: handler, ReadHeaderTimeout: 10 * time.Second}
			err = server.ListenAndServe()
		}
	}
	logger.Error("receive", "error", err)
	os.Exit(1)
}
