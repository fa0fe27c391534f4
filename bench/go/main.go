// Command bench measures the Go rows of the speed targets beside their peers, interleaved in one run:
//
//	cd bench/go && go run . [quick] [webhook] [media] [http] [many]
package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"
)

// row is one way to do a thing.
type row struct {
	name string
	do   func() error
}

var rounds = 41

const atLeast = 4 * time.Millisecond

// interleave times all rows in turn, round after round, so that noise strikes all alike, and prints medians.
func interleave(title string, rows []row) error {
	batch := make([]int, len(rows))
	for i, one := range rows {
		n, start := 0, time.Now()
		for time.Since(start) < 5*atLeast {
			if err := one.do(); err != nil {
				return fmt.Errorf("%s: %w", one.name, err)
			}
			n++
		}
		batch[i] = max(1, n/5)
	}
	times := make([][]float64, len(rows))
	for range rounds {
		for i, one := range rows {
			start := time.Now()
			for range batch[i] {
				if err := one.do(); err != nil {
					return err
				}
			}
			times[i] = append(times[i], float64(time.Since(start).Nanoseconds())/float64(batch[i]))
		}
	}
	fmt.Printf("\n%s\n", title)
	var first float64
	for i, one := range rows {
		slices.Sort(times[i])
		median := times[i][len(times[i])/2]
		if i == 0 {
			first = median
		}
		fmt.Printf("  %-36s %12.2f us  %6.2fx  allocations %.0f\n", one.name, median/1000, median/first, allocations(one.do))
	}
	return nil
}

func allocations(do func() error) float64 {
	const calls = 50
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range calls {
		_ = do()
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / calls
}

func main() {
	sample, err := os.ReadFile("../../tests/payloads/decision_approved_all_checks.json")
	if err == nil {
		err = run(sample, os.Args[1:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(sample []byte, chosen []string) error {
	if len(chosen) == 1 && chosen[0] == "serve" {
		return serve(sample)
	}
	quick := len(chosen) > 0 && chosen[0] == "quick"
	if quick {
		chosen, rounds = chosen[1:], 3
	}
	fmt.Printf("%s %s/%s, %d CPUs; medians of %d interleaved rounds; the ratio is to the first row\n", runtime.Version(),
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), rounds)
	for _, part := range []struct {
		name string
		do   func() error
	}{
		{"webhook", func() error { return webhookRows(sample) }},
		{"media", mediaRows},
		{"http", func() error { return httpRows(quick) }},
		{"many", func() error { return manyRows(quick) }},
	} {
		if len(chosen) > 0 && !slices.Contains(chosen, part.name) {
			continue
		}
		if err := part.do(); err != nil {
			return err
		}
	}
	return nil
}
