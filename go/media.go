//go:build cgo

package ine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"syscall"
)

// mediaLimit is the largest file that the vendor takes: a PDF of 20 MB; photographs stay below 17.9 MB.
const mediaLimit = 20_000_000

// Media is an image: File, Bytes or Reader. The zero value is none. It prints as "Media" only.
type Media struct{ from *opaque } // *mediaSource

func newMedia(source mediaSource) Media { return Media{hide(&source)} }

func (m Media) open(ctx context.Context) (openMedia, error) {
	return (*show[mediaSource](m.from)).open(ctx)
}

// mediaSource is opened for each call that uses it.
type mediaSource interface {
	open(ctx context.Context) (openMedia, error)
}

// openMedia is read by offset, several times.
type openMedia interface {
	size() int64
	// memory is the whole image when it is in memory, else nil.
	memory() []byte
	// readAt may read less; errLeft is the end of the context.
	readAt(ctx context.Context, p []byte, offset int64) (int, error)
	close()
}

// File is an image in a file, read in constant memory whatever its size, when the call is made.
func File(path string) Media { return newMedia(fileSource(path)) }

// Bytes is an image in memory. It is not copied: leave it as it is until the call has returned.
func Bytes(image []byte) Media { return newMedia(bytesSource(image)) }

// Reader is an image from a reader. An io.ReadSeeker is read twice or more from where it stands, in constant
// memory; use it in one call at a time. Anything else, a pipe too, is read into memory when the call is made, up to
// the vendor's limit of 20 MB, and kept for further calls with the same Media. A call does not wait for a Read that
// blocks when its context ends: that Read is left to itself, and may still use the reader. A Read that panics is
// CodeMediaRead.
func Reader(r io.Reader) Media {
	if r == nil {
		return Media{}
	}
	if seeker, ok := r.(io.ReadSeeker); ok {
		return newMedia(&seekSource{r: seeker})
	}
	return newMedia(&streamSource{r: r})
}

// IsZero says that there is no image.
func (m Media) IsZero() bool { return m.from == nil }

// Format prints "Media" whatever the verb: a path may hold a name.
func (m Media) Format(f fmt.State, verb rune) { _, _ = f.Write([]byte("Media")) }

// LogValue gives slog "Media".
func (m Media) LogValue() slog.Value { return slog.StringValue("Media") }

// MarshalJSON is null: images are personal data.
func (m Media) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

type fileSource string

// open does not wait for the writer of a named pipe: that is no regular file, and is refused.
func (path fileSource) open(context.Context) (openMedia, error) {
	file, err := os.OpenFile(string(path), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, unreadable(err)
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = syscall.EINVAL
	}
	if err != nil {
		_ = file.Close()
		return nil, unreadable(err)
	}
	return &openFile{file, info.Size()}, nil
}

type openFile struct {
	file *os.File
	n    int64
}

func (f *openFile) size() int64    { return f.n }
func (f *openFile) memory() []byte { return nil }
func (f *openFile) close()         { _ = f.file.Close() }

func (f *openFile) readAt(_ context.Context, p []byte, offset int64) (int, error) {
	return f.file.ReadAt(p, offset)
}

type bytesSource []byte

func (b bytesSource) open(context.Context) (openMedia, error) { return b, nil }
func (b bytesSource) size() int64                             { return int64(len(b)) }
func (b bytesSource) memory() []byte                          { return b }
func (b bytesSource) close()                                  {}

func (b bytesSource) readAt(_ context.Context, p []byte, offset int64) (int, error) {
	if offset >= int64(len(b)) {
		return 0, io.EOF
	}
	return copy(p, b[offset:]), nil
}

// seekSource is read from where it stood when it was first used.
type seekSource struct {
	mu     sync.Mutex
	r      io.ReadSeeker
	known  bool
	start  int64
	stream *streamSource // of a file that can not seek: a pipe, a terminal
}

func (s *seekSource) open(ctx context.Context) (out openMedia, err error) {
	err = aside(ctx, func() (err error) {
		out, err = s.openNow(ctx)
		return err
	}, func() {})
	if err != nil {
		return nil, notRead(ctx, err)
	}
	return out, nil
}

func (s *seekSource) openNow(ctx context.Context) (openMedia, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.known {
		start, err := s.r.Seek(0, io.SeekCurrent)
		if err != nil {
			s.stream = &streamSource{r: s.r}
		}
		s.start, s.known = start, true
	}
	if s.stream != nil {
		return s.stream.openNow()
	}
	end, err := s.r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	return &openSeek{s, max(0, end-s.start)}, nil
}

func (s *seekSource) readAt(p []byte, offset int64) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.r.Seek(s.start+offset, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(s.r, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// openSeek is a seekSource as it was when a call began.
type openSeek struct {
	from *seekSource
	n    int64
}

func (s *openSeek) size() int64    { return s.n }
func (s *openSeek) memory() []byte { return nil }
func (s *openSeek) close()         {}

// readAt reads a chunk at most, into memory of its own: a reader that is left may still write there.
func (s *openSeek) readAt(ctx context.Context, p []byte, offset int64) (int, error) {
	room := chunks.Get().(*[chunk]byte)
	done := func() {
		clear(room[:])
		chunks.Put(room)
	}
	n := 0
	err := aside(ctx, func() (err error) {
		n, err = s.from.readAt(room[:min(len(p), chunk)], offset)
		return err
	}, done)
	if errors.Is(err, errLeft) {
		return 0, err
	}
	if n < 0 || n > len(p) { // a reader that counts wrong
		n, err = 0, errPanicked
	}
	copy(p, room[:n])
	done()
	return n, err
}

// streamSource is read once.
type streamSource struct {
	mu   sync.Mutex
	r    io.Reader // nil when it was read
	data []byte
	err  error
}

func (s *streamSource) open(ctx context.Context) (out openMedia, err error) {
	err = aside(ctx, func() (err error) {
		out, err = s.openNow()
		return err
	}, func() {})
	if err != nil {
		return nil, notRead(ctx, err)
	}
	return out, nil
}

func (s *streamSource) openNow() (openMedia, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.r; r != nil {
		s.r, s.err = nil, errPanicked // unless it comes to its end
		s.data, s.err = io.ReadAll(io.LimitReader(r, mediaLimit+1))
	}
	if s.err != nil {
		return nil, s.err
	}
	return bytesSource(s.data), nil
}

// notRead is why an image was not opened: its context, or the image.
func notRead(ctx context.Context, err error) error {
	if errors.Is(err, errLeft) {
		return stopped(ctx, Details{Code: CodeCancelled, Class: ClassCancelled, Sent: SentNo, Offset: -1})
	}
	return unreadable(err)
}

// unreadable is an image that can not be read. The cause is the system's number only: a path may hold a name.
func unreadable(err error) error {
	problem := Problem{
		Field: inputNames[inputSelfie], Code: ProblemUnreadable, Severity: SeverityError,
		Hint: "the image can not be read",
	}
	d := Details{
		Code: CodeMediaRead, Class: ClassInput, Message: "an image can not be read", Field: problem.Field,
		Sent: SentNo, Offset: -1, Problems: []Problem{problem}, Hint: problem.Hint,
	}
	if errors.Is(err, errPanicked) {
		d.Hint = errPanicked.Error()
	}
	var number syscall.Errno
	if errors.As(err, &number) {
		d.cause = number
	}
	return makeError(d)
}

// inputSelfie is INE_IN_SELFIE, the field of an image in a report.
const inputSelfie = 28
