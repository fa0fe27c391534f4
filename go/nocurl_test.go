//go:build !ine_curl

package ine_test

const overLibcurl = false
