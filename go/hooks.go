//go:build cgo

package ine

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// RequestInfo is a request that is about to be sent. It holds no body, header, name or link.
type RequestInfo struct {
	Method    string // as in POST
	Template  string // as in /v1/sessions/{id}/media
	Attempt   int    // 1 for the first try of a call
	Step      Step   // of a verification; StepNone for a single call
	SessionID string // once it is known
	BodySize  int64  // bytes
}

// ResponseInfo is a request that has ended.
type ResponseInfo struct {
	RequestInfo
	Status   int           // 0 when no reply came
	Duration time.Duration // from sending to the end of the reply
	Received int64         // bytes of the reply's body
	Failure  string        // resolve, connect, tls, broken, timeout, timeout_not_sent, protocol, limit, media, cancelled; ""
	Reused   bool          // the connection was there already
}

type hooks struct {
	logger     *slog.Logger
	onRequest  []func(context.Context, RequestInfo)
	onResponse []func(context.Context, ResponseInfo)
}

func (h *hooks) request(ctx context.Context, info RequestInfo) {
	for _, hook := range h.onRequest {
		hook(ctx, info)
	}
}

// response logs with the names of OpenTelemetry's HTTP conventions.
func (h *hooks) response(ctx context.Context, info *ResponseInfo) {
	for _, hook := range h.onResponse {
		hook(ctx, *info)
	}
	if h.logger == nil || !h.logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	attrs := []slog.Attr{
		slog.String("http.request.method", info.Method), slog.String("url.template", info.Template),
		slog.Int("http.request.resend_count", info.Attempt-1), slog.Int("http.response.status_code", info.Status),
		slog.Duration("duration", info.Duration), slog.Int64("http.request.body.size", info.BodySize),
		slog.Int64("http.response.body.size", info.Received), slog.String("ine.session.id", info.SessionID),
	}
	if info.Failure != "" {
		attrs = append(attrs, slog.String("error.type", info.Failure))
	}
	h.logger.LogAttrs(ctx, slog.LevelDebug, "ine request", attrs...)
}

// done logs what came of a call.
func (h *hooks) done(ctx context.Context, name string, start time.Time, r *result, err error) {
	if h.logger == nil {
		return
	}
	took := slog.Duration("duration", time.Since(start))
	var e Error
	switch {
	case errors.As(err, &e):
		d := e.Info()
		h.logger.LogAttrs(ctx, slog.LevelWarn, "ine "+name, slog.String("error.type", d.Code.String()),
			slog.String("ine.session.id", d.SessionID), slog.Int("http.response.status_code", d.HTTPStatus), took)
	case err != nil:
		h.logger.LogAttrs(ctx, slog.LevelWarn, "ine "+name, slog.String("error.type", "other"), took)
	default:
		h.logger.LogAttrs(ctx, slog.LevelInfo, "ine "+name, slog.String("ine.session.id", r.sessionID()),
			slog.String("ine.outcome", r.verdict.Outcome.String()),
			slog.String("ine.root_cause", string(r.verdict.RootCause)), took)
	}
}
