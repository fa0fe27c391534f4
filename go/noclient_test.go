package ine_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"libine.example/ine"
)

// The example does not look at the error of New before it uses the client.
func TestCallsWithoutAClient(t *testing.T) {
	t.Setenv("INE_API_KEY", "")
	client, err := ine.New(ine.FromEnv())
	if err == nil || client != nil {
		t.Fatal(client, err)
	}
	for name, c := range map[string]*ine.Client{"nil": client, "zero": {}} {
		for call, do := range map[string]func(context.Context) error{
			"Verify":         func(x context.Context) error { _, err := c.Verify(x, ine.Verification{}); return err },
			"VerifyDecision": func(x context.Context) error { _, _, err := c.VerifyDecision(x, ine.Verification{}); return err },
			"Start":          func(x context.Context) error { _, err := c.Start(x, ine.Verification{}); return err },
			"Wait":           func(x context.Context) error { _, err := c.Wait(x, testKey); return err },
			"Resume":         func(x context.Context) error { _, err := c.Resume(x, testKey, nil); return err },
			"Decision":       func(x context.Context) error { _, err := c.Decision(x, "no id"); return err },
			"CreateSession":  func(x context.Context) error { _, err := c.CreateSession(x, ine.Verification{}); return err },
			"UploadMedia": func(x context.Context) error {
				_, err := c.UploadMedia(x, testKey, ine.Media{}, ine.MediaOptions{})
				return err
			},
			"Raw": func(x context.Context) error {
				_, err := c.Raw(x, ine.RawCall{Method: "GET", Path: "/v1/x"})
				return err
			},
		} {
			var general *ine.GeneralError
			if err := do(t.Context()); !errors.As(err, &general) || general.Code != ine.CodeConfig || general.Sent != ine.SentNo {
				t.Error(name, call, err)
			}
		}
		c.Feed(&ine.Event{SessionID: testKey})
		if err := c.Close(); err != nil {
			t.Error(name, err)
		}
		_ = fmt.Sprint(c)
	}
}
