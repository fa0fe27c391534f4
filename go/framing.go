//go:build cgo

package ine

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strconv"
	"sync/atomic"
)

// framedConn is a connection as net/http sees it, above TLS. It counts what is written, so that "nothing was
// sent" is a fact. And it ends where a reply ends: net/http logs bytes that come behind a reply ("Unsolicited
// response received on idle HTTP channel starting with ..."), which can be a part of a person's decision. Here
// such bytes never reach it: the connection reads as closed.
type framedConn struct {
	net.Conn
	written atomic.Int64
	expects atomic.Bool // a request was written and its reply has not ended
	stray   atomic.Bool // bytes came that belong to no reply
	frame   frame       // of the one goroutine that reads
}

var errStray = errors.New("ine: the server sent more than a reply")

func (c *framedConn) Write(p []byte) (int, error) {
	if c.stray.Load() {
		return 0, errStray
	}
	c.expects.Store(true)
	c.written.Add(int64(len(p))) // before they go: a reply may be read before this goroutine runs again
	n, err := c.Conn.Write(p)
	c.written.Add(int64(n - len(p)))
	return n, err
}

func (c *framedConn) Read(p []byte) (int, error) {
	if c.stray.Load() {
		return 0, io.EOF
	}
	n, err := c.Conn.Read(p)
	if n == 0 {
		return n, err
	}
	if c.frame.state == frameEnded && c.expects.Load() {
		c.frame = frame{}
	}
	own := c.frame.feed(p[:n])
	if c.frame.state == frameEnded && own > 0 {
		c.expects.Store(false)
	}
	if own == n {
		return n, err
	}
	c.stray.Store(true)
	clear(p[own:n])
	if own == 0 {
		return 0, io.EOF
	}
	return own, nil
}

// Where a reply stands.
const (
	frameHead    = iota // status line and headers
	frameBody           // `left` bytes
	frameSize           // the line of a chunk's size
	frameChunk          // `left` bytes of a chunk
	frameMark           // the line end behind a chunk
	frameTrailer        // lines behind the last chunk
	frameClose          // until the connection closes, or not HTTP: net/http keeps no such connection
	frameEnded
)

// lineMost is how much of a line is looked at: enough for the headers that frame a reply.
const lineMost = 64

// frame follows a reply (RFC 9112, 6), however its bytes come.
type frame struct {
	state   int
	left    int64
	line    [lineMost]byte
	lineLen int
	lines   int
	status  int
	length  int64 // + 1
	chunked bool
}

// feed says how many of the bytes belong to the reply.
func (f *frame) feed(p []byte) int {
	at := 0
	for at < len(p) && f.state != frameEnded {
		switch f.state {
		case frameClose:
			return len(p)
		case frameBody, frameChunk:
			n := int(min(f.left, int64(len(p)-at)))
			at += n
			if f.left -= int64(n); f.left == 0 {
				f.dataEnded()
			}
		default:
			end := bytes.IndexByte(p[at:], '\n')
			part := p[at:]
			if end >= 0 {
				part = p[at : at+end+1]
			}
			at += len(part)
			f.lineLen += copy(f.line[f.lineLen:], part)
			if end >= 0 {
				f.lineEnded(bytes.TrimSpace(f.line[:f.lineLen]))
				f.lineLen = 0
			}
		}
	}
	return at
}

func (f *frame) dataEnded() {
	if f.state == frameChunk {
		f.state = frameMark
		return
	}
	f.state = frameEnded
}

func (f *frame) lineEnded(line []byte) {
	switch f.state {
	case frameHead:
		f.headLine(line)
	case frameMark:
		f.state = frameSize
	case frameSize:
		digits, _, _ := bytes.Cut(line, []byte{';'})
		size, err := strconv.ParseInt(string(bytes.TrimSpace(digits)), 16, 64)
		switch {
		case err != nil || size < 0:
			f.state = frameClose
		case size == 0:
			f.state = frameTrailer
		default:
			f.state, f.left = frameChunk, size
		}
	case frameTrailer:
		if len(line) == 0 {
			f.state = frameEnded
		}
	}
}

func (f *frame) headLine(line []byte) {
	f.lines++
	switch {
	case f.lines == 1:
		_, rest, _ := bytes.Cut(line, []byte{' '})
		digits, _, _ := bytes.Cut(bytes.TrimSpace(rest), []byte{' '})
		status, err := strconv.Atoi(string(digits))
		if err != nil {
			f.state = frameClose
		}
		f.status = status
	case len(line) == 0:
		f.headEnded()
	default:
		name, value, _ := bytes.Cut(line, []byte{':'})
		value = bytes.TrimSpace(value)
		if bytes.EqualFold(name, []byte("Content-Length")) {
			length, err := strconv.ParseInt(string(value), 10, 64)
			if err != nil || length < 0 {
				f.state = frameClose
				return
			}
			f.length = length + 1
		} else if bytes.EqualFold(name, []byte("Transfer-Encoding")) {
			f.chunked = true
		}
	}
}

func (f *frame) headEnded() {
	switch {
	case f.status < 200 && f.status != 101:
		*f = frame{} // the reply comes behind an interim one
	case f.status == 204 || f.status == 304:
		f.state = frameEnded
	case f.chunked:
		f.state = frameSize
	case f.length > 1:
		f.state, f.left = frameBody, f.length-1
	case f.length == 1:
		f.state = frameEnded
	default:
		f.state = frameClose
	}
}
