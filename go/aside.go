//go:build cgo

package ine

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// errLeft is a reader of the caller's that was still reading when its context was done.
var errLeft = errors.New("ine: the context ended before the reader did")

// errPanicked is a reader of the caller's that panicked, or left its goroutine. What it panicked with may be personal.
var errPanicked = errors.New("the reader panicked")

// grace is what a read has to end in when its context is done: one that does not block will, and then nothing of
// it goes on when the call has returned.
const grace = 25 * time.Millisecond

// aside runs what may block or panic, for it is the caller's, on a goroutine of its own when there is a context to
// end it. It leaves that goroutine to itself with errLeft; `late` is then called there when `do` ends at last. What
// `do` writes may be looked at unless the error is errLeft.
func aside(ctx context.Context, do func() error, late func()) error {
	if ctx.Done() == nil {
		return do()
	}
	const ended, left = 1, 2
	var state atomic.Int32
	result := make(chan error, 1)
	go func() {
		err := errPanicked
		defer func() {
			_ = recover()
			if state.CompareAndSwap(0, ended) {
				result <- err
			} else {
				late()
			}
		}()
		err = do()
	}()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case err := <-result:
		return err
	case <-timer.C:
	}
	if state.CompareAndSwap(0, left) {
		return errLeft
	}
	return <-result
}
