package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"libine.example/ine"
)

func resident() int64 {
	var size, pages int64
	text, err := os.ReadFile("/proc/self/statm")
	if err == nil {
		_, err = fmt.Sscan(string(text), &size, &pages)
	}
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// manyRows hold n verifications in flight at once in this process: memory and CPU for each.
func manyRows(quick bool) error {
	sizes := []int{100, 1000, 10000}
	if quick {
		sizes = []int{100, 1000}
	}
	url, stop, err := startServer()
	if err != nil {
		return err
	}
	defer stop()
	fmt.Println("\nverifications in flight in one process")
	for _, n := range sizes {
		if err := many(url, n); err != nil {
			return err
		}
	}
	return nil
}

func many(url string, n int) error {
	credentials, err := ine.NewCredentials(benchKey, benchSecret)
	if err != nil {
		return err
	}
	client, err := ine.New(ine.WithCredentials(credentials), ine.WithBaseURL(url), ine.WithCallTimeout(time.Minute),
		ine.WithHTTPClient(&http.Client{Transport: &http.Transport{MaxConnsPerHost: 64, MaxIdleConnsPerHost: 64}}))
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	command := func(path string) {
		if reply, err := http.Post(url+path, "text/plain", nil); err == nil {
			_ = reply.Body.Close()
		}
	}
	command("/hold")
	if _, err := client.Decision(context.Background(), sessionID); err != nil {
		return err
	}
	runtime.GC()
	debug.FreeOSMemory()
	before, used, start := resident(), cpu(), time.Now()
	var all sync.WaitGroup
	var waiting, verified atomic.Int64
	var failed atomic.Pointer[error]
	for range n {
		all.Add(1)
		go func() {
			defer all.Done()
			var once sync.Once
			v, err := client.Verify(context.Background(), person(), ine.OnProgress(func(p ine.Progress) {
				if p.Wait > 0 {
					once.Do(func() { waiting.Add(1) })
				}
			}))
			if err != nil {
				failed.Store(&err)
			} else if v.Verified() {
				verified.Add(1)
			}
		}()
	}
	for waiting.Load() < int64(n) && failed.Load() == nil {
		time.Sleep(time.Millisecond)
	}
	upTo := time.Since(start)
	runtime.GC()
	debug.FreeOSMemory()
	held := resident()
	command("/release")
	all.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	if verified.Load() != int64(n) {
		return fmt.Errorf("%d of %d verified", verified.Load(), n)
	}
	fmt.Printf("  %6d: %6.1f KB and %6.0f us of CPU a flow; all in flight after %v, all verified after %v\n", n,
		float64(held-before)/1024/float64(n), float64((cpu()-used).Microseconds())/float64(n), upTo.Round(time.Millisecond),
		time.Since(start).Round(time.Millisecond))
	return nil
}
