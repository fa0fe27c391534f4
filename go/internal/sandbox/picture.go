//go:build cgo

package sandbox

import (
	"bytes"
	"image"
	"image/png"
	"sync"
)

// Picture is a grey PNG: what a selfie looks like to a sandbox.
var Picture = sync.OnceValue(func() []byte {
	img := image.NewGray(image.Rect(0, 0, 480, 640))
	for i := range img.Pix {
		img.Pix[i] = byte(i%480 + i/480)
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&out, img); err != nil {
		panic(err) // into memory
	}
	return out.Bytes()
})
