package ine

// #include "shim.h"
import "C"

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"syscall"
)

// failureNames are the failures of a transport (INE_FAIL_*), for logs.
var failureNames = map[C.int32_t]string{
	C.INE_FAIL_RESOLVE: "resolve", C.INE_FAIL_CONNECT: "connect", C.INE_FAIL_TLS: "tls",
	C.INE_FAIL_BROKEN: "broken", C.INE_FAIL_TIMEOUT: "timeout", C.INE_FAIL_TIMEOUT_NOT_SENT: "timeout_not_sent",
	C.INE_FAIL_PROTOCOL: "protocol", C.INE_FAIL_LIMIT: "limit", C.INE_FAIL_MEDIA: "media",
}

// sentWatch sees what became of one request.
type sentWatch struct {
	kept    bool        // it was never given to net/http
	got     atomic.Bool // a connection was found for it
	old     atomic.Bool // which had been used before
	wrote   atomic.Bool // its headers were handed to the connection
	tls     atomic.Bool // a TLS handshake began ...
	tlsDone atomic.Bool // ... and ended
	conn    atomic.Pointer[framedConn]
	before  atomic.Int64 // bytes that were written to the connection for requests before
	left    atomic.Bool  // middleware has sent it before, on another connection
}

func (w *sentWatch) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			if old := w.conn.Load(); w.got.Load() && (old == nil || old.written.Load() != w.before.Load()) {
				w.left.Store(true)
			}
			w.old.Store(info.Reused)
			if conn := counted(info.Conn); conn != nil {
				w.before.Store(conn.written.Load())
				w.conn.Store(conn)
			}
			w.got.Store(true)
		},
		WroteHeaders:      func() { w.wrote.Store(true) },
		TLSHandshakeStart: func() { w.tls.Store(true) },
		TLSHandshakeDone:  func(tls.ConnectionState, error) { w.tlsDone.Store(true) },
	}
}

// counted is our connection; TLS to a server behind a proxy stands above it.
func counted(conn net.Conn) *framedConn {
	if over, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = over.NetConn()
	}
	own, _ := conn.(*framedConn)
	return own
}

func (w *sentWatch) reused() bool { return w.old.Load() }

// nothing says that not a byte of the request has left: known, not guessed.
func (w *sentWatch) nothing(err error, own bool) bool {
	if w.kept {
		return true
	}
	if w.left.Load() {
		return false
	}
	if conn := w.conn.Load(); conn != nil {
		return conn.written.Load() == w.before.Load()
	}
	if w.got.Load() {
		return false
	}
	if own { // our transport reports each connection: there was none
		return true
	}
	var op *net.OpError
	var dns *net.DNSError
	return w.tls.Load() || errors.As(err, &dns) || errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
}

// kind is the failure of an attempt as the library counts them.
func (a *attempt) kind(ctx, limited context.Context, err error, mediaFailed bool) C.int32_t {
	var dns *net.DNSError
	unsent := a.sent.nothing(err, a.drive.http.own)
	late := isTimeout(err) || limited.Err() != nil
	switch {
	case mediaFailed:
		return C.INE_FAIL_MEDIA
	case errors.Is(err, errTooLong), strings.Contains(err.Error(), "response headers exceeded"):
		return C.INE_FAIL_LIMIT
	case unsent && late:
		return C.INE_FAIL_TIMEOUT_NOT_SENT
	case unsent && errors.As(err, &dns):
		return C.INE_FAIL_RESOLVE
	case unsent && isTLS(err):
		return C.INE_FAIL_TLS
	case unsent:
		return C.INE_FAIL_CONNECT
	case late:
		return C.INE_FAIL_TIMEOUT
	case isBroken(err):
		return C.INE_FAIL_BROKEN
	default:
		return C.INE_FAIL_PROTOCOL
	}
}

// networkCause is what net, crypto/tls and crypto/x509 say of a failure, for Unwrap: hosts, addresses and certificates.
// What others say (middleware, a dial of the caller's) and bytes of a reply are left out.
func networkCause(err error) error {
	var (
		op           *net.OpError
		dns          *net.DNSError
		verification *tls.CertificateVerificationError
		record       tls.RecordHeaderError
		alert        tls.AlertError
		unknown      x509.UnknownAuthorityError
		invalid      x509.CertificateInvalidError
		host         x509.HostnameError
		number       syscall.Errno
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &op) && op.Err != nil:
		inner := networkCause(op.Err)
		if inner == nil {
			return nil
		}
		return &net.OpError{Op: op.Op, Net: op.Net, Source: op.Source, Addr: op.Addr, Err: inner}
	case errors.As(err, &dns):
		return dns
	case errors.As(err, &verification):
		return verification
	case errors.As(err, &record):
		return tls.RecordHeaderError{Msg: record.Msg}
	case errors.As(err, &alert):
		return alert
	case errors.As(err, &unknown):
		return unknown
	case errors.As(err, &invalid):
		return invalid
	case errors.As(err, &host):
		return host
	case errors.As(err, &number):
		return number
	case errors.Is(err, context.DeadlineExceeded):
		return nil // of one attempt: it is not the caller's that has passed
	case errors.Is(err, io.ErrUnexpectedEOF):
		return io.ErrUnexpectedEOF
	case errors.Is(err, io.EOF):
		return io.EOF
	default:
		return nil
	}
}

func isTimeout(err error) bool {
	var e net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &e) && e.Timeout()
}

// isTLS: there is a server, but no trusted TLS with it. A handshake that breaks off is a connection that does.
func isTLS(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		record       tls.RecordHeaderError
		alert        tls.AlertError
		unknown      x509.UnknownAuthorityError
		invalid      x509.CertificateInvalidError
		host         x509.HostnameError
		remote       *net.OpError
	)
	return errors.As(err, &verification) || errors.As(err, &record) || errors.As(err, &alert) ||
		errors.As(err, &unknown) || errors.As(err, &invalid) || errors.As(err, &host) ||
		errors.As(err, &remote) && remote.Op == "remote error" || strings.Contains(err.Error(), "tls: ")
}

// isBroken tells a connection that broke from a reply that is not HTTP.
func isBroken(err error) bool {
	var number syscall.Errno
	var op *net.OpError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.As(err, &number) || errors.As(err, &op) || errors.Is(err, context.Canceled) ||
		strings.Contains(err.Error(), "server closed idle connection")
}
