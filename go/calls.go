package ine

// #include "shim.h"
import "C"

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unsafe"
)

// call begins a single request.
func (op *operation) call(call C.int32_t) error {
	var failed *C.ine_error
	if code := C.ine_request_new(&op.request, call, &failed); code != C.INE_OK {
		return failure(code, failed)
	}
	return nil
}

func (op *operation) text(input C.int32_t, value string) error {
	set := setText(func(id C.int32_t, p *C.char, n C.size_t, failed **C.ine_error) C.int32_t {
		return C.ine_request_set_text(op.request, id, p, n, failed)
	})
	return set.put(input, value)
}

// close gives back what an operation holds, once.
func (op *operation) close() {
	C.ine_request_free(op.request)
	op.request = nil
	op.job.close()
	op.job = nil
	if op.media != nil {
		op.media.close()
		op.media = nil
	}
}

// simple makes a request with texts: pairs of an input and its value.
type input struct {
	id   C.int32_t
	text string
}

func (c *Client) simple(ctx context.Context, name string, call C.int32_t, inputs ...input) (*Decision, error) {
	op := &operation{name: name}
	err := op.call(call)
	for _, in := range inputs {
		if err == nil {
			err = op.text(in.id, in.text)
		}
	}
	if err != nil {
		op.close()
		return nil, c.failed(ctx, op, err)
	}
	r, err := c.run(ctx, op)
	return r.decision, err
}

func (c *Client) bySession(ctx context.Context, name string, call C.int32_t, id string, more ...input) (*Decision, error) {
	return c.simple(ctx, name, call, append([]input{{C.INE_IN_SESSION_ID, id}}, more...)...)
}

// CreateSession is POST /v1/sessions by itself: the reply names the session.
func (c *Client) CreateSession(ctx context.Context, who Verification) (*Decision, error) {
	op := &operation{name: "create_session", vendorData: who.VendorData}
	job, err := newJobTexts(&who)
	if err == nil {
		op.job = job
		err = op.call(C.INE_CALL_CREATE_SESSION)
	}
	if err == nil {
		var failed *C.ine_error
		if code := C.ine_request_set_verification(op.request, job.handle, &failed); code != C.INE_OK {
			err = failure(code, failed)
		}
	}
	if err != nil {
		op.close()
		return nil, c.failed(ctx, op, err)
	}
	r, err := c.run(ctx, op)
	return r.decision, err
}

// MediaContext is what an image shows.
type MediaContext int32

// Contexts of images.
const (
	MediaFace          MediaContext = 1
	MediaDocumentFront MediaContext = 2
	MediaDocumentBack  MediaContext = 3
)

// MediaOptions are settings of UploadMedia; the zero value is the default.
type MediaOptions struct {
	Context     MediaContext // [MediaFace]
	ContextName string       // a documented context that has no constant
	Timestamp   time.Time    // when the image was taken
}

// UploadMedia is POST /v1/sessions/{id}/media by itself.
func (c *Client) UploadMedia(ctx context.Context, sessionID string, image Media, options MediaOptions) (*Decision, error) {
	op := &operation{name: "upload_media"}
	op.prepare = func(ctx context.Context) error { return fillUpload(ctx, op, sessionID, image, &options) }
	r, err := c.run(ctx, op)
	return r.decision, err
}

func fillUpload(ctx context.Context, op *operation, sessionID string, image Media, options *MediaOptions) error {
	if image.IsZero() {
		return localError(CodeArgument, "no image", "ine.File(), ine.Bytes() or ine.Reader()")
	}
	if err := op.call(C.INE_CALL_UPLOAD_MEDIA); err != nil {
		return err
	}
	if err := op.text(C.INE_IN_SESSION_ID, sessionID); err != nil {
		return err
	}
	if err := op.text(C.INE_IN_MEDIA_CONTEXT, options.ContextName); err != nil {
		return err
	}
	if !options.Timestamp.IsZero() {
		stamp := options.Timestamp.UTC().Format("2006-01-02T15:04:05.000Z")
		if err := op.text(C.INE_IN_MEDIA_TIMESTAMP, stamp); err != nil {
			return err
		}
	}
	open, err := image.open(ctx)
	if err != nil {
		return err
	}
	op.media = open
	var failed *C.ine_error
	op.context = C.int32_t(max(options.Context, MediaFace))
	if code := C.ine_request_set_media_source(op.request, op.context, C.uint64_t(open.size()), &failed); code != C.INE_OK {
		return failure(code, failed)
	}
	return nil
}

// Submit is PATCH /v1/sessions/{id}: the images are there.
func (c *Client) Submit(ctx context.Context, sessionID string) (*Decision, error) {
	return c.bySession(ctx, "submit", C.INE_CALL_SUBMIT, sessionID)
}

// Decision is GET /v1/sessions/{id}/decision: its Verdict is Pending until it is decided.
func (c *Client) Decision(ctx context.Context, sessionID string) (*Decision, error) {
	return c.bySession(ctx, "decision", C.INE_CALL_DECISION, sessionID)
}

// INERegistry is GET /v1/sessions/{id}/decision/ine-registry, of the legacy product. `version` "" is 1.0.0.
func (c *Client) INERegistry(ctx context.Context, sessionID, version string) (*Decision, error) {
	return c.bySession(ctx, "ine_registry", C.INE_CALL_INE_REGISTRY, sessionID, input{C.INE_IN_VERSION, version})
}

