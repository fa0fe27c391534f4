package ine

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
)

// replies end where the mark is; what is behind it belongs to nobody.
var replies = map[string]string{
	"length":    "HTTP/1.1 200 OK\r\nA: b\r\nContent-length:  4\r\n\r\nabcd|stray",
	"no body":   "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n|HTTP/1.1 200 OK\r\n",
	"chunked":   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nabcd\r\nA\r\n0123456789\r\n0\r\nT: r\r\n\r\n|stray",
	"interim":   "HTTP/1.1 103 Early\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx|stray",
	"204":       "HTTP/1.1 204 None\r\n\r\n|stray",
	"bare LF":   "HTTP/1.1 200 OK\nContent-Length: 2\n\nab|stray",
	"to close":  "HTTP/1.1 200 OK\r\n\r\nabcd and so on|",
	"no HTTP":   "SSH-2.0-x\r\nabcd and so on|",
	"no length": "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nabcd|",
	"no size":   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabcd|",
	"long line": "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("Content-Length: 1", 50) + "\r\nContent-Length: 3\r\n\r\nabc|d",
}

func TestFrame(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 2))
	for name, reply := range replies {
		own, rest, _ := strings.Cut(reply, "|")
		for range 50 {
			var f frame
			wire, taken := own+rest, 0
			for len(wire) > 0 {
				n := 1 + draw.IntN(len(wire))
				got := f.feed([]byte(wire[:n]))
				taken += got
				if got < n {
					break
				}
				wire = wire[n:]
			}
			if taken != len(own) {
				t.Fatalf("%s: %d of %d bytes", name, taken, len(own))
			}
		}
	}
}

func FuzzFrame(f *testing.F) {
	for _, reply := range replies {
		f.Add([]byte(strings.ReplaceAll(reply, "|", "")), 7)
	}
	f.Fuzz(func(t *testing.T, wire []byte, at int) {
		var whole, parts frame
		want := whole.feed(wire)
		at = min(max(at, 0), len(wire))
		got := parts.feed(wire[:at])
		if got == at {
			got += parts.feed(wire[at:])
		}
		if got != want || want > len(wire) {
			t.Fatal(want, got)
		}
	})
}

// What comes behind a reply, or before a request, is never handed on, and the connection takes no more requests.
func TestStrayBytes(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	c := &framedConn{Conn: ours, frame: frame{state: frameEnded}}
	go func() {
		_, _ = io.ReadFull(theirs, make([]byte, 3))
		_, _ = theirs.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabSECRET"))
	}()
	if _, err := c.Write([]byte("GET")); err != nil {
		t.Fatal(err)
	}
	room := make([]byte, 100)
	n, err := c.Read(room)
	if err != nil || !strings.HasSuffix(string(room[:n]), "\r\n\r\nab") || strings.Contains(string(room), "SECRET") {
		t.Fatal(string(room[:n]), err)
	}
	if n, err = c.Read(room); n != 0 || err != io.EOF {
		t.Fatal(n, err)
	}
	if _, err = c.Write([]byte("GET")); !errors.Is(err, errStray) || c.written.Load() != 3 {
		t.Fatal(err)
	}
}
