package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
)

const sessionID = "12df6045-3846-4e45-946a-14fa6136d78b"

// serve answers with canned, signed replies in a process of its own, until its standard input ends.
func serve(approved []byte) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	sign := func(body string) []string {
		mac := hmac.New(sha256.New, []byte(benchSecret))
		mac.Write([]byte(body))
		return []string{hex.EncodeToString(mac.Sum(nil))}
	}
	created := `{"status":"success","verification":{"id":"` + sessionID + `","url":"https://x.example/v/t","status":"created"}}`
	media := `{"status":"success","image":{"context":"face","id":"` + sessionID + `","size":1}}`
	submitted := strings.Replace(created, `"created"`, `"submitted"`, 1)
	pending := `{"status":"success","verification":null}`
	done := strings.Replace(string(approved), "12df6045-3846-3e45-946a-14fa6136d78b", sessionID, 1)
	type canned struct {
		body string
		sign []string
	}
	make := func(body string) canned { return canned{body, sign(body)} }
	replies := map[string]canned{
		"POST /v1/sessions": make(created), "POST /v1/sessions/" + sessionID + "/media": make(media),
		"PATCH /v1/sessions/" + sessionID: make(submitted),
	}
	waiting, decided := make(pending), make(done)
	var holds atomic.Bool
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		one, ok := replies[r.Method+" "+r.URL.Path]
		switch {
		case r.URL.Path == "/hold":
			holds.Store(true)
		case r.URL.Path == "/release":
			holds.Store(false)
		case !ok && holds.Load():
			one = waiting
		case !ok:
			one = decided
		}
		w.Header()["X-Hmac-Signature"] = one.sign
		w.Header()["Content-Type"] = []string{"application/json"}
		_, _ = io.WriteString(w, one.body)
	})
	go func() { _ = http.Serve(listener, handler) }()
	fmt.Println("http://" + listener.Addr().String())
	_, _ = io.Copy(io.Discard, os.Stdin)
	return nil
}

// startServer runs this program as a server; the returned function ends it.
func startServer() (url string, stop func(), err error) {
	command := exec.Command(os.Args[0], "serve")
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := command.Start(); err != nil {
		return "", nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	stop = func() {
		_ = in.Close()
		_ = command.Wait()
	}
	if err != nil {
		stop()
		return "", nil, err
	}
	return strings.TrimSpace(line), stop, nil
}
