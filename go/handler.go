//go:build cgo

package ine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
)

// bodies are kept for reading deliveries; what is larger is given back to the collector.
var bodies = sync.Pool{New: func() any { return new([]byte) }}

const keptBody = 64 << 10

// Handler answers deliveries: 200 when `handle` returned nil, 401 when the delivery is not genuine or too
// large, 500 when `handle` failed or a genuine body can not be read, and nothing else. Deliveries come again
// until the answer is 200, so `handle` must bear the same one twice, and ignore what it does not know.
// `handle` gets the request's context. A panic in it is logged and answered with 500.
func (w *Webhooks) Handler(handle func(ctx context.Context, e *Event) error) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header()["Content-Length"] = []string{"0"}
		rw.WriteHeader(w.answer(r, handle))
	})
}

func (w *Webhooks) answer(r *http.Request, handle func(context.Context, *Event) error) int {
	room := bodies.Get().(*[]byte)
	body, err := readBody(r, (*room)[:0], w.limit)
	event, status := w.tryOpen(r, body, err)
	if cap(body) <= keptBody {
		clear(body)
		*room = body[:0]
		bodies.Put(room)
	}
	if event == nil {
		return status
	}
	if err := w.call(r.Context(), event, handle); err != nil {
		w.log(r.Context(), "webhook handler failed", slog.String("session_id", event.SessionID), shownError(err))
		return http.StatusInternalServerError
	}
	return http.StatusOK
}

func (w *Webhooks) tryOpen(r *http.Request, body []byte, err error) (event *Event, status int) {
	var refused *WebhookRefused
	defer func() {
		if p := recover(); p != nil { // of the hook that is told of refusals
			w.log(r.Context(), "webhook hook panicked", slog.String("stack", string(debug.Stack())))
			event, status = nil, http.StatusUnauthorized
		}
	}()
	if err != nil { // what did not arrive whole, or is too large, is not genuine
		if w.logger != nil {
			w.logger.WarnContext(r.Context(), "webhook refused", slog.String("reason", "not read whole"))
		}
		return nil, http.StatusUnauthorized
	}
	event, err = w.Open(r.Header, body)
	switch {
	case err == nil:
		return event, http.StatusOK
	case errors.As(err, &refused):
		return nil, http.StatusUnauthorized
	default:
		w.log(r.Context(), "webhook not read", shownError(err))
		return nil, http.StatusInternalServerError
	}
}

// shownError is an error of this package as it prints, and of any other the type: its text may be personal, as
// databases quote the key that is there twice.
func shownError(err error) slog.Attr {
	var own Error
	if errors.As(err, &own) {
		return slog.Any("error", own)
	}
	return slog.String("error", fmt.Sprintf("%T", err))
}

// panicked is what a handler's panic becomes.
type panicked struct{ kind string }

func (p panicked) Error() string { return "the handler panicked: " + p.kind }

func (w *Webhooks) call(ctx context.Context, e *Event, handle func(context.Context, *Event) error) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case error:
			if errors.Is(p, http.ErrAbortHandler) {
				panic(p)
			}
			w.log(ctx, "webhook handler panicked", slog.String("stack", string(debug.Stack())))
			err = panicked{"error"}
		default: // its value may hold what the event holds
			w.log(ctx, "webhook handler panicked", slog.String("stack", string(debug.Stack())))
			err = panicked{"value"}
		}
	}()
	return handle(ctx, e)
}

func (w *Webhooks) log(ctx context.Context, message string, attrs ...slog.Attr) {
	if w.logger != nil {
		w.logger.LogAttrs(ctx, slog.LevelError, message, attrs...)
	}
}

// errTooLarge is one byte over the limit.
var errTooLarge = errors.New("ine: the body is too large")

// readBody reads at most one byte more than the limit.
func readBody(r *http.Request, room []byte, limit int64) ([]byte, error) {
	if r.Body == nil {
		return room, nil
	}
	if size := r.ContentLength; size > limit {
		return room, errTooLarge
	} else if size >= 0 && int64(cap(room)) <= size {
		room = make([]byte, 0, size+1)
	}
	for {
		if len(room) == cap(room) {
			old := room
			room = append(room, 0)[:len(room)]
			clear(old)
		}
		n, err := r.Body.Read(room[len(room):cap(room)])
		room = room[:len(room)+n]
		switch {
		case int64(len(room)) > limit:
			return room, errTooLarge
		case err == io.EOF:
			return room, nil
		case err != nil:
			return room, err
		}
	}
}
