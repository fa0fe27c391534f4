//go:build cgo

package ine

import "unsafe"

// opaque is a pointer to what is not to be found by whoever walks over a value: a secret, a person's bytes. fmt
// calls no method of what lies in an unexported field of a user's struct, and follows pointers there under %s and
// %q; reflection (a logger, a test's diff) follows them all. Behind an opaque they find an empty struct.
type opaque struct{}

func hide[T any](what *T) *opaque { return (*opaque)(unsafe.Pointer(what)) }

// show is what hide was given, of the same type.
func show[T any](o *opaque) *T { return (*T)(unsafe.Pointer(o)) }
