package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"libine.example/ine"
)

// mediaSide gives an image of 3 MB.
const mediaSide = 1732

// noise is a PNG of about side * side bytes: what does not belong to an image is not sent.
func noise(side int) ([]byte, error) {
	img := image.NewGray(image.Rect(0, 0, side, side))
	random := rand.NewChaCha8([32]byte{7})
	_, _ = random.Read(img.Pix)
	var out bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&out, img)
	return out.Bytes(), err
}

// sink reads a request's body as fast as it comes and refuses the key: what is measured is the body.
type sink struct{ room []byte }

func (s *sink) RoundTrip(r *http.Request) (*http.Response, error) {
	for {
		if _, err := r.Body.Read(s.room); err != nil {
			if err == io.EOF {
				err = nil
			}
			return &http.Response{StatusCode: 401, Header: http.Header{}, Body: http.NoBody}, err
		}
	}
}

// mediaRows measure an image from a file to a signed body that has been read.
func mediaRows() error {
	folder, err := os.MkdirTemp("", "ine-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	path := filepath.Join(folder, "selfie.png")
	picture, err := noise(mediaSide)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, picture, 0o600); err != nil {
		return err
	}
	to := &sink{make([]byte, 32<<10)}
	credentials, err := ine.NewCredentials(benchKey, benchSecret)
	if err != nil {
		return err
	}
	client, err := ine.New(ine.WithCredentials(credentials), ine.WithBaseURL("https://api.example.test"),
		ine.WithHTTPClient(&http.Client{Transport: to}))
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	refusedKey := func(err error) error {
		if errors.Is(err, ine.CodeAuth) {
			return nil
		}
		return errors.Join(err, errRefused)
	}
	type content struct {
		Image struct {
			Context string `json:"context"`
			Content string `json:"content"`
		} `json:"image"`
	}
	send := func(body []byte) error {
		mac := hmac.New(sha256.New, []byte(benchSecret))
		mac.Write(body)
		r, err := http.NewRequest(http.MethodPost, "https://api.example.test/v1/sessions/x/media", bytes.NewReader(body))
		if err != nil {
			return err
		}
		r.Header.Set("X-Hmac-Signature", hex.EncodeToString(mac.Sum(nil)))
		_, err = to.RoundTrip(r)
		return err
	}
	return interleave("media, "+strconv.Itoa(len(picture))+" bytes from a file, signed and sent", []row{
		{"ine UploadMedia(File)", func() error {
			_, err := client.UploadMedia(context.Background(), benchKey, ine.File(path), ine.MediaOptions{})
			return refusedKey(err)
		}},
		{"ine UploadMedia(Bytes)", func() error {
			_, err := client.UploadMedia(context.Background(), benchKey, ine.Bytes(picture), ine.MediaOptions{})
			return refusedKey(err)
		}},
		{"ReadFile, EncodeToString, json.Marshal", func() error {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			var c content
			c.Image.Context = "face"
			c.Image.Content = "data:image/png;base64," + base64.StdEncoding.EncodeToString(data)
			body, err := json.Marshal(c)
			if err != nil {
				return err
			}
			return send(body)
		}},
		{"by hand, one buffer", func() error {
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			const head = `{"image":{"context":"face","content":"data:image/png;base64,`
			body := make([]byte, 0, len(head)+base64.StdEncoding.EncodedLen(len(data))+3)
			body = base64.StdEncoding.AppendEncode(append(body, head...), data)
			return send(append(body, `"}}`...))
		}},
	})
}
