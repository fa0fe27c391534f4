// Package bridge lets the sandbox of this module see what package ine keeps to itself.
package bridge

import "unsafe"

// Handle is the library's handle and the API key of *ine.Credentials; nil for anything else. Whoever uses
// the handle keeps the credentials alive. Set by package ine.
var Handle func(credentials any) (unsafe.Pointer, string)

// ClientOptions are settings (ine.Option) of every client that inetest makes, for this module's own tests.
var ClientOptions []any
