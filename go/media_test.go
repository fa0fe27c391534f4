package ine_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"image"
	"image/png"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

type ctx = context.Context

// stream is a reader that can not be read twice.
func stream(data []byte) io.Reader { return io.MultiReader(bytes.NewReader(data)) }

func pictureFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "selfie.png")
	if err := os.WriteFile(path, inetest.Picture(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Whatever an image comes from, the server gets its bytes, signed.
func TestMediaSources(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t)
	file, err := os.Open(pictureFile(t))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	behind := bytes.NewReader(append([]byte("already read"), inetest.Picture()...))
	if _, err := behind.Seek(int64(len("already read")), io.SeekStart); err != nil {
		t.Fatal(err)
	}
	for name, media := range map[string]ine.Media{
		"file": ine.File(pictureFile(t)), "bytes": ine.Bytes(inetest.Picture()), "open file": ine.Reader(file),
		"seeker": ine.Reader(bytes.NewReader(inetest.Picture())), "seeker behind": ine.Reader(behind),
		"stream": ine.Reader(stream(inetest.Picture())),
	} {
		f := newFront(t, sb, nil)
		who := sb.Person("approved")
		who.Selfie = media
		for range 2 { // a Media may be used again
			if v, err := f.client(t).Verify(shortly(t), who); err != nil || !v.Verified() {
				t.Fatal(name, v, err)
			}
		}
		for _, r := range f.requests() {
			if r.is("POST", "/media") && !bytes.Contains(r.body, []byte(base64.StdEncoding.EncodeToString(inetest.Picture()))) {
				t.Error(name, "other bytes were sent")
			}
		}
	}
}

func TestMediaThatCanNotBeRead(t *testing.T) {
	sb := inetest.NewSandbox(t)
	f := newFront(t, sb, nil)
	c := f.client(t)
	for name, media := range map[string]ine.Media{
		"missing": ine.File("/nowhere/x.jpg"), "folder": ine.File(t.TempDir()), "broken": ine.Reader(broken{}),
	} {
		who := sb.Person("approved")
		who.Selfie = media
		_, err := c.Verify(shortly(t), who)
		var input *ine.InputError
		if !errors.As(err, &input) || input.Problems[0].Code != ine.ProblemUnreadable || len(f.requests()) != 0 {
			t.Error(name, err)
		}
		if name == "missing" && !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
		if _, err := c.UploadMedia(shortly(t), testKey, media, ine.MediaOptions{}); !errors.As(err, &input) {
			t.Error(name, err)
		}
	}
	if _, err := c.UploadMedia(shortly(t), testKey, ine.Media{}, ine.MediaOptions{}); !errors.Is(err, ine.CodeArgument) {
		t.Error(err)
	}
	if !(ine.Media{}).IsZero() || !ine.Reader(nil).IsZero() || ine.Bytes(nil).IsZero() {
		t.Error("IsZero")
	}
}

// noise is a PNG of about side * side bytes: what does not belong to an image is not sent.
func noise(t testing.TB, side int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, side, side))
	random := rand.NewChaCha8([32]byte{7})
	_, _ = random.Read(img.Pix)
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("GARCIA.jpg is broken") }

// changing is an image that is another one each time it is read.
type changing struct {
	*bytes.Reader
	data  []byte
	seeks int
}

func (c *changing) Seek(offset int64, whence int) (int64, error) {
	if offset == 0 && whence == io.SeekStart {
		if c.seeks++; c.seeks > 2 {
			c.data[len(c.data)/2] ^= 1
		}
	}
	return c.Reader.Seek(offset, whence)
}

// What was signed is what is sent, or nothing is.
func TestMediaThatChanges(t *testing.T) {
	aboutNetHTTP(t) // libcurl gets a copy
	noLeak(t)
	sb := inetest.NewSandbox(t)
	f := newFront(t, sb, nil)
	data := inetest.Picture()
	who := sb.Person("approved")
	who.Selfie = ine.Reader(&changing{Reader: bytes.NewReader(data), data: data})
	c := f.client(t)
	defer c.Close()
	_, err := c.Verify(shortly(t), who)
	if !errors.Is(err, ine.CodeMediaChanged) || f.count("POST", "/media") != 0 || info(t, err).SessionID == "" {
		t.Fatal(err, f.count("POST", "/media"))
	}
}

// A file may shrink between two passes.
func TestMediaThatShrinks(t *testing.T) {
	noLeak(t)
	sb := inetest.NewSandbox(t)
	path := pictureFile(t)
	who := sb.Person("approved")
	who.Selfie = ine.File(path)
	c := sb.NewClient()
	defer c.Close()
	_, err := c.Verify(shortly(t), who, ine.OnCreated(func(ctx, ine.Session) error { return os.Truncate(path, 100) }))
	if err == nil || info(t, err).SessionID == "" {
		t.Fatal(err)
	}
}

// An upload takes the same memory whatever the image's size.
func TestUploadsInConstantMemory(t *testing.T) {
	aboutNetHTTP(t)
	sb := inetest.NewSandbox(t)
	var sent int64
	c := sb.NewClient(ine.WithHTTPClient(discard(t)),
		ine.WithOnResponse(func(_ ctx, r ine.ResponseInfo) { sent = r.BodySize }))
	measure := func(side int) uint64 {
		path := filepath.Join(t.TempDir(), "large.png")
		if err := os.WriteFile(path, noise(t, side), 0o600); err != nil {
			t.Fatal(err)
		}
		upload := func() {
			if _, err := c.UploadMedia(shortly(t), testKey, ine.File(path), ine.MediaOptions{}); !errors.Is(err, ine.CodeAuth) {
				t.Fatal(err)
			}
		}
		upload()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		upload()
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	small, large := measure(700), measure(3400)
	if sent < 4*3400*3400/3 {
		t.Fatal("the large image was not sent:", sent)
	}
	if large > small+256<<10 {
		t.Errorf("%d bytes allocated for 11 MB, %d for 0.5 MB", large, small)
	}
}
