package ine

// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"unsafe"

	"libine.example/ine/internal/bridge"
)

// Credentials are the API key and the secrets of one integration. They are immutable, may be shared, and
// print their label only.
type Credentials struct {
	label string
	keys  *opaque // *keys
}

// keys are the secret part; copies of a Credentials share it.
type keys struct {
	handle *C.ine_credentials
	key    string
}

// secrets are never nil: without a handle, the library refuses what needs one. Whoever uses the handle keeps the
// credentials alive.
func (c *Credentials) secrets() *keys {
	if c == nil || c.keys == nil {
		return &keys{}
	}
	return show[keys](c.keys)
}

// NewCredentials makes the credentials of one integration. The API key must be a UUID. A secret is used byte
// for byte, 1 to 1024 of them: never trimmed, never decoded. `secret` is the newest: it signs; older ones
// (at most 7) still verify while a secret is being changed.
func NewCredentials(apiKey, secret string, older ...string) (*Credentials, error) {
	return NewLabelledCredentials("", apiKey, secret, older...)
}

// NewLabelledCredentials is NewCredentials with a label (up to 64 printable ASCII characters) that names the
// integration in events and evidence.
func NewLabelledCredentials(label, apiKey, secret string, older ...string) (*Credentials, error) {
	var handle *C.ine_credentials
	var failed *C.ine_error
	l, ln := chars(label)
	k, kn := chars(apiKey)
	if code := C.ine_credentials_new(&handle, l, ln, k, kn, &failed); code != C.INE_OK {
		return nil, failure(code, failed)
	}
	kept := &keys{handle: handle, key: apiKey}
	runtime.AddCleanup(kept, func(h *C.ine_credentials) { C.ine_credentials_free(h) }, handle)
	for at, one := range append([]string{secret}, older...) {
		name, nn := chars(strconv.Itoa(at))
		s, sn := chars(one)
		code := C.ine_credentials_add_secret(handle, name, nn, unsafe.Pointer(s), sn, &failed)
		if code != C.INE_OK {
			return nil, failure(code, failed)
		}
	}
	return &Credentials{label: label, keys: hide(kept)}, nil
}

// CredentialsFromEnv takes INE_API_KEY and INE_SECRET from the environment.
func CredentialsFromEnv() (*Credentials, error) {
	key, secret := os.Getenv("INE_API_KEY"), os.Getenv("INE_SECRET")
	if key == "" || secret == "" {
		return nil, localError(CodeConfig, "INE_API_KEY and INE_SECRET must be set in the environment",
			"the vendor's customer portal shows both")
	}
	return NewCredentials(key, secret)
}

// IsSandbox says whether the API key was minted by a sandbox of libine. Only with such a key does a client
// speak plain http to a host that is not loopback.
func (c *Credentials) IsSandbox() bool {
	if c == nil {
		return false
	}
	defer runtime.KeepAlive(c)
	return C.ine_credentials_is_sandbox(c.secrets().handle) == 1
}

// Label is the name that was given to the integration.
func (c *Credentials) Label() string {
	if c == nil {
		return ""
	}
	return c.label
}

// String is the label: no key, no secret.
func (c Credentials) String() string { return fmt.Sprintf("Credentials(%q)", c.label) }

// Format prints the label whatever the verb.
func (c Credentials) Format(f fmt.State, verb rune) { _, _ = f.Write([]byte(c.String())) }

// LogValue gives slog the label.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalJSON refuses: credentials hold secrets. Make them where they are used.
func (c Credentials) MarshalJSON() ([]byte, error) {
	return nil, errors.New("ine: credentials hold secrets and are not marshalled")
}

func noCredentials() error {
	return localError(CodeConfig, "credentials are needed", "ine.FromEnv() or ine.WithCredentials()")
}

func init() {
	bridge.Handle = func(credentials any) (unsafe.Pointer, string) {
		c, ok := credentials.(*Credentials)
		if !ok || c == nil {
			return nil, ""
		}
		kept := c.secrets()
		return unsafe.Pointer(kept.handle), kept.key
	}
}
