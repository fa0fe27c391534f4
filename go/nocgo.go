//go:build !cgo

package ine

// libine is C inside. This line does not compile on purpose, so that its text is what you read.
var _ int = "libine needs cgo: set CGO_ENABLED=1 and install a C compiler and OpenSSL's headers (Debian: apt-get install gcc libssl-dev)"
