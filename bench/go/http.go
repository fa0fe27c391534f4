package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"libine.example/ine"
	"libine.example/ine/inetest"
)

// cpu is the process' user and system time.
func cpu() time.Duration {
	var use syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &use)
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

func person() ine.Verification {
	return ine.Verification{
		CIC: "123456789", VendorData: "case-1", Consent: ine.ConsentGiven, Selfie: ine.Bytes(inetest.Picture()),
	}
}

// httpRows compare a verification (four requests) with the same four requests of net/http alone: what the library
// adds in CPU, signing, reading and judging included.
func httpRows(quick bool) error {
	url, stop, err := startServer()
	if err != nil {
		return err
	}
	defer stop()
	credentials, err := ine.NewCredentials(benchKey, benchSecret)
	if err != nil {
		return err
	}
	client, err := ine.New(ine.WithCredentials(credentials), ine.WithBaseURL(url),
		ine.WithPolling(time.Millisecond, time.Millisecond))
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	transport := &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}
	defer transport.CloseIdleConnections()
	plain := &http.Client{Transport: transport}
	upload := "{\"image\":\"" + strings.Repeat("A", len(inetest.Picture())*4/3) + "\"}"
	header := http.Header{"X-Auth-Client": {benchKey}, "X-Hmac-Signature": {strings.Repeat("0", 64)}, "Content-Type": {"application/json"}}
	send := func(method, path, body string) error {
		var from io.Reader
		if body != "" {
			from = bytes.NewReader([]byte(body))
		}
		ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, method, url+path, from)
		if err != nil {
			return err
		}
		r.Header = header.Clone()
		reply, err := plain.Do(r)
		if err != nil {
			return err
		}
		_, err = io.ReadAll(reply.Body)
		_ = reply.Body.Close()
		return err
	}
	alone := func() error {
		for _, one := range [][3]string{
			{"POST", "/v1/sessions", `{"verification":{"document":{"number":"123456789"},"vendorData":"case-1"}}`},
			{"POST", "/v1/sessions/" + sessionID + "/media", upload},
			{"PATCH", "/v1/sessions/" + sessionID, `{"verification":{"status":"submitted"}}`},
			{"GET", "/v1/sessions/" + sessionID + "/decision", ""},
		} {
			if err := send(one[0], one[1], one[2]); err != nil {
				return err
			}
		}
		return nil
	}
	verify := func() error {
		v, err := client.Verify(context.Background(), person())
		if err == nil && !v.Verified() {
			err = fmt.Errorf("not verified: %v", v)
		}
		return err
	}
	poll := func() error {
		_, err := client.Decision(context.Background(), sessionID)
		return err
	}
	get := func() error { return send("GET", "/v1/sessions/"+sessionID+"/decision", "") }
	for _, at := range []struct {
		title    string
		ours     func() error
		theirs   func() error
		requests int
		inFlight int
	}{
		{"decision, one after another", poll, get, 1, 1}, {"decision, 64 in flight", poll, get, 1, 64},
		{"verification (4 requests), one after another", verify, alone, 4, 1},
		{"verification (4 requests), 64 in flight", verify, alone, 4, 64},
	} {
		if err := compareCPU(at.title, at.ours, at.theirs, at.requests, at.inFlight, quick); err != nil {
			return err
		}
	}
	return nil
}

func compareCPU(title string, ours, theirs func() error, requests, inFlight int, quick bool) error {
	rounds, each := 15, 256
	if quick {
		rounds, each = 3, 64
	}
	measure := func(do func() error) (float64, error) {
		var all sync.WaitGroup
		var failed error
		var once sync.Once
		start := cpu()
		for range inFlight {
			all.Add(1)
			go func() {
				defer all.Done()
				for range each / inFlight {
					if err := do(); err != nil {
						once.Do(func() { failed = err })
						return
					}
				}
			}()
		}
		all.Wait()
		return float64((cpu() - start).Nanoseconds()) / float64(each/inFlight*inFlight*requests), failed
	}
	var a, b []float64
	for range rounds {
		x, err := measure(ours)
		if err != nil {
			return err
		}
		y, err := measure(theirs)
		if err != nil {
			return err
		}
		a, b = append(a, x), append(b, y)
	}
	slices.Sort(a)
	slices.Sort(b)
	x, y := a[len(a)/2], b[len(b)/2]
	fmt.Printf("\n%s\n  %-36s %8.1f us of CPU a request\n  %-36s %8.1f us of CPU a request (%+.1f %%)\n", title, "net/http alone", y/1000,
		"ine", x/1000, (x/y-1)*100)
	return nil
}
