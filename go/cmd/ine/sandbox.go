package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"libine.example/ine"
	"libine.example/ine/internal/sandbox"
)

// sandbox is the vendor's API on this machine until it is interrupted.
func (p *program) sandbox(ctx context.Context, arguments []string) (int, error) {
	set := p.flags("sandbox", false)
	port := set.Int("port", 0, "port on 127.0.0.1; 0: any that is free")
	seed := set.Uint64("seed", 1, "equal seeds give equal keys and ids")
	webhook := set.String("webhook", "", "http URL that gets the decisions")
	if _, err := parse(set, arguments, 0); err != nil {
		return refused, err
	}
	core, err := sandbox.NewCore(*seed)
	if err != nil {
		return trouble, err
	}
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(*port)))
	if err != nil {
		return refused, err
	}
	url := "http://" + listener.Addr().String()
	core.SetBaseURL(url)
	key, secret, _ := core.Integration(ine.ProductMXINE)
	if *webhook != "" {
		if !core.WebhookURL(key, "decision", *webhook) {
			return refused, errors.New("the sandbox does not take this URL")
		}
		go core.Deliver(ctx, &http.Client{Transport: &http.Transport{}})
	}
	p.print(fmt.Sprintf("INE_BASE_URL=%s\nINE_API_KEY=%s\nINE_SECRET=%s", url, key, secret))
	p.print("# portal: " + url + "/portal   Ctrl-C ends it")
	server := &http.Server{Handler: p.logged(core), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return trouble, err
	}
	return verified, nil
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// logged prints a line for each request.
func (p *program) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := &statusWriter{ResponseWriter: w}
		next.ServeHTTP(s, r)
		p.print(fmt.Sprintf("%s %s %d", r.Method, r.URL.Path, s.status))
	})
}
