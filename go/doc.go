//go:build cgo

// Package ine verifies people against the Mexican electoral registry (INE) through Veriff's public API v1, and reads
// the vendor's webhooks. It is not affiliated with Veriff, INE or FIMPE.
//
//	client, err := ine.New(ine.FromEnv())
//	verdict, err := client.Verify(ctx, ine.Verification{
//		CIC: "123456789", Selfie: ine.File("selfie.jpg"), Consent: ine.ConsentGiven, VendorData: userID,
//	})
//	if err == nil && verdict.Verified() { ... }
//
// What is signed, what is sent, what a reply must be and what a decision means is decided by a library in C, which lies
// beside the Go files and is the same in every language; Go carries the bytes and never parses or signs them. It needs
// cgo, a C compiler and OpenSSL's headers. docs/go.md is the guide, docs/verdict.md says how a verdict is found.
//
// Nothing here logs, prints or puts into an error a name, a number, an image, a secret or bytes of a reply: a
// Verification, a Decision and an Event print ids and the verdict only. A Verdict holds no personal data.
//
// Durations are time.Durations, sizes are bytes, times of the vendor are texts as received.
package ine