// CURPRegistry is GET /v1/sessions/{id}/decision/curp-registry. `version` "" is 1.0.0.
func (c *Client) CURPRegistry(ctx context.Context, sessionID, version string) (*Decision, error) {
	return c.bySession(ctx, "curp_registry", C.INE_CALL_CURP_REGISTRY, sessionID, input{C.INE_IN_VERSION, version})
}

// INECURPRegistry is GET /v1/sessions/{id}/decision/combined-ine-curp-registry. `version` "" is 1.0.0.
func (c *Client) INECURPRegistry(ctx context.Context, sessionID, version string) (*Decision, error) {
	return c.bySession(ctx, "ine_curp_registry", C.INE_CALL_INE_CURP_REGISTRY, sessionID,
		input{C.INE_IN_VERSION, version})
}

// MediaList is GET /v1/sessions/{id}/media: Decision.List(ListImages).
func (c *Client) MediaList(ctx context.Context, sessionID string) (*Decision, error) {
	return c.bySession(ctx, "media_list", C.INE_CALL_MEDIA_LIST, sessionID)
}

// Attempts is GET /v1/sessions/{id}/attempts: Decision.List(ListAttempts).
func (c *Client) Attempts(ctx context.Context, sessionID string) (*Decision, error) {
	return c.bySession(ctx, "attempts", C.INE_CALL_ATTEMPTS, sessionID)
}

// AttemptMedia is GET /v1/attempts/{id}/media.
func (c *Client) AttemptMedia(ctx context.Context, attemptID string) (*Decision, error) {
	return c.simple(ctx, "attempt_media", C.INE_CALL_ATTEMPT_MEDIA, input{C.INE_IN_ATTEMPT_ID, attemptID})
}

// Person is GET /v1/sessions/{id}/person.
func (c *Client) Person(ctx context.Context, sessionID string) (*Decision, error) {
	return c.bySession(ctx, "person", C.INE_CALL_PERSON, sessionID)
}

// Watchlist is GET /v1/sessions/{id}/watchlist-screening.
func (c *Client) Watchlist(ctx context.Context, sessionID string) (*Decision, error) {
	return c.bySession(ctx, "watchlist", C.INE_CALL_WATCHLIST, sessionID)
}

// CollectedData is POST /v1/sessions/{id}/collected-data; the body is a JSON object and is sent as it is.
func (c *Client) CollectedData(ctx context.Context, sessionID string, body []byte) (*Decision, error) {
	return c.bySession(ctx, "collected_data", C.INE_CALL_COLLECTED_DATA, sessionID, input{C.INE_IN_BODY, asText(body)})
}

// DownloadMedia is GET /v1/media/{id}: Decision.Bytes is the image. At most 32 MB.
func (c *Client) DownloadMedia(ctx context.Context, mediaID string) (*Decision, error) {
	return c.simple(ctx, "download_media", C.INE_CALL_DOWNLOAD_MEDIA, input{C.INE_IN_MEDIA_ID, mediaID})
}

// DeleteSession is DELETE /v1/sessions/{id}.
func (c *Client) DeleteSession(ctx context.Context, sessionID string) (*Decision, error) {
	return c.bySession(ctx, "delete_session", C.INE_CALL_DELETE_SESSION, sessionID)
}

// RawCall is a call of an endpoint without a typed form. What is signed follows from the method: the body for
// POST and PATCH, the id for GET and DELETE. It prints as method and path only, in JSON too.
type RawCall struct {
	Method string // GET, POST, PATCH or DELETE
	Path   string // template, as in /v1/sessions/{id}/person
	ID     string // UUID in the place of {id}
	Query  string // without '?'
	Body   []byte // JSON object, sent as it is
}

// String is method and path.
func (r RawCall) String() string { return "RawCall(" + r.Method + " " + r.Path + ")" }

// Format prints method and path whatever the verb.
func (r RawCall) Format(f fmt.State, verb rune) { _, _ = f.Write([]byte(r.String())) }

// LogValue gives slog method and path.
func (r RawCall) LogValue() slog.Value { return slog.StringValue(r.String()) }

// MarshalJSON is method and path.
func (r RawCall) MarshalJSON() ([]byte, error) { return json.Marshal(r.String()) }

var rawCalls = map[string]C.int32_t{
	"GET": C.INE_CALL_RAW_GET, "POST": C.INE_CALL_RAW_POST, "PATCH": C.INE_CALL_RAW_PATCH,
	"DELETE": C.INE_CALL_RAW_DELETE,
}

// Raw makes a signed call of an endpoint without a typed form.
func (c *Client) Raw(ctx context.Context, call RawCall) (*Decision, error) {
	number, ok := rawCalls[strings.ToUpper(call.Method)]
	if !ok {
		return nil, localError(CodeArgument, "no such method", "methods are GET, POST, PATCH and DELETE")
	}
	return c.simple(ctx, "raw", number, input{C.INE_IN_PATH, call.Path}, input{C.INE_IN_SESSION_ID, call.ID},
		input{C.INE_IN_QUERY, call.Query}, input{C.INE_IN_BODY, asText(call.Body)})
}

// asText is bytes as a string for the time of one call.
func asText(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// lower is a UUID in lower case.
func lower(id string) string { return strings.ToLower(id) }
