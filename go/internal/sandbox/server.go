//go:build cgo

package sandbox

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"
)

const (
	bodyMax       = 27 << 20
	deliveryPause = 20 * time.Millisecond
	deliveryTime  = 5 * time.Second
)

// ServeHTTP answers like the vendor's API.
func (c *Core) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyMax))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	status, header, reply := c.Handle(r.Method, r.URL.RequestURI(), r.Header, body, time.Now())
	for name, values := range header {
		w.Header()[name] = values
	}
	w.WriteHeader(status)
	_, _ = w.Write(reply)
}

// Deliver brings webhooks to their receivers until ctx is done.
func (c *Core) Deliver(ctx context.Context, client *http.Client) {
	for ctx.Err() == nil {
		due, ok := c.Due(time.Now())
		if ok {
			c.Delivered(due.Number, post(ctx, client, &due))
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(deliveryPause):
		}
	}
}

// post is the receiver's status, or 0.
func post(ctx context.Context, client *http.Client, d *Delivery) int {
	ctx, cancel := context.WithTimeout(ctx, deliveryTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL, bytes.NewReader(d.Body))
	if err != nil {
		return 0
	}
	r.Header = d.Header
	reply, err := client.Do(r)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(reply.Body, 1<<16))
	_ = reply.Body.Close()
	return reply.StatusCode
}
