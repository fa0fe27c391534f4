package ine

// #include "shim.h"
import "C"

import (
	"context"
	"errors"
	"io"
	"sync"
)

// chunks are buffers for images and replies.
var chunks = sync.Pool{New: func() any { return new([chunk]byte) }}

// errDetached is what net/http reads from a body whose attempt is over.
var errDetached = errors.New("ine: the attempt is over")

// uploadBody is the body of an upload: the library makes it from the image as net/http reads it. net/http reads
// on a goroutine of its own, also after RoundTrip has returned: detach ends that.
type uploadBody struct {
	mu       sync.Mutex
	ctx      context.Context // of the attempt
	exchange *C.ine_exchange // nil: detached
	media    openMedia
	failed   bool      // the image could not be read
	room     mediaRoom // of the goroutine that reads
}

func (b *uploadBody) Read(p []byte) (int, error) {
	for {
		n, offset, most, err := b.produce(p)
		if n == 0 && err == nil {
			if err = b.consume(offset, most); err == nil {
				continue
			}
		}
		if err != nil {
			b.room.release()
		}
		return n, err
	}
}

// produce makes the next bytes; with none and no error, the image is wanted from `offset` on.
func (b *uploadBody) produce(p []byte) (n int, offset, most int64, err error) {
	var (
		written   C.size_t
		want      C.int32_t
		from, n64 C.int64_t
	)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.exchange == nil {
		return 0, 0, 0, errDetached
	}
	room, size := memory(p)
	code := C.ine_exchange_read(b.exchange, room, size, &written, &want, &from, &n64, nil)
	switch {
	case code != C.INE_OK:
		return 0, 0, 0, errMediaChanged
	case written > 0:
		return int(written), 0, 0, nil
	case want == C.INE_WANT_MEDIA:
		return 0, int64(from), int64(n64), nil
	default:
		return 0, 0, 0, io.EOF
	}
}

// errMediaChanged: the image differs from what was signed; the library has ended the exchange.
var errMediaChanged = errors.New("ine: the media changed between signing and sending")

// consume reads the image without holding the lock, for a reader may block.
func (b *uploadBody) consume(offset, most int64) error {
	data, err := b.room.read(b.ctx, b.media, offset, most)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.exchange == nil {
		return errDetached
	}
	if err != nil {
		b.failed = !errors.Is(err, errLeft)
		return err
	}
	p, n := memory(data)
	if C.ine_exchange_feed_media(b.exchange, p, n, nil) != C.INE_OK {
		return errMediaChanged
	}
	return nil
}

// Close is called by net/http when it reads no more: what it still holds is left to the collector otherwise.
func (b *uploadBody) Close() error { return nil }

// WriteTo spares io.Copy its buffer: the body is made in one of ours, and cleared.
func (b *uploadBody) WriteTo(w io.Writer) (total int64, err error) {
	room := chunks.Get().(*[chunk]byte)
	defer func() {
		clear(room[:])
		chunks.Put(room)
	}()
	for {
		n, err := b.Read(room[:])
		if n > 0 {
			wrote, failed := w.Write(room[:n])
			total += int64(wrote)
			if failed != nil {
				return total, failed
			}
		}
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
}

// detach returns when no read is under way in the library, and lets none begin.
func (b *uploadBody) detach() (failed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.exchange = nil
	return b.failed
}

// nothing is the body of GET and DELETE. net/http repeats requests without a body by itself when a connection
// that it reuses breaks; a body that it can not rewind keeps that from happening. Only the library repeats.
type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, io.EOF }
func (nothing) Close() error             { return nil }

// WriteTo spares io.Copy its buffer.
func (nothing) WriteTo(io.Writer) (int64, error) { return 0, nil }
