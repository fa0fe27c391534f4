//go:build cgo

package ine

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Error is every error of this package: errors.As(err, &e) with `var e ine.Error` finds it. The types below
// are one for each class; the classes, codes and rules are those of all languages of libine (docs/output.md).
// No text of an error holds a personal value, a secret or bytes of a reply.
type Error interface {
	error
	// Info is what is known of the error.
	Info() *Details
}

// Details is what is known of an error. Not verified is a result, never an error. It prints as the sentence of
// Error, in JSON and slog as ids and codes: VendorData is in none of them. Only where it lies by value in an
// unexported field of a struct of yours, fmt asks no method: do not print such a struct.
type Details struct {
	Code       Code          // as in CodeTLS; errors.Is(err, ine.CodeTLS) asks for it
	Class      Class         // the class, which the Go type shows too
	Message    string        // one English sentence
	Hint       string        // what to do about it, or ""
	Field      string        // API path of the input that was refused, or ""
	HTTPStatus int           // of the reply, or 0
	APICode    int           // Veriff's troubleshooting code, or 0
	RetryAfter time.Duration // what the server asked for, or 0
	Step       Step          // where a verification stood
	Sent       Sent          // may the server have acted?
	Retryable  bool          // the same call may be made again
	Attempts   int           // requests that were made
	SessionID  string        // once it is known
	Offset     int64         // byte offset in the body or the input, or -1
	Problems   []Problem     // of an input that was refused
	VendorData string        // of the verification: what a lost session is found by

	transportCode int64
	json          string
	cause         error
}

// Info is what is known of the error.
func (d *Details) Info() *Details { return d }

// Error is one sentence, and each problem as field and code.
func (d *Details) Error() string {
	text := "ine: " + d.Message
	for _, p := range d.Problems {
		text += "; " + p.Field + ": " + string(p.Code)
	}
	return text
}

// Unwrap gives the cause: context.Canceled, context.DeadlineExceeded, or what the network said, as net, crypto/tls
// and crypto/x509 name it; nil when there is nothing more to say.
func (d *Details) Unwrap() error { return d.cause }

// Is finds an error by its code: errors.Is(err, ine.CodeNotFound).
func (d *Details) Is(target error) bool {
	code, ok := target.(Code)
	return ok && code == d.Code
}

// MarshalJSON is the object {"error":{...}} of docs/output.md.
func (d Details) MarshalJSON() ([]byte, error) {
	if d.json != "" {
		return []byte(d.json), nil
	}
	var status, session, field any
	if d.HTTPStatus != 0 {
		status = d.HTTPStatus
	}
	if d.SessionID != "" {
		session = d.SessionID
	}
	if d.Field != "" {
		field = d.Field
	}
	return json.Marshal(map[string]any{"error": map[string]any{
		"code": d.Code.String(), "field": field, "http_status": status, "retryable": d.Retryable,
		"sent": d.Sent.String(), "session": session, "class": className(d.Class), "message": d.Message,
	}})
}

// LogValue gives slog the ids and codes.
func (d Details) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("code", d.Code.String()), slog.String("message", d.Message)}
	if d.SessionID != "" {
		attrs = append(attrs, slog.String("session_id", d.SessionID))
	}
	if d.HTTPStatus != 0 {
		attrs = append(attrs, slog.Int("http_status", d.HTTPStatus))
	}
	return slog.GroupValue(attrs...)
}

// Format prints the sentence whatever the verb.
func (d Details) Format(f fmt.State, verb rune) { _, _ = f.Write([]byte(d.Error())) }

// Error makes a Code a target of errors.Is.
func (c Code) Error() string { return "ine: " + c.String() }

// The classes.
type (
	// GeneralError is a bug in the calling program, a limit, a setting that can not work, or no memory.
	GeneralError struct{ Details }
	// InputError is an input that was refused here: nothing was sent. Problems lists all of it.
	InputError struct{ Details }
	// AuthError is 401 or 403.
	AuthError struct{ Details }
	// NotFoundError is 404.
	NotFoundError struct{ Details }
	// ConflictError is a session in another state.
	ConflictError struct{ Details }
	// RateLimitError is 429; see RetryAfter.
	RateLimitError struct{ Details }
	// ServerError is 5xx.
	ServerError struct{ Details }
	// TransportError is no connection, no trusted TLS, or a broken connection.
	TransportError struct{ Details }
	// DeadlineError is the end of the time given to the whole operation; it is a context.DeadlineExceeded.
	DeadlineError struct{ Details }
	// CancelledError is a caller that cancelled; it is a context.Canceled, or the context's cause.
	CancelledError struct{ Details }
	// ReplyError is a reply whose signature, id or form is not right.
	ReplyError struct{ Details }
	// WebhookRefused is a webhook that is not genuine: one text, whatever the reason.
	WebhookRefused struct{ Details }
	// OutcomeUnknownError is a lost reply: a session may or may not have been made. Find it by VendorData.
	OutcomeUnknownError struct{ Details }
	// ForkedError is a call that belongs to a process that this one was forked from; it does not arise in Go.
	ForkedError struct{ Details }
)

// makeError gives details the type of their class.
func makeError(d Details) error {
	switch d.Class {
	case ClassInput:
		return &InputError{d}
	case ClassAuth:
		return &AuthError{d}
	case ClassNotFound:
		return &NotFoundError{d}
	case ClassConflict:
		return &ConflictError{d}
	case ClassRateLimit:
		return &RateLimitError{d}
	case ClassServer:
		return &ServerError{d}
	case ClassTransport:
		return &TransportError{d}
	case ClassDeadline:
		return &DeadlineError{d}
	case ClassCancelled:
		return &CancelledError{d}
	case ClassReply:
		return &ReplyError{d}
	case ClassWebhookRefused:
		return &WebhookRefused{d}
	case ClassOutcomeUnknown:
		return &OutcomeUnknownError{d}
	case ClassForked:
		return &ForkedError{d}
	default:
		return &GeneralError{d}
	}
}

func className(c Class) string { return c.String() }

// localError is an error that is found on this side, before anything was sent.
func localError(code Code, message, hint string) error {
	return makeError(Details{
		Code: code, Class: classOf(code), Message: message, Hint: hint, Sent: SentNo, Offset: -1,
	})
}

// defaultRetry is what to wait when a server that may be asked again did not say how long.
const defaultRetry = 30 * time.Second

// Retryable says whether the same call may be made again: nothing was sent, or what was sent may be
// repeated. False for nil and for errors of others.
func Retryable(err error) bool {
	var e Error
	return errors.As(err, &e) && e.Info().Retryable
}

// RetryAfter is how long to wait before a call is made again: what the server asked for, else 30 seconds.
// 0 when it may not be made again.
func RetryAfter(err error) time.Duration {
	var e Error
	if !errors.As(err, &e) || !e.Info().Retryable {
		return 0
	}
	if after := e.Info().RetryAfter; after > 0 {
		return after
	}
	return defaultRetry
}
