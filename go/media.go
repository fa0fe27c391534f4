//go:build cgo

package ine

import (
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

func (m Media) open() (openMedia, error) { return (*show[mediaSource](m.from)).open() }

// mediaSource is opened for each call that uses it.
type mediaSource interface {
	open() (openMedia, error)
}

// openMedia is read by offset, several times.
type openMedia interface {
	size() int64
	// memory is the whole image when it is in memory, else nil.
	memory() []byte
	readAt(p []byte, offset int64) (int, error)
	close()
}

// File is an image in a file, read in constant memory whatever its size, when the call is made.
func File(path string) Media { return newMedia(fileSource(path)) }

// Bytes is an image in memory. It is not copied: leave it as it is until the call has returned.
func Bytes(image []byte) Media { return newMedia(bytesSource(image)) }

// Reader is an image from a reader. An io.ReadSeeker is read twice or more from where it stands, in constant
// memory; use it in one call at a time. Anything else is read into memory when the call is made, up to the
// vendor's limit of 20 MB, and kept for further calls with the same Media.
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

func (path fileSource) open() (openMedia, error) {
	file, err := os.Open(string(path))
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

func (f *openFile) size() int64                                { return f.n }
func (f *openFile) memory() []byte                             { return nil }
func (f *openFile) readAt(p []byte, offset int64) (int, error) { return f.file.ReadAt(p, offset) }
func (f *openFile) close()                                     { _ = f.file.Close() }

type bytesSource []byte

func (b bytesSource) open() (openMedia, error) { return b, nil }
func (b bytesSource) size() int64              { return int64(len(b)) }
func (b bytesSource) memory() []byte           { return b }
func (b bytesSource) close()                   {}

func (b bytesSource) readAt(p []byte, offset int64) (int, error) {
	if offset >= int64(len(b)) {
		return 0, io.EOF
	}
	return copy(p, b[offset:]), nil
}

// seekSource is read from where it stood when it was first used.
type seekSource struct {
	mu    sync.Mutex
	r     io.ReadSeeker
	known bool
	start int64
	n     int64
}

func (s *seekSource) open() (openMedia, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	if !s.known {
		if s.start, err = s.r.Seek(0, io.SeekCurrent); err != nil {
			return nil, unreadable(err)
		}
		s.known = true
	}
	end, err := s.r.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, unreadable(err)
	}
	s.n = max(0, end-s.start)
	return s, nil
}

func (s *seekSource) size() int64    { return s.n }
func (s *seekSource) memory() []byte { return nil }
func (s *seekSource) close()         {}

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

// streamSource is read once.
type streamSource struct {
	once sync.Once
	r    io.Reader
	data []byte
	err  error
}

func (s *streamSource) open() (openMedia, error) {
	s.once.Do(func() {
		s.data, s.err = io.ReadAll(io.LimitReader(s.r, mediaLimit+1))
		s.r = nil
	})
	if s.err != nil {
		return nil, unreadable(s.err)
	}
	return bytesSource(s.data), nil
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
	var number syscall.Errno
	if errors.As(err, &number) {
		d.cause = number
	}
	return makeError(d)
}

// inputSelfie is INE_IN_SELFIE, the field of an image in a report.
const inputSelfie = 28
