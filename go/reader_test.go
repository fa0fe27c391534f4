package ine_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

// odd is a reader that does something else than read, the n-th time.
type odd struct {
	*bytes.Reader
	at, reads atomic.Int32
	do        func() error
}

func newOdd(at int, do func() error) *odd {
	r := &odd{Reader: bytes.NewReader(inetest.Picture()), do: do}
	r.at.Store(int32(at))
	return r
}

func (r *odd) Read(p []byte) (int, error) {
	if r.reads.Add(1) == r.at.Load() {
		if err := r.do(); err != nil {
			return 0, err
		}
	}
	return r.Reader.Read(p)
}

// plain hides what a reader can do beside reading.
type plain struct{ io.Reader }

var hold = 20 * time.Second // longer than any test waits for a call that must not wait

// release ends blocked reads when the test ends.
func blocked(t *testing.T) func() error {
	released := make(chan struct{})
	t.Cleanup(func() { close(released) })
	return func() error {
		select {
		case <-released:
		case <-time.After(hold):
		}
		return io.ErrClosedPipe
	}
}

// A call ends with its context, whatever read of the caller's blocks: when the image is opened, signed or sent.
func TestReadersThatBlock(t *testing.T) {
	for name, make := range map[string]func(func() error) ine.Media{
		"stream": func(do func() error) ine.Media { return ine.Reader(plain{newOdd(1, do)}) },
		"look":   func(do func() error) ine.Media { return ine.Reader(newOdd(1, do)) },
		"sign":   func(do func() error) ine.Media { return ine.Reader(newOdd(2, do)) },
		"send":   func(do func() error) ine.Media { return ine.Reader(newOdd(4, do)) },
	} {
		t.Run(name, func(t *testing.T) {
			if name == "sign" || name == "send" {
				aboutNetHTTP(t) // libcurl's driver reads an image once, before anything is sent
			}
			noLeak(t)
			sb := inetest.NewSandbox(t)
			f := newFront(t, sb, nil)
			c := f.client(t)
			defer c.Close()
			block := blocked(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			who := sb.Person("approved")
			who.Selfie = make(func() error {
				cancel()
				return block()
			})
			_, err := c.Verify(ctx, who)
			if err == nil || !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			d := info(t, err)
			if sent := f.count("POST", "/v1/sessions"); (sent == 0) != (d.SessionID == "") || sent == 0 && d.Sent != ine.SentNo {
				t.Error(d.Sent, d.SessionID, sent)
			}
		})
	}
}

// A reader that panics, or ends its goroutine, is an error of the call, never the end of the process.
func TestReadersThatPanic(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t)
	for name, do := range map[string]func() error{
		"panic": func() error { panic("GARCIA") }, "exit": func() error { runtime.Goexit(); return nil },
	} {
		for at := 1; at <= 4; at++ {
			f := newFront(t, sb, nil)
			c := f.client(t)
			r := newOdd(at, do)
			who := sb.Person("approved")
			who.Selfie = ine.Reader(r)
			_, err := c.Verify(shortly(t), who)
			_ = c.Close()
			if overLibcurl && int32(at) > r.reads.Load() {
				continue // it reads once
			}
			d := info(t, err)
			if d.Code != ine.CodeMediaRead || f.count("POST", "/media") != 0 || containsAny(err.Error(), personal) {
				t.Error(name, at, err)
			}
			if made := f.count("POST", "/v1/sessions"); (made > 0) != (d.SessionID != "") {
				t.Errorf("%s %d: session %q after %d", name, at, d.SessionID, made)
			}
		}
		who := sb.Person("approved")
		who.Selfie = ine.Reader(plain{newOdd(1, do)})
		for range 2 { // and it stays one
			if _, err := sb.Client().Verify(shortly(t), who); !errors.Is(err, ine.CodeMediaRead) {
				t.Error(name, err)
			}
		}
	}
}

// An image that fails when the session was made: the error names the session.
func TestReadersThatFailLate(t *testing.T) {
	aboutNetHTTP(t)
	sb := inetest.NewSandbox(t)
	late := 0
	for at := 1; at <= 4; at++ {
		f := newFront(t, sb, nil)
		who := sb.Person("approved")
		who.Selfie = ine.Reader(newOdd(at, func() error { return errors.New("GARCIA.jpg is gone") }))
		_, err := f.client(t).Verify(shortly(t), who)
		d := info(t, err)
		if d.Code != ine.CodeMediaRead {
			t.Fatal(at, err)
		}
		if len(f.requests()) > 0 {
			late++
			if d.SessionID == "" || d.Step == ine.StepNone {
				t.Error(at, d.SessionID, d.Step)
			}
		} else if d.SessionID != "" || len(d.Problems) == 0 {
			t.Error(at, d.Problems)
		}
	}
	if late < 2 {
		t.Error(late)
	}
}

// A pipe can not seek: it is read like any stream.
func TestPipe(t *testing.T) {
	sb := inetest.NewSandbox(t)
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	go func() {
		_, _ = in.Write(inetest.Picture())
		_ = in.Close()
	}()
	who := sb.Person("approved")
	who.Selfie = ine.Reader(out)
	for range 2 {
		if v, err := sb.Client().Verify(shortly(t), who); err != nil || !v.Verified() {
			t.Fatal(v, err)
		}
	}
}

// A named pipe is no file to read an image from, and nobody waits for its writer.
func TestNamedPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	if _, _, err := ine.MediaDigest(ine.File(path)); !errors.Is(err, ine.CodeMediaRead) {
		t.Error(err)
	}
}

// A digest is that of the whole image, or none.
func TestDigestOfLargeImages(t *testing.T) {
	image := append(inetest.Picture(), make([]byte, 20_000_000)...)
	path := filepath.Join(t.TempDir(), "large.png")
	if err := os.WriteFile(path, image, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, one := range map[string]ine.Media{
		"file": ine.File(path), "bytes": ine.Bytes(image), "seeker": ine.Reader(bytes.NewReader(image)), "stream": ine.Reader(stream(image)),
	} {
		if given, _, err := ine.MediaDigest(one); !errors.Is(err, ine.CodeLimit) || given != "" {
			t.Error(name, given, err)
		}
	}
	small := inetest.Picture()
	want, _, err := ine.MediaDigest(ine.Bytes(small))
	if err != nil {
		t.Fatal(err)
	}
	if got, _, err := ine.MediaDigest(ine.Reader(bytes.NewReader(small))); got != want || err != nil {
		t.Error(got, err)
	}
}
